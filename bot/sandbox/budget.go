package sandbox

import (
	"slices"
	"time"
)

// Telegram's budgets, as its FAQ for bots gives them; that for edits is what bots have measured.
const (
	perSecond      = 30 // messages, overall
	perGroupMinute = 20 // messages, and apart from them edits
)

// budget remembers when messages were sent, as long as it matters.
type budget struct {
	all   []time.Time
	chats map[int64][]time.Time
	edits map[int64][]time.Time
}

// spend refuses a message that would be too many.
func (s *Server) spend(c *Chat) error {
	if !s.options.Budgets {
		return nil
	}
	b, now := &s.budget, s.now()
	if b.chats == nil {
		b.chats, b.edits = map[int64][]time.Time{}, map[int64][]time.Time{}
	}
	sent := b.chats[c.ID]
	err := within(&b.all, now, time.Second, perSecond)
	if err == nil {
		err = within(new(slices.Clone(sent)), now, time.Second, 1)
	}
	if err == nil && c.Kind != KindPrivate {
		err = within(&sent, now, time.Minute, perGroupMinute)
	}
	if err != nil {
		return err
	}
	b.all = append(b.all, now)
	b.chats[c.ID] = append(sent, now)
	return nil
}

// spendEdit refuses an edit that would be too many.
func (s *Server) spendEdit(c *Chat) error {
	if !s.options.Budgets || c == nil || c.Kind == KindPrivate {
		return nil
	}
	if s.budget.edits == nil {
		s.budget.edits = map[int64][]time.Time{}
	}
	edits := s.budget.edits[c.ID]
	if err := within(&edits, s.now(), time.Minute, perGroupMinute); err != nil {
		return err
	}
	s.budget.edits[c.ID] = append(edits, s.now())
	return nil
}

// within forgets what is older than the window, and refuses if the rest fills the limit.
func within(times *[]time.Time, now time.Time, window time.Duration, limit int) error {
	*times = slices.DeleteFunc(*times, func(t time.Time) bool { return now.Sub(t) >= window })
	if len(*times) < limit {
		return nil
	}
	free := window - now.Sub((*times)[len(*times)-limit])
	return flood(int((free + time.Second - 1) / time.Second))
}
