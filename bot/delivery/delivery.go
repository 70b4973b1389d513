// Package delivery sends bulletins to their audience, and corrects the copies of what a bulletin corrects.
//
// Start with New and Sender.Run. What is to be sent, and how far it has come, is in the store alone: Run can be
// killed at any moment and goes on where it was. A message is marked as sent in a commit of its own, so that at
// most the requests under way are repeated, Options.Workers of them.
//
// One goroutine talks to the database and decides; requests to Telegram run beside it and hand it what to mark.
package delivery

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"time"

	"releasebot/bot/store"
	"releasebot/bot/telegram"
)

// Options of a Sender.
type Options struct {
	Client  *telegram.Client // observed by Limiter
	Store   *store.Store
	Limiter *Limiter
	Lease   store.Lease // under which this sender runs; the zero one where nobody takes the store's
	// Message is what a subscription is sent of bulletins that reach it at the same time: one, or those of a digest.
	Message func(store.Subscription, []store.Bulletin) Message
	// Copy is what a message is to show since a bulletin has corrected one of its parts; the subscription is that of its chat and topic, if any.
	Copy func(b store.Bulletin, parts []store.Sent, sub store.Subscription, subscribed bool) Message

	Log     *slog.Logger     // nil: slog.Default()
	Now     func() time.Time // nil: time.Now
	Workers int              // requests under way at once; 0: 16, enough for 28 a second that take half a second each
	Retry   time.Duration    // before the first repetition, doubling up to five minutes; 0: 2 s
	Doubt   time.Duration    // between the five refusals after which a chat is closed for a reason unknown to us; 0: 20 minutes
}

// Message is a bulletin's message. One without text is not sent.
type Message struct {
	telegram.Screen
	Shows []Shown // what a correction would have to reach it for
}

// Shown is a part of a message: an answer, or a release's own words, as store.Item's Key and Revision name them.
type Shown struct{ Key, Revision string }

// ledger are the ledger's rows for a message that is sent or has come to show something else.
func (m Message) ledger(of store.Sent) []store.Sent {
	rows := make([]store.Sent, len(m.Shows))
	for i, shown := range m.Shows {
		rows[i] = of
		rows[i].Part, rows[i].Pair, rows[i].Revision = i, shown.Key, shown.Revision
	}
	return rows
}

// Sender sends bulletins. Only one may run on a database: the one that holds the store's lease.
type Sender struct {
	o        Options
	sending  []store.Bulletin
	queue    []job
	busy     map[any]bool // the keys of jobs under way
	finished chan result
	passes   map[int64]pass // over the copies of what a bulletin corrects
	failures int            // of requests in a row that nobody answered as they should
	latest   time.Time      // that the clock has shown
}

// job is a request to be made. start is called at its turn, and returns nil if there is nothing to do any more.
type job struct {
	key   any // no two jobs of one key are under way at once
	start func(context.Context) (request, error)
}

// request talks to Telegram, on a goroutine of its own, and returns how to mark in the database what came of it.
type request func(context.Context) mark

type mark func(context.Context) error

type result struct {
	key  any
	mark mark
}

const (
	tick        = time.Second // between looks for something to do
	pageSize    = 100         // of what is read at once: some seconds' work
	maxBackoff  = 5 * time.Minute
	markTimeout = 15 * time.Second // longer than SQLite waits for a lock
)

// New makes a sender. It does nothing before Run.
func New(o Options) *Sender {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Workers = cmp.Or(o.Workers, 16)
	o.Retry = cmp.Or(o.Retry, 2*time.Second)
	o.Doubt = cmp.Or(o.Doubt, 20*time.Minute)
	return &Sender{o: o, busy: map[any]bool{}, finished: make(chan result, o.Workers), passes: map[int64]pass{}}
}

// Run sends whatever is to be sent until ctx ends or the lease is lost, and then waits for the requests under way. Trouble with the
// database or with Telegram is logged, and Run goes on when it is over.
func (s *Sender) Run(ctx context.Context) {
	defer s.drain(ctx)
	failures := 0
	for ctx.Err() == nil {
		worked, err := s.step(ctx)
		switch {
		case errors.Is(err, store.ErrLost):
			return
		case err != nil && ctx.Err() == nil:
			failures++
			s.o.Log.Error("nothing is sent to subscribers until the database works again", "error", err)
			s.wait(ctx, backoff(tick, failures))
			continue
		case !worked:
			s.wait(ctx, tick)
		}
		failures = 0
	}
}

// drain waits for the requests under way.
func (s *Sender) drain(ctx context.Context) {
	for len(s.busy) > 0 {
		s.finish(ctx, <-s.finished)
	}
}

