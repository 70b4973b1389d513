package bot

import (
	"context"
	"maps"
	"sync"
	"time"

	"releasebot/bot/telegram"
)

// adminMemory is how long Telegram's word on who runs a group is good: long
// enough for a row of taps on /settings, short enough that a demoted
// administrator is out within the minute.
const adminMemory = 30 * time.Second

// refusalMemory is for how long after that a refusal is not repeated.
const refusalMemory = time.Hour

// maxKnown bounds the roster's memory, to some megabytes; beyond it Telegram is asked anew.
const maxKnown = 20_000

// roster remembers for a moment who runs which group.
type roster struct {
	mu    sync.Mutex
	known map[key]standing
	swept time.Time
}

type standing struct {
	admin   bool
	refused bool // and has been told so
	until   time.Time
}

func newRoster() *roster { return &roster{known: make(map[key]standing)} }

// isAdmin tells whether a message's author runs the group it is in. An
// anonymous administrator writes as the group itself.
func (b *Bot) isAdmin(ctx context.Context, m *telegram.Message) (bool, error) {
	if m.SenderChat.ID == m.Chat.ID {
		return true, nil
	}
	return b.runs(ctx, m.Chat.ID, m.From.ID)
}

// runs tells whether a person runs a group, as Telegram says now or said a moment ago.
func (b *Bot) runs(ctx context.Context, chat, person int64) (bool, error) {
	k := key{chat, person}
	if s, ok := b.roster.lookup(k, b.now()); ok {
		return s.admin, nil
	}
	member, err := b.client.Member(ctx, chat, person)
	if err != nil {
		return false, err
	}
	b.roster.learn(k, standing{admin: member.Admin(), until: b.now().Add(adminMemory)}, b.now())
	return member.Admin(), nil
}

// refuse tells a person politely, once, that only administrators may do that.
func (b *Bot) refuse(ctx context.Context, t turn, m *telegram.Message, err error) error {
	if err != nil || !b.roster.refuse(key{m.Chat.ID, m.From.ID}) {
		return err
	}
	t.to.ReplyTo = m.ID
	return b.send(ctx, t, t.adminsOnly())
}

func (r *roster) lookup(k key, now time.Time) (standing, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s, ok := r.known[k]
	return s, ok && now.Before(s.until)
}

func (r *roster) learn(k key, s standing, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now.Sub(r.swept).Abs() >= refusalMemory {
		r.swept = now
		maps.DeleteFunc(r.known, func(_ key, was standing) bool { return now.After(was.until.Add(refusalMemory)) })
	}
	s.refused = r.known[k].refused
	r.keep(k, s)
}

func (r *roster) keep(k key, s standing) {
	if len(r.known) >= maxKnown {
		clear(r.known)
	}
	r.known[k] = s
}

// refuse notes that a person is refused, and tells whether they are to be told.
func (r *roster) refuse(k key) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.known[k]
	first := !s.refused
	s.refused = true
	r.keep(k, s)
	return first
}
