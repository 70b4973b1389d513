package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Bulletin is a change that subscribers are told of, if an administrator wants them to be.
type Bulletin struct {
	ID int64
	Change
	State    State
	Created  time.Time
	Starts   time.Time // since it is scheduled: when it is to start
	Started  time.Time // since it is sent
	Ended    time.Time // since it is done, cancelled or dismissed
	Progress int64     // the last subscription by Seq that has been seen to
	Final    int64     // the last one that is to be: those who came later are not told
	Sent     int       // messages
	Edited   int       // copies of what it corrects
}

// State is how far a bulletin has come.
type State string

// The states of a bulletin. Whoever moves one on from a state that somebody else has moved it on from gets ErrState.
const (
	Pending   State = "pending"   // nobody has decided on it yet
	Scheduled State = "scheduled" // starts at its time
	Sending   State = "sending"
	Paused    State = "paused"
	Done      State = "done"
	Cancelled State = "cancelled"
	Dismissed State = "dismissed" // counts as published, but nobody is told
)

// ErrState is that a bulletin is not, or no longer, in a state in which that can be done.
var ErrState = errors.New("the bulletin is no longer in a state that allows this")

const bulletinColumns = `id, kind, release, items, state, created, starts, started, ended, progress, final, sent, edited`

func (b *Bulletin) fields() []any {
	return []any{
		&b.ID, &b.Kind, &b.Release, (*items)(&b.Items), &b.State, (*moment)(&b.Created), (*moment)(&b.Starts),
		(*moment)(&b.Started), (*moment)(&b.Ended), &b.Progress, &b.Final, &b.Sent, &b.Edited,
	}
}

// Bulletin returns a bulletin; ok is false where there is none of that id.
func (s *Store) Bulletin(ctx context.Context, id int64) (b Bulletin, ok bool, err error) {
	found, err := query(ctx, s.db, (*Bulletin).fields, `select `+bulletinColumns+` from bulletins where id = $1`, id)
	if err != nil || len(found) == 0 {
		return Bulletin{}, false, err
	}
	return found[0], true, nil
}

// Bulletins are those in a state, oldest first.
func (s *Store) Bulletins(ctx context.Context, state State) ([]Bulletin, error) {
	return bulletins(ctx, s.db, state)
}

func bulletins(ctx context.Context, db querier, state State) ([]Bulletin, error) {
	return query(ctx, db, (*Bulletin).fields, `select `+bulletinColumns+` from bulletins where state = $1 order by id`, state)
}

// Propose brings the pending bulletins in line with what the library has now, and returns the new ones
// among them. A bulletin whose content has changed is replaced by one of another id, so that nobody
// publishes what he has not seen.
func (s *Store) Propose(ctx context.Context, current []Item, now time.Time) ([]Bulletin, error) {
	var proposed []Bulletin
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		known, err := knownItems(ctx, tx)
		if err != nil {
			return err
		}
		pending, err := bulletins(ctx, tx, Pending)
		if err != nil {
			return err
		}
		changes := Changes(known, current)
		for _, old := range pending {
			i := slices.IndexFunc(changes, old.Change.equal)
			if i >= 0 {
				changes = slices.Delete(changes, i, i+1)
			} else if err := exec(ctx, tx, `delete from bulletins where id = $1 and state = $2`, old.ID, Pending); err != nil {
				return err
			}
		}
		proposed, err = insertPending(ctx, tx, changes, now)
		return err
	})
	return proposed, err
}

func (c Change) equal(other Change) bool {
	return c.Kind == other.Kind && c.Release == other.Release && slices.Equal(c.Items, other.Items)
}

// insertPending leaves out what another replica has proposed just now.
func insertPending(ctx context.Context, tx *sql.Tx, changes []Change, now time.Time) (added []Bulletin, err error) {
	for _, change := range changes {
		b := Bulletin{Change: change, State: Pending, Created: time.Unix(seconds(now), 0)}
		if b.ID, err = nextNumber(ctx, tx); err != nil {
			return nil, err
		}
		result, err := tx.ExecContext(ctx, `
			insert into bulletins (id, kind, release, items, state, created) values ($1, $2, $3, $4, $5, $6)
			on conflict do nothing`, b.ID, b.Kind, b.Release, items(b.Items), b.State, seconds(now))
		if err != nil {
			return nil, err
		}
		if n, err := result.RowsAffected(); err != nil {
			return nil, err
		} else if n > 0 {
			added = append(added, b)
		}
	}
	return added, nil
}

