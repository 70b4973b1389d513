package main

import (
	"context"
	"crypto/rand"
	"log/slog"
	"time"

	"releasebot/bot/store"
)

// leader has one of the replicas on a database do what only one may do.
type leader struct {
	db   *store.Store
	log  *slog.Logger
	name string        // no other replica's
	beat time.Duration // between two signs of life
}

const (
	leaderBeat = time.Second
	// silentBeats without a sign of life end a replica's lead. It gives up by itself before that, should it not reach the database.
	silentBeats = 4
	ownBeats    = 2
)

func newLeader(db *store.Store, log *slog.Logger) *leader {
	return &leader{db: db, log: log, name: rand.Text(), beat: leaderBeat}
}

// lead calls work while this replica leads, until ctx ends; the context of work ends with the lead.
func (l *leader) lead(ctx context.Context, work func(context.Context)) {
	var seen store.Lease
	since := time.Now()
	for ; ctx.Err() == nil; l.pause(ctx) {
		lease, err := l.db.Lease(ctx)
		if err != nil {
			l.log.Error("the replicas cannot agree which of them sends bulletins", "error", err)
			continue
		}
		if lease != seen {
			seen, since = lease, time.Now()
		}
		if lease.Holder != "" && time.Since(since) < silentBeats*l.beat {
			continue
		}
		if mine, ok, err := l.db.TakeLease(ctx, lease, l.name); err == nil && ok {
			l.hold(ctx, mine, work)
		}
	}
}

// hold does the work until the lease is lost or ctx ends.
func (l *leader) hold(ctx context.Context, lease store.Lease, work func(context.Context)) {
	working, stop := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		work(working)
	}()
	for last := time.Now(); ctx.Err() == nil && time.Since(last) < ownBeats*l.beat; {
		l.pause(ctx)
		limited, cancel := context.WithTimeout(ctx, l.beat)
		next, ok, err := l.db.TakeLease(limited, lease, l.name)
		cancel()
		if err == nil && !ok {
			break
		}
		if err == nil {
			lease, last = next, time.Now()
		}
	}
	stop()
	<-ended
	if ctx.Err() == nil {
		l.log.Warn("another replica may send bulletins now: the database did not answer in time")
	}
	giving, cancel := context.WithTimeout(context.WithoutCancel(ctx), l.beat)
	defer cancel()
	if _, _, err := l.db.TakeLease(giving, lease, ""); err != nil {
		l.log.Warn("the next replica has to wait a moment before it sends bulletins", "error", err)
	}
}

func (l *leader) pause(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(l.beat):
	}
}
