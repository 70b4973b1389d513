package store

import (
	"context"
	"errors"
)

// Lease says which replica leads: it does what one alone may do.
//
// Epoch grows by one each time the lead begins. A replica that was frozen, and does not know that another leads meanwhile, finds another epoch
// than its own when it asks for Leads or Handled. It asks before it begins with anything, so what it has not begun it leaves alone.
// What it was about it may finish, and may note: that a person has been sent something is true whoever has sent it.
type Lease struct {
	Holder string // what the replica is called, for people; empty after one that has ended in order
	Epoch  int64
	// Beat counts up while the holder lives: whoever has seen it stand still for long enough may take the lease, and no clocks are compared.
	Beat int64
}

// ErrLost means that the lease has passed to another replica.
var ErrLost = errors.New("another replica leads now")

// Lease reads the lease.
func (s *Store) Lease(ctx context.Context) (l Lease, err error) {
	err = s.db.QueryRowContext(ctx, `select holder, epoch, beat from lease`).Scan(&l.Holder, &l.Epoch, &l.Beat)
	return l, err
}

// TakeLease begins an epoch of holder's. It fails with ErrLost where the lease is no longer as seen.
func (s *Store) TakeLease(ctx context.Context, seen Lease, holder string) (Lease, error) {
	taken := Lease{Holder: holder, Epoch: seen.Epoch + 1}
	return taken, s.changeLease(ctx, `update lease set holder = $1, epoch = $2, beat = 0 where epoch = $3 and beat = $4`,
		taken.Holder, taken.Epoch, seen.Epoch, seen.Beat)
}

// KeepLease is a sign of life. It fails with ErrLost where the lease is another's.
func (s *Store) KeepLease(ctx context.Context, held Lease) error {
	return s.changeLease(ctx, `update lease set beat = beat + 1 where epoch = $1`, held.Epoch)
}

// GiveLease lets another replica have the lease at once. It fails with ErrLost where one has it already.
func (s *Store) GiveLease(ctx context.Context, held Lease) error {
	return s.changeLease(ctx, `update lease set holder = '' where epoch = $1`, held.Epoch)
}

func (s *Store) changeLease(ctx context.Context, statement string, args ...any) error {
	result, err := s.db.ExecContext(ctx, statement, args...)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, ErrLost)
	}
	return nil
}

// Leads fails with ErrLost where the lease is another's.
func (s *Store) Leads(ctx context.Context, held Lease) error {
	now, err := s.Lease(ctx)
	if err == nil && now.Epoch != held.Epoch {
		err = ErrLost
	}
	return err
}
