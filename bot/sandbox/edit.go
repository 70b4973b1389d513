package sandbox

import (
	"reflect"
	"slices"
	"time"
)

// deletableFor is how long a bot can delete a message.
const deletableFor = 48 * time.Hour

// editMessageText changes a message of the bot's, or one that was sent through it.
func (s *Server) editMessageText(a args) (any, error) {
	return s.rewrite(a, func() (*Chat, *Message, error) { return s.editedMessage(a) })
}

// rewrite gives a message the text and the keyboard of a request. It looks for the message after their markup, as Telegram does.
func (s *Server) rewrite(a args, find func() (*Chat, *Message, error)) (any, error) {
	src, err := readSource(a)
	if err != nil {
		return nil, err
	}
	d, err := src.parse()
	if err != nil {
		return nil, err
	}
	keyboard, err := readMarkup(a)
	if err != nil {
		return nil, err
	}
	c, m, err := find()
	if err != nil {
		return nil, err
	}
	if err := d.check(); err != nil {
		return nil, err
	}
	changed := *m
	changed.Text, changed.Entities, changed.Keyboard = d.text, d.entities, keyboard.Inline
	changed.preview, changed.NoPreview = d.preview, d.preview != nil && d.preview.Disabled
	return s.edit(c, m, changed)
}

// editEphemeralMessageText changes a message that one person alone sees. Its answer is true, whether they still see it or not.
func (s *Server) editEphemeralMessageText(a args) (any, error) {
	return s.rewrite(a, func() (*Chat, *Message, error) {
		c, err := s.editable(a)
		if err != nil {
			return nil, nil, err
		}
		m := c.message(int(a.integer("ephemeral_message_id")))
		if m == nil || m.Receiver == 0 || m.Receiver != a.integer("receiver_user_id") {
			return nil, nil, unable("message to edit not found")
		}
		return c, m, nil
	})
}

// editMessageReplyMarkup changes the keyboard alone; without one it takes it away.
func (s *Server) editMessageReplyMarkup(a args) (any, error) {
	keyboard, err := readMarkup(a)
	if err != nil {
		return nil, err
	}
	c, m, err := s.editedMessage(a)
	if err != nil {
		return nil, err
	}
	changed := *m
	changed.Keyboard = keyboard.Inline
	return s.edit(c, m, changed)
}

// edit replaces a message by a changed one. The answer is true for an inline message, which the bot cannot see, and for one
// that it shows to one person alone.
func (s *Server) edit(c *Chat, m *Message, changed Message) (any, error) {
	if sameContent(*m, changed) {
		return nil, unable("message is not modified: specified new message content and reply markup are exactly the same " +
			"as a current content and reply markup of the message")
	}
	if err := s.spendEdit(c); err != nil {
		return nil, err
	}
	changed.Edited = s.now()
	changed.Edits++
	*m = changed
	s.happened(Event{Kind: Edited, Chat: m.Chat, Person: s.me.ID, Message: *m})
	if m.InlineID != "" && !m.FromBot || m.Receiver != 0 {
		return true, nil
	}
	return s.wire(m), nil
}

func sameContent(a, b Message) bool {
	same := func(x, y [][]Button) bool { return len(x) == 0 && len(y) == 0 || reflect.DeepEqual(x, y) }
	return a.Text == b.Text && slices.Equal(a.Entities, b.Entities) && same(a.Keyboard, b.Keyboard)
}

// editedMessage finds the message that a request is to change.
func (s *Server) editedMessage(a args) (*Chat, *Message, error) {
	if id := a.text("inline_message_id"); a.has("inline_message_id") {
		if a.has("chat_id") || a.has("message_id") {
			return nil, nil, stricter("inline_message_id excludes chat_id and message_id")
		}
		m := s.inline[id]
		if m == nil {
			return nil, nil, unable("MESSAGE_ID_INVALID")
		}
		return s.chats[m.Chat], m, nil
	}
	switch {
	case a.text("chat_id") == "":
		return nil, nil, misuse("chat_id is empty")
	case !a.has("message_id"):
		return nil, nil, misuse("message identifier is not specified")
	}
	c, err := s.editable(a)
	if err != nil {
		return nil, nil, err
	}
	m := c.message(int(a.integer("message_id")))
	switch {
	case m == nil || m.Receiver != 0:
		return nil, nil, unable("message to edit not found")
	case !m.FromBot:
		return nil, nil, misuse("message can't be edited")
	}
	return c, m, nil
}

func (s *Server) deleteMessage(a args) (any, error) {
	c, err := s.editable(a)
	if err != nil {
		return nil, err
	}
	m := c.message(int(a.integer("message_id")))
	switch {
	case m == nil:
		return nil, unable("message to delete not found")
	case s.now().Sub(m.Date) > deletableFor,
		!m.FromBot && c.Kind != KindPrivate && !c.member(s.me.ID).status.manages():
		return nil, unable("message can't be deleted")
	}
	s.forget(c, *m, s.me.ID)
	return true, nil
}

// forget removes a message from a chat.
func (s *Server) forget(c *Chat, m Message, by int64) {
	c.messages = slices.DeleteFunc(c.messages, func(other *Message) bool { return other.ID == m.ID })
	delete(s.inline, m.InlineID)
	s.happened(Event{Kind: Deleted, Chat: c.ID, Person: by, Message: m})
}
