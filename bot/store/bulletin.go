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
	Missed   int       // copies that could not be corrected
}

// State is how far a bulletin has come.
type State string

// The states of a bulletin. Whoever moves one on from a state that somebody else has moved it on from gets ErrState.
const (
	Pending    State = "pending"   // nobody has decided on it yet
	Scheduled  State = "scheduled" // starts at its time
	Sending    State = "sending"
	Paused     State = "paused"
	Done       State = "done"
	Cancelled  State = "cancelled"
	Dismissed  State = "dismissed"  // counts as published, but nobody is told
	Superseded State = "superseded" // ended early: a newer bulletin tells all that it had left to tell
)

// ErrState is that a bulletin is not, or no longer, in a state in which that can be done.
var ErrState = errors.New("the bulletin is no longer in a state that allows this")

const bulletinColumns = `id, kind, release, items, state, created, starts, started, ended, progress, final, sent, edited, missed`

func (b *Bulletin) fields() []any {
	return []any{
		&b.ID, &b.Kind, &b.Release, (*items)(&b.Items), &b.State, (*moment)(&b.Created), (*moment)(&b.Starts),
		(*moment)(&b.Started), (*moment)(&b.Ended), &b.Progress, &b.Final, &b.Sent, &b.Edited, &b.Missed,
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

// Propose brings the pending and scheduled bulletins in line with what the library has now, and returns the new
// ones. A bulletin whose content has changed is replaced by a pending one of another id, so that nothing is
// published that nobody has seen and approved.
func (s *Store) Propose(ctx context.Context, current []Item, now time.Time) ([]Bulletin, error) {
	var proposed []Bulletin
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		known, err := approved(ctx, tx, current)
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

// approved is what is published, and what is scheduled to be. A schedule whose content has changed is at its end.
func approved(ctx context.Context, tx *sql.Tx, current []Item) ([]Item, error) {
	known, err := query(ctx, tx, func(i *Item) []any { return []any{&i.Release, &i.Pair, &i.Topic, &i.Revision, &i.Content} },
		`select release, pair, topic, revision, content from known order by release, pair`)
	if err != nil {
		return nil, err
	}
	scheduled, err := bulletins(ctx, tx, Scheduled)
	if err != nil {
		return nil, err
	}
	now := byKey(current)
	for _, b := range scheduled {
		if !b.holds(now) {
			if err := exec(ctx, tx, `delete from bulletins where id = $1 and state = $2`, b.ID, Scheduled); err != nil {
				return nil, err
			}
			continue
		}
		published := byKey(b.Items)
		known = slices.DeleteFunc(known, func(k Item) bool { _, is := published[k.Key()]; return is })
		if b.Kind != Withdrawal {
			known = append(known, b.Items...)
		}
	}
	return known, nil
}

// holds tells whether what a change is to tell is still so.
func (c Change) holds(current map[string]Item) bool {
	return !slices.ContainsFunc(c.Items, func(i Item) bool {
		now, there := current[i.Key()]
		return there == (c.Kind == Withdrawal) || there && now.Revision != i.Revision
	})
}

// Schedule approves a pending bulletin, to start at a time.
func (s *Store) Schedule(ctx context.Context, id int64, at time.Time) error {
	return s.move(ctx, id, Scheduled, []State{Pending}, func(tx *sql.Tx) error {
		return exec(ctx, tx, `update bulletins set starts = $1 where id = $2`, seconds(at), id)
	})
}

// Start begins to send a scheduled bulletin to those who are subscribed now. Others that are still on their way tell
// no more of what it corrects or withdraws.
func (s *Store) Start(ctx context.Context, id int64, now time.Time) error {
	return s.move(ctx, id, Sending, []State{Scheduled}, func(tx *sql.Tx) error {
		b, err := publish(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := supersede(ctx, tx, b, now); err != nil {
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
	return s.move(ctx, id, Cancelled, []State{Scheduled, Sending, Paused}, func(tx *sql.Tx) error { return cutShort(ctx, tx, id, now) })
}

// cutShort ends a bulletin that is not to be sent to everyone.
func cutShort(ctx context.Context, tx *sql.Tx, id int64, now time.Time) error {
	if err := exec(ctx, tx, `delete from owed where bulletin = $1 and due is not null`, id); err != nil {
		return err
	}
	return end(ctx, tx, id, now)
}

// Dismiss takes a pending bulletin's changes for published without telling anyone.
func (s *Store) Dismiss(ctx context.Context, id int64, now time.Time) error {
	return s.move(ctx, id, Dismissed, []State{Pending}, func(tx *sql.Tx) error {
		if _, err := publish(ctx, tx, id); err != nil {
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
func publish(ctx context.Context, tx *sql.Tx, id int64) (Bulletin, error) {
	found, err := query(ctx, tx, (*Bulletin).fields, `select `+bulletinColumns+` from bulletins where id = $1`, id)
	if err != nil {
		return Bulletin{}, err
	}
	for _, item := range found[0].Items {
		if found[0].Kind == Withdrawal {
			err = unknow(ctx, tx, item)
		} else {
			err = know(ctx, tx, item)
		}
		if err != nil {
			return Bulletin{}, err
		}
	}
	return found[0], nil
}

// know keeps an item in place of what was known of it, in whichever release a pair was.
func know(ctx context.Context, tx *sql.Tx, item Item) error {
	if err := unknow(ctx, tx, item); err != nil {
		return err
	}
	return exec(ctx, tx, `insert into known (release, pair, topic, revision, content) values ($1, $2, $3, $4, $5)`,
		item.Release, item.Pair, item.Topic, item.Revision, item.Content)
}

func unknow(ctx context.Context, tx *sql.Tx, item Item) error {
	return exec(ctx, tx, `delete from known where pair = $1 and (pair <> '' or release = $2)`, item.Pair, item.Release)
}

// supersede brings the bulletins that are still on their way in line with one that starts: what is new in them is told
// as it is now, and what they correct or withdraw is the newer one's to tell. One with nothing left to tell is at its end.
func supersede(ctx context.Context, tx *sql.Tx, by Bulletin, now time.Time) error {
	for _, state := range []State{Sending, Paused} {
		older, err := bulletins(ctx, tx, state)
		if err != nil {
			return err
		}
		for _, b := range older {
			left := b.without(by)
			switch {
			case b.ID == by.ID, slices.Equal(left, b.Items):
			case len(left) > 0:
				err = exec(ctx, tx, `update bulletins set items = $1 where id = $2`, items(left), b.ID)
			default:
				err = errors.Join(
					exec(ctx, tx, `update bulletins set state = $1 where id = $2`, Superseded, b.ID),
					cutShort(ctx, tx, b.ID, now),
				)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// without is what is left of a bulletin's items beside those of one that starts later.
func (b Bulletin) without(later Bulletin) (left []Item) {
	newer := byKey(later.Items)
	for _, item := range b.Items {
		now, same := newer[item.Key()]
		switch {
		case !same:
			left = append(left, item)
		case later.Kind == Correction && !b.Kind.Corrects():
			item.Revision, item.Content = now.Revision, now.Content
			left = append(left, item)
		}
	}
	return left
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
