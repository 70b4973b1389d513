package sandbox

// anonymousID is the user that anonymous administrators write as.
const anonymousID = 1087968824

// channelBotID is the user that a channel's posts reach its discussion group from.
const channelBotID = 777000

// Person is somebody with a Telegram account.
type Person struct {
	ID   int64
	Name string
	Lang string // of the client; may be empty

	s        *Server
	username string
	isBot    bool
	blocked  bool // the bot
	deleted  bool // the account
	known    bool // to the bot: it has met the person in an update
}

// Person makes an account. The id needs more than 32 bits, as those of today's accounts do.
func (s *Server) Person(name, lang string) *Person {
	s.mu.Lock()
	defer s.release()
	p := &Person{s: s, ID: 5_000_000_000 + s.nextSerial(), Name: name, Lang: lang}
	s.people[p.ID] = p
	return p
}

// OtherBot makes another bot. The bot never sees what it writes.
func (s *Server) OtherBot(name, username string) *Person {
	p := s.Person(name, "")
	s.mu.Lock()
	defer s.release()
	p.isBot, p.username = true, username
	return p
}

// SetUsername gives the person a username, without @.
func (p *Person) SetUsername(username string) {
	p.s.mu.Lock()
	defer p.s.release()
	p.username = username
}

func (p *Person) wire() user {
	return user{ID: p.ID, IsBot: p.isBot, FirstName: p.Name, Username: p.username, LanguageCode: p.Lang}
}

// userOf returns the wire form of anybody, the bot too.
func (s *Server) userOf(id int64) *user {
	switch id {
	case 0:
		return nil
	case s.me.ID:
		me := s.me
		return &me
	case anonymousID:
		return &user{ID: id, IsBot: true, FirstName: "Group", Username: "GroupAnonymousBot"}
	case channelBotID:
		return &user{ID: id, FirstName: "Telegram"}
	}
	u := s.people[id].wire()
	return &u
}

// Post is what a person writes. The zero value of a field is the usual.
type Post struct {
	Text     string   // the caption if there is Media
	Entities []Entity // detected if nil
	Thread   int      // forum topic
	ReplyTo  int      // message id
	Media    string   // "photo", "sticker", "voice", "video", "document" or "location"
	Album    string   // what the media that are sent together have in common
	Forward  *Message // the text and the origin of the message are taken from it
	Via      bool     // through the bot
}

// Post writes to a chat and returns the message.
func (p *Person) Post(c *Chat, post Post) Message {
	p.s.mu.Lock()
	defer p.s.release()
	return *p.post(c, post)
}

// Say writes a text and returns the message's id.
func (p *Person) Say(c *Chat, text string) int { return p.Post(c, Post{Text: text}).ID }

// Reply writes a text in reply to a message, in the same topic, and returns the new message's id.
func (p *Person) Reply(c *Chat, to int, text string) int {
	return p.Post(c, Post{Text: text, ReplyTo: to}).ID
}

// Start presses Start in the private chat with the bot, with the payload of a deep link or "".
func (p *Person) Start(payload string) *Chat {
	c := p.s.Private(p)
	text := "/start"
	if payload != "" {
		text += " " + payload
	}
	p.Say(c, text)
	return c
}

// Edit changes the text of the person's message.
func (p *Person) Edit(c *Chat, id int, text string) {
	p.s.mu.Lock()
	defer p.s.release()
	m := c.message(id)
	if m == nil {
		return
	}
	m.Text, m.Entities = text, detect(text, nil)
	m.Edited = p.s.now()
	m.Edits++
	p.s.happened(Event{Kind: Edited, Chat: c.ID, Person: p.ID, Message: *m})
	if c.botSees(m) {
		w := p.s.wire(m)
		if c.Kind == KindChannel {
			p.s.push(update{EditedChannelPost: w})
		} else {
			p.s.push(update{EditedMessage: w})
		}
	}
}

// Unsend deletes a message. The bot is not told.
func (p *Person) Unsend(c *Chat, id int) {
	p.s.mu.Lock()
	defer p.s.release()
	if m := c.message(id); m != nil {
		p.s.forget(c, *m, p.ID)
	}
}

// Block stops the bot from writing to the person.
func (p *Person) Block() { p.setBlocked(true) }

// Unblock lets the bot write again.
func (p *Person) Unblock() { p.setBlocked(false) }

func (p *Person) setBlocked(blocked bool) {
	c := p.s.Private(p)
	p.s.mu.Lock()
	defer p.s.release()
	if p.blocked == blocked {
		return
	}
	p.block(c, blocked)
}

// block changes whether the bot may write to the person, and tells the bot.
func (p *Person) block(c *Chat, blocked bool) {
	p.blocked = blocked
	was, is := Member, Kicked
	if !blocked {
		was, is = is, was
	}
	bot := *p.s.userOf(p.s.me.ID)
	p.s.push(update{MyChatMember: &memberChange{
		Chat: c.wire(), From: p.wire(), Date: p.s.now().Unix(),
		Old: plainMember(bot, was), New: plainMember(bot, is),
	}})
}

// Delete deletes the account: the bot can no longer write to it.
func (p *Person) Delete() {
	p.s.mu.Lock()
	defer p.s.release()
	p.deleted = true
}

// post stores what the person writes and tells the bot of it.
func (p *Person) post(c *Chat, post Post) *Message {
	s := p.s
	m := &Message{
		Chat: c.ID, From: p.ID, Date: s.now(), Text: post.Text, Entities: post.Entities, ReplyTo: post.ReplyTo,
		Media: post.Media, Album: post.Album, Thread: post.Thread,
	}
	if post.Forward != nil {
		m.Text, m.Entities, m.Media = post.Forward.Text, post.Forward.Entities, post.Forward.Media
		m.forward = s.originOf(post.Forward)
	}
	if m.Entities == nil {
		m.Entities = detect(m.Text, nil)
	}
	if post.Via {
		m.ViaBot = true
	}
	c.sign(m, p)
	c.place(m)
	if c.Kind == KindPrivate {
		c.started = true
	}
	if c.Kind == KindPrivate && p.blocked {
		p.block(c, false)
	}
	s.deliver(c, m)
	s.summon(c, m)
	return m
}

// sign says who a message is from: channels and anonymous administrators hide the person.
func (c *Chat) sign(m *Message, p *Person) {
	switch {
	case c.Kind == KindChannel:
		m.From, m.SenderChat = 0, c.ID
	case c.members[p.ID] != nil && c.members[p.ID].anonymous:
		m.From, m.SenderChat = anonymousID, c.ID
	}
	m.Author = p.ID
}

// deliver stores a message of a person, tells who watches, and the bot if it may see it.
func (s *Server) deliver(c *Chat, m *Message) {
	c.store(m)
	s.happened(Event{Kind: Posted, Chat: c.ID, Person: m.Author, Message: *m})
	s.discuss(c, m)
	if !c.botSees(m) {
		return
	}
	if p := s.people[m.From]; p != nil {
		p.known = true
	}
	w := s.wire(m)
	if c.Kind == KindChannel {
		s.push(update{ChannelPost: w})
		return
	}
	s.push(update{Message: w})
}

func (s *Server) originOf(m *Message) *origin {
	o := &origin{Date: m.Date.Unix()}
	if c := s.chats[m.SenderChat]; c != nil {
		w := c.wire()
		o.Type, o.Chat, o.MessageID = "channel", &w, m.ID
		return o
	}
	o.Type, o.SenderUser = "user", s.userOf(m.From)
	return o
}
