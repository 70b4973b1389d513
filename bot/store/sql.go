package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"
)

// querier is a database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// query reads all rows, each into the fields of a T.
func query[T any](ctx context.Context, db querier, fields func(*T) []any, statement string, args ...any) ([]T, error) {
	rows, err := db.QueryContext(ctx, statement, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		var row T
		if err := rows.Scan(fields(&row)...); err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, rows.Err()
}

func exec(ctx context.Context, tx *sql.Tx, statement string, args ...any) error {
	_, err := tx.ExecContext(ctx, statement, args...)
	return err
}

// numbered are n placeholders from $first on.
func numbered(first, n int) string {
	places := make([]string, n)
	for i := range places {
		places[i] = fmt.Sprintf("$%d", first+i)
	}
	return strings.Join(places, ", ")
}

// moment reads seconds since 1970; 0 is the zero time.
type moment time.Time

func (m *moment) Scan(value any) error {
	at, ok := value.(int64)
	if !ok {
		return fmt.Errorf("a time: %T", value)
	}
	if *m = (moment{}); at != 0 {
		*m = moment(time.Unix(at, 0))
	}
	return nil
}
