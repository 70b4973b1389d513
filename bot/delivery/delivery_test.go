package delivery

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"releasebot/bot/sandbox"
	"releasebot/bot/store"
	"releasebot/bot/telegram"
)

func TestABulletinReachesEverySubscriber(t *testing.T) {
	onEach(t, func(w *world) {
		aida, private := w.reader()
		group := w.Group("Group", aida)
		channel := w.Channel("Channel", aida)
		forum := w.Forum("Forum", aida)
		for _, c := range []*sandbox.Chat{group, forum} {
			aida.AddBot(c)
		}
		aida.PromoteBot(channel)
		first, second := aida.OpenTopic(forum, "First"), aida.OpenTopic(forum, "Second")
		for _, sub := range []store.Subscription{
			{Chat: group.ID}, {Chat: channel.ID}, {Chat: forum.ID, Thread: first}, {Chat: forum.ID, Thread: second},
		} {
			w.subscribe(sub)
		}
		_, stranger := w.reader()
		do(w.t, w.store.Unsubscribe(w.t.Context(), stranger.ID, 0))
		_, other := w.reader()
		do(w.t, w.store.Subscribe(w.t.Context(), store.Subscription{Chat: other.ID, Answers: true, Topics: []string{"y"}}, time.Now()))

		b := w.now()
		w.deliver(b)
		for _, c := range []*sandbox.Chat{private, group, channel} {
			w.want(c, told(b))
		}
		w.want(stranger)
		w.want(other)
		w.want(forum, told(b), told(b))
		var threads []int
		for _, m := range forum.Messages() {
			if m.FromBot {
				threads = append(threads, m.Thread)
			}
		}
		if !slices.Contains(threads, first) || !slices.Contains(threads, second) {
			w.t.Errorf("the forum has it in the threads %v, want %d and %d", threads, first, second)
		}
		if got := w.bulletin(b.ID); got.Sent != 5 {
			w.t.Errorf("%d sent, want 5", got.Sent)
		}
	})
}

func TestWhatIsScheduledStartsAtItsTime(t *testing.T) {
	inBubble(t, Telegram, sandbox.Options{}, func(w *world) {
		_, chat := w.reader()
		at := time.Now().Add(time.Minute)
		b := w.schedule(at)
		w.deliver(b)
		w.want(chat, told(b))
		if sent := chat.Messages()[1].Date; sent.Before(at) || sent.After(at.Add(2*tick)) {
			w.t.Errorf("sent at %s, want %s", sent, at)
		}
	})
}

// In the tests of what happens midway the second reader is dealt with when the first reader's message is made.
func midway(w *world, act func()) {
	make := w.options.Message
	done := false
	w.options.Message = func(sub store.Subscription, bulletins []store.Bulletin) Message {
		if !done {
			done = true
			act()
		}
		return make(sub, bulletins)
	}
}

func TestWhoUnsubscribesMidwayHearsNothing(t *testing.T) {
	onEach(t, func(w *world) {
		_, first := w.reader()
		_, second := w.reader()
		midway(w, func() { do(w.t, w.store.Unsubscribe(w.t.Context(), second.ID, 0)) })
		b := w.now()
		w.deliver(b)
		w.want(first, told(b))
		w.want(second)
	})
}

func TestAPausedBulletinGoesOnWhereItWas(t *testing.T) {
	onEach(t, func(w *world) {
		_, first := w.reader()
		_, second := w.reader()
		b := w.now()
		midway(w, func() { do(w.t, w.store.Pause(w.t.Context(), b.ID)) })
		w.run(func() bool { return len(w.texts(first)) > 0 && w.bulletin(b.ID).Sent > 0 })
		w.want(second)
		do(w.t, w.store.Resume(w.t.Context(), b.ID))
		w.deliver(b)
		w.want(first, told(b))
		w.want(second, told(b))
	})
}

func TestACancelledBulletinStops(t *testing.T) {
	onEach(t, func(w *world) {
		_, first := w.reader()
		_, second := w.reader()
		b := w.now()
		midway(w, func() { do(w.t, w.store.Cancel(w.t.Context(), b.ID, time.Now())) })
		after := w.now() // takes longer than what is left of the cancelled one
		w.deliver(after)
		if got := w.texts(second); slices.Contains(got, told(b)) {
			w.t.Errorf("%q came although it was cancelled", got)
		}
		if len(w.texts(first)) == 0 {
			w.t.Error("the first reader heard nothing")
		}
	})
}

