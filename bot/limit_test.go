package bot

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"releasebot/bot/sandbox"
	"releasebot/bot/store"
	"releasebot/bot/telegram"
)

func TestAFloodInPrivateMeetsOneNoticeAndThenSilence(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	aida := w.Person("Aida", "en")
	c := w.Private(aida)
	for range 3 * personRate.most {
		aida.Say(c, "/help")
	}
	w.settle()
	said := c.FromBot()
	if n := len(said); n != personRate.most+1 {
		t.Fatalf("%d messages, want %d answers and a notice", n, personRate.most)
	}
	contains(t, said[personRate.most], "That is a lot of questions. Please wait")

	w.clock.Move(personRate.per)
	aida.Say(c, "how many soldiers will kazakhstan send to lebanon?")
	w.settle()
	contains(t, c.FromBot()[personRate.most+1], "120 servicemen")
}

func TestAButtonPressedAgainAndAgain(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	aida := w.Person("Aida", "en")
	c := w.Private(aida)
	aida.Say(c, "/topics")
	topics := w.next(c)
	var presses []sandbox.Press
	for range personRate.most + 3 {
		presses = append(presses, aida.PressData(topics, "zz"))
	}
	w.settle()
	for i, want := range map[int]string{0: "no longer works", personRate.most - 1: "Please wait", personRate.most: ""} {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		answer, err := w.AwaitAnswer(ctx, presses[i])
		cancel()
		if (err != nil) != (want == "") {
			t.Errorf("press %d: answered %q, %v; want %q", i, answer.Text, err, want)
		}
	}
}

func TestWhatIsTypedTooFastIsNotAnswered(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	aida := w.Person("Aida", "en")
	var last string
	for range typingRate.most + 1 {
		last = aida.Inline("leb")
	}
	w.settle()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := w.AwaitInline(ctx, last); err == nil {
		t.Error("one query more than a person types is answered")
	}
}

// Telegram allows one message a second in a chat and takes 50 ms for each. One person sends in a thousand; another then asks something, and is
// not to wait for the answers to the first.
func TestAFloodDelaysNobodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		world := sandbox.New(sandbox.Options{Username: "press_bot", Budgets: true})
		world.Inject(sandbox.Fault{Kind: sandbox.Slow, Delay: 50 * time.Millisecond, Method: "sendMessage"})
		db := must(store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "bot.db")))
		defer db.Close()
		log := slog.New(slog.DiscardHandler)
		client := telegram.New(telegram.Options{Token: world.Token(), URL: "http://sandbox", HTTP: world.Transport(), Log: log})
		b := New(Options{Client: client, Store: db, Log: log}, shipped())
		if err := b.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		hostile, aida := world.Person("Mallory", "en"), world.Person("Aida", "en")
		flooded, c := world.Private(hostile), world.Private(aida)
		for range 1000 {
			hostile.Say(flooded, "who is lacroix")
		}
		aida.Say(c, "how many soldiers will kazakhstan send to lebanon?")

		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		start := time.Now()
		go client.Poll(ctx, telegram.PollOptions{}, b.Handle)
		if _, err := c.Next(ctx); err != nil {
			t.Fatal(err)
		}
		if waited := time.Since(start); waited > 5*time.Second {
			t.Errorf("the answer took %s", waited)
		} else {
			t.Logf("the answer took %s; of 1000 messages %d were answered", waited, len(flooded.FromBot()))
		}
		if len(flooded.FromBot()) == 0 {
			t.Error("the flood is not answered at all")
		}
		stop()
		synctest.Wait()
	})
}

func TestCountsAreBounded(t *testing.T) {
	l, now := newLimits(), time.Now()
	for person := range int64(2*maxCounts + 5) {
		l.take(key{person, person}, personRate, now)
		if len(l.counts) > maxCounts {
			t.Fatalf("%d counts are kept", len(l.counts))
		}
	}
	l.take(key{1, 1}, personRate, now.Add(sweepEvery))
	if len(l.counts) != 1 {
		t.Errorf("%d counts are kept of people who have been quiet", len(l.counts)-1)
	}

	r := newRoster()
	for person := range int64(2*maxKnown + 5) {
		r.learn(key{1, person}, standing{until: now}, now)
		r.refuse(key{2, person})
	}
	if len(r.known) > maxKnown {
		t.Errorf("%d people are remembered", len(r.known))
	}
}
