package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// Sent is one row of the ledger: a message of the bot's and what it carries.
type Sent struct {
	Chat     int64
	Message  int
	Inline   string // the id of a message sent in inline mode, which has no Chat and Message
	Thread   int    // the forum topic; 0 outside one
	Question int    // the message that asked; 0 when nobody did
	Pair     string
	Revision string
	Lang     string
	At       time.Time
}

const sentColumns = `chat, message, inline, thread, question, pair, revision, lang, sent`

func (s *Sent) fields() []any {
	return []any{&s.Chat, &s.Message, &s.Inline, &s.Thread, &s.Question, &s.Pair, &s.Revision, &s.Lang, (*moment)(&s.At)}
}

const enterStatement = `
	insert into ledger (` + sentColumns + `) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
	on conflict (chat, message, inline) do update set
		pair = excluded.pair, revision = excluded.revision, lang = excluded.lang, sent = excluded.sent`

func (s *Store) enter(ctx context.Context, tx *sql.Tx, sent Sent) error {
	_, err := tx.StmtContext(ctx, s.answers.enter).ExecContext(ctx,
		sent.Chat, sent.Message, sent.Inline, sent.Thread, sent.Question, sent.Pair, sent.Revision, sent.Lang, seconds(sent.At))
	return err
}

const replyStatement = `select ` + sentColumns + ` from ledger where chat = $1 and question = $2 order by message limit 1`

// ReplyTo finds the bot's message that replies to a question, if there is one.
func (s *Store) ReplyTo(ctx context.Context, chat int64, question int) (found Sent, ok bool, err error) {
	err = s.answers.reply.QueryRowContext(ctx, chat, question).Scan(found.fields()...)
	if errors.Is(err, sql.ErrNoRows) {
		return Sent{}, false, nil
	}
	return found, err == nil, err
}

// LastAnswer finds the first message since a time that carries this revision of a pair
// in a chat's forum topic.
func (s *Store) LastAnswer(ctx context.Context, chat int64, thread int, pair, revision string, since time.Time) (Sent, bool, error) {
	found, err := query(ctx, s.db, (*Sent).fields, `
		select `+sentColumns+` from ledger
		where chat = $1 and thread = $2 and pair = $3 and revision = $4 and sent >= $5 order by sent, message limit 1`,
		chat, thread, pair, revision, seconds(since))
	if err != nil || len(found) == 0 {
		return Sent{}, false, err
	}
	return found[0], true, nil
}

// Unrecord takes a message out of the ledger.
func (s *Store) Unrecord(ctx context.Context, sent Sent) error {
	_, err := s.db.ExecContext(ctx, `delete from ledger where chat = $1 and message = $2 and inline = $3`, sent.Chat, sent.Message, sent.Inline)
	return err
}

// Copies are the messages, at most limit, that still carry what a bulletin's items were before it started, in the
// order of their ids from behind after, or from the first. There are none of a bulletin that corrects nothing.
func (s *Store) Copies(ctx context.Context, b Bulletin, after Sent, limit int) ([]Sent, error) {
	if !b.corrects() {
		return nil, nil
	}
	if after == (Sent{}) {
		after.Chat = math.MinInt64 // groups are below 0
	}
	args := []any{after.Chat, after.Message, after.Inline, seconds(b.Started)}
	stale := make([]string, len(b.Items))
	for i, item := range b.Items {
		args = append(args, item.Pair, item.Revision)
		stale[i] = fmt.Sprintf("pair = $%d and revision <> $%d", len(args)-1, len(args))
	}
	return query(ctx, s.db, (*Sent).fields, fmt.Sprintf(`
		select %s from ledger
		where (chat, message, inline) > ($1, $2, $3) and sent < $4 and pair <> '' and (%s)
		order by chat, message, inline limit %d`, sentColumns, strings.Join(stale, " or "), limit), args...)
}

// Recalled marks a copy as corrected by a bulletin: in place or, where reply is not 0, by that message.
func (s *Store) Recalled(ctx context.Context, b Bulletin, copied Sent, reply int, now time.Time) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		i := slices.IndexFunc(b.Items, func(i Item) bool { return i.Pair == copied.Pair })
		copied.Revision = b.Items[i].Revision
		if err := exec(ctx, tx, `update ledger set revision = $1 where chat = $2 and message = $3 and inline = $4`,
			copied.Revision, copied.Chat, copied.Message, copied.Inline); err != nil {
			return err
		}
		if err := exec(ctx, tx, `update bulletins set edited = edited + 1 where id = $1`, b.ID); err != nil || reply == 0 {
			return err
		}
		copied.Message, copied.Question, copied.At = reply, 0, now
		return s.enter(ctx, tx, copied)
	})
}

// Prune erases the ledger's rows and the bulletins that ended before a time, and says how many rows.
func (s *Store) Prune(ctx context.Context, before time.Time) (pruned int64, err error) {
	err = s.inTx(ctx, func(tx *sql.Tx) error {
		if err := exec(ctx, tx, `delete from bulletins where ended > 0 and ended < $1`, seconds(before)); err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, `delete from ledger where sent < $1`, seconds(before))
		if err != nil {
			return err
		}
		pruned, err = result.RowsAffected()
		return err
	})
	return pruned, err
}
