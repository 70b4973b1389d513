package delivery

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"releasebot/bot/store"
	"releasebot/bot/telegram"
)

// pass is one way over the copies of what a bulletin corrects. A copy whose chat may not be written to now, or that
// failed, waits for the next pass.
type pass struct {
	after store.Sent // the last copy that has been seen
	next  time.Time  // when the pass may begin
}

// fillCopies queues copies that are to be edited, one of a chat at a time.
func (s *Sender) fillCopies(ctx context.Context, b store.Bulletin) error {
	p := s.passes[b.ID]
	if time.Now().Before(p.next) {
		return nil
	}
	for queued := len(s.queue); len(s.queue) == queued; {
		page, err := s.o.Store.Copies(ctx, b, p.after, pageSize)
		if err != nil {
			return err
		}
		if len(page) == 0 {
			s.passes[b.ID] = pass{next: time.Now().Add(tick)}
			return nil
		}
		p.after = page[len(page)-1]
		s.passes[b.ID] = p
		s.queueCopies(b, page)
	}
	return nil
}

func (s *Sender) queueCopies(b store.Bulletin, page []store.Sent) {
	queued := map[int64]bool{}
	for _, copied := range page {
		key := ref(copied)
		if s.busy[key] || queued[copied.Chat] || !s.o.Limiter.free(copied.Chat) {
			continue
		}
		queued[copied.Chat] = copied.Inline == ""
		s.queue = append(s.queue, job{key, func(ctx context.Context) (request, error) { return s.startEdit(ctx, b.ID, copied) }})
	}
}

func ref(c store.Sent) telegram.Ref {
	if c.Inline != "" {
		return telegram.Ref{Inline: c.Inline}
	}
	return telegram.Ref{Chat: c.Chat, Message: c.Message}
}

// startEdit looks at the last moment whether the bulletin is still being sent, and what the message shows now.
func (s *Sender) startEdit(ctx context.Context, bulletin int64, copied store.Sent) (request, error) {
	b, _, err := s.o.Store.Bulletin(ctx, bulletin)
	if err != nil || b.State != store.Sending || s.busy[ref(copied)] { // being edited for another of its parts
		return nil, err
	}
	parts, err := s.o.Store.Parts(ctx, copied)
	if err != nil || !slices.Contains(parts, copied) || s.o.Limiter.chat(copied.Chat) > 0 {
		return nil, err
	}
	sub, subscribed, err := s.o.Store.Subscription(ctx, copied.Chat, copied.Thread)
	if err != nil {
		return nil, err
	}
	message := s.o.Copy(b, parts, sub, subscribed)
	return func(ctx context.Context) mark {
		reply, err := s.edit(ctx, copied, message.Screen)
		return func(ctx context.Context) error {
			if err == nil {
				s.failures = 0
				return s.o.Store.Recalled(ctx, b, copied, message.ledger(s.stands(copied, reply)))
			}
			return s.markCopy(ctx, b, copied, err)
		}
	}, nil
}

// edit replaces what a message shows. One that Telegram does not let us edit any more is answered, where that can be done.
func (s *Sender) edit(ctx context.Context, copied store.Sent, screen telegram.Screen) (reply int, err error) {
	err = s.o.Client.Edit(ctx, ref(copied), screen)
	var refused *telegram.Error
	if copied.Inline != "" || !errors.As(err, &refused) || !strings.Contains(refused.Description, "message can't be edited") {
		return 0, err
	}
	to := telegram.Target{Chat: copied.Chat, Thread: copied.Thread, ReplyTo: copied.Message}
	return s.o.Client.Send(ctx, to, screen)
}

// stands is the message that stands for a copy from now on: itself or, where it could not be edited, the reply to it.
func (s *Sender) stands(copied store.Sent, reply int) store.Sent {
	if reply != 0 {
		copied.Message, copied.At = reply, s.o.Now()
	}
	return copied
}

// gone are Telegram's words for a message that was deleted.
var gone = []string{"message to edit not found", "MESSAGE_ID_INVALID"}

// markCopy leaves a copy for the next pass where the trouble may pass.
func (s *Sender) markCopy(ctx context.Context, b store.Bulletin, copied store.Sent, err error) error {
	refused := s.refusal(err)
	switch {
	case refused == nil:
		return nil
	case refused.MigrateTo != 0:
		return s.o.Store.MoveChat(ctx, copied.Chat, refused.MigrateTo)
	case refused.Code == http.StatusTooManyRequests:
		s.o.Limiter.flooded(copied.Chat, max(refused.RetryAfter, time.Second))
		return nil
	case refused.Code == http.StatusForbidden && !refused.Gone() && copied.Inline == "" && s.o.Now().Before(b.Started.Add(maxDoubts*s.o.Doubt)):
		s.o.Limiter.rest(copied.Chat, s.o.Doubt)
		return nil
	}
	deleted := slices.ContainsFunc(gone, func(text string) bool { return strings.Contains(refused.Description, text) })
	if !deleted {
		s.o.Log.Warn("a copy of a corrected answer stays as it is", "bulletin", b.ID, "chat", copied.Chat, "error", err)
	}
	return s.o.Store.Missed(ctx, b, copied, deleted)
}
