package store

import (
	"reflect"
	"testing"
	"time"
)

func TestTopicsOfAGroupSubscribeApart(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		first := Subscription{Chat: -7, Thread: 3, Lang: "kk", Topics: []string{"a", "b"}, Answers: true, Digest: true, Hour: 9, Zone: "Asia/Almaty"}
		second := Subscription{Chat: -7, Thread: 5, Lang: "ru", Releases: true, Corrections: true, Follows: []string{"p"}}
		first.Seq, second.Seq = subscribe(t, s, first), subscribe(t, s, second)
		if got, want := subscriptions(t, s, -7), []Subscription{first, second}; !reflect.DeepEqual(got, want) {
			t.Fatalf("got  %+v\nwant %+v", got, want)
		}
		first.Topics = nil
		if seq := subscribe(t, s, first); seq != first.Seq {
			t.Errorf("a change of mind moved the subscription from %d to %d", first.Seq, seq)
		}
		if err := s.Unsubscribe(t.Context(), -7, 5); err != nil {
			t.Fatal(err)
		}
		if got, want := subscriptions(t, s, -7), []Subscription{first}; !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	})
}

func TestBulletinsComeInTheChosenLanguage(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		subscribe(t, s, Subscription{Chat: 7, Lang: "en"})
		for _, choice := range []struct{ lang, want string }{{"kk", "kk"}, {"", "kk"}} {
			save(t, s, Chat{ID: 7, Lang: choice.lang, Commands: Everyone})
			if got := subscriptions(t, s, 7)[0].Lang; got != choice.want {
				t.Errorf("after choosing %q: %q, want %q", choice.lang, got, choice.want)
			}
		}
	})
}

func TestAnUnknownZoneIsRefused(t *testing.T) {
	s := open(t, "sqlite:"+t.TempDir()+"/bot.db")
	if err := s.Subscribe(t.Context(), Subscription{Chat: 7, Zone: "Mars/Olympus"}, now); err == nil {
		t.Error("a digest on Mars time was taken")
	}
}

func TestAMigratedChatKeepsItsSubscriptions(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		seq := subscribe(t, s, Subscription{Chat: -7, Lang: "kk"})
		subscribe(t, s, Subscription{Chat: -7, Thread: 3, Lang: "kk"})
		subscribe(t, s, Subscription{Chat: -1007, Thread: 3, Lang: "ru"})
		for range 2 {
			if err := s.MoveChat(t.Context(), -7, -1007); err != nil {
				t.Fatal(err)
			}
		}
		got := subscriptions(t, s, -1007)
		if len(got) != 2 || got[0].Seq != seq || got[1].Lang != "ru" {
			t.Errorf("supergroup: %+v, want the group's own and the choice already made for topic 3", got)
		}
		if got := subscriptions(t, s, -7); len(got) != 0 {
			t.Errorf("the old group is remembered: %+v", got)
		}
	})
}

func TestForgettingEndsSubscriptionsAndWhatTheyAreOwed(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		subscribe(t, s, Subscription{Chat: 7, Answers: true})
		b := claimed(t, s)
		if err := s.ForgetChat(t.Context(), 7); err != nil {
			t.Fatal(err)
		}
		if got := subscriptions(t, s, 7); len(got) != 0 {
			t.Errorf("still there: %+v", got)
		}
		if n := waiting(t, s, b.ID); n != 0 {
			t.Errorf("%d messages are still owed to nobody", n)
		}
	})
}

func TestDigestsAreDueAtTheirHour(t *testing.T) {
	for _, test := range []struct{ name, zone, at, want string }{
		{"later today", "Asia/Almaty", "2026-11-23T02:00:00Z", "2026-11-23T04:00:00Z"},
		{"at the very hour it is tomorrow's", "Asia/Almaty", "2026-11-23T04:00:00Z", "2026-11-24T04:00:00Z"},
		{"tomorrow there, today here", "Pacific/Auckland", "2026-11-23T21:00:00Z", "2026-11-24T20:00:00Z"},
		{"across the clocks going forward", "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T07:00:00Z"},
		{"across the clocks going back", "Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-25T08:00:00Z"},
		{"before Almaty changed its zone", "Asia/Almaty", "2024-02-28T12:00:00Z", "2024-02-29T03:00:00Z"},
		{"when Almaty changed its zone", "Asia/Almaty", "2024-02-29T12:00:00Z", "2024-03-01T04:00:00Z"},
	} {
		at, _ := time.Parse(time.RFC3339, test.at)
		got := Subscription{Digest: true, Hour: 9, Zone: test.zone}.Due(at)
		if got.UTC().Format(time.RFC3339) != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got.UTC().Format(time.RFC3339), test.want)
		}
	}
}

// A digest comes once on each day, whatever the clocks do at its very hour.
func TestDigestsComeOnceADay(t *testing.T) {
	for _, zone := range []string{"Europe/Berlin", "Asia/Almaty", "America/Santiago", "Africa/Cairo", "UTC"} {
		location, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		for hour := range 24 {
			sub := Subscription{Digest: true, Hour: hour, Zone: zone}
			at := time.Date(2024, 1, 1, hour, 0, 0, 0, location)
			for day := 2; day <= 366; day++ {
				next := sub.Due(at)
				if want := time.Date(2024, 1, day, 12, 0, 0, 0, location).YearDay(); next.YearDay() != want && next.Add(time.Hour).YearDay() != want {
					t.Fatalf("%s, %d h: after %s comes %s", zone, hour, at, next)
				}
				at = next
			}
		}
	}
}

func TestAWaitingDigestMovesToTheNewHour(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		sub := Subscription{Chat: 7, Answers: true, Digest: true, Hour: now.UTC().Hour() + 5, Zone: "UTC"}
		subscribe(t, s, sub)
		claimed(t, s)
		if got := due(t, s, now.Add(time.Hour)); len(got) != 0 {
			t.Fatal("a digest is due before its hour")
		}
		at := sub.Due(now)
		sub.Zone = "Asia/Tokyo" // at its very hour, which there was nine hours ago
		do(t, s.Subscribe(t.Context(), sub, at))
		if before, then := due(t, s, at.Add(15*time.Hour-time.Second)), due(t, s, at.Add(15*time.Hour)); len(before) != 0 || len(then) != 1 {
			t.Errorf("due before the hour of the new zone: %v, then: %v", before, then)
		}
		sub.Digest = false
		subscribe(t, s, sub)
		if got := due(t, s, now); len(got) != 1 {
			t.Error("who wants it at once now still waits for the digest's hour")
		}
	})
}

// subscribe returns the subscription's number.
func subscribe(t *testing.T, s *Store, sub Subscription) int64 {
	t.Helper()
	if err := s.Subscribe(t.Context(), sub, now); err != nil {
		t.Fatal(err)
	}
	for _, got := range subscriptions(t, s, sub.Chat) {
		if got.Thread == sub.Thread {
			return got.Seq
		}
	}
	t.Fatal("not subscribed")
	return 0
}

func subscriptions(t *testing.T, s *Store, chat int64) []Subscription {
	t.Helper()
	got, err := s.Subscriptions(t.Context(), chat)
	if err != nil {
		t.Fatal(err)
	}
	return got
}
