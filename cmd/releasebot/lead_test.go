package main

import (
	"context"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"releasebot/bot/store"
)

// Replicas come and go, some without a word; at no moment do two of them lead, and soon after each end another does.
func TestOneReplicaLeads(t *testing.T) {
	db, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "bot.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var leading, most, terms atomic.Int32
	began := make(chan context.CancelFunc, 100)
	var replicas sync.WaitGroup
	for range 4 {
		ctx, end := context.WithCancel(t.Context())
		l := newLeader(db, slog.New(slog.DiscardHandler))
		l.beat = 20 * time.Millisecond
		replicas.Go(func() {
			l.lead(ctx, func(working context.Context) {
				most.Store(max(most.Load(), leading.Add(1)))
				terms.Add(1)
				began <- end
				<-working.Done()
				leading.Add(-1)
			})
		})
	}
	for range 4 {
		select {
		case end := <-began:
			end()
		case <-time.After(10 * time.Second):
			t.Fatal("nobody leads")
		}
	}
	replicas.Wait()
	if most.Load() != 1 || terms.Load() < 4 {
		t.Errorf("%d led at once, in %d terms", most.Load(), terms.Load())
	}
}

// A replica that was killed gives up nothing: the others wait until its lease is silent.
func TestASilentLeaseIsTakenOver(t *testing.T) {
	db, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "bot.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	free, err := db.Lease(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, ok, err := db.TakeLease(t.Context(), free, "killed"); !ok || err != nil {
		t.Fatal(ok, err)
	}
	l := newLeader(db, slog.New(slog.DiscardHandler))
	l.beat = 50 * time.Millisecond
	ctx, end := context.WithCancel(t.Context())
	start := time.Now()
	l.lead(ctx, func(context.Context) { end() })
	if took := time.Since(start); took < silentBeats*l.beat {
		t.Errorf("the lease was taken after %s, while its holder might live", took)
	}
}
