package store

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// A bulletin goes over the subscriptions in the order of their numbers, a page at a time: Claim moves its
// progress past a page and enters what the page is owed, and Delivered takes it out, one commit a message.
// What is owed is therefore all that is unsure after a crash, and all that needs a row.

// audience is the condition for the subscriptions that a bulletin is for. Its arguments are added to args.
// SQL has no one word for "contains" in both databases, so a list contains what replacing it changes.
func (b Bulletin) audience(args []any) (string, []any) {
	contains := func(column, id string) string {
		args = append(args, list{id})
		return fmt.Sprintf("replace(%s, $%d, '') <> %[1]s", column, len(args))
	}
	topics, followed := []string{"topics = ''"}, []string{"false"}
	seen := map[string]bool{"": true}
	for _, item := range b.Items {
		if !seen[item.Topic] {
			topics = append(topics, contains("topics", item.Topic))
		}
		seen[item.Topic] = true
		if b.Kind.Corrects() && item.Pair != "" {
			followed = append(followed, contains("follows", item.Pair))
		}
	}
	wanted := map[Kind]string{NewRelease: "releases", NewAnswers: "answers", Correction: "corrections", Withdrawal: "corrections"}[b.Kind]
	return fmt.Sprintf("not dead and (%s and (%s) or %s)", wanted, strings.Join(topics, " or "), strings.Join(followed, " or ")), args
}

// Wants tells whether an item of a bulletin of a kind is for the subscription. It is what audience asks of all items at once, but that a
// release's own words come with any of its answers.
func (s Subscription) Wants(k Kind, i Item) bool {
	if k.Corrects() && slices.Contains(s.Follows, i.Pair) {
		return true
	}
	wanted := map[Kind]bool{NewRelease: s.Releases, NewAnswers: s.Answers, Correction: s.Corrections, Withdrawal: s.Corrections}[k]
	return wanted && (len(s.Topics) == 0 || i.Pair == "" || slices.Contains(s.Topics, i.Topic))
}

// Audience is how many subscriptions a bulletin has yet to come to: all that it is for while it has not started.
func (s *Store) Audience(ctx context.Context, b Bulletin) (n int, err error) {
	final := b.Final
	if b.Started.IsZero() {
		final = math.MaxInt32
	}
	where, args := b.audience([]any{b.Progress, final})
	err = s.db.QueryRowContext(ctx, `select count(*) from subscriptions where seq > $1 and seq <= $2 and `+where, args...).Scan(&n)
	return n, err
}

// Claim moves the progress of a bulletin that is being sent past at most size of its audience, and enters them
// as owed it. It does nothing where the bulletin is not as given any more.
func (s *Store) Claim(ctx context.Context, b Bulletin, size int, now time.Time) error {
	where, args := b.audience([]any{b.Progress, b.Final})
	return s.inTx(ctx, func(tx *sql.Tx) error {
		page, err := query(ctx, tx, func(s *Subscription) []any { return []any{&s.Seq, &s.Digest, &s.Hour, &s.Zone} },
			fmt.Sprintf(`select seq, digest, hour, zone from subscriptions where seq > $1 and seq <= $2 and %s order by seq limit %d`, where, size), args...)
		if err != nil {
			return err
		}
		progress := b.Final
		if len(page) == size {
			progress = page[size-1].Seq
		}
		result, err := tx.ExecContext(ctx, `update bulletins set progress = $1 where id = $2 and progress = $3 and state = $4`,
			progress, b.ID, b.Progress, Sending)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 || len(page) == 0 {
			return err
		}
		rows := make([]string, len(page))
		for i, sub := range page {
			rows[i] = fmt.Sprintf("(%d, %d, %d)", sub.Seq, b.ID, seconds(sub.Due(now)))
		}
		return exec(ctx, tx, `insert into owed (seq, bulletin, due) values `+strings.Join(rows, ", "))
	})
}

// Due are the subscriptions, at most limit, that are owed a bulletin now, longest due first.
func (s *Store) Due(ctx context.Context, now time.Time, limit int) ([]int64, error) {
	return query(ctx, s.db, func(seq *int64) []any { return []any{seq} }, `
		select seq from owed join bulletins on id = bulletin
		where due <= $1 and state = 'sending' order by due, seq limit $2`, seconds(now), limit)
}

// Owed is what one message brings to a subscription.
type Owed struct {
	Subscription
	Bulletins []int64
	Attempts  int    // in vain so far, the last ones for Reason
	Reason    string // of the last failure
}

// Owed reads what a subscription is owed now: nothing, without Bulletins, if it has ended or they are paused.
func (s *Store) Owed(ctx context.Context, seq int64, now time.Time) (o Owed, err error) {
	type row struct {
		Owed
		bulletin int64
	}
	rows, err := query(ctx, s.db, func(r *row) []any {
		return append(r.fields(), &r.bulletin, &r.Attempts, &r.Reason)
	}, `
		select `+subscriptionColumns+`, bulletin, attempts, reason from owed
		join subscriptions using (seq) join bulletins on id = bulletin
		where seq = $1 and due <= $2 and state = 'sending' order by bulletin`, seq, seconds(now))
	for _, r := range rows {
		if r.Attempts >= o.Attempts {
			r.Owed.Bulletins = o.Bulletins
			o = r.Owed
		}
		o.Bulletins = append(o.Bulletins, r.bulletin)
	}
	return o, err
}

