package store

import (
	"context"
	"errors"
	"time"
)

const (
	// UpdateMemory is for how long no update is handled twice; Telegram keeps none for longer.
	UpdateMemory = 24 * time.Hour
	// claimTime is how long a replica may take over an update. After that it counts as dead, and another may handle it.
	claimTime = 2 * time.Minute
	// noteTime is what the note of what came of an update may take. It is made whatever ends meanwhile.
	noteTime = 10 * time.Second
)

// ErrTaken means that another replica is handling the update.
var ErrTaken = errors.New("another replica is handling it")

// Once calls handle for an update unless it has been called for it in the last UpdateMemory and returned nil, by any replica.
// While another is at it the error is ErrTaken: trying again will show what came of it.
//
// A replica that dies between handle's work and its own note of it leaves the update to be handled again.
func (s *Store) Once(ctx context.Context, update int, now time.Time, handle func() error) error {
	mine, err := s.take(ctx, update, now)
	if err != nil || !mine {
		return err
	}
	if err := handle(); err != nil {
		return errors.Join(err, s.leave(ctx, update, now))
	}
	return s.NoteHandled(ctx, update, now)
}

// take claims an update. It is false for one that has been handled.
func (s *Store) take(ctx context.Context, update int, now time.Time) (mine bool, err error) {
	result, err := s.db.ExecContext(ctx, `
		insert into updates (id, taken) values ($1, $2)
		on conflict (id) do update set taken = excluded.taken, handled = false
		where updates.taken < $3 or not updates.handled and updates.taken < $4`,
		update, seconds(now), seconds(now.Add(-UpdateMemory)), seconds(now.Add(-claimTime)))
	if err != nil {
		return false, err
	}
	if taken, err := result.RowsAffected(); err != nil || taken == 1 {
		return true, err
	}
	var handled bool
	if err := s.db.QueryRowContext(ctx, `select handled from updates where id = $1`, update).Scan(&handled); err != nil {
		return false, err
	}
	if !handled {
		return false, ErrTaken
	}
	return false, nil
}

// leave gives up a claim, unless another replica has taken it over.
func (s *Store) leave(ctx context.Context, update int, taken time.Time) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteTime)
	defer cancel()
	_, err := s.db.ExecContext(ctx, `delete from updates where id = $1 and taken = $2 and not handled`, update, seconds(taken))
	return err
}

// Handled tells whether an update has been handled in the last UpdateMemory. It is for the replica that holds a lease and alone is given updates, and
// fails with ErrLost where the lease is another's.
//
// Such a replica calls NoteHandled for what it has handled. Unlike Once it claims nothing beforehand, for nobody else is at it, and so the next to lead
// need not wait until a claim of a dead one counts no more: it goes on at once, and repeats what the other had begun and not yet noted.
func (s *Store) Handled(ctx context.Context, held Lease, update int, now time.Time) (handled bool, err error) {
	var leads bool
	err = s.db.QueryRowContext(ctx, `
		select epoch = $1, exists (select 1 from updates where id = $2 and handled and taken >= $3) from lease`,
		held.Epoch, update, seconds(now.Add(-UpdateMemory))).Scan(&leads, &handled)
	if err == nil && !leads {
		err = ErrLost
	}
	return handled, err
}

// NoteHandled has an update count as handled, also where ctx has ended.
func (s *Store) NoteHandled(ctx context.Context, update int, now time.Time) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteTime)
	defer cancel()
	_, err := s.db.ExecContext(ctx, `
		insert into updates (id, taken, handled) values ($1, $2, true)
		on conflict (id) do update set taken = excluded.taken, handled = true`, update, seconds(now))
	return err
}

// PruneUpdates forgets the updates that came before a time.
func (s *Store) PruneUpdates(ctx context.Context, before time.Time) error {
	_, err := s.db.ExecContext(ctx, `delete from updates where taken < $1`, seconds(before))
	return err
}
