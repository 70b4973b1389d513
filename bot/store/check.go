package store

import (
	"context"
	"database/sql"
	"errors"
	"os"
)

// Check reports whether the database at an address answers, and changes nothing there. For a SQLite file that does not exist yet the error is
// fs.ErrNotExist.
func Check(ctx context.Context, address string) error {
	if path, isFile := SQLiteFile(address); isFile {
		if _, err := os.Stat(path); err != nil {
			return err
		}
	}
	db, err := connect(address)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := intact(ctx, db, address); err != nil {
		return redact(err, address)
	}
	return nil
}

// intact asks SQLite to look through its file; PostgreSQL looks after its own.
func intact(ctx context.Context, db *sql.DB, address string) error {
	if _, isFile := SQLiteFile(address); !isFile {
		return db.PingContext(ctx)
	}
	var verdict string
	if err := db.QueryRowContext(ctx, `pragma quick_check(1)`).Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return errors.New(verdict)
	}
	return nil
}
