package store

import (
	"sync"
	"testing"
)

// What is recorded at once shares commits. A row that the database refuses, as PostgreSQL does this one, is the only one that fails.
func TestRecordsAtOnceAreAllKept(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		const all, refused = 200, 77
		var wait sync.WaitGroup
		for i := range all {
			sent := Sent{Chat: int64(i % 7), Message: i, Question: 1000 + i, Pair: "a", At: now}
			if i == refused {
				sent.Lang = "\x00"
			}
			wait.Go(func() {
				if err := s.Record(t.Context(), sent); err != nil && i != refused {
					t.Errorf("message %d: %v", i, err)
				}
			})
		}
		wait.Wait()
		for i := range all {
			got, ok, err := s.ReplyTo(t.Context(), int64(i%7), 1000+i)
			if (!ok || got.Message != i || err != nil) && i != refused {
				t.Errorf("message %d: %+v, %v, %v", i, got, ok, err)
			}
		}
	})
}
