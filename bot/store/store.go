// Package store keeps what the bot must remember: the chats that chose a
// language or settings, the ledger of which message carries which answer, who
// subscribes to what, and how far each bulletin has come. It holds no question
// and no name.
//
// Open reads one of two kinds of address, SQLite and PostgreSQL; everything
// after that is the same SQL on both. Start with Open and Store.Chat; a
// bulletin's way goes from Store.Propose over Schedule, Start and Claim to
// Finish.
package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	_ "time/tzdata" // subscribers' time zones, which a container may lack

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Store is the bot's memory. It is safe for concurrent use.
type Store struct {
	db       *sql.DB
	prepared prepared
	entries  entries
}

// prepared are the statements that every answer to a question needs. To read them anew each time would take longer than to run them.
type prepared struct{ chat, reply, enter *sql.Stmt }

// Open connects to the database at address and brings its tables up to date.
// An address is "sqlite:" and a file's path, or a "postgres://" URL.
func Open(ctx context.Context, address string) (*Store, error) {
	db, err := connect(address)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	s := &Store{db: db}
	if err := s.begin(ctx); err != nil {
		db.Close()
		return nil, fmt.Errorf("database: %w", redact(err, address))
	}
	return s, nil
}

func (s *Store) begin(ctx context.Context) error {
	if err := s.migrate(ctx); err != nil {
		return err
	}
	return s.prepare(ctx)
}

func (s *Store) prepare(ctx context.Context) (err error) {
	for statement, text := range map[**sql.Stmt]string{
		&s.prepared.chat: chatStatement, &s.prepared.reply: replyStatement, &s.prepared.enter: enterStatement,
	} {
		if *statement, err = s.db.PrepareContext(ctx, text); err != nil {
			return err
		}
	}
	return nil
}

// Close ends all connections.
func (s *Store) Close() error { return s.db.Close() }

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error { return s.db.PingContext(ctx) }

// connections are kept open, for a new one costs PostgreSQL a process: with database/sql's two idle ones it handles a fifth of the updates.
// Six replicas of so many stay below the hundred that PostgreSQL allows.
const connections = 16

// Backup writes a copy of an SQLite database as it is at this moment into a new file, while others go on working with it.
func (s *Store) Backup(ctx context.Context, file string) error {
	_, err := s.db.ExecContext(ctx, `vacuum into $1`, file)
	return err
}

// SQLiteFile is the path in the address of a SQLite database; any other text it returns as it is.
func SQLiteFile(address string) (path string, isFile bool) {
	return strings.CutPrefix(address, "sqlite:")
}

func connect(address string) (*sql.DB, error) {
	if path, isFile := SQLiteFile(address); isFile && path != "" {
		return openSQLite(path, usual)
	}
	if u, err := url.Parse(address); err == nil && (u.Scheme == "postgres" || u.Scheme == "postgresql") {
		return openPostgres(address)
	}
	return nil, errors.New(`database address: want "sqlite:FILE" or "postgres://USER:PASSWORD@HOST/NAME"`)
}

// usual are the options of a SQLite file. They stand in the DSN, where every pooled connection gets them: a cache of half a MB too, for sixteen of
// the usual size take 32. Writers begin with "immediate", so that a transaction waits for the lock at its start instead of failing half-way.
const usual = "_txlock=immediate&_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=foreign_keys(1)&_pragma=cache_size(-512)"

func openSQLite(path, options string) (*sql.DB, error) {
	return sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+options)
}

// stalled is after how long PostgreSQL ends a transaction whose replica has fallen silent in the middle of it: a frozen one, or one that
// the network has lost. It would hold its locks for as long, and keep the replica that leads next from sending anything.
const stalled = 2 * time.Second

func openPostgres(address string) (*sql.DB, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, err
	}
	config.RuntimeParams["idle_in_transaction_session_timeout"] = strconv.FormatInt(stalled.Milliseconds(), 10)
	return stdlib.OpenDB(*config), nil
}

// redact takes a database password out of an error's text.
func redact(err error, address string) error {
	u, parseErr := url.Parse(address)
	if parseErr != nil || u.User == nil {
		return err
	}
	if password, _ := u.User.Password(); password != "" && strings.Contains(err.Error(), password) {
		return errors.New(strings.ReplaceAll(err.Error(), password, "***"))
	}
	return err
}

// migrationsTable holds which of the embedded migrations a database has seen.
const migrationsTable = `create table if not exists migrations (name text primary key)`

// createTime is for how long replicas may be at making the same new database.
const createTime = 10 * time.Second

// create makes the table of migrations, and looks again where another replica makes it at the same moment: PostgreSQL then refuses
// all but one in spite of "if not exists", and SQLite all but the one that turns the new file to its write-ahead log, whatever the busy time-out.
func (s *Store) create(ctx context.Context) error {
	for end := time.Now().Add(createTime); ; {
		_, err := s.db.ExecContext(ctx, migrationsTable)
		if err == nil || !raced(err) || ctx.Err() != nil || time.Now().After(end) {
			return err
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// raced tells whether another replica was at the same table.
func raced(err error) bool {
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		return slices.Contains([]string{"23505", "42710", "42P07"}, refused.Code) // a unique name, type or table that is there already
	}
	return busy(err)
}

// busy tells whether SQLite could not have the file because another program has it.
func busy(err error) bool { return strings.Contains(err.Error(), "SQLITE_BUSY") }

// migrate applies, each in its own transaction, the embedded migrations that
// the database has not seen. Several replicas may start at once: the insert
// into "migrations" lets one of them win, and the others wait for it.
func (s *Store) migrate(ctx context.Context) error {
	if err := s.create(ctx); err != nil {
		return err
	}
	files, err := migrations.ReadDir("migrations")
	if err != nil {
		return err
	}
	for _, file := range files {
		if err := s.inTx(ctx, func(tx *sql.Tx) error { _, err := apply(ctx, tx, file.Name()); return err }); err != nil {
			return fmt.Errorf("%s: %w", file.Name(), err)
		}
	}
	return nil
}

// apply runs a migration, unless the database has seen it; then it is not new.
func apply(ctx context.Context, tx *sql.Tx, name string) (isNew bool, err error) {
	script, err := migrations.ReadFile("migrations/" + name)
	if err != nil {
		return false, err
	}
	result, err := tx.ExecContext(ctx, `insert into migrations (name) values ($1) on conflict do nothing`, name)
	if err != nil {
		return false, err
	}
	if added, err := result.RowsAffected(); err != nil || added == 0 {
		return false, err
	}
	for statement := range strings.SplitSeq(string(script), ";\n") {
		if strings.TrimSpace(statement) == "" {
			continue
		}
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return false, err
		}
	}
	return true, nil
}

func (s *Store) inTx(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := f(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// Times are kept as seconds since 1970, which both databases store and compare alike.
func seconds(t time.Time) int64 { return t.Unix() }