func TestASecondRunGoesOnWhereTheFirstEnded(t *testing.T) {
	onEach(t, func(w *world) {
		var chats []*sandbox.Chat
		for range 30 {
			_, chat := w.reader()
			chats = append(chats, chat)
		}
		b := w.now()
		w.deliverInRuns(b)
		for _, chat := range chats {
			w.want(chat, told(b))
		}
	})
}

func TestChatsThatRefuse(t *testing.T) {
	type chats struct {
		*world
		aida  *sandbox.Person
		group *sandbox.Chat
	}
	for _, test := range []struct {
		name   string
		refuse func(c chats)
		reason string // "" where it comes through in the end
		dead   bool
	}{
		{"kicked", func(c chats) { c.aida.RemoveBot(c.group) }, "Forbidden: bot was kicked from the supergroup chat", true},
		{"muted", func(c chats) { c.aida.MuteBot(c.group) }, "Bad Request: not enough rights to send text messages to the chat", false},
		{"one passing refusal", func(c chats) {
			c.Inject(sandbox.Fault{Kind: sandbox.Refuse, Chat: c.group.ID, Code: 403, Text: "Forbidden: bot can't send messages to the user", Times: 4})
		}, "", false},
		{"five of the same", func(c chats) {
			c.Inject(sandbox.Fault{Kind: sandbox.Refuse, Chat: c.group.ID, Code: 403, Text: "Forbidden: bot can't send messages to the user", Times: 5})
		}, "Forbidden: bot can't send messages to the user", true},
		{"different ones", func(c chats) {
			for _, text := range []string{"Forbidden: a", "Forbidden: b"} {
				c.Inject(sandbox.Fault{Kind: sandbox.Refuse, Chat: c.group.ID, Code: 403, Text: text, Times: 4})
			}
		}, "", false},
		{"trouble for minutes", func(c chats) {
			c.Inject(sandbox.Fault{Kind: sandbox.ServerError, Chat: c.group.ID, Times: 6})
		}, "", false},
		{"cut and unreadable answers", func(c chats) {
			c.Inject(sandbox.Fault{Kind: sandbox.Cut, Chat: c.group.ID, Times: 3})
			c.Inject(sandbox.Fault{Kind: sandbox.Garbage, Chat: c.group.ID, Times: 3})
			c.Inject(sandbox.Fault{Kind: sandbox.Hang, Chat: c.group.ID, Times: 3})
		}, "", false},
		{"unknown", func(c chats) {
			c.Inject(sandbox.Fault{Kind: sandbox.Refuse, Chat: c.group.ID, Code: 400, Text: "Bad Request: chat not found"})
		}, "Bad Request: chat not found", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, Telegram, sandbox.Options{}, func(w *world) {
				aida, other := w.reader()
				group := w.Supergroup("Group", aida)
				aida.AddBot(group)
				w.subscribe(store.Subscription{Chat: group.ID})
				test.refuse(chats{w, aida, group})
				w.options.Doubt = time.Minute
				b := w.now()
				start := time.Now()
				w.deliver(b)

				w.want(other, told(b))
				if wait := other.Messages()[1].Date.Sub(start); wait > 5*time.Second {
					w.t.Errorf("another chat waited %s for the trouble of this one", wait)
				}
				failures, err := w.store.Failures(w.t.Context(), b.ID)
				do(w.t, err)
				if test.reason == "" {
					w.want(group, told(b))
					if len(failures) != 0 {
						w.t.Errorf("failures: %+v", failures)
					}
				} else if want := []store.Failure{{Reason: test.reason, Count: 1}}; !slices.Equal(failures, want) {
					w.t.Errorf("failures: %+v, want %+v", failures, want)
				}
				subs, err := w.store.Subscriptions(w.t.Context(), group.ID)
				do(w.t, err)
				if subs[0].Dead != test.dead {
					w.t.Errorf("dead: %v, want %v", subs[0].Dead, test.dead)
				}
			})
		})
	}
}

func TestAClosedTopicIsNoUnsubscription(t *testing.T) {
	inBubble(t, Telegram, sandbox.Options{}, func(w *world) {
		aida, _ := w.reader()
		forum := w.Forum("Forum", aida)
		aida.AddBot(forum)
		thread := aida.OpenTopic(forum, "News")
		w.subscribe(store.Subscription{Chat: forum.ID, Thread: thread})
		aida.CloseTopic(forum, thread)
		missed := w.now()
		w.deliver(missed)
		aida.ReopenTopic(forum, thread)
		b := w.now()
		w.deliver(b)
		w.want(forum, told(b))
		failures, err := w.store.Failures(w.t.Context(), missed.ID)
		if want := []store.Failure{{Reason: "Bad Request: TOPIC_CLOSED", Count: 1}}; err != nil || !slices.Equal(failures, want) {
			w.t.Errorf("failures: %v, %v, want %v", failures, err, want)
		}
	})
}

