package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Sent is one row of the ledger: a message of the bot's and what it carries.
type Sent struct {
	Chat     int64
	Message  int
	Thread   int // the forum topic; 0 outside one
	Question int // the message that asked; 0 when nobody did
	Pair     string
	Revision string
	Lang     string
	At       time.Time
}

const sentColumns = `chat, message, thread, question, pair, revision, lang, sent`

// Record enters a message in the ledger, in place of what was recorded of it before.
func (s *Store) Record(ctx context.Context, sent Sent) error {
	_, err := s.db.ExecContext(ctx, `
		insert into ledger (`+sentColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict (chat, message) do update set
			pair = excluded.pair, revision = excluded.revision, lang = excluded.lang, sent = excluded.sent`,
		sent.Chat, sent.Message, sent.Thread, sent.Question, sent.Pair, sent.Revision, sent.Lang, seconds(sent.At))
	return err
}

// ReplyTo finds the bot's message that replies to a question, if there is one.
func (s *Store) ReplyTo(ctx context.Context, chat int64, question int) (Sent, bool, error) {
	return s.sent(ctx, `chat = $1 and question = $2 order by message limit 1`, chat, question)
}

// LastAnswer finds the first message since a time that carries this revision of a pair
// in a chat's forum topic.
func (s *Store) LastAnswer(ctx context.Context, chat int64, thread int, pair, revision string, since time.Time) (Sent, bool, error) {
	return s.sent(ctx, `chat = $1 and thread = $2 and pair = $3 and revision = $4 and sent >= $5 order by sent, message limit 1`,
		chat, thread, pair, revision, seconds(since))
}

func (s *Store) sent(ctx context.Context, where string, args ...any) (Sent, bool, error) {
	var sent Sent
	var at int64
	err := s.db.QueryRowContext(ctx, `select `+sentColumns+` from ledger where `+where, args...).
		Scan(&sent.Chat, &sent.Message, &sent.Thread, &sent.Question, &sent.Pair, &sent.Revision, &sent.Lang, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return Sent{}, false, nil
	}
	sent.At = time.Unix(at, 0)
	return sent, err == nil, err
}

// Unrecord takes a message out of the ledger.
func (s *Store) Unrecord(ctx context.Context, chat int64, message int) error {
	_, err := s.db.ExecContext(ctx, `delete from ledger where chat = $1 and message = $2`, chat, message)
	return err
}

// Prune ends the ledger's rows from before a time, and says how many.
func (s *Store) Prune(ctx context.Context, before time.Time) (int64, error) {
	result, err := s.db.ExecContext(ctx, `delete from ledger where sent < $1`, seconds(before))
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}
