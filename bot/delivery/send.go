package delivery

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"releasebot/bot/store"
	"releasebot/bot/telegram"
)

// maxDoubts is after how many refusals in the same unknown words a chat counts as closed.
const maxDoubts = 5

// fillDue queues the subscriptions that are owed something now.
func (s *Sender) fillDue(ctx context.Context) error {
	due, err := s.o.Store.Due(ctx, s.o.Now(), pageSize+len(s.busy))
	if err != nil {
		return err
	}
	queued := map[int64]bool{}
	for _, seq := range due {
		if !queued[seq] && !s.busy[seq] {
			queued[seq] = true
			s.queue = append(s.queue, job{seq, func(ctx context.Context) (request, error) { return s.startSend(ctx, seq) }})
		}
	}
	return nil
}

// startSend reads what the subscription is owed at the last moment, so that one that has just ended gets nothing.
func (s *Sender) startSend(ctx context.Context, seq int64) (request, error) {
	owed, err := s.o.Store.Owed(ctx, seq, s.o.Now())
	if err != nil || len(owed.Bulletins) == 0 {
		return nil, err
	}
	bulletins := slices.DeleteFunc(slices.Clone(s.sending), func(b store.Bulletin) bool { return !slices.Contains(owed.Bulletins, b.ID) })
	if len(bulletins) < len(owed.Bulletins) {
		return nil, nil // one has just been resumed; the next look will know it
	}
	message := s.o.Message(owed.Subscription, bulletins)
	if message.Text == "" {
		return nil, s.o.Store.Drop(ctx, owed)
	}
	if wait := s.o.Limiter.chat(owed.Chat); wait > 0 {
		return nil, s.o.Store.Postpone(ctx, owed, s.o.Now().Add(wait))
	}
	return func(ctx context.Context) mark {
		id, err := s.o.Client.Send(ctx, telegram.Target{Chat: owed.Chat, Thread: owed.Thread}, message.Screen)
		return func(ctx context.Context) error {
			if err == nil {
				s.failures = 0
				sent := store.Sent{Chat: owed.Chat, Thread: owed.Thread, Message: id, Lang: owed.Lang, At: s.o.Now()}
				return s.o.Store.Delivered(ctx, owed, message.ledger(sent))
			}
			return s.markUnsent(ctx, owed, err)
		}
	}, nil
}

// markUnsent decides by Telegram's words what becomes of a message that was not sent.
func (s *Sender) markUnsent(ctx context.Context, owed store.Owed, err error) error {
	refused := s.refusal(err)
	reason := err.Error()
	if refused != nil {
		reason = refused.Description
	}
	if owed.Reason != reason {
		owed.Attempts = 0
	}
	owed.Attempts++
	owed.Reason = reason
	switch now := s.o.Now(); {
	case refused == nil:
		return s.o.Store.Postpone(ctx, owed, now.Add(backoff(s.o.Retry, owed.Attempts)))
	case refused.MigrateTo != 0:
		return s.o.Store.MoveChat(ctx, owed.Chat, refused.MigrateTo) // it is still due, and the next look sends it there
	case refused.Code == http.StatusTooManyRequests:
		wait := max(refused.RetryAfter, time.Second)
		s.o.Limiter.flooded(owed.Chat, wait)
		return s.o.Store.Postpone(ctx, owed, now.Add(wait))
	case refused.NoTopic():
		return s.o.Store.BuryTopic(ctx, owed)
	case refused.Gone(), refused.Code == http.StatusForbidden && owed.Attempts >= maxDoubts:
		return s.o.Store.Bury(ctx, owed)
	case refused.Code == http.StatusForbidden:
		return s.o.Store.Postpone(ctx, owed, now.Add(s.o.Doubt))
	}
	return s.o.Store.GiveUp(ctx, owed)
}

// refusal is Telegram's refusal of this one request, or nil where the trouble is a general one: no answer, an error of the
// server's, a revoked token. When there is nothing but trouble, everything waits longer and longer.
func (s *Sender) refusal(err error) *telegram.Error {
	var refused *telegram.Error
	if errors.As(err, &refused) {
		switch refused.Code {
		case http.StatusBadRequest, http.StatusForbidden, http.StatusTooManyRequests:
			s.failures = 0
			return refused
		}
	}
	s.failures++
	if many := s.failures - s.o.Workers; many > 0 {
		wait := backoff(s.o.Retry, many)
		s.o.Limiter.hold(wait)
		s.o.Log.Warn("Telegram does not answer as it should; nothing is sent to subscribers for a while", "error", err, "wait", wait)
	}
	return nil
}
