package store

import (
	"errors"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"
)

var (
	release   = Item{Release: "r"}
	pairA     = Item{Release: "r", Pair: "a", Topic: "x", Revision: "1"}
	pairB     = Item{Release: "r", Pair: "b", Topic: "y", Revision: "1"}
	corrected = Item{Release: "r", Pair: "a", Topic: "x", Revision: "2"}
)

func TestWhatHasNotChangedIsProposedOnce(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		first := propose(t, s, release, pairA)
		if len(first) != 1 || first[0].Kind != NewRelease || first[0].State != Pending {
			t.Fatalf("proposed %+v, want the new release", first)
		}
		if again := propose(t, s, release, pairA); len(again) != 0 {
			t.Errorf("proposed again: %+v", again)
		}
		if got, want := bulletinsIn(t, s, Pending), first; !reflect.DeepEqual(got, want) {
			t.Errorf("pending:\n got %+v\nwant %+v", got, want)
		}
	})
}

func TestChangedContentReplacesAPendingBulletin(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		old := propose(t, s, release, pairA)[0]
		fresh := propose(t, s, release, corrected)[0]
		if err := s.Schedule(t.Context(), old.ID, now); !errors.Is(err, ErrState) {
			t.Errorf("what has been replaced can be published: %v", err)
		}
		if err := s.Schedule(t.Context(), fresh.ID, now); err != nil {
			t.Error(err)
		}
	})
}

// What was approved is not what the library has now: somebody has to look again.
func TestChangedContentEndsASchedule(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		do(t, s.Settle(t.Context(), []Item{release, pairB}))
		schedule := func(current ...Item) Bulletin {
			b := propose(t, s, current...)[0]
			do(t, s.Schedule(t.Context(), b.ID, now.Add(time.Hour)))
			return b
		}
		added := schedule(release, pairA, pairB)
		withdrawn := schedule(release, pairA)
		pairC := Item{Release: "r", Pair: "c", Revision: "1"}
		if got := propose(t, s, release, pairA, pairC); len(got) != 1 || !slices.Equal(got[0].Items, []Item{pairC}) {
			t.Errorf("proposed %+v, want what is new beside the schedules", got)
		}
		if got := bulletinsIn(t, s, Scheduled); len(got) != 2 {
			t.Errorf("scheduled: %+v, want both still", got)
		}
		got := propose(t, s, release, corrected, pairB)
		if len(got) != 1 || got[0].Kind != NewAnswers || !slices.Equal(got[0].Items, []Item{corrected}) {
			t.Errorf("proposed %+v, want the new answer as it is now", got)
		}
		for _, b := range []Bulletin{added, withdrawn} {
			if err := s.Start(t.Context(), b.ID, now); !errors.Is(err, ErrState) {
				t.Errorf("%s goes out although its content has changed: %v", b.Kind, err)
			}
		}
	})
}

func TestANewerBulletinTakesOverWhatOlderOnesTell(t *testing.T) {
	third := pairA
	third.Revision = "3"
	for _, test := range []struct {
		name        string
		first, then []Item
		want        []Item
		state       State
	}{
		{"a correction is corrected", []Item{release, corrected, pairB}, []Item{release, third, pairB}, nil, Superseded},
		{"one of two", []Item{release, corrected, {Release: "r", Pair: "b", Topic: "y", Revision: "2"}}, []Item{release, third, {Release: "r", Pair: "b", Topic: "y", Revision: "2"}}, []Item{{Release: "r", Pair: "b", Topic: "y", Revision: "2", Was: "1"}}, Sending},
		{"a correction is taken back", []Item{release, corrected, pairB}, []Item{release, pairA, pairB}, nil, Superseded},
		{"a correction is withdrawn", []Item{release, corrected, pairB}, []Item{release, pairB}, nil, Superseded},
		{"a withdrawal is taken back", []Item{release, pairB}, []Item{release, pairA, pairB}, nil, Superseded},
		{"a new answer is told as it is now", []Item{release, pairA, pairB, {Release: "r", Pair: "c", Revision: "1"}}, []Item{release, pairA, pairB, {Release: "r", Pair: "c", Revision: "2"}}, []Item{{Release: "r", Pair: "c", Revision: "2"}}, Sending},
	} {
		t.Run(test.name, func(t *testing.T) {
			onEach(t, func(t *testing.T, s *Store) {
				do(t, s.Settle(t.Context(), []Item{release, pairA, pairB}))
				seq := subscribe(t, s, Subscription{Chat: 7, Answers: true, Corrections: true})
				publish := func(current ...Item) Bulletin {
					b := propose(t, s, current...)[0]
					do(t, s.Schedule(t.Context(), b.ID, now))
					do(t, s.Start(t.Context(), b.ID, now))
					do(t, s.Claim(t.Context(), bulletin(t, s, b.ID), 10, now))
					return b
				}
				old := publish(test.first...)
				newer := publish(test.then...)
				got := bulletin(t, s, old.ID)
				if got.State != test.state || test.want != nil && !slices.Equal(got.Items, test.want) {
					t.Errorf("the older one is %s and tells %+v, want %s and %+v", got.State, got.Items, test.state, test.want)
				}
				want := []int64{newer.ID}
				if test.state == Sending {
					want = []int64{old.ID, newer.ID}
				}
				if o := owed(t, s, seq); !slices.Equal(o.Bulletins, want) {
					t.Errorf("owed are the bulletins %v, want %v", o.Bulletins, want)
				}
			})
		})
	}
}

