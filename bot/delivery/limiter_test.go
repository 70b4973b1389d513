package delivery

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"releasebot/bot/sandbox"
	"releasebot/bot/store"
	"releasebot/bot/telegram"
)

func TestABulletinUsesTelegramsBudgetAndKeepsIt(t *testing.T) {
	inBubble(t, Telegram, sandbox.Options{Budgets: true}, func(w *world) {
		const readers = 250
		for range readers {
			w.reader()
		}
		b := w.now()
		start := time.Now()
		w.deliver(b)
		rate := readers / w.last.Sub(start).Seconds()
		w.t.Logf("%.1f messages a second", rate)
		if rate < 0.95*28 {
			w.t.Errorf("%.1f messages a second, want 95 %% of 28", rate)
		}
		if n := w.codes[429]; n > 0 {
			w.t.Errorf("%d times 429 of its own making", n)
		}
	})
}

func TestAGroupsTopicsShareItsBudget(t *testing.T) {
	inBubble(t, Telegram, sandbox.Options{Budgets: true}, func(w *world) {
		aida, _ := w.reader()
		forum := w.Forum("Forum", aida)
		aida.AddBot(forum)
		for range 30 {
			w.subscribe(store.Subscription{Chat: forum.ID, Thread: aida.OpenTopic(forum, "Topic")})
		}
		w.deliver(w.now())
		if got := len(w.texts(forum)); got != 30 {
			w.t.Errorf("%d of 30 topics were told", got)
		}
		if n := w.codes[429]; n > 0 {
			w.t.Errorf("%d times 429 of its own making", n)
		}
	})
}

// Ten answers a second leave a bulletin twenty of the thirty.
func TestBulletinsMakeWayForAnswers(t *testing.T) {
	inBubble(t, Telegram, sandbox.Options{Budgets: true}, func(w *world) {
		for range 200 {
			w.reader()
		}
		var waits []time.Duration
		ctx, cancel := context.WithCancel(w.t.Context())
		answered := make(chan bool)
		go func() {
			defer close(answered)
			for ctx.Err() == nil {
				chat := w.Person("Asker", "en").Start("")
				start := time.Now()
				if _, err := w.client.Send(ctx, telegram.Target{Chat: chat.ID}, telegram.Screen{Text: "an answer"}); err == nil {
					waits = append(waits, time.Since(start))
				}
				time.Sleep(100 * time.Millisecond)
			}
		}()
		w.deliver(w.now())
		cancel()
		<-answered
		if longest := slices.Max(waits); len(waits) < 80 || longest > 0 {
			w.t.Errorf("of %d answers one waited %s", len(waits), longest)
		}
		if n := w.codes[429]; n > 0 {
			w.t.Errorf("%d times 429 of its own making", n)
		}
	})
}

func TestAFloodedChatWaitsAlone(t *testing.T) {
	inBubble(t, Telegram, sandbox.Options{}, func(w *world) {
		_, flooded := w.reader()
		_, other := w.reader()
		w.Inject(sandbox.Fault{Kind: sandbox.Flood, Chat: flooded.ID, RetryAfter: 30, Times: 1})
		start := time.Now()
		b := w.now()
		w.deliver(b)
		if took := other.Messages()[1].Date.Sub(start); took > time.Second {
			w.t.Errorf("the other chat waited %s", took)
		}
		if took := flooded.Messages()[1].Date.Sub(start); took < 30*time.Second || took > 33*time.Second {
			w.t.Errorf("the flooded chat waited %s, want 30 s", took)
		}
	})
}

func TestTwoFloodedChatsStopEverything(t *testing.T) {
	inBubble(t, Telegram, sandbox.Options{}, func(w *world) {
		_, first := w.reader()
		_, second := w.reader()
		var others []*sandbox.Chat
		for range 50 {
			_, other := w.reader()
			others = append(others, other)
		}
		for _, chat := range []*sandbox.Chat{first, second} {
			w.Inject(sandbox.Fault{Kind: sandbox.Flood, Chat: chat.ID, RetryAfter: 30, Times: 1})
		}
		start := time.Now()
		w.deliver(w.now())
		waited := 0
		for _, other := range others {
			if other.Messages()[1].Date.Sub(start) >= 30*time.Second {
				waited++
			}
		}
		if waited < 45 {
			w.t.Errorf("%d of 50 chats waited for the flood to pass", waited)
		}
	})
}

func TestTheLimiterForgetsChats(t *testing.T) {
	inBubble(t, Telegram, sandbox.Options{}, func(w *world) {
		for chat := range int64(1000) {
			w.limiter.chat(chat)
			w.limiter.Observe(telegram.Request{Method: "sendMessage", Chat: -chat, Code: 200})
		}
		time.Sleep(3 * time.Minute)
		w.limiter.chat(1)
		if n := len(w.limiter.chats); n != 1 {
			w.t.Errorf("%d chats are remembered, want 1", n)
		}
	})
}

// The answers to everyone who ever wrote are not remembered for ever, though no bulletin is sent.
func TestQuietChatsAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := NewLimiter(Telegram)
		for chat := range int64(1000) {
			l.Observe(telegram.Request{Method: "sendMessage", Chat: chat, Code: 200})
		}
		time.Sleep(3 * sweepEvery)
		l.Observe(telegram.Request{Method: "sendMessage", Chat: 1, Code: 200})
		if n := len(l.chats); n != 1 {
			t.Errorf("%d chats are remembered", n)
		}
	})
}
