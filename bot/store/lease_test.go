package store

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func lease(t *testing.T, s *Store) Lease {
	t.Helper()
	l, err := s.Lease(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func takeLease(t *testing.T, s *Store, holder string) Lease {
	t.Helper()
	taken, err := s.TakeLease(t.Context(), lease(t, s), holder)
	if err != nil {
		t.Fatal(err)
	}
	return taken
}

func TestOneOfSeveralTakesTheLease(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		free := lease(t, s)
		if free.Holder != "" {
			t.Fatalf("at first: %+v, want nobody's", free)
		}
		var taken atomic.Int32
		var wait sync.WaitGroup
		for _, replica := range []string{"a", "b", "c", "d"} {
			wait.Go(func() {
				switch _, err := s.TakeLease(t.Context(), free, replica); {
				case err == nil:
					taken.Add(1)
				case !errors.Is(err, ErrLost):
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if taken.Load() != 1 {
			t.Errorf("%d replicas took the lease", taken.Load())
		}
		if held := lease(t, s); held.Holder == "" || held.Epoch != free.Epoch+1 {
			t.Errorf("then: %+v", held)
		}
	})
}

func TestALeaseWithASignOfLifeIsNotTaken(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		held := takeLease(t, s, "a")
		if err := s.KeepLease(t.Context(), held); err != nil {
			t.Fatal(err)
		}
		if _, err := s.TakeLease(t.Context(), held, "b"); !errors.Is(err, ErrLost) {
			t.Errorf("got %v", err)
		}
	})
}

// A replica that was frozen finds another epoch, whatever it tries, and undoes nothing of what the other one has.
func TestAReplicaThatLedIsFenced(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		frozen := takeLease(t, s, "a")
		if err := s.Leads(t.Context(), frozen); err != nil {
			t.Fatal(err)
		}
		leads := takeLease(t, s, "b")
		for name, try := range map[string]func() error{
			"leads":   func() error { return s.Leads(t.Context(), frozen) },
			"keeps":   func() error { return s.KeepLease(t.Context(), frozen) },
			"gives":   func() error { return s.GiveLease(t.Context(), frozen) },
			"handles": func() error { _, err := s.Handled(t.Context(), frozen, 5, now); return err },
		} {
			if err := try(); !errors.Is(err, ErrLost) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if held := lease(t, s); held != leads {
			t.Errorf("the lease is %+v, want %+v", held, leads)
		}
		if err := s.GiveLease(t.Context(), leads); err != nil || lease(t, s).Holder != "" {
			t.Errorf("given up: %+v (%v)", lease(t, s), err)
		}
	})
}

func TestTheLeaderHandlesAnUpdateOnce(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		held := takeLease(t, s, "a")
		handled := func(update int, after time.Duration) bool {
			t.Helper()
			is, err := s.Handled(t.Context(), held, update, now.Add(after))
			if err != nil {
				t.Fatal(err)
			}
			return is
		}
		if handled(5, 0) {
			t.Error("an update counts as handled from the first")
		}
		for range 2 { // as two would that were both about it
			if err := s.NoteHandled(t.Context(), 5, now); err != nil {
				t.Fatal(err)
			}
		}
		if !handled(5, UpdateMemory) || handled(5, UpdateMemory+time.Second) || handled(6, 0) {
			t.Error("an update is handled again within UpdateMemory, or not after it, or another is not")
		}
		held = takeLease(t, s, "b")
		if !handled(5, time.Minute) {
			t.Error("the next to lead handles it again")
		}
		if err := s.Once(t.Context(), 5, now, func() error { return errors.New("handled again") }); err != nil {
			t.Errorf("once it comes by webhook: %v", err)
		}
	})
}

// A replica that is frozen in the middle of a transaction keeps its locks no longer than PostgreSQL lets it.
func TestAFrozenReplicaHoldsUpNobody(t *testing.T) {
	s := onPostgres(t)
	frozen, err := s.db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := exec(t.Context(), frozen, `update numbers set last = last + 1`); err != nil {
		t.Fatal(err)
	}
	if err := s.Subscribe(t.Context(), Subscription{Chat: 7}, now); err != nil {
		t.Error(err)
	}
	if err := frozen.Commit(); err == nil {
		t.Error("the frozen one goes on as if nothing had happened")
	}
}
