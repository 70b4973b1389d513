package main

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"releasebot/bot/store"
	"releasebot/bot/telegram"
)

func newDatabase(t *testing.T) *store.Store {
	t.Helper()
	db, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "bot.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func testLeader(db *store.Store) *leader {
	return newLeader(db, slog.New(slog.DiscardHandler), func(store.Lease, bool) {})
}

// Replicas come and go; at no moment do two of them lead, and soon after each end another does.
func TestOneReplicaLeads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := newDatabase(t)
		var leading, most, terms atomic.Int32
		var epochs sync.Map
		began := make(chan context.CancelFunc, 100)
		var replicas sync.WaitGroup
		for range 4 {
			ctx, end := context.WithCancel(t.Context())
			l := testLeader(db)
			replicas.Go(func() {
				err := l.lead(ctx, func(term context.Context, held store.Lease) error {
					most.Store(max(most.Load(), leading.Add(1)))
					terms.Add(1)
					if _, again := epochs.LoadOrStore(held.Epoch, true); again {
						t.Errorf("two terms in epoch %d", held.Epoch)
					}
					began <- end
					<-term.Done()
					leading.Add(-1)
					return nil
				})
				if err != nil {
					t.Error(err)
				}
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
	})
}

// A replica that was killed gives up nothing: the others wait until its lease is silent.
func TestASilentLeaseIsTakenOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := newDatabase(t)
		free, err := db.Lease(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		killed, err := db.TakeLease(t.Context(), free, "killed")
		if err != nil {
			t.Fatal(err)
		}
		l := testLeader(db)
		ctx, end := context.WithCancel(t.Context())
		start := time.Now()
		if err := l.lead(ctx, func(context.Context, store.Lease) error { end(); return nil }); err != nil {
			t.Error(err)
		}
		if took := time.Since(start); took < silentBeats*leaderBeat || took > 3500*time.Millisecond {
			t.Errorf("the lease was taken after %s, while its holder might live or too late", took)
		}
		if err := db.Leads(t.Context(), killed); !errors.Is(err, store.ErrLost) {
			t.Errorf("the killed one would find, had it only been frozen: %v", err)
		}
	})
}

// What is under way when a replica is told to stop may take its time: until it is done, no other replica begins with it.
func TestTheLeadIsKeptWhileWorkEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := newDatabase(t)
		ctx, end := context.WithCancel(t.Context())
		var held store.Lease
		l := testLeader(db)
		err := l.lead(ctx, func(_ context.Context, lease store.Lease) error {
			held = lease
			end()
			time.Sleep(3 * silentBeats * leaderBeat)
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		given, err := db.Lease(t.Context())
		if err != nil || given.Epoch != held.Epoch || given.Holder != "" || given.Beat < silentBeats {
			t.Errorf("at the end: %+v (%v), want a lease that was kept, and given up", given, err)
		}
	})
}

func TestALostLeadEndsTheWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := newDatabase(t)
		l := testLeader(db)
		failure := errors.New("enough")
		err := l.lead(t.Context(), func(term context.Context, held store.Lease) error {
			other, err := db.TakeLease(t.Context(), held, "other")
			for errors.Is(err, store.ErrLost) { // it has given a sign of life meanwhile
				if held, err = db.Lease(t.Context()); err == nil {
					other, err = db.TakeLease(t.Context(), held, "other")
				}
			}
			if err != nil {
				return err
			}
			<-term.Done()
			if cause := context.Cause(term); !errors.Is(cause, telegram.ErrReplaced) {
				t.Errorf("the cause is %v", cause)
			}
			if err := db.Leads(t.Context(), other); err != nil {
				t.Errorf("the other one: %v", err)
			}
			return failure
		})
		if !errors.Is(err, failure) {
			t.Errorf("got %v", err)
		}
	})
}
