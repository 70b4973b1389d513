package store

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"
)

func TestABulletinIsForThoseWhoWereThereWhenItStarted(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		var want []int64
		for chat := range 7 {
			want = append(want, subscribe(t, s, Subscription{Chat: int64(chat + 1), Answers: true}))
		}
		b := started(t, s)
		subscribe(t, s, Subscription{Chat: 100, Answers: true})
		for range 2 { // who claims a page that has been claimed gets nothing
			do(t, s.Claim(t.Context(), b, 4, now))
		}
		if got := due(t, s, now); !reflect.DeepEqual(got, want[:4]) {
			t.Fatalf("due: %v, want the first page, %v", got, want[:4])
		}
		do(t, s.Claim(t.Context(), bulletin(t, s, b.ID), 4, now))
		if got := due(t, s, now); !reflect.DeepEqual(got, want) {
			t.Errorf("due: %v, want %v", got, want)
		}
		if b := bulletin(t, s, b.ID); b.Progress != b.Final {
			t.Errorf("progress is %d of %d after the last page", b.Progress, b.Final)
		}
	})
}

func TestNothingIsOwedOfAPausedBulletin(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		seq := subscribe(t, s, Subscription{Chat: 7, Answers: true})
		b := claimed(t, s)
		do(t, s.Pause(t.Context(), b.ID))
		if o := owed(t, s, seq); len(o.Bulletins) != 0 || len(due(t, s, now)) != 0 {
			t.Errorf("owed although paused: %+v", o)
		}
		do(t, s.Resume(t.Context(), b.ID))
		if o := owed(t, s, seq); len(o.Bulletins) != 1 {
			t.Errorf("after resuming: %+v, want one bulletin", o)
		}
		do(t, s.Cancel(t.Context(), b.ID, now))
		if n := waiting(t, s, b.ID); n != 0 {
			t.Errorf("%d messages are owed of a cancelled bulletin", n)
		}
	})
}

func TestABulletinIsDoneWhenNothingIsOwed(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		seqs := []int64{}
		for chat := range 4 {
			seqs = append(seqs, subscribe(t, s, Subscription{Chat: int64(chat + 1), Answers: true}))
		}
		b := claimed(t, s)
		do(t, s.Delivered(t.Context(), owed(t, s, seqs[0]), []Sent{{Chat: 1, Message: 5, Pair: "a", Revision: "1", At: now}}))
		do(t, s.Drop(t.Context(), owed(t, s, seqs[1])))
		refused := owed(t, s, seqs[2])
		refused.Reason = "Bad Request: TOPIC_CLOSED"
		do(t, s.GiveUp(t.Context(), refused))
		later := owed(t, s, seqs[3])
		later.Attempts, later.Reason = 3, "Bad Gateway"
		do(t, s.Postpone(t.Context(), later, now.Add(time.Minute)))

		if done, err := s.Finish(t.Context(), b, now); err != nil || done {
			t.Fatalf("done: %v, %v, while one waits", done, err)
		}
		if o := owed(t, s, seqs[3]); len(o.Bulletins) != 0 {
			t.Errorf("postponed and yet owed now: %+v", o)
		}
		do(t, s.Hasten(t.Context(), now))
		later = owed(t, s, seqs[3])
		if later.Attempts != 3 || later.Reason != "Bad Gateway" {
			t.Errorf("the failures were forgotten: %+v", later)
		}
		do(t, s.Delivered(t.Context(), later, nil))
		do(t, s.Delivered(t.Context(), later, nil)) // told twice, as after a commit whose answer was lost
		if done, err := s.Finish(t.Context(), b, now); err != nil || !done {
			t.Fatalf("done: %v, %v, want true", done, err)
		}
		if b := bulletin(t, s, b.ID); b.State != Done || b.Sent != 2 || !b.Ended.Equal(now) {
			t.Errorf("got %+v, want two sent and done", b)
		}
		failures, err := s.Failures(t.Context(), b.ID)
		if want := []Failure{{"Bad Request: TOPIC_CLOSED", 1}}; err != nil || !reflect.DeepEqual(failures, want) {
			t.Errorf("failures: %v, %v, want %v", failures, err, want)
		}
		if sent, ok, _ := s.LastAnswer(t.Context(), 1, 0, "a", "1", "", now); !ok || sent.Message != 5 {
			t.Error("the message that shows an answer is not in the ledger")
		}
	})
}

func TestADigestCollectsBulletins(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		seq := subscribe(t, s, Subscription{Chat: 7, Answers: true, Releases: true, Digest: true, Hour: 3, Zone: "UTC"})
		first := claimed(t, s)
		second := claimed(t, s)
		at := Subscription{Digest: true, Hour: 3, Zone: "UTC"}.Due(now)
		if got := due(t, s, at.Add(-time.Second)); len(got) != 0 {
			t.Errorf("due before the hour: %v", got)
		}
		o, err := s.Owed(t.Context(), seq, at)
		if want := []int64{first.ID, second.ID}; err != nil || !slices.Equal(o.Bulletins, want) {
			t.Errorf("owed: %+v, %v, want the bulletins %v", o, err, want)
		}
	})
}

