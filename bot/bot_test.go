package bot

import (
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"releasebot/answers"
	"releasebot/bot/sandbox"
	"releasebot/bot/store"
	"releasebot/bot/telegram"
	"releasebot/content"
)

// shipped is the library of the embedded content, whose index takes a moment to learn.
var shipped = sync.OnceValue(func() *answers.Library {
	library := must(answers.Load(content.Files, time.Now()))
	library.Wait()
	return library
})

// world is a Telegram with a running bot.
type world struct {
	*sandbox.Server
	t     testing.TB
	bot   *Bot
	store *store.Store
	clock *sandbox.Clock

	client *telegram.Client
	known  tended
}

func newWorld(t testing.TB, o sandbox.Options) *world {
	t.Helper()
	w := &world{t: t, clock: new(sandbox.Clock)}
	o.Username, o.Now = "press_bot", w.clock.Now
	w.Server = sandbox.New(o)
	w.store = must(store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "bot.db")))
	t.Cleanup(func() { w.store.Close() })

	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	client := telegram.New(telegram.Options{Token: w.Token(), URL: "http://sandbox", HTTP: w.Transport(), Log: log})
	w.client, w.known = client, tended{shown: map[store.Card]telegram.Screen{}, silent: map[store.Card]bool{}}
	w.bot = New(Options{Client: client, Store: w.store, Log: log, Now: w.clock.Now, Zone: must(time.LoadLocation("Asia/Almaty"))}, shipped())
	if err := w.bot.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.run(client)
	return w
}

// run polls until the test ends, and then fails it on anything that Telegram would not have taken.
func (w *world) run(client *telegram.Client) {
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- client.Poll(ctx, telegram.PollOptions{}, w.bot.Handle) }()
	w.t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil && ctx.Err() == nil {
			w.t.Errorf("polling ended: %v", err)
		}
		for _, violation := range w.Violations() {
			w.t.Errorf("Telegram would refuse: %v", violation)
		}
	})
}

// next is the bot's next message in a chat.
func (w *world) next(c *sandbox.Chat) sandbox.Message {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 10*time.Second)
	defer cancel()
	m, err := c.Next(ctx)
	if err != nil {
		w.t.Fatalf("the bot says nothing: %v", err)
	}
	return m
}

func contains(t testing.TB, m sandbox.Message, want ...string) {
	t.Helper()
	for _, text := range want {
		if !strings.Contains(m.Text, text) {
			t.Errorf("the message lacks %q:\n%s", text, m.Text)
		}
	}
}
