package store

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"slices"
	"time"
)

// Sent is one row of the ledger: a message of the bot's and what it shows, or one part of that.
type Sent struct {
	Chat     int64
	Message  int
	Inline   string // the id of a message sent in inline mode, which has no Chat and Message
	Part     int    // from 0; all but some bulletins have one part
	Thread   int    // the forum topic; 0 outside one
	Question int    // the message that asked; 0 when nobody did
	Pair     string // the pair's id, or the Key of a release whose own words it shows
	Revision string
	Lang     string
	At       time.Time
}

const sentColumns = `chat, message, inline, part, thread, question, pair, revision, lang, sent`

func (s *Sent) fields() []any {
	return []any{&s.Chat, &s.Message, &s.Inline, &s.Part, &s.Thread, &s.Question, &s.Pair, &s.Revision, &s.Lang, (*moment)(&s.At)}
}

const enterStatement = `
	insert into ledger (` + sentColumns + `) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
	on conflict (chat, message, inline, part) do update set
		pair = excluded.pair, revision = excluded.revision, lang = excluded.lang, sent = excluded.sent`

func (s *Store) enter(ctx context.Context, tx *sql.Tx, sent Sent) error {
	_, err := tx.StmtContext(ctx, s.prepared.enter).ExecContext(ctx,
		sent.Chat, sent.Message, sent.Inline, sent.Part, sent.Thread, sent.Question, sent.Pair, sent.Revision, sent.Lang, seconds(sent.At))
	return err
}

const replyStatement = `select ` + sentColumns + ` from ledger where chat = $1 and question = $2 order by message limit 1`

// ReplyTo finds the bot's message that replies to a question, if there is one.
func (s *Store) ReplyTo(ctx context.Context, chat int64, question int) (found Sent, ok bool, err error) {
	err = s.prepared.reply.QueryRowContext(ctx, chat, question).Scan(found.fields()...)
	if errors.Is(err, sql.ErrNoRows) {
		return Sent{}, false, nil
	}
	return found, err == nil, err
}

// LastAnswer finds the first message since a time that carries this revision of a pair
// in this language in a chat's forum topic.
func (s *Store) LastAnswer(ctx context.Context, chat int64, thread int, pair, revision, lang string, since time.Time) (Sent, bool, error) {
	found, err := query(ctx, s.db, (*Sent).fields, `
		select `+sentColumns+` from ledger
		where chat = $1 and thread = $2 and pair = $3 and revision = $4 and lang = $5 and sent >= $6 order by sent, message limit 1`,
		chat, thread, pair, revision, lang, seconds(since))
	if err != nil || len(found) == 0 {
		return Sent{}, false, err
	}
	return found[0], true, nil
}

// Parts are what a message shows, in order; those of the message that any part of it names.
func (s *Store) Parts(ctx context.Context, of Sent) ([]Sent, error) {
	return query(ctx, s.db, (*Sent).fields, `
		select `+sentColumns+` from ledger where chat = $1 and message = $2 and inline = $3 order by part`, of.Chat, of.Message, of.Inline)
}

// Copies are the parts of messages, at most limit, that still show what a bulletin's items were before it started: one
// item's after the other's, from behind after or from the first.
func (s *Store) Copies(ctx context.Context, b Bulletin, after Sent, limit int) (copies []Sent, err error) {
	first := max(0, slices.IndexFunc(b.Items, func(i Item) bool { return i.Key() == after.Pair }))
	for _, item := range b.Items[first:] {
		if after.Pair != item.Key() {
			after = Sent{Chat: math.MinInt64} // groups are below 0
		}
		// An index finds what is below a revision and what is behind it, but not what is another one.
		for _, bound := range []string{"revision < $2", "revision <> $2"} {
			if bound == "revision <> $2" && after.Revision <= item.Revision {
				after = Sent{Revision: item.Revision, Chat: math.MaxInt64}
			}
			more, err := s.stale(ctx, item, bound, b.Started, after, limit-len(copies))
			if copies = append(copies, more...); err != nil || len(copies) == limit {
				return copies, err
			}
		}
	}
	return copies, nil
}

// stale finds parts that do not show an item's revision, within a bound. What was sent later than since shows a newer
// one, unless it was already on its way. The + keeps SQLite from looking through all that was sent before.
func (s *Store) stale(ctx context.Context, i Item, bound string, since time.Time, after Sent, limit int) ([]Sent, error) {
	return query(ctx, s.db, (*Sent).fields, `
		select `+sentColumns+` from ledger
		where pair = $1 and (revision, chat, message, inline, part) > ($5, $6, $7, $8, $9) and `+bound+` and (+sent < $3 or revision = $4)
		order by revision, chat, message, inline, part limit $10`,
		i.Key(), i.Revision, seconds(since), i.Was, after.Revision, after.Chat, after.Message, after.Inline, after.Part, limit)
}

// Recalled puts what a copy shows since a bulletin has corrected it in place of all its parts, or of those of the
// message that has answered it. It does nothing where the message has come to show something else meanwhile.
func (s *Store) Recalled(ctx context.Context, b Bulletin, copied Sent, shows []Sent) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		if mine, err := strike(ctx, tx, copied); err != nil || !mine {
			return err
		}
		for _, part := range shows {
			if err := s.enter(ctx, tx, part); err != nil {
				return err
			}
		}
		return exec(ctx, tx, `update bulletins set edited = edited + 1 where id = $1`, b.ID)
	})
}

// Missed takes a copy that cannot be corrected out of the ledger. It counts for the report unless nobody sees it any more.
func (s *Store) Missed(ctx context.Context, b Bulletin, copied Sent, gone bool) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		if mine, err := strike(ctx, tx, copied); err != nil || !mine || gone {
			return err
		}
		return exec(ctx, tx, `update bulletins set missed = missed + 1 where id = $1`, b.ID)
	})
}

// strike takes all parts of a message out of the ledger, if one of them is as given.
func strike(ctx context.Context, tx *sql.Tx, part Sent) (mine bool, err error) {
	result, err := tx.ExecContext(ctx, `
		delete from ledger where chat = $1 and message = $2 and inline = $3 and exists (
			select 1 from ledger where chat = $1 and message = $2 and inline = $3 and part = $4 and pair = $5 and revision = $6)`,
		part.Chat, part.Message, part.Inline, part.Part, part.Pair, part.Revision)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
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