func TestABuriedChatComesBack(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		seq := subscribe(t, s, Subscription{Chat: -7, Answers: true})
		other := subscribe(t, s, Subscription{Chat: -7, Thread: 3, Answers: true})
		b := claimed(t, s)
		o := owed(t, s, seq)
		o.Reason = "Forbidden: bot was kicked from the supergroup chat"
		do(t, s.Bury(t.Context(), o))
		if got := owed(t, s, other); len(got.Bulletins) != 0 {
			t.Errorf("another topic of the same group is still owed %v", got.Bulletins)
		}
		if n, err := s.Audience(t.Context(), Bulletin{Change: b.Change}); err != nil || n != 0 {
			t.Errorf("audience: %d, %v, want none", n, err)
		}
		if c, err := s.Chat(t.Context(), -7); err != nil || !c.Dead {
			t.Errorf("the chat: %+v, %v, want it dead", c, err)
		}
		do(t, s.Revive(t.Context(), -7))
		if c, err := s.Chat(t.Context(), -7); err != nil || c.Dead {
			t.Errorf("the chat after revival: %+v, %v", c, err)
		}
		if n, err := s.Audience(t.Context(), Bulletin{Change: b.Change}); err != nil || n != 2 {
			t.Errorf("audience after revival: %d, %v, want 2", n, err)
		}
	})
}

func TestCopiesAreThoseFromBeforeTheCorrection(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		do(t, s.Dismiss(t.Context(), propose(t, s, release, pairA, pairB)[0].ID, now))
		b := propose(t, s, release, corrected, pairB)[0]
		do(t, s.Schedule(t.Context(), b.ID, now))
		do(t, s.Start(t.Context(), b.ID, now))
		b = bulletin(t, s, b.ID)

		before := now.Add(-time.Hour)
		stale := []Sent{ // in the order of what they show
			{Inline: "inline1", Pair: "a", Revision: "0", At: before},
			{Chat: -100, Message: 9, Pair: "a", Revision: "1", At: before},
			{Inline: "inline2", Pair: "a", Revision: "1", At: before},
			{Chat: 7, Message: 1, Thread: 3, Pair: "a", Revision: "1", Lang: "kk", At: before},
			{Chat: 7, Message: 8, Part: 1, Pair: "a", Revision: "1", At: now}, // was on its way when it was corrected
			{Chat: 7, Message: 9, Pair: "a", Revision: "9", At: before},
		}
		others := []Sent{
			{Chat: 7, Message: 2, Pair: "a", Revision: "2", At: before},  // the correction itself, before it was published
			{Chat: 7, Message: 3, Pair: "a", Revision: "3", At: now},     // a later one
			{Chat: 7, Message: 4, Pair: "b", Revision: "1", At: before},  // another pair
			{Chat: 7, Message: 5, Pair: "", Revision: "", At: before},    // no answer
			{Chat: -9, Message: 6, Pair: "b", Revision: "0", At: before}, // another pair that had been dismissed
			{Chat: 7, Message: 8, Pair: "b", Revision: "1", At: now},     // in the message of one that is stale
		}
		for _, sent := range slices.Concat(stale, others) {
			record(t, s, sent)
		}
		if got := copies(t, s, b, Sent{}); !reflect.DeepEqual(got, stale) {
			t.Fatalf("got  %+v\nwant %+v", got, stale)
		}
		for i := range stale {
			if got := copies(t, s, b, stale[i]); len(got) != len(stale)-i-1 {
				t.Errorf("after the copy %d: got %+v", i, got)
			}
		}
		if done, err := s.Finish(t.Context(), b, now); err != nil || done {
			t.Errorf("done %v, %v with copies left", done, err)
		}
		for _, sent := range stale[2:] {
			corrected := sent
			corrected.Part, corrected.Revision, corrected.Message = 0, "2", sent.Message+50
			do(t, s.Recalled(t.Context(), b, sent, []Sent{corrected}))
			do(t, s.Recalled(t.Context(), b, sent, []Sent{corrected})) // told twice, as after a commit whose answer was lost
		}
		do(t, s.Missed(t.Context(), b, stale[0], true))
		do(t, s.Missed(t.Context(), b, stale[1], false))
		if got := copies(t, s, b, Sent{}); len(got) != 0 {
			t.Errorf("left: %+v", got)
		}
		if got := bulletin(t, s, b.ID); got.Edited != 4 || got.Missed != 1 {
			t.Errorf("edited %d and missed %d, want 4 and 1", got.Edited, got.Missed)
		}
		reply, ok, err := s.LastAnswer(t.Context(), 7, 3, "a", "2", "kk", before)
		if err != nil || !ok || reply.Message != 51 {
			t.Errorf("the reply in place of an edit: %+v, %v, %v", reply, ok, err)
		}
		if got, err := s.Parts(t.Context(), Sent{Chat: 7, Message: 8}); err != nil || len(got) > 0 {
			t.Errorf("parts of a message that another stands for: %+v, %v", got, err)
		}
	})
}