// A topic that was deleted does not come back, and is not tried again with every bulletin; the group's others are told.
func TestADeletedTopicHearsNoMore(t *testing.T) {
	inBubble(t, Telegram, sandbox.Options{}, func(w *world) {
		aida, _ := w.reader()
		forum := w.Forum("Forum", aida)
		aida.AddBot(forum)
		gone, other := aida.OpenTopic(forum, "Gone"), aida.OpenTopic(forum, "Other")
		w.subscribe(store.Subscription{Chat: forum.ID, Thread: gone})
		w.subscribe(store.Subscription{Chat: forum.ID, Thread: other})
		aida.DeleteTopic(forum, gone)
		first := w.now()
		w.deliver(first)
		second := w.now()
		w.deliver(second)
		w.want(forum, told(first), told(second))
		for b, want := range map[int64]int{first.ID: 1, second.ID: 0} {
			if failures, err := w.store.Failures(w.t.Context(), b); err != nil || len(failures) != want {
				w.t.Errorf("failures of %d: %v, %v, want %d", b, failures, err, want)
			}
		}
	})
}

func TestAGroupThatMigratedIsFoundAgain(t *testing.T) {
	onEach(t, func(w *world) {
		aida, _ := w.reader()
		group := w.Group("Group", aida)
		aida.AddBot(group)
		w.subscribe(store.Subscription{Chat: group.ID})
		super := aida.Migrate(group)
		b := w.now()
		w.deliver(b)
		w.want(super, told(b))
		subs, err := w.store.Subscriptions(w.t.Context(), super.ID)
		if err != nil || len(subs) != 1 {
			w.t.Errorf("the supergroup's subscriptions: %+v, %v", subs, err)
		}
	})
}

func TestAHangingRequestHoldsNothingUp(t *testing.T) {
	inBubble(t, Pace{}, sandbox.Options{}, func(w *world) {
		_, slow := w.reader()
		w.Inject(sandbox.Fault{Kind: sandbox.Hang, Chat: slow.ID, Times: 1})
		_, quick := w.reader()
		b := w.now()
		start := time.Now()
		w.deliver(b)
		w.want(slow, told(b))
		w.want(quick, told(b))
		if took := quick.Messages()[1].Date.Sub(start); took > time.Second {
			w.t.Errorf("the other reader waited %s", took)
		}
	})
}

// Nobody knows whether a message was accepted whose answer was cut off. It is sent again: better twice than never.
func TestAMessageWithoutAnAnswerIsSentAgain(t *testing.T) {
	inBubble(t, Telegram, sandbox.Options{}, func(w *world) {
		_, chat := w.reader()
		w.Inject(sandbox.Fault{Kind: sandbox.CutAfter, Chat: chat.ID, Times: 1})
		b := w.now()
		w.deliver(b)
		w.want(chat, told(b), told(b))
	})
}

func TestAnOutageIsWaitedFor(t *testing.T) {
	inBubble(t, Telegram, sandbox.Options{}, func(w *world) {
		var chats []*sandbox.Chat
		for range 100 {
			_, chat := w.reader()
			chats = append(chats, chat)
		}
		stop := w.Inject(sandbox.Fault{Kind: sandbox.ServerError})
		b := w.now()
		time.AfterFunc(5*time.Minute, stop)
		w.deliver(b)
		for _, chat := range chats {
			w.want(chat, told(b))
		}
		if n := w.codes[0]; n > 100 {
			w.t.Errorf("%d requests in five minutes' outage", n)
		}
		if !strings.Contains(w.log.String(), "does not answer as it should") {
			w.t.Errorf("the log does not tell of the outage:\n%s", w.log.String())
		}
	})
}

