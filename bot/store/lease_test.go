package store

import (
	"sync"
	"sync/atomic"
	"testing"
)

func TestOneOfSeveralTakesTheLease(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		free, err := s.Lease(t.Context())
		if err != nil || free.Holder != "" {
			t.Fatalf("at first: %+v, %v, want nobody's", free, err)
		}
		var taken atomic.Int32
		var wait sync.WaitGroup
		for _, replica := range []string{"a", "b", "c", "d"} {
			wait.Go(func() {
				if _, ok, err := s.TakeLease(t.Context(), free, replica); err != nil {
					t.Error(err)
				} else if ok {
					taken.Add(1)
				}
			})
		}
		wait.Wait()
		if taken.Load() != 1 {
			t.Errorf("%d replicas took the lease", taken.Load())
		}
		held, err := s.Lease(t.Context())
		if err != nil || held.Holder == "" || held.Beat == free.Beat {
			t.Errorf("%+v, %v", held, err)
		}
	})
}