func TestABuriedTopicLeavesTheOthers(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		gone := subscribe(t, s, Subscription{Chat: -7, Thread: 3, Answers: true})
		other := subscribe(t, s, Subscription{Chat: -7, Thread: 5, Answers: true})
		b := claimed(t, s)
		o := owed(t, s, gone)
		o.Reason = "Bad Request: message thread not found"
		do(t, s.BuryTopic(t.Context(), o))
		if got := due(t, s, now); !slices.Equal(got, []int64{other}) {
			t.Errorf("due: %v, want the other topic %d", got, other)
		}
		if n, err := s.Audience(t.Context(), Bulletin{Change: b.Change}); err != nil || n != 1 {
			t.Errorf("audience: %d, %v, want the other topic", n, err)
		}
	})
}

func TestOldBulletinsArePruned(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		seq := subscribe(t, s, Subscription{Chat: 7, Answers: true})
		b := claimed(t, s)
		do(t, s.GiveUp(t.Context(), owed(t, s, seq)))
		do(t, s.Cancel(t.Context(), b.ID, now))
		_, err := s.Prune(t.Context(), now)
		do(t, err)
		if _, kept, _ := s.Bulletin(t.Context(), b.ID); !kept {
			t.Error("a bulletin was pruned too early")
		}
		_, err = s.Prune(t.Context(), now.Add(time.Second))
		do(t, err)
		if _, kept, _ := s.Bulletin(t.Context(), b.ID); kept {
			t.Error("an old bulletin was kept")
		}
	})
}

// started returns a bulletin of a new answer that is being sent.
func started(t *testing.T, s *Store) Bulletin {
	t.Helper()
	if old := propose(t, s, release); len(old) > 0 {
		do(t, s.Dismiss(t.Context(), old[0].ID, now))
	}
	for _, old := range bulletinsIn(t, s, Pending) {
		do(t, s.Dismiss(t.Context(), old.ID, now))
	}
	current, err := s.Propose(t.Context(), []Item{release, {Release: "r", Pair: fmt.Sprint("p", time.Now().UnixNano()), Revision: "1"}}, now)
	do(t, err)
	b := current[0]
	do(t, s.Schedule(t.Context(), b.ID, now))
	do(t, s.Start(t.Context(), b.ID, now))
	return bulletin(t, s, b.ID)
}

// claimed is started, with everyone owed it.
func claimed(t *testing.T, s *Store) Bulletin {
	t.Helper()
	b := started(t, s)
	do(t, s.Claim(t.Context(), b, 1000, now))
	return bulletin(t, s, b.ID)
}

func bulletin(t *testing.T, s *Store, id int64) Bulletin {
	t.Helper()
	b, ok, err := s.Bulletin(t.Context(), id)
	if err != nil || !ok {
		t.Fatal("no bulletin ", id, err)
	}
	return b
}

func due(t *testing.T, s *Store, at time.Time) []int64 {
	t.Helper()
	seqs, err := s.Due(t.Context(), at, 100)
	do(t, err)
	return seqs
}

func owed(t *testing.T, s *Store, seq int64) Owed {
	t.Helper()
	o, err := s.Owed(t.Context(), seq, now)
	do(t, err)
	return o
}

func waiting(t *testing.T, s *Store, id int64) int {
	t.Helper()
	n, err := s.Waiting(t.Context(), id)
	do(t, err)
	return n
}

func copies(t *testing.T, s *Store, b Bulletin, after Sent) []Sent {
	t.Helper()
	got, err := s.Copies(t.Context(), b, after, 100)
	do(t, err)
	return got
}

func TestFailingAreTheMessagesThatAreTriedAgainAndAgain(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		var seqs []int64
		for chat := range 5 {
			seqs = append(seqs, subscribe(t, s, Subscription{Chat: int64(chat + 1), Answers: true}))
		}
		claimed(t, s)
		for i, try := range []Owed{
			{Attempts: 3, Reason: "no answer"},
			{Attempts: 9, Reason: "no answer"},
			{Attempts: 2, Reason: "no answer"},
			{Attempts: 4, Reason: "Forbidden: who knows"},
			{Attempts: 3, Reason: "Bad Gateway"},
		} {
			o := owed(t, s, seqs[i])
			o.Attempts, o.Reason = try.Attempts, try.Reason
			do(t, s.Postpone(t.Context(), o, now.Add(time.Hour)))
		}
		want := []Failure{{"no answer", 2}, {"Bad Gateway", 1}}
		if got, err := s.Failing(t.Context()); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %v, %v, want %v", got, err, want)
		}
		if n, err := s.Backlog(t.Context()); err != nil || n != 5 {
			t.Errorf("%d messages wait, %v, want 5", n, err)
		}
	})
}