// Delivered takes what has been sent out of what is owed, and enters what the message shows in the ledger.
func (s *Store) Delivered(ctx context.Context, o Owed, shows []Sent) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		for _, bulletin := range o.Bulletins {
			if err := exec(ctx, tx, `
				update bulletins set sent = sent + 1
				where id = $1 and exists (select 1 from owed where bulletin = $1 and seq = $2)`, bulletin, o.Seq); err != nil {
				return err
			}
			if err := exec(ctx, tx, `delete from owed where seq = $1 and bulletin = $2`, o.Seq, bulletin); err != nil {
				return err
			}
		}
		for _, part := range shows {
			if err := s.enter(ctx, tx, part); err != nil {
				return err
			}
		}
		return nil
	})
}

// Drop takes out what there is nothing to send of.
func (s *Store) Drop(ctx context.Context, o Owed) error {
	return s.eachOwed(ctx, o, `delete from owed where seq = $1 and bulletin = $2`)
}

// Postpone keeps what could not be sent until a later time, with o's Attempts and Reason.
func (s *Store) Postpone(ctx context.Context, o Owed, until time.Time) error {
	return s.eachOwed(ctx, o, `update owed set due = $1, attempts = $2, reason = $3 where seq = $4 and bulletin = $5`,
		seconds(until.Add(time.Second-1)), o.Attempts, o.Reason)
}

// GiveUp keeps what will not be sent for the report, with o's Reason.
func (s *Store) GiveUp(ctx context.Context, o Owed) error {
	return s.eachOwed(ctx, o, `update owed set due = null, reason = $1 where seq = $2 and bulletin = $3`, o.Reason)
}

func (s *Store) eachOwed(ctx context.Context, o Owed, statement string, args ...any) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		for _, bulletin := range o.Bulletins {
			if err := exec(ctx, tx, statement, append(slices.Clip(args), o.Seq, bulletin)...); err != nil {
				return err
			}
		}
		return nil
	})
}

// Bury takes a chat for closed to the bot, until Revive, and gives up what it is owed.
func (s *Store) Bury(ctx context.Context, o Owed) error { return s.bury(ctx, `chat`, o.Chat, o.Reason) }

// BuryTopic does what Bury does for a forum topic that is no longer there, and leaves the group's others alone.
func (s *Store) BuryTopic(ctx context.Context, o Owed) error {
	return s.bury(ctx, `seq`, o.Seq, o.Reason)
}

func (s *Store) bury(ctx context.Context, column string, of int64, reason string) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		if err := exec(ctx, tx, `update subscriptions set dead = true where `+column+` = $1`, of); err != nil {
			return err
		}
		return exec(ctx, tx, `
			update owed set due = null, reason = $1 where due is not null
			and seq in (select seq from subscriptions where `+column+` = $2)`, reason, of)
	})
}

// Hasten makes due at once what waits for anything but a digest's hour, for a clock that was set back.
func (s *Store) Hasten(ctx context.Context, now time.Time) error {
	_, err := s.db.ExecContext(ctx, `
		update owed set due = $1 where due > $1
		and (attempts > 0 or seq in (select seq from subscriptions where not digest))`, seconds(now))
	return err
}

// Finish ends a bulletin that is being sent and has nothing left to do, and tells whether it did.
func (s *Store) Finish(ctx context.Context, b Bulletin, now time.Time) (bool, error) {
	left, err := s.Copies(ctx, b, Sent{}, 1)
	if err != nil || len(left) > 0 {
		return false, err
	}
	result, err := s.db.ExecContext(ctx, `
		update bulletins set state = 'done', ended = $1
		where id = $2 and state = 'sending' and progress >= final
		and not exists (select 1 from owed where bulletin = bulletins.id and due is not null)`, seconds(now), b.ID)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

// Failure is a reason why messages of a bulletin were given up, in Telegram's words.
type Failure struct {
	Reason string
	Count  int
}

// Failures are why messages of a bulletin were given up, the most frequent first.
func (s *Store) Failures(ctx context.Context, id int64) ([]Failure, error) {
	return query(ctx, s.db, func(f *Failure) []any { return []any{&f.Reason, &f.Count} }, `
		select reason, count(*) from owed where bulletin = $1 and due is null
		group by reason order by 2 desc, 1`, id)
}

// failingAttempts is after how many attempts in vain a message counts as failing: by then it has waited for some seconds.
const failingAttempts = 3

// Failing are why messages of bulletins cannot be sent at present, though they are tried again and again, the most frequent first. A chat that
// does not let the bot in is that chat's affair.
func (s *Store) Failing(ctx context.Context) ([]Failure, error) {
	return query(ctx, s.db, func(f *Failure) []any { return []any{&f.Reason, &f.Count} }, `
		select reason, count(*) from owed join bulletins on id = bulletin
		where state = 'sending' and due is not null and attempts >= $1 and reason not like 'Forbidden%'
		group by reason order by 2 desc, 1`, failingAttempts)
}

// Backlog is how many messages of all bulletins wait to be sent: until their turn, to be tried again, or until the hour of a digest.
func (s *Store) Backlog(ctx context.Context) (n int, err error) {
	err = s.db.QueryRowContext(ctx, `select count(*) from owed join bulletins on id = bulletin where state = 'sending' and due is not null`).Scan(&n)
	return n, err
}

// Waiting is how many messages of a bulletin wait for the hour of a digest or to be tried again.
func (s *Store) Waiting(ctx context.Context, id int64) (n int, err error) {
	err = s.db.QueryRowContext(ctx, `select count(*) from owed where bulletin = $1 and due is not null`, id).Scan(&n)
	return n, err
}
