package sandbox

import (
	"context"
	"encoding/json"
	"slices"
	"time"
)

// keptFor is how long Telegram keeps an update that nobody fetches.
const keptFor = 24 * time.Hour

// idleFor is how long without updates makes the next update_id random.
const idleFor = 7 * 24 * time.Hour

// queue holds the updates that are not confirmed.
type queue struct {
	next    int64 // update_id
	waiting []queued
	last    time.Time // when an update was put in
	allowed []string  // kinds; nil for the default ones
	poller  chan struct{}

	offset int64     // of the last getUpdates
	polled time.Time // when that was
}

type queued struct {
	id   int64
	at   time.Time
	body json.RawMessage
}

// updateKinds are Telegram's kinds of updates, and whether they come without being asked for.
var updateKinds = map[string]bool{
	"message": true, "edited_message": true, "channel_post": true, "edited_channel_post": true,
	"business_connection": true, "business_message": true, "edited_business_message": true,
	"deleted_business_messages": true, "guest_message": true, "message_reaction": false,
	"message_reaction_count": false, "inline_query": true, "chosen_inline_result": true, "callback_query": true,
	"shipping_query": true, "pre_checkout_query": true, "purchased_paid_media": true, "poll": true, "poll_answer": true,
	"my_chat_member": true, "chat_member": false, "chat_join_request": true, "chat_boost": true,
	"removed_chat_boost": true, "managed_bot": true,
}

func (q *queue) wants(kind string) bool {
	if len(q.allowed) == 0 {
		return updateKinds[kind]
	}
	return slices.Contains(q.allowed, kind)
}

func (u update) kind() string {
	switch {
	case u.Message != nil:
		return "message"
	case u.EditedMessage != nil:
		return "edited_message"
	case u.ChannelPost != nil:
		return "channel_post"
	case u.EditedChannelPost != nil:
		return "edited_channel_post"
	case u.GuestMessage != nil:
		return "guest_message"
	case u.InlineQuery != nil:
		return "inline_query"
	case u.Chosen != nil:
		return "chosen_inline_result"
	case u.Callback != nil:
		return "callback_query"
	case u.MyChatMember != nil:
		return "my_chat_member"
	}
	return "chat_member"
}

// push queues an update for the bot, if it wants updates of this kind.
func (s *Server) push(u update) {
	if !s.queue.wants(u.kind()) {
		return
	}
	u.ID = s.nextUpdateID()
	body, err := json.Marshal(u)
	if err != nil {
		panic(err) // only our own plain structs are marshalled
	}
	s.queue.waiting = append(s.queue.waiting, queued{u.ID, s.now(), body})
}

func (s *Server) nextUpdateID() int64 {
	now := s.now()
	if !s.queue.last.IsZero() && now.Sub(s.queue.last) > idleFor {
		s.jump()
	}
	s.queue.last = now
	s.queue.next++
	return s.queue.next - 1
}

// jump picks a random next update_id, far from the present one.
func (s *Server) jump() {
	s.queue.next = (s.queue.next+1_000_000+s.random.Int64N(1_000_000_000))%1_900_000_000 + 1
}

// JumpUpdates makes the next update_id random, as it is after a week without updates. It may be lower than the last.
func (s *Server) JumpUpdates() {
	s.mu.Lock()
	defer s.release()
	s.jump()
}

// PushMalformed queues an update that is valid JSON but whose message is not an object, which happens when the Bot API
// changes.
func (s *Server) PushMalformed() {
	s.mu.Lock()
	defer s.release()
	id := s.nextUpdateID()
	body, err := json.Marshal(map[string]any{"update_id": id, "message": "malformed"})
	if err != nil {
		panic(err) // a number and a string can be marshalled
	}
	s.queue.waiting = append(s.queue.waiting, queued{id, s.now(), body})
}

// Pending returns how many updates the bot has not confirmed.
func (s *Server) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue.expire(s.now())
	return len(s.queue.waiting)
}

