package main

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"os"
	"time"

	"releasebot/bot/store"
	"releasebot/bot/telegram"
)

// leader has one of the replicas on a database do what only one may do.
//
// It is the database that decides who leads (see store.Lease), and its epoch that keeps a replica which does not know better from going on. The times
// below only see to it that there hardly ever is such a one.
type leader struct {
	db      *store.Store
	log     *slog.Logger
	name    string                              // by which the other replicas' logs call this one
	observe func(lease store.Lease, leads bool) // hears who leads, and whether that is this replica
}

// leaderBeat is between two signs of life, and between two looks for them. A replica whose signs of life cannot be written leads no more after
// ownBeats, and another does after silentBeats without any. Since the last sign may have been seen one beat late, and the silence as well, that is
// 3.5 seconds after a kill at the latest: the rest of the five that a fail-over may take is for the first answer.
const (
	leaderBeat  = 500 * time.Millisecond
	ownBeats    = 4
	silentBeats = 5
)

func newLeader(db *store.Store, log *slog.Logger, observe func(store.Lease, bool)) *leader {
	host, _ := os.Hostname() // in a container its id or its pod's name
	return &leader{db: db, log: log, name: cmp.Or(host, "a host without a name"), observe: observe}
}

// lead calls work whenever this replica leads, until ctx ends or work fails. The context of work ends with the lead; the lead is given up, to the
// next replica at once, when work has returned.
func (l *leader) lead(ctx context.Context, work func(context.Context, store.Lease) error) error {
	for ctx.Err() == nil {
		if lease, ok := l.standBy(ctx); ok {
			if err := l.hold(ctx, lease, work); err != nil {
				return err
			}
		}
	}
	return nil
}

// standBy waits for the lease. It is not ok if ctx ends before that.
func (l *leader) standBy(ctx context.Context) (taken store.Lease, ok bool) {
	seen, since := store.Lease{Epoch: -1}, time.Time{}
	for failed := false; ctx.Err() == nil; l.pause(ctx) {
		var lease store.Lease
		err := l.ask(ctx, func(ctx context.Context) (err error) { lease, err = l.db.Lease(ctx); return err })
		if err != nil && !failed && ctx.Err() == nil {
			l.log.Error("the database does not say which replica leads; this one stands by until it does", "error", err)
		}
		if failed = err != nil; failed {
			continue
		}
		if lease.Epoch != seen.Epoch && lease.Holder != "" {
			l.log.Info("standing by: another replica leads", "leader", lease.Holder, "epoch", lease.Epoch)
			l.observe(lease, false)
		}
		if lease != seen {
			seen, since = lease, time.Now()
		}
		silent := time.Since(since)
		if lease.Holder != "" && silent < silentBeats*leaderBeat {
			continue
		}
		err = l.ask(ctx, func(ctx context.Context) (err error) { taken, err = l.db.TakeLease(ctx, lease, l.name); return err })
		if err != nil {
			continue
		}
		if lease.Holder != "" {
			l.log.Warn("the replica that led gives no sign of life any more", "leader", lease.Holder, "silent", silent.Round(time.Millisecond))
		}
		return taken, true
	}
	return taken, false
}

// hold does the work until the lease is lost or ctx ends. While what is under way then comes to its end the lease is still kept: an orderly end
// repeats nothing.
func (l *leader) hold(ctx context.Context, held store.Lease, work func(context.Context, store.Lease) error) error {
	l.log.Info("this replica leads now", "epoch", held.Epoch)
	l.observe(held, true)
	defer l.observe(held, false)
	term, end := context.WithCancelCause(ctx)
	defer end(nil)
	lose := func(why string) {
		if term.Err() == nil {
			l.log.Warn("this replica leads no more: "+why, "epoch", held.Epoch)
			l.observe(held, false)
		}
		end(telegram.ErrReplaced)
	}
	// A timer, so that a process which was frozen finds it has run out the moment it goes on.
	silence := time.AfterFunc(ownBeats*leaderBeat, func() { lose("it could give no sign of life for too long") })
	defer silence.Stop()
	ended := make(chan error, 1)
	go func() { ended <- work(term, held) }()
	beat := time.NewTicker(leaderBeat)
	defer beat.Stop()
	for {
		select {
		case err := <-ended:
			l.give(ctx, held)
			return err
		case asked := <-beat.C:
			switch err := l.ask(ctx, func(ctx context.Context) error { return l.db.KeepLease(ctx, held) }); {
			case err == nil:
				silence.Reset(time.Until(asked.Add(ownBeats * leaderBeat)))
			case errors.Is(err, store.ErrLost):
				lose("another does, since this one gave no sign of life")
			}
		}
	}
}

func (l *leader) give(ctx context.Context, held store.Lease) {
	err := l.ask(ctx, func(ctx context.Context) error { return l.db.GiveLease(ctx, held) })
	if err != nil && !errors.Is(err, store.ErrLost) {
		l.log.Warn("the lead could not be given up; the next replica has to wait a moment", "error", err)
	}
}

// ask gives the database so much time that a second question can follow before the lead is lost.
func (l *leader) ask(ctx context.Context, question func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), ownBeats*leaderBeat/2)
	defer cancel()
	return question(ctx)
}

func (l *leader) pause(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(leaderBeat):
	}
}
