package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"strings"
	"time"
)

// Subscription is what a chat, or one forum topic of a group, wants to hear of.
type Subscription struct {
	Seq     int64 // its place in the order of delivery; given by Subscribe
	Chat    int64
	Thread  int      // the forum topic; 0 outside one
	Channel bool     // the chat is a channel
	Lang    string   // of the bulletins
	Topics  []string // none: all of them
	// Releases, Answers and Corrections are the kinds of bulletins wanted of these topics.
	Releases, Answers, Corrections bool
	Follows                        []string // pairs whose corrections are wanted in any case
	Digest                         bool     // once a day, at Hour in Zone, instead of at once
	Hour                           int      // 0 to 23
	Zone                           string   // an IANA name such as "Asia/Almaty"
	Dead                           bool     // the chat is closed to the bot, until Revive
}

const subscriptionColumns = `seq, chat, thread, lang, topics, releases, answers, corrections, follows, digest, hour, zone, channel, dead`

func (s *Subscription) fields() []any {
	return []any{
		&s.Seq, &s.Chat, &s.Thread, &s.Lang, (*list)(&s.Topics), &s.Releases, &s.Answers, &s.Corrections,
		(*list)(&s.Follows), &s.Digest, &s.Hour, &s.Zone, &s.Channel, &s.Dead,
	}
}

// Due is when a bulletin of time t is for the subscription: then, or at its next digest. An hour that
// the clocks leave out on a day comes an hour sooner or later, and one that they repeat counts once.
func (s Subscription) Due(t time.Time) time.Time {
	if !s.Digest {
		return t
	}
	zone, err := time.LoadLocation(s.Zone)
	if err != nil { // a zone that has been abolished since Subscribe
		zone = time.UTC
	}
	year, month, day := t.In(zone).Date()
	due := t
	for ; !due.After(t); day++ {
		due = time.Date(year, month, day, s.Hour, 0, 0, 0, zone)
	}
	return due
}

// Subscribe keeps a subscription in place of what its chat and thread had, and brings it to life.
// A digest that is waiting moves to the new hour.
func (s *Store) Subscribe(ctx context.Context, sub Subscription, now time.Time) error {
	if _, err := time.LoadLocation(sub.Zone); err != nil {
		return fmt.Errorf("time zone %q: %w", sub.Zone, err)
	}
	return s.inTx(ctx, func(tx *sql.Tx) error {
		seq, err := nextNumber(ctx, tx)
		if err != nil {
			return err
		}
		if err := tx.QueryRowContext(ctx, `
			insert into subscriptions (`+subscriptionColumns+`)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, false)
			on conflict (chat, thread) do update set
				lang = excluded.lang, topics = excluded.topics, releases = excluded.releases,
				answers = excluded.answers, corrections = excluded.corrections, follows = excluded.follows,
				digest = excluded.digest, hour = excluded.hour, zone = excluded.zone, dead = false
			returning seq`,
			seq, sub.Chat, sub.Thread, sub.Lang, list(sub.Topics), sub.Releases, sub.Answers, sub.Corrections,
			list(sub.Follows), sub.Digest, sub.Hour, sub.Zone, sub.Channel).Scan(&seq); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `update owed set due = $1 where seq = $2 and attempts = 0 and due is not null`,
			seconds(sub.Due(now)), seq)
		return err
	})
}

// Unsubscribe ends a subscription, also for the bulletins that are on their way to it.
func (s *Store) Unsubscribe(ctx context.Context, chat int64, thread int) error {
	_, err := s.db.ExecContext(ctx, `delete from subscriptions where chat = $1 and thread = $2`, chat, thread)
	return err
}

// Subscriptions are those of a chat, by thread.
func (s *Store) Subscriptions(ctx context.Context, chat int64) ([]Subscription, error) {
	return query(ctx, s.db, (*Subscription).fields,
		`select `+subscriptionColumns+` from subscriptions where chat = $1 order by thread`, chat)
}

// Subscription is that of a chat's forum topic, or of the chat itself with 0, if there is one.
func (s *Store) Subscription(ctx context.Context, chat int64, thread int) (sub Subscription, ok bool, err error) {
	found, err := query(ctx, s.db, (*Subscription).fields,
		`select `+subscriptionColumns+` from subscriptions where chat = $1 and thread = $2`, chat, thread)
	if err != nil || len(found) == 0 {
		return Subscription{}, false, err
	}
	return found[0], true, nil
}

// Revive undoes that a chat was taken for closed, since it has shown that it is not.
func (s *Store) Revive(ctx context.Context, chat int64) error {
	_, err := s.db.ExecContext(ctx, `update subscriptions set dead = false where chat = $1 and dead`, chat)
	return err
}

// nextNumber holds back everyone else who wants one until the transaction ends: nobody who reads the
// last number finds later that a smaller one has appeared.
func nextNumber(ctx context.Context, tx *sql.Tx) (n int64, err error) {
	err = tx.QueryRowContext(ctx, `update numbers set last = last + 1 returning last`).Scan(&n)
	return n, err
}

// list is kept as text in which each id has a space before and behind it, where SQL can find it.
type list []string

func (l list) Value() (driver.Value, error) {
	if len(l) == 0 {
		return "", nil
	}
	return " " + strings.Join(l, " ") + " ", nil
}

func (l *list) Scan(value any) error {
	text, ok := value.(string)
	if !ok {
		return fmt.Errorf("a list of ids: %T", value)
	}
	if *l = nil; text != "" {
		*l = strings.Fields(text)
	}
	return nil
}
