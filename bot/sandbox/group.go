package sandbox

import "maps"

// topicColor is the first of the colours that Telegram offers for topics.
const topicColor = 0x6FB9F0

// OpenTopic makes a topic in a forum and returns its thread.
func (p *Person) OpenTopic(c *Chat, name string) (thread int) {
	p.s.mu.Lock()
	defer p.s.release()
	m := &Message{Topic: true, event: &service{TopicCreated: &topicMade{Name: name, Color: topicColor}}}
	p.announce(c, m)
	c.topics[m.ID] = &Topic{Thread: m.ID, Name: name}
	return m.ID
}

// CloseTopic closes a topic: only administrators can write there.
func (p *Person) CloseTopic(c *Chat, thread int) {
	p.setTopic(c, thread, true, &service{TopicClosed: &struct{}{}})
}

// ReopenTopic opens a closed topic.
func (p *Person) ReopenTopic(c *Chat, thread int) {
	p.setTopic(c, thread, false, &service{TopicReopened: &struct{}{}})
}

func (p *Person) setTopic(c *Chat, thread int, closed bool, event *service) {
	p.s.mu.Lock()
	defer p.s.release()
	if t := c.topics[thread]; t != nil {
		t.Closed = closed
		p.announce(c, &Message{Thread: thread, Topic: true, event: event})
	}
}

// DeleteTopic deletes a topic with all that is in it. The bot is not told.
func (p *Person) DeleteTopic(c *Chat, thread int) {
	p.s.mu.Lock()
	defer p.s.release()
	delete(c.topics, thread)
	for _, m := range c.copies() {
		if m.Topic && m.Thread == thread {
			p.s.forget(c, m, p.ID)
		}
	}
}

// announce posts a service message about what the person did.
func (p *Person) announce(c *Chat, m *Message) {
	m.Chat, m.From, m.Date = c.ID, p.ID, p.s.now()
	c.sign(m, p)
	p.s.deliver(c, m)
}

// Migrate makes a supergroup of a basic group. The group gets a new id; the old messages cannot be reached any more.
func (p *Person) Migrate(c *Chat) *Chat {
	p.s.mu.Lock()
	defer p.s.release()
	super := p.s.newChat(KindSupergroup, c.Title, p, nil)
	super.members = maps.Clone(c.members)
	super.lastBot = c.lastBot
	p.announce(c, &Message{event: &service{MigrateTo: super.ID}})
	c.migratedTo = super.ID
	p.announce(super, &Message{event: &service{MigrateFrom: c.ID}})
	p.s.happened(Event{Kind: Migrated, Chat: c.ID, Person: p.ID, Message: *super.messages[0]})
	return super
}

// Link makes a group the discussion of a channel: what is posted in the channel is forwarded there.
func (p *Person) Link(channel, group *Chat) {
	p.s.mu.Lock()
	defer p.s.release()
	channel.discussion = group
}

// discuss forwards a channel's post into its discussion group, if it has one.
func (s *Server) discuss(channel *Chat, post *Message) {
	if channel.discussion == nil {
		return
	}
	s.deliver(channel.discussion, &Message{
		Chat: channel.discussion.ID, From: channelBotID, SenderChat: channel.ID, Author: post.Author, Date: s.now(),
		Text: post.Text, Entities: post.Entities, Media: post.Media, Keyboard: post.Keyboard,
		forward: s.originOf(post), automatic: true,
	})
}
