package sandbox

import (
	"context"
	"slices"
	"strings"
)

// summon asks the bot as a guest if a message mentions it in a chat where it is not a member.
func (s *Server) summon(c *Chat, m *Message) {
	p := s.people[m.Author]
	if s.options.NoGuest || p.isBot || c.Kind == KindPrivate || c.member(s.me.ID).status.present() || !s.mentioned(m) {
		return
	}
	q := s.ask("guest", p)
	q.text, q.chat, q.message = m.Text, c, m
	m.GuestQuery = q.id
	w := s.wire(m)
	w.GuestQuery = q.id
	s.push(update{GuestMessage: w})
}

func (s *Server) mentioned(m *Message) bool {
	return slices.ContainsFunc(m.Entities, func(e Entity) bool {
		return e.Type == "mention" && strings.EqualFold(cut16(m.Text, e.Offset, e.end()), "@"+s.me.Username)
	})
}

// AwaitGuest waits for the message by which the bot answers a guest query.
func (s *Server) AwaitGuest(ctx context.Context, id string) (Message, error) {
	q, err := s.awaitAnswered(ctx, id)
	return q.sent, err
}

// sentGuest is the result of answerGuestQuery.
type sentGuest struct {
	InlineID string `json:"inline_message_id"`
}

func (s *Server) answerGuestQuery(a args) (any, error) {
	results := make([]Result, 1)
	if err := a.decode("result", &results[0]); err != nil {
		return nil, stricter("result: %v", err)
	}
	if err := checkResults(results); err != nil {
		return nil, err
	}
	q, err := s.open("guest", a.text("guest_query_id"))
	if err != nil {
		return nil, err
	}
	m := s.throughBot(q.chat, q.from, results[0])
	m.From, m.Author, m.ViaBot, m.Caller, m.ReplyTo = s.me.ID, s.me.ID, false, q.from.ID, q.message.ID
	q.chat.place(m)
	s.giveInlineID(m)
	q.chat.store(m)
	q.answered, q.sent = true, *m
	s.happened(Event{Kind: Posted, Chat: q.chat.ID, Person: s.me.ID, Message: *m})
	return sentGuest{InlineID: m.InlineID}, nil
}
