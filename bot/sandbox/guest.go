package sandbox

import (
	"context"
)

// Summon mentions the bot in a chat that it has not joined, and returns the guest query's id. The message is posted
// whether or not guest mode is on.
func (p *Person) Summon(c *Chat, post Post) string {
	p.s.mu.Lock()
	defer p.s.release()
	s := p.s
	m := p.post(c, post)
	if s.options.NoGuest {
		return ""
	}
	q := s.ask("guest", p)
	q.text, q.chat, q.message = m.Text, c, m
	w := s.wire(m)
	w.GuestQuery = q.id
	s.push(update{GuestMessage: w})
	return q.id
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
