package sandbox

import (
	"context"
	"slices"
	"time"
)

// EventKind says what happened.
type EventKind string

// The kinds of events.
const (
	Posted   EventKind = "posted"   // a message, by the bot or a person
	Edited   EventKind = "edited"   // a message
	Deleted  EventKind = "deleted"  // a message
	Pressed  EventKind = "pressed"  // a button
	Answered EventKind = "answered" // a press of a button
	Offered  EventKind = "offered"  // inline results
	Action   EventKind = "action"   // the bot is typing
	Migrated EventKind = "migrated" // a group became a supergroup, whose service message is Message
)

// Event is something that people see.
type Event struct {
	Seq     int64 // counts up from 1
	Time    time.Time
	Kind    EventKind
	Chat    int64 // 0 for what belongs to no chat
	Person  int64 // who did it, or whom it is for if Chat is 0; the bot too
	Message Message
	Query   string // the id of the query that was asked or answered
	Answer  Answer
	Inline  InlineAnswer
	Action  string
}

// happened puts down an event. The world is locked.
func (s *Server) happened(e Event) {
	s.eventSeq++
	e.Seq, e.Time = s.eventSeq, s.now()
	s.events = append(s.events, e)
	if keep := s.options.Keep; keep > 0 && len(s.events) > 2*keep {
		s.events = slices.Clone(s.events[len(s.events)-keep:])
	}
}

// Events returns what happened after the event with the number seq, oldest first, and waits until there is something.
// Begin with 0. Whoever is slow misses nothing unless [Options.Keep] is set.
func (s *Server) Events(ctx context.Context, seq int64) ([]Event, error) {
	var events []Event
	err := s.Await(ctx, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		i := slices.IndexFunc(s.events, func(e Event) bool { return e.Seq > seq })
		if i >= 0 {
			events = slices.Clone(s.events[i:])
		}
		return i >= 0
	})
	return events, err
}

// Await waits until the condition holds. It is asked again after every change of the world, and may call any method of
// the server.
func (s *Server) Await(ctx context.Context, condition func() bool) error {
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if condition() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Next waits for the bot's next message in the chat: the first that Next has not returned yet.
func (c *Chat) Next(ctx context.Context) (Message, error) {
	var next Message
	err := c.s.Await(ctx, func() bool {
		c.s.mu.Lock()
		defer c.s.mu.Unlock()
		i := slices.IndexFunc(c.messages, func(m *Message) bool { return m.ID > c.read && m.Author == c.s.me.ID })
		if i < 0 {
			return false
		}
		next = *c.messages[i]
		c.read = next.ID
		return true
	})
	return next, err
}

// AwaitEdit waits until a message has been edited at least so often, and returns it.
func (c *Chat) AwaitEdit(ctx context.Context, id, edits int) (Message, error) {
	var m Message
	err := c.s.Await(ctx, func() bool {
		m, _ = c.Message(id)
		return m.Edits >= edits
	})
	return m, err
}

// FromBot returns the bot's messages in the chat that are not deleted, oldest first.
func (c *Chat) FromBot() []Message {
	return slices.DeleteFunc(c.Messages(), func(m Message) bool { return m.Author != c.s.me.ID })
}
