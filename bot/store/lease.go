package store

import "context"

// Lease is who does what one replica alone may do. Its beat counts up while the holder lives: whoever has seen it
// stand still for long enough may take it, and no clocks are compared.
type Lease struct {
	Holder string // empty after a holder that has ended in order
	Beat   int64
}

// Lease reads the lease.
func (s *Store) Lease(ctx context.Context) (l Lease, err error) {
	err = s.db.QueryRowContext(ctx, `select holder, beat from lease`).Scan(&l.Holder, &l.Beat)
	return l, err
}

// TakeLease lets holder have the lease for one more beat, unless it is no longer as seen. An empty holder gives it up.
func (s *Store) TakeLease(ctx context.Context, seen Lease, holder string) (now Lease, ok bool, err error) {
	now = Lease{holder, seen.Beat + 1}
	result, err := s.db.ExecContext(ctx, `update lease set holder = $1, beat = $2 where holder = $3 and beat = $4`,
		now.Holder, now.Beat, seen.Holder, seen.Beat)
	if err != nil {
		return seen, false, err
	}
	n, err := result.RowsAffected()
	return now, n > 0, err
}
