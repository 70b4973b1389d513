package store

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestAnUpdateIsHandledOnce(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		calls := 0
		handle := func() error { calls++; return nil }
		for _, step := range []struct {
			after time.Duration
			want  int // calls so far
		}{
			{0, 1}, {0, 1}, {time.Minute, 1}, {UpdateMemory - time.Second, 1}, {UpdateMemory + time.Second, 2},
		} {
			if err := s.Once(t.Context(), 5, now.Add(step.after), handle); err != nil || calls != step.want {
				t.Errorf("after %s: %d calls (%v), want %d", step.after, calls, err, step.want)
			}
		}
		if err := s.Once(t.Context(), 6, now, handle); err != nil || calls != 3 {
			t.Errorf("another update: %d calls (%v), want 3", calls, err)
		}
	})
}

func TestAnUpdateThatFailsIsHandledAgain(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		failure := errors.New("telegram is away")
		if err := s.Once(t.Context(), 5, now, func() error { return failure }); !errors.Is(err, failure) {
			t.Errorf("got %v", err)
		}
		called := false
		if err := s.Once(t.Context(), 5, now, func() error { called = true; return nil }); err != nil || !called {
			t.Errorf("called: %t (%v)", called, err)
		}
	})
}

// A replica that has died in the middle of an update leaves its claim behind.
func TestAnUpdateOfADeadReplicaIsTakenOver(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		err := s.Once(t.Context(), 5, now, func() error {
			if err := s.Once(t.Context(), 5, now.Add(claimTime), nil); !errors.Is(err, ErrTaken) {
				t.Errorf("while the claim lasts: %v", err)
			}
			taken := false
			late := now.Add(claimTime + time.Second)
			if err := s.Once(t.Context(), 5, late, func() error { taken = true; return nil }); err != nil || !taken {
				t.Errorf("once it is over: taken %t (%v)", taken, err)
			}
			return errors.New("frozen until now")
		})
		if err == nil {
			t.Error("the error of a handler is lost")
		}
		if err := s.Once(t.Context(), 5, now.Add(time.Hour), nil); err != nil {
			t.Errorf("the frozen replica took back what the other had handled: %v", err)
		}
	})
}

func TestReplicasThatGetOneUpdateAtOnce(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		var calls atomic.Int32
		var replicas sync.WaitGroup
		for range 8 {
			replicas.Go(func() {
				err := s.Once(t.Context(), 5, now, func() error { calls.Add(1); return nil })
				if err != nil && !errors.Is(err, ErrTaken) {
					t.Error(err)
				}
			})
		}
		replicas.Wait()
		if n := calls.Load(); n != 1 {
			t.Errorf("handled %d times", n)
		}
	})
}

func TestUpdatesArePruned(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		for id := range 3 {
			if err := s.Once(t.Context(), id, now.Add(time.Duration(id)*time.Hour), func() error { return nil }); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.PruneUpdates(t.Context(), now.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		var left int
		if err := s.db.QueryRow(`select count(*) from updates`).Scan(&left); err != nil || left != 2 {
			t.Errorf("%d left (%v), want 2", left, err)
		}
	})
}