func (q *queue) expire(now time.Time) {
	q.waiting = slices.DeleteFunc(q.waiting, func(u queued) bool { return now.Sub(u.at) >= keptFor })
}

// confirm forgets the updates before the offset. A negative one keeps so many from the end. One from another series of
// ids, as after a jump, confirms nothing; around a jump it is the order that counts, not the number.
func (q *queue) confirm(offset int64) {
	last := slices.IndexFunc(q.waiting, func(u queued) bool { return u.id == offset-1 })
	switch {
	case offset < 0:
		q.waiting = slices.Delete(q.waiting, 0, max(0, len(q.waiting)+int(offset)))
	case last >= 0:
		q.waiting = slices.Delete(q.waiting, 0, last+1)
	case offset > q.next+10:
	default:
		q.waiting = slices.DeleteFunc(q.waiting, func(u queued) bool { return u.id < offset })
	}
}

func (q *queue) batch(limit int) []json.RawMessage {
	updates := []json.RawMessage{}
	for _, u := range q.waiting[:min(limit, len(q.waiting))] {
		updates = append(updates, u.body)
	}
	return updates
}

// getUpdates waits for updates as long as it may. Of two pollers the later wins.
func (s *Server) getUpdates(ctx context.Context, a args) (any, error) {
	s.mu.Lock()
	me, err := s.beginPoll(a)
	if err != nil {
		s.mu.Unlock()
		return nil, err
	}
	limit := 100
	if a.has("limit") {
		limit = int(a.integer("limit"))
	}
	if s.queue.hasty(a.integer("offset"), s.now()) {
		limit = 1
	}
	timer := time.NewTimer(time.Duration(a.integer("timeout")) * time.Second)
	defer timer.Stop()
	for over := a.integer("timeout") == 0; ; {
		s.queue.expire(s.now())
		updates, changed := s.queue.batch(limit), s.changed
		if len(updates) > 0 || over {
			s.endPoll(me)
			return updates, nil
		}
		s.mu.Unlock()
		select {
		case <-changed:
		case <-timer.C:
			over = true
		case <-ctx.Done():
			over = true
		case <-me:
			return nil, conflict("terminated by other getUpdates request; make sure that only one bot instance is running")
		}
		s.mu.Lock()
	}
}

// hasty tells of a poller that asks from the same offset again within half a second. It is given a single update.
func (q *queue) hasty(offset int64, now time.Time) bool {
	again := offset == q.offset && now.Sub(q.polled) < 500*time.Millisecond
	q.offset, q.polled = offset, now
	return again
}

// beginPoll takes the place of a present poller.
func (s *Server) beginPoll(a args) (chan struct{}, error) {
	if s.webhook.url != "" {
		return nil, conflict("can't use getUpdates method while webhook is active; " +
			"use deleteWebhook to delete the webhook first")
	}
	if err := s.allow(a); err != nil {
		return nil, err
	}
	if s.queue.poller != nil {
		close(s.queue.poller)
	}
	s.queue.poller = make(chan struct{})
	s.queue.confirm(a.integer("offset"))
	return s.queue.poller, nil
}

// endPoll unlocks, and makes room unless another poller has taken it already.
func (s *Server) endPoll(me chan struct{}) {
	if s.queue.poller == me {
		s.queue.poller = nil
	}
	s.mu.Unlock()
}

// allow sets which kinds of updates are wanted from now on. Without the parameter they stay as they were.
func (s *Server) allow(a args) error {
	var kinds []string
	if !a.has("allowed_updates") {
		return nil
	}
	if err := a.decode("allowed_updates", &kinds); err != nil {
		return stricter("allowed_updates: %v", err)
	}
	for _, kind := range kinds {
		if _, ok := updateKinds[kind]; !ok {
			return stricter("unknown kind of update %q", kind)
		}
	}
	s.queue.allowed = kinds
	return nil
}
