package sandbox

import "time"

// Message is a message as people see it. The server gives out copies.
type Message struct {
	ID         int
	Chat       int64
	Thread     int  // the topic, or the first message of a thread of replies
	Topic      bool // Thread is a forum topic
	Date       time.Time
	Edited     time.Time // zero if never
	Edits      int       // how often
	From       int64     // user id; 0 for a channel's post
	SenderChat int64     // the chat that wrote, of channels and anonymous administrators
	Author     int64     // the person or bot who really wrote
	FromBot    bool      // the bot under test wrote it
	ViaBot     bool      // it was sent through the bot
	InlineID   string    // by which the bot can edit what was sent through it
	Text       string    // the caption if there is Media
	Entities   []Entity
	Keyboard   [][]Button
	Replies    [][]Button // the keyboard that replaces the reader's own
	ForceReply bool
	Hint       string // the placeholder of ForceReply
	ReplyTo    int
	Media      string
	Album      string // of media that were sent together
	Receiver   int64  // the only one who sees it, 0 for everybody
	NoPreview  bool   // of links
	Silent     bool
	GuestQuery string // that the message is, of one that mentions the bot where it is not a member
	Caller     int64  // who asked the bot as a guest

	preview   *previewOptions
	protected bool
	forward   *origin
	automatic bool
	event     *service
}

// HTML returns the text as the HTML of Telegram's parse mode, in one canonical form.
func (m Message) HTML() string { return RenderHTML(m.Text, m.Entities) }

// wire returns a message as the Bot API shows it, with the one that it replies to.
func (s *Server) wire(m *Message) *message {
	w := s.wireAlone(m)
	if c := s.chats[m.Chat]; c != nil {
		if to := c.message(m.ReplyTo); to != nil {
			w.ReplyTo = s.wireAlone(to)
		}
	}
	return w
}

func (s *Server) wireAlone(m *Message) *message {
	w := &message{
		ID: m.ID, Thread: m.Thread, From: s.userOf(m.From), Date: m.Date.Unix(), Chat: s.chats[m.Chat].wire(),
		Forward: m.forward, IsTopic: m.Topic, IsAutoForward: m.automatic, Caller: s.userOf(m.Caller),
		Protected: m.protected, Preview: m.preview, service: m.event, Album: m.Album,
	}
	if m.Receiver != 0 {
		w.ID, w.Ephemeral = 0, m.ID
	}
	if c := s.chats[m.SenderChat]; c != nil {
		sender := c.wire()
		w.SenderChat = &sender
	}
	if m.ViaBot {
		w.ViaBot = s.userOf(s.me.ID)
	}
	if !m.Edited.IsZero() {
		w.EditDate = m.Edited.Unix()
	}
	if len(m.Keyboard) > 0 {
		w.Markup = &markup{Inline: m.Keyboard}
	}
	if m.Media == "" {
		w.Text, w.Entities = m.Text, m.Entities
	} else {
		w.Caption, w.CaptionEntities, w.media = m.Text, m.Entities, newMedia(m.Media)
	}
	return w
}

func newMedia(kind string) media {
	f := file{ID: "sandbox-" + kind, UniqueID: kind}
	square := f
	square.Width, square.Height = 512, 512
	switch kind {
	case "photo":
		return media{Photo: []file{square}}
	case "sticker":
		no := false
		square.Type, square.Animated, square.Video = "regular", &no, &no
		return media{Sticker: &square}
	case "voice":
		f.Duration = 3
		return media{Voice: &f}
	case "video":
		square.Duration = 3
		return media{Video: &square}
	case "location":
		return media{Location: &location{Latitude: 51.13, Longitude: 71.43}}
	}
	return media{Document: &f}
}