// step starts one request at its turn, and tells whether there was one. The lease is looked at last: a process that was frozen starts
// none once another leads.
func (s *Sender) step(ctx context.Context) (bool, error) {
	if len(s.queue) == 0 {
		if err := s.fill(ctx); err != nil || len(s.queue) == 0 {
			return false, err
		}
	}
	s.takeTurn(ctx)
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	next := s.queue[0]
	request, err := next.start(ctx)
	if err == nil && request != nil {
		err = s.o.Store.Leads(ctx, s.o.Lease)
	}
	if err != nil {
		return false, err
	}
	s.queue = s.queue[1:]
	if request != nil {
		s.busy[next.key] = true
		go func() { s.finished <- result{next.key, request(telegram.Once(context.WithoutCancel(ctx)))} }()
	}
	return true, nil
}

// takeTurn waits until one more request may be under way. What has finished meanwhile is marked.
func (s *Sender) takeTurn(ctx context.Context) {
	for len(s.finished) > 0 {
		s.finish(ctx, <-s.finished)
	}
	for len(s.busy) == s.o.Workers && ctx.Err() == nil {
		s.wait(ctx, tick)
	}
	for wait := s.o.Limiter.lane(); wait > 0 && ctx.Err() == nil; wait = s.o.Limiter.lane() {
		s.wait(ctx, wait)
	}
}

// wait ends early when a request has finished.
func (s *Sender) wait(ctx context.Context, d time.Duration) {
	select {
	case r := <-s.finished:
		s.finish(ctx, r)
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// finish marks what came of a request. Nothing else is done until that has succeeded, or else a crash would repeat more
// than what was under way. Once ctx has ended it tries no more than once.
func (s *Sender) finish(ctx context.Context, r result) {
	delete(s.busy, r.key)
	for failures := 1; ; failures++ {
		limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), markTimeout)
		err := r.mark(limited)
		cancel()
		if err == nil {
			return
		}
		s.o.Log.Error("what was sent to a subscriber cannot be marked as sent, and nothing more is sent until it can", "error", err)
		select {
		case <-time.After(backoff(tick, failures)):
		case <-ctx.Done():
			return
		}
	}
}

// fill queues what can be done now.
func (s *Sender) fill(ctx context.Context) error {
	for {
		if err := s.begin(ctx); err != nil || len(s.sending) == 0 {
			return err
		}
		if err := s.fillDue(ctx); err != nil {
			return err
		}
		for _, b := range s.sending {
			if err := s.fillCopies(ctx, b); err != nil {
				return err
			}
		}
		if len(s.queue) > 0 {
			return nil
		}
		if advanced, err := s.advance(ctx); err != nil || !advanced {
			return err
		}
	}
}

// begin starts the bulletins whose time has come, and reads all that are being sent.
func (s *Sender) begin(ctx context.Context) (err error) {
	now := s.o.Now()
	if err := s.watchClock(ctx, now); err != nil {
		return err
	}
	scheduled, err := s.o.Store.Bulletins(ctx, store.Scheduled)
	if err != nil {
		return err
	}
	for _, b := range scheduled {
		if b.Starts.After(now) {
			continue
		}
		switch err := s.o.Store.Start(ctx, b.ID, now); {
		case errors.Is(err, store.ErrState): // cancelled this moment
			continue
		case err != nil:
			return err
		}
		s.o.Log.Info("a bulletin starts", "bulletin", b.ID, "kind", b.Kind, "release", b.Release)
	}
	s.sending, err = s.o.Store.Bulletins(ctx, store.Sending)
	return err
}

// advance claims the next page of each bulletin's audience, or ends a bulletin that has come to its end. It tells whether
// there may be something to send now.
func (s *Sender) advance(ctx context.Context) (advanced bool, err error) {
	for _, b := range s.sending {
		if b.Progress < b.Final {
			advanced = true
			if err := s.o.Store.Claim(ctx, b, pageSize, s.o.Now()); err != nil {
				return false, err
			}
			continue
		}
		done, err := s.o.Store.Finish(ctx, b, s.o.Now())
		if err != nil {
			return false, err
		}
		if done {
			delete(s.passes, b.ID)
			s.o.Log.Info("a bulletin is done", "bulletin", b.ID, "sent", b.Sent, "edited", b.Edited)
		}
	}
	return advanced, nil
}

// watchClock: what is due, or soon will be, would wait for as long as a clock was set back.
func (s *Sender) watchClock(ctx context.Context, now time.Time) error {
	if back := s.latest.Sub(now); back > time.Minute {
		s.o.Log.Warn("the clock was set back; what waits for no digest is due at once", "by", back)
		if err := s.o.Store.Hasten(ctx, now); err != nil {
			return err
		}
		s.latest = now
	}
	s.latest = latest(s.latest, now)
	return nil
}

// backoff doubles the first pause with every failure after the first.
func backoff(first time.Duration, failures int) time.Duration {
	return min(first<<min(failures-1, 10), maxBackoff)
}