func TestADigestCollapsesBulletins(t *testing.T) {
	inBubble(t, Telegram, sandbox.Options{}, func(w *world) {
		time.Sleep(57 * time.Minute)
		chat := w.Person("Aida", "kk").Start("")
		w.subscribe(store.Subscription{Chat: chat.ID, Digest: true, Hour: 7, Zone: "Asia/Almaty"})
		_, atOnce := w.reader()
		first := w.now()
		second := w.schedule(time.Now().Add(time.Minute))
		hour := store.Subscription{Digest: true, Hour: 7, Zone: "Asia/Almaty"}.Due(time.Now())
		w.deliver(first, second)
		w.want(atOnce, told(first), told(second))
		w.want(chat, told(first, second))
		if late := chat.Messages()[1].Date.Sub(hour); late < 0 || late > 2*tick {
			w.t.Errorf("the digest came %s after its hour", late)
		}
	})
}

func TestWhoEndsADigestHearsNoMore(t *testing.T) {
	inBubble(t, Telegram, sandbox.Options{}, func(w *world) {
		time.Sleep(57 * time.Minute)
		chat := w.Person("Aida", "kk").Start("")
		w.subscribe(store.Subscription{Chat: chat.ID, Digest: true, Hour: 1, Zone: "UTC"})
		b := w.now()
		time.AfterFunc(time.Minute, func() { do(w.t, w.store.Unsubscribe(context.Background(), chat.ID, 0)) })
		w.deliver(b)
		w.want(chat)
	})
}

// What is due now, or in seconds, must not wait for as long as the clock was set back by. A digest waits for its hour.
func TestAClockThatIsSetBack(t *testing.T) {
	inBubble(t, Telegram, sandbox.Options{}, func(w *world) {
		time.Sleep(57 * time.Minute)
		var clock sandbox.Clock
		w.options.Now = clock.Now
		_, failing := w.reader()
		_, next := w.reader()
		_, digest := w.reader()
		w.subscribe(store.Subscription{Chat: digest.ID, Digest: true, Hour: 1, Zone: "UTC"})
		w.Inject(sandbox.Fault{Kind: sandbox.ServerError, Chat: failing.ID, Times: 4})
		midway(w, func() { clock.Move(-time.Hour) })
		b := w.now()
		start := time.Now()
		w.run(func() bool { return w.bulletin(b.ID).Sent == 2 || time.Since(start) > 10*time.Minute })
		for _, chat := range []*sandbox.Chat{failing, next} {
			w.want(chat, told(b))
			if took := time.Since(start); took > time.Minute {
				w.t.Errorf("it took %s", took)
			}
		}
		w.want(digest)
		if n, err := w.store.Waiting(w.t.Context(), b.ID); err != nil || n != 1 {
			w.t.Errorf("%d wait, %v, want the digest", n, err)
		}
		if !strings.Contains(w.log.String(), "the clock was set back") {
			w.t.Errorf("the log does not tell of the clock:\n%s", w.log.String())
		}
	})
}

func TestABulletinCancelledOutOfADigest(t *testing.T) {
	onEach(t, func(w *world) {
		_, chat := w.reader()
		first, second := w.now(), w.now()
		midway(w, func() { do(w.t, w.store.Cancel(w.t.Context(), first.ID, time.Now())) })
		w.deliver(second)
		w.want(chat, told(first, second)) // which were on their way together when one was cancelled
	})
}

func TestAShownAnswerIsInTheLedger(t *testing.T) {
	onEach(t, func(w *world) {
		w.options.Message = func(store.Subscription, []store.Bulletin) Message {
			return Message{telegram.Screen{Text: "the answer"}, []Shown{{"p", "1"}}}
		}
		_, chat := w.reader()
		w.deliver(w.now())
		sent, ok, err := w.store.LastAnswer(w.t.Context(), chat.ID, 0, "p", "1", "", time.Now().Add(-time.Hour))
		if err != nil || !ok || sent.Message != chat.Messages()[1].ID {
			w.t.Errorf("ledger: %+v, %v, %v", sent, ok, err)
		}
	})
}

func TestNothingToSayIsNotSent(t *testing.T) {
	onEach(t, func(w *world) {
		w.options.Message = func(store.Subscription, []store.Bulletin) Message { return Message{} }
		_, chat := w.reader()
		w.deliver(w.now())
		w.want(chat)
	})
}

// A process that was frozen while another took the lease starts nothing more.
func TestASenderThatHasLostItsLeaseSendsNothing(t *testing.T) {
	onEach(t, func(w *world) {
		_, chat := w.reader()
		b := w.now()
		held, err := w.store.TakeLease(w.t.Context(), store.Lease{}, "another")
		do(w.t, err)
		New(w.options).Run(w.t.Context())
		w.want(chat)
		w.options.Lease = held
		w.deliver(b)
		w.want(chat, told(b))
	})
}