// knownItems counts what is scheduled as published.
func knownItems(ctx context.Context, tx *sql.Tx) ([]Item, error) {
	known, err := query(ctx, tx, func(i *Item) []any { return []any{&i.Release, &i.Pair, &i.Topic, &i.Revision, &i.Content} },
		`select release, pair, topic, revision, content from known order by release, pair`)
	if err != nil {
		return nil, err
	}
	scheduled, err := bulletins(ctx, tx, Scheduled)
	if err != nil {
		return nil, err
	}
	for _, b := range scheduled {
		for _, item := range b.Items {
			known = slices.DeleteFunc(known, func(k Item) bool { return k.place() == item.place() })
			if b.Kind != Withdrawal {
				known = append(known, item)
			}
		}
	}
	return known, nil
}

// Schedule approves a pending bulletin, to start at a time.
func (s *Store) Schedule(ctx context.Context, id int64, at time.Time) error {
	return s.move(ctx, id, Scheduled, []State{Pending}, func(tx *sql.Tx) error {
		return exec(ctx, tx, `update bulletins set starts = $1 where id = $2`, seconds(at), id)
	})
}

// Start begins to send a scheduled bulletin to those who are subscribed now.
func (s *Store) Start(ctx context.Context, id int64, now time.Time) error {
	return s.move(ctx, id, Sending, []State{Scheduled}, func(tx *sql.Tx) error {
		if err := publish(ctx, tx, id); err != nil {
			return err
		}
		return exec(ctx, tx, `update bulletins set started = $1, final = (select last from numbers) where id = $2`, seconds(now), id)
	})
}

// Pause stops sending a bulletin until Resume.
func (s *Store) Pause(ctx context.Context, id int64) error {
	return s.move(ctx, id, Paused, []State{Sending}, nil)
}

// Resume goes on with a paused bulletin where it was.
func (s *Store) Resume(ctx context.Context, id int64) error {
	return s.move(ctx, id, Sending, []State{Paused}, nil)
}

// Cancel ends a bulletin early. One that had not started will be proposed again.
func (s *Store) Cancel(ctx context.Context, id int64, now time.Time) error {
	return s.move(ctx, id, Cancelled, []State{Scheduled, Sending, Paused}, func(tx *sql.Tx) error {
		if err := exec(ctx, tx, `delete from owed where bulletin = $1 and due is not null`, id); err != nil {
			return err
		}
		return end(ctx, tx, id, now)
	})
}

// Dismiss takes a pending bulletin's changes for published without telling anyone.
func (s *Store) Dismiss(ctx context.Context, id int64, now time.Time) error {
	return s.move(ctx, id, Dismissed, []State{Pending}, func(tx *sql.Tx) error {
		if err := publish(ctx, tx, id); err != nil {
			return err
		}
		return end(ctx, tx, id, now)
	})
}

func end(ctx context.Context, tx *sql.Tx, id int64, now time.Time) error {
	return exec(ctx, tx, `update bulletins set ended = $1 where id = $2`, seconds(now), id)
}

// move is the one way in which a bulletin changes its state: of several who try at once, one succeeds.
// What goes with the change is done in its transaction.
func (s *Store) move(ctx context.Context, id int64, to State, from []State, also func(*sql.Tx) error) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		args := []any{to, id}
		for _, state := range from {
			args = append(args, state)
		}
		result, err := tx.ExecContext(ctx, `update bulletins set state = $1 where id = $2 and state in (`+numbered(3, len(from))+`)`, args...)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, ErrState)
		}
		if also == nil {
			return nil
		}
		return also(tx)
	})
}

// publish makes a bulletin's items known.
func publish(ctx context.Context, tx *sql.Tx, id int64) error {
	found, err := query(ctx, tx, (*Bulletin).fields, `select `+bulletinColumns+` from bulletins where id = $1`, id)
	if err != nil {
		return err
	}
	for _, item := range found[0].Items {
		if found[0].Kind == Withdrawal {
			err = exec(ctx, tx, `delete from known where release = $1 and pair = $2`, item.Release, item.Pair)
		} else {
			err = know(ctx, tx, item)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func know(ctx context.Context, tx *sql.Tx, item Item) error {
	return exec(ctx, tx, `
		insert into known (release, pair, topic, revision, content) values ($1, $2, $3, $4, $5)
		on conflict (release, pair) do update set topic = excluded.topic, revision = excluded.revision, content = excluded.content`,
		item.Release, item.Pair, item.Topic, item.Revision, item.Content)
}

// Settle takes what the library has at the bot's very first start for published, since it is news to nobody. Later it does nothing.
func (s *Store) Settle(ctx context.Context, current []Item) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `update numbers set settled = true where not settled`)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return err
		}
		for _, item := range current {
			if err := know(ctx, tx, item); err != nil {
				return err
			}
		}
		return nil
	})
}

// items are kept as JSON.
type items []Item

func (i items) Value() (driver.Value, error) {
	text, err := json.Marshal(i)
	return string(text), err
}

func (i *items) Scan(value any) error {
	text, ok := value.(string)
	if !ok {
		return fmt.Errorf("a bulletin's items: %T", value)
	}
	return json.Unmarshal([]byte(text), i)
}