func TestDismissedChangesCountAsPublished(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		b := propose(t, s, release, pairA)[0]
		if err := s.Dismiss(t.Context(), b.ID, now); err != nil {
			t.Fatal(err)
		}
		if got := propose(t, s, release, pairA); len(got) != 0 {
			t.Errorf("proposed again: %+v", got)
		}
		if got := propose(t, s, release, corrected); len(got) != 1 || got[0].Kind != Correction {
			t.Errorf("got %+v, want a correction of what was dismissed", got)
		}
	})
}

func TestACancelledScheduleIsProposedAgain(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		b := propose(t, s, release, pairA)[0]
		do(t, s.Schedule(t.Context(), b.ID, now.Add(time.Hour)))
		if got := propose(t, s, release, pairA); len(got) != 0 {
			t.Errorf("proposed although scheduled: %+v", got)
		}
		do(t, s.Cancel(t.Context(), b.ID, now))
		if got := propose(t, s, release, pairA); len(got) != 1 {
			t.Errorf("proposed %+v, want the release again", got)
		}
	})
}

func TestAWithdrawnPairCanComeBack(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		do(t, s.Dismiss(t.Context(), propose(t, s, release, pairA, pairB)[0].ID, now))
		withdrawal := propose(t, s, release, pairB)
		if len(withdrawal) != 1 || withdrawal[0].Kind != Withdrawal {
			t.Fatalf("got %+v, want a withdrawal", withdrawal)
		}
		do(t, s.Dismiss(t.Context(), withdrawal[0].ID, now))
		if got := propose(t, s, release, pairA, pairB); len(got) != 1 || got[0].Kind != NewAnswers {
			t.Errorf("got %+v, want a new answer", got)
		}
	})
}

func TestOfSeveralWhoActAtOnceOneSucceeds(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		b := propose(t, s, release, pairA)[0]
		for _, act := range []func() error{
			func() error { return s.Schedule(t.Context(), b.ID, now) },
			func() error { return s.Start(t.Context(), b.ID, now) },
			func() error { return s.Pause(t.Context(), b.ID) },
			func() error { return s.Resume(t.Context(), b.ID) },
			func() error { return s.Cancel(t.Context(), b.ID, now) },
		} {
			errs := make(chan error)
			for range 5 {
				go func() { errs <- act() }()
			}
			succeeded := 0
			for range 5 {
				if err := <-errs; err == nil {
					succeeded++
				} else if !errors.Is(err, ErrState) {
					t.Error(err)
				}
			}
			if succeeded != 1 {
				t.Errorf("%d succeeded, want 1", succeeded)
			}
		}
	})
}

func TestReplicasProposeOnce(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		errs := make(chan error)
		for range 5 {
			go func() {
				_, err := s.Propose(t.Context(), []Item{release, pairA}, now)
				errs <- err
			}()
		}
		for range 5 {
			do(t, <-errs)
		}
		if got := bulletinsIn(t, s, Pending); len(got) != 1 {
			t.Errorf("pending: %+v, want one", got)
		}
	})
}

