package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// Why Transfer does not begin.
var (
	ErrInUse    = errors.New("another program has the file open")
	ErrVersion  = errors.New("the file is of another version")
	ErrNotEmpty = errors.New("the database has been used already")
)

// progressEvery is after how many rows Transfer tells how far it is.
const progressEvery = 10_000

// Transfer copies all that an SQLite file remembers, ids and numbers as they are, into the new PostgreSQL database at an address, and calls told
// with how many of a table's rows are there: now and then, and at last once for each table. Nothing in the file is changed.
//
// It is all or nothing: after an error the database is as it was. It does not begin while a bot has the file open (ErrInUse), for what that wrote
// meanwhile would be lost, and keeps others from opening it; nor with a file that this version has not brought up to date, or cannot read
// (ErrVersion); nor with a database where a bot has been (ErrNotEmpty).
func Transfer(ctx context.Context, file, address string, told func(table string, rows, of int64)) error {
	if err := Check(ctx, "sqlite:"+file); err != nil {
		return err
	}
	db, err := openSQLite(file, exclusive)
	if err != nil {
		return err
	}
	defer db.Close()
	from, err := db.BeginTx(ctx, nil)
	switch {
	case err != nil && busy(err):
		return ErrInUse
	case err != nil:
		return err
	}
	defer from.Rollback()
	if err := upToDate(ctx, from); err != nil {
		return err
	}
	to, err := connect(address)
	if err != nil {
		return err
	}
	defer to.Close()
	if err := fill(ctx, to, from, told); err != nil {
		return redact(err, address)
	}
	return nil
}

// exclusive are the options with which no other program can have the file open: neither one that writes nor one that could later.
const exclusive = "mode=rw&_txlock=exclusive&_pragma=locking_mode(exclusive)"

// upToDate checks that the tables are those which this version knows.
func upToDate(ctx context.Context, db querier) error {
	known, err := migrations.ReadDir("migrations")
	if err != nil {
		return err
	}
	seen, err := query(ctx, db, func(name *string) []any { return []any{name} }, `select name from migrations order by name`)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrVersion, err)
	}
	for i, file := range known {
		if i >= len(seen) || seen[i] != file.Name() {
			return fmt.Errorf("%w: it lacks %s", ErrVersion, file.Name())
		}
	}
	if len(seen) > len(known) {
		return fmt.Errorf("%w: it has %s", ErrVersion, seen[len(known)])
	}
	return nil
}

// fill makes the tables and copies them, in one transaction.
func fill(ctx context.Context, to *sql.DB, from querier, told func(table string, rows, of int64)) error {
	conn, err := to.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := create(ctx, tx); err != nil {
		return err
	}
	// In the order in which they were made, so that what a row refers to is there before it.
	tables, err := query(ctx, from, func(name *string) []any { return []any{name} },
		`select name from sqlite_master where type = 'table' and name not like 'sqlite%' and name <> 'migrations' order by rowid`)
	if err != nil {
		return err
	}
	for _, table := range tables {
		if err := copyTable(ctx, conn, tx, from, table, told); err != nil {
			return fmt.Errorf("%s: %w", table, err)
		}
	}
	return tx.Commit()
}

// create makes all tables, without the rows with which they begin. A bot that starts meanwhile waits, and then finds what has been copied.
func create(ctx context.Context, tx *sql.Tx) error {
	if err := exec(ctx, tx, migrationsTable); err != nil {
		return err
	}
	files, err := migrations.ReadDir("migrations")
	if err != nil {
		return err
	}
	for _, file := range files {
		if isNew, err := apply(ctx, tx, file.Name()); err != nil {
			return err
		} else if !isNew {
			return ErrNotEmpty
		}
	}
	return nil
}

func copyTable(ctx context.Context, conn *sql.Conn, tx *sql.Tx, from querier, table string, told func(table string, rows, of int64)) error {
	all, err := countRows(ctx, from, table)
	if err != nil {
		return err
	}
	if err := exec(ctx, tx, `delete from `+table); err != nil {
		return err
	}
	rows, err := from.QueryContext(ctx, `select * from `+table)
	if err != nil {
		return err
	}
	defer rows.Close()
	source, err := newRowsOf(rows, func(n int64) { told(table, n, all) })
	if err != nil {
		return err
	}
	err = conn.Raw(func(driver any) error {
		_, err := driver.(*stdlib.Conn).Conn().CopyFrom(ctx, pgx.Identifier{table}, source.columns, source)
		return err
	})
	if err != nil {
		return err
	}
	there, err := countRows(ctx, tx, table)
	if err != nil {
		return err
	}
	if there != all {
		return fmt.Errorf("%d rows of %d have been copied", there, all)
	}
	told(table, there, all)
	return nil
}

func countRows(ctx context.Context, db querier, table string) (int64, error) {
	n, err := query(ctx, db, func(n *int64) []any { return []any{n} }, `select count(*) from `+table)
	if err != nil {
		return 0, err
	}
	return n[0], nil
}

// rowsOf gives a table's rows to PostgreSQL one by one.
type rowsOf struct {
	*sql.Rows
	columns        []string
	values, places []any
	n              int64
	told           func(n int64)
}

func newRowsOf(rows *sql.Rows, told func(n int64)) (*rowsOf, error) {
	types, err := rows.ColumnTypes()
	if err != nil {
		return nil, err
	}
	r := &rowsOf{Rows: rows, values: make([]any, len(types)), told: told}
	for i, column := range types {
		r.columns = append(r.columns, column.Name())
		if column.DatabaseTypeName() == "BOOLEAN" {
			r.places = append(r.places, boolean{&r.values[i]})
		} else {
			r.places = append(r.places, &r.values[i])
		}
	}
	return r, nil
}

// Values implements pgx.CopyFromSource, which is done with a row before it asks for the next.
func (r *rowsOf) Values() ([]any, error) {
	if r.n++; r.n%progressEvery == 0 {
		r.told(r.n)
	}
	return r.values, r.Scan(r.places...)
}

// boolean reads what SQLite keeps as 0 or 1.
type boolean struct{ value *any }

func (b boolean) Scan(value any) error {
	n, ok := value.(int64)
	if !ok {
		return fmt.Errorf("a boolean: %T", value)
	}
	*b.value = n != 0
	return nil
}
