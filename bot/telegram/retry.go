package telegram

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"
)

const (
	firstPause   = 500 * time.Millisecond
	longestPause = 30 * time.Second
)

// lost is a request without a readable answer. Nobody knows whether Telegram accepted it.
type lost struct{ method, why string }

func (l *lost) Error() string { return fmt.Sprintf("telegram: %s: %s", l.method, l.why) }

// repeat is how long to wait before a failed request is sent again; 0 if it is not to be.
func repeat(err error, failures int) time.Duration {
	var refused *Error
	var lost *lost
	switch {
	case errors.As(err, &refused) && refused.RetryAfter > 0:
		return refused.RetryAfter
	case errors.As(err, &refused) && (refused.Code == http.StatusTooManyRequests || refused.Code >= 500):
		return backoff(failures)
	case errors.As(err, &lost):
		return backoff(failures)
	}
	return 0
}

// backoff is the pause after a failure that has the given number before it: from firstPause, doubling, to longestPause. Half of
// it is left to chance, so that what failed together does not come back together.
func backoff(failures int) time.Duration {
	d := min(firstPause<<min(failures, 6), longestPause)
	return d/2 + rand.N(d/2)
}

// pause waits for d. It returns reason at once where ctx is bound to end before that, or where Telegram takes no more answers in a flooded chat;
// and both ctx's end and reason where ctx ends.
func pause(ctx context.Context, d time.Duration, reason error) error {
	if end, ok := ctx.Deadline(); ok && time.Until(end) < d {
		return reason
	}
	for ; d > 0; d -= time.Second { // a flood may come meanwhile
		if tooMany(reason) && flooded(ctx) {
			return reason
		}
		if !sleep(ctx, min(d, time.Second)) {
			return fmt.Errorf("%w, after %w", ctx.Err(), reason)
		}
	}
	return nil
}

func tooMany(err error) bool {
	var refused *Error
	return errors.As(err, &refused) && refused.Code == http.StatusTooManyRequests
}

// sleep reports whether it slept to its end.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