func TestWhatIsThereAtTheFirstStartIsNoNews(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		do(t, s.Settle(t.Context(), []Item{release, pairA}))
		if got := propose(t, s, release, pairA); len(got) > 0 {
			t.Errorf("at the first start: %+v", got)
		}
		do(t, s.Settle(t.Context(), []Item{release, pairA, pairB})) // a second start
		if got := propose(t, s, release, pairA, pairB); len(got) != 1 || got[0].Kind != NewAnswers {
			t.Errorf("at the second start: %+v, want a new answer", got)
		}
	})
}

func TestACorrectionKnowsWhatWasSaidBefore(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		before, after := pairA, corrected
		before.Content, after.Content = "100", "120"
		do(t, s.Settle(t.Context(), []Item{release, before}))
		got := propose(t, s, release, after)
		after.Was, after.Former = "1", "100"
		if len(got) != 1 || !slices.Equal(got[0].Items, []Item{after}) {
			t.Fatalf("corrected: %+v, want %+v", got, after)
		}
		do(t, s.Dismiss(t.Context(), got[0].ID, now))
		if got := propose(t, s, release); len(got) != 1 || got[0].Items[0].Content != "120" {
			t.Errorf("withdrawn: %+v, want what was said last", got)
		}
	})
}

func TestTheAudienceOfABulletin(t *testing.T) {
	subs := map[string]Subscription{
		"everything": {Releases: true, Answers: true, Corrections: true},
		"releases":   {Releases: true},
		"answers":    {Answers: true},
		"topic x":    {Releases: true, Answers: true, Corrections: true, Topics: []string{"z", "x"}},
		"topic xx":   {Releases: true, Answers: true, Corrections: true, Topics: []string{"xx", "X"}},
		"follower":   {Follows: []string{"a"}},
		"dead":       {Releases: true, Answers: true, Corrections: true, Dead: true},
	}
	tests := []struct {
		change Change
		want   []string
	}{
		{Change{NewRelease, "r", []Item{release, pairA}}, []string{"everything", "releases", "topic x"}},
		{Change{NewRelease, "r", []Item{release}}, []string{"everything", "releases"}},
		{Change{NewAnswers, "r", []Item{pairA, pairB}}, []string{"answers", "everything", "topic x"}},
		{Change{NewAnswers, "r", []Item{pairB}}, []string{"answers", "everything"}},
		{Change{Correction, "r", []Item{corrected}}, []string{"everything", "follower", "topic x"}},
		{Change{Correction, "r", []Item{pairB}}, []string{"everything"}},
		{Change{Withdrawal, "r", []Item{pairB, pairA}}, []string{"everything", "follower", "topic x"}},
	}
	onEach(t, func(t *testing.T, s *Store) {
		got := make([][]string, len(tests))
		for _, name := range slices.Sorted(maps.Keys(subs)) {
			sub := subs[name]
			sub.Chat = 7
			sub.Seq = subscribe(t, s, sub)
			if sub.Dead {
				do(t, s.Bury(t.Context(), Owed{Subscription: sub}))
			}
			for i, test := range tests {
				if n, err := s.Audience(t.Context(), Bulletin{Change: test.change}); err != nil || n > 1 {
					t.Fatal(n, err)
				} else if n == 1 {
					got[i] = append(got[i], name)
				}
			}
			do(t, s.Unsubscribe(t.Context(), 7, 0))
		}
		for i, test := range tests {
			if !slices.Equal(got[i], test.want) {
				t.Errorf("%+v: got %v, want %v", test.change, got[i], test.want)
			}
			for _, name := range test.want {
				if !slices.ContainsFunc(test.change.Items, func(item Item) bool { return subs[name].Wants(test.change.Kind, item) }) {
					t.Errorf("%+v: there is nothing in it for %q", test.change, name)
				}
			}
		}
	})
}

func propose(t *testing.T, s *Store, current ...Item) []Bulletin {
	t.Helper()
	proposed, err := s.Propose(t.Context(), current, now)
	if err != nil {
		t.Fatal(err)
	}
	return proposed
}

func bulletinsIn(t *testing.T, s *Store, state State) []Bulletin {
	t.Helper()
	got, err := s.Bulletins(t.Context(), state)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func do(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
