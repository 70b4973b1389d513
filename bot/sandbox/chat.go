package sandbox

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// Kind is a kind of chat, in Telegram's words.
type Kind string

// The kinds of chat.
const (
	KindPrivate    Kind = "private"
	KindGroup      Kind = "group"
	KindSupergroup Kind = "supergroup"
	KindChannel    Kind = "channel"
)

// Chat is a conversation: with a person, or of a group, or a channel.
type Chat struct {
	ID    int64
	Kind  Kind
	Title string
	Forum bool

	s          *Server
	person     *Person // of a private chat
	started    bool    // the person of a private chat has written
	username   string
	members    map[int64]*member
	topics     map[int]*Topic
	messages   []*Message // in the order of their ids
	lastID     int        // of supergroups and channels
	migratedTo int64
	lastBot    int64 // which bot wrote last
	discussion *Chat // of a channel
	read       int   // the last message that Next returned
}

// Topic is a topic of a forum.
type Topic struct {
	Thread int
	Name   string
	Closed bool // only administrators can write there
}

// Topics returns the topics of a forum in the order in which they were opened.
func (c *Chat) Topics() []Topic {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	topics := []Topic{}
	for _, thread := range slices.Sorted(maps.Keys(c.topics)) {
		topics = append(topics, *c.topics[thread])
	}
	return topics
}

// Private returns the person's private chat with the bot. The bot may write there once the person has.
func (s *Server) Private(p *Person) *Chat {
	s.mu.Lock()
	defer s.release()
	if c := s.chats[p.ID]; c != nil {
		return c
	}
	c := &Chat{s: s, ID: p.ID, Kind: KindPrivate, person: p}
	s.chats[c.ID] = c
	return c
}

// Group makes a basic group. The bot is not in it until somebody adds it.
func (s *Server) Group(title string, owner *Person, members ...*Person) *Chat {
	s.mu.Lock()
	defer s.release()
	return s.newChat(KindGroup, title, owner, members)
}

// Supergroup makes a supergroup. The bot is not in it until somebody adds it.
func (s *Server) Supergroup(title string, owner *Person, members ...*Person) *Chat {
	s.mu.Lock()
	defer s.release()
	return s.newChat(KindSupergroup, title, owner, members)
}

// Forum makes a supergroup with topics. Messages outside a topic are in General.
func (s *Server) Forum(title string, owner *Person, members ...*Person) *Chat {
	c := s.Supergroup(title, owner, members...)
	s.mu.Lock()
	defer s.release()
	c.Forum = true
	return c
}

// Channel makes a channel. A bot can be there only as an administrator.
func (s *Server) Channel(title string, owner *Person, members ...*Person) *Chat {
	s.mu.Lock()
	defer s.release()
	return s.newChat(KindChannel, title, owner, members)
}

func (s *Server) newChat(kind Kind, title string, owner *Person, people []*Person) *Chat {
	id := -4_000_000_000 - s.nextSerial()
	if kind != KindGroup {
		id = -1_002_000_000_000 - s.nextSerial()
	}
	c := &Chat{
		s: s, ID: id, Kind: kind, Title: title,
		members: map[int64]*member{owner.ID: {status: Creator}}, topics: map[int]*Topic{},
	}
	for _, p := range people {
		c.members[p.ID] = &member{status: Member}
	}
	s.chats[id] = c
	return c
}

// SetUsername makes the chat public under @username.
func (c *Chat) SetUsername(username string) {
	c.s.mu.Lock()
	defer c.s.release()
	c.username = username
}

func (c *Chat) wire() chat {
	w := chat{ID: c.ID, Type: c.Kind, Title: c.Title, Username: c.username, IsForum: c.Forum}
	if c.person != nil {
		w.FirstName, w.Username = c.person.Name, c.person.username
	}
	return w
}

// Messages returns everything in the chat that is not deleted, oldest first.
func (c *Chat) Messages() []Message {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return c.copies()
}

func (c *Chat) copies() []Message {
	all := make([]Message, 0, len(c.messages))
	for _, m := range c.messages {
		all = append(all, *m)
	}
	return all
}

// Message returns a message by its id, and whether it is there.
func (c *Chat) Message(id int) (Message, bool) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if m := c.message(id); m != nil {
		return *m, true
	}
	return Message{}, false
}

func (c *Chat) message(id int) *Message {
	i, ok := slices.BinarySearchFunc(c.messages, id, func(m *Message, id int) int { return cmp.Compare(m.ID, id) })
	if !ok {
		return nil
	}
	return c.messages[i]
}

// store gives a message its id and keeps it.
func (c *Chat) store(m *Message) {
	last := &c.lastID
	if c.Kind == KindPrivate || c.Kind == KindGroup {
		last = &c.s.lastID
	}
	*last++
	m.ID = *last
	c.messages = append(c.messages, m)
	if keep := c.s.options.Keep; keep > 0 && len(c.messages) > keep {
		delete(c.s.inline, c.messages[0].InlineID)
		c.messages = slices.Delete(c.messages, 0, 1)
	}
	if m.Topic && m.Thread == 0 {
		m.Thread = m.ID // the message that opens a topic gives it its number
	}
	if m.FromBot || c.s.isOtherBot(m.From) {
		c.lastBot = m.From
	}
}

// place puts a message into the thread that it belongs to: a topic, or the thread of the message that it replies to.
func (c *Chat) place(m *Message) {
	to := c.message(m.ReplyTo)
	if to == nil {
		m.ReplyTo = 0
	}
	switch {
	case m.Thread != 0:
		m.Topic = c.Forum
	case to == nil:
	case to.Topic:
		m.Thread, m.Topic = to.Thread, true
	case c.Kind == KindSupergroup:
		m.Thread = cmp.Or(to.Thread, to.ID)
	}
}

func (s *Server) isOtherBot(id int64) bool { return s.people[id] != nil && s.people[id].isBot }

// botSees tells whether Telegram shows a message to the bot, by the rules of group privacy.
func (c *Chat) botSees(m *Message) bool {
	s := c.s
	if c.Kind == KindPrivate {
		return true
	}
	if s.isOtherBot(m.From) {
		return false
	}
	bot := c.members[s.me.ID]
	if bot == nil || !bot.status.present() {
		return false
	}
	if c.Kind == KindChannel || bot.status == Administrator || s.options.SeesAll {
		return true
	}
	to := c.message(m.ReplyTo)
	return m.event != nil || m.ViaBot || to != nil && to.FromBot || c.addresses(m)
}

// addresses tells whether a message is a command for the bot: by name, or if it was the last bot to write.
func (c *Chat) addresses(m *Message) bool {
	if len(m.Entities) == 0 || m.Entities[0].Type != "bot_command" || m.Entities[0].Offset != 0 {
		return false
	}
	_, name, named := strings.Cut(cut16(m.Text, 0, m.Entities[0].Length), "@")
	if named {
		return strings.EqualFold(name, c.s.me.Username)
	}
	return c.lastBot == c.s.me.ID
}

// memberIDs returns the present members in the order of their ids.
func (c *Chat) memberIDs() []int64 {
	ids := slices.Sorted(maps.Keys(c.members))
	return slices.DeleteFunc(ids, func(id int64) bool { return !c.members[id].status.present() })
}
