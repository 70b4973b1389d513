package store

import (
	"context"
	"database/sql"
	"sync"
	"time"
)

// entries are what is to be entered in the ledger. A commit waits for the disk, and one at a time is all that a database makes of them: what comes
// while one is under way shares the next.
type entries struct {
	mu      sync.Mutex
	waiting []entry
	busy    bool // somebody is writing
}

type entry struct {
	sent Sent
	done chan error
}

// entryTime is what one commit may take; longer than SQLite waits for a lock.
const entryTime = 15 * time.Second

// Record enters a message in the ledger, in place of what was recorded of it before. It returns once that is committed, or where ctx ends before:
// then nobody knows whether it will be.
func (s *Store) Record(ctx context.Context, sent Sent) error {
	e := entry{sent, make(chan error, 1)}
	s.entries.mu.Lock()
	s.entries.waiting = append(s.entries.waiting, e)
	if !s.entries.busy {
		s.entries.busy = true
		go s.record()
	}
	s.entries.mu.Unlock()
	select {
	case err := <-e.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// record writes until nothing waits.
func (s *Store) record() {
	for batch := s.entries.take(); len(batch) > 0; batch = s.entries.take() {
		err := s.recordAll(batch)
		for i, e := range batch {
			if err != nil && len(batch) > 1 { // one that the database refuses is not to take the others with it
				e.done <- s.recordAll(batch[i : i+1])
				continue
			}
			e.done <- err
		}
	}
}

func (e *entries) take() (batch []entry) {
	e.mu.Lock()
	defer e.mu.Unlock()
	batch, e.waiting = e.waiting, nil
	e.busy = len(batch) > 0
	return batch
}

func (s *Store) recordAll(batch []entry) error {
	ctx, cancel := context.WithTimeout(context.Background(), entryTime)
	defer cancel()
	return s.inTx(ctx, func(tx *sql.Tx) error {
		for _, e := range batch {
			if err := s.enter(ctx, tx, e.sent); err != nil {
				return err
			}
		}
		return nil
	})
}
