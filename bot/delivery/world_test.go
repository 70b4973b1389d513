package delivery

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"releasebot/bot/sandbox"
	"releasebot/bot/store"
	"releasebot/bot/telegram"
)

// world is a sandbox Telegram, a store and a sender between them.
type world struct {
	*sandbox.Server
	t       testing.TB
	store   *store.Store
	client  *telegram.Client
	limiter *Limiter
	options Options
	log     logged
	pairs   int           // so far; makes each bulletin another
	look    time.Duration // between looks whether a bulletin is done
	mu      sync.Mutex
	codes   map[int]int // of requests, by Telegram's code
	last    time.Time   // that a request ended
}

type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// inBubble runs a test with a clock of its own, on a SQLite file.
func inBubble(t *testing.T, pace Pace, o sandbox.Options, test func(w *world)) {
	t.Parallel()
	address := "sqlite:" + filepath.Join(t.TempDir(), "bot.db")
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, address, pace, o)
		w.look = time.Second
		test(w)
	})
}

// onEach runs a test on each database, without limits.
func onEach(t *testing.T, test func(w *world)) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		test(newWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "bot.db"), Pace{}, sandbox.Options{}))
	})
	t.Run("postgres", func(t *testing.T) {
		test(newWorld(t, postgres(t), Pace{}, sandbox.Options{}))
	})
}

// postgres is the address of a new schema where RELEASEBOT_TEST_POSTGRES has that of a server.
func postgres(t testing.TB) string {
	t.Helper()
	address := os.Getenv("RELEASEBOT_TEST_POSTGRES")
	if address == "" {
		t.Skip("RELEASEBOT_TEST_POSTGRES is not set, so nothing is tested on PostgreSQL")
	}
	server, err := sql.Open("pgx", address)
	do(t, err)
	name := "delivery_" + strings.ToLower(strings.ReplaceAll(t.Name(), "/", "_"))
	_, err = server.Exec("drop schema if exists " + name + " cascade; create schema " + name)
	do(t, err)
	t.Cleanup(func() {
		server.Exec("drop schema " + name + " cascade")
		server.Close()
	})
	separator := "?"
	if strings.Contains(address, "?") {
		separator = "&"
	}
	return address + separator + "search_path=" + name
}

func newWorld(t testing.TB, address string, pace Pace, o sandbox.Options) *world {
	t.Helper()
	w := &world{Server: sandbox.New(o), t: t, limiter: NewLimiter(pace), look: 5 * time.Millisecond, codes: map[int]int{}}
	var err error
	w.store, err = store.Open(t.Context(), address)
	do(t, err)
	t.Cleanup(func() { w.store.Close() })
	w.client = telegram.New(telegram.Options{
		Token: w.Token(), URL: "http://telegram", HTTP: w.Transport(), Observe: w.observe, Log: slog.New(slog.DiscardHandler),
	})
	w.options = Options{
		Client: w.client, Store: w.store, Limiter: w.limiter, Message: message, Copy: correctedCopy,
		Log: slog.New(slog.NewTextHandler(&w.log, nil)),
	}
	return w
}

func (w *world) observe(r telegram.Request) {
	w.limiter.Observe(r)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.codes[r.Code]++
	w.last = time.Now()
}

// message names the bulletins that it brings, and shows the answer of the first.
func message(sub store.Subscription, bulletins []store.Bulletin) Message {
	var text []string
	for _, b := range bulletins {
		text = append(text, fmt.Sprintf("[%s %d]", b.Kind, b.ID))
	}
	return Message{Screen: telegram.Screen{Text: strings.Join(text, " ")}}
}

// correctedCopy names what a message shows, with the revisions that the bulletin brings.
func correctedCopy(b store.Bulletin, parts []store.Sent, _ store.Subscription, _ bool) Message {
	m := Message{Screen: telegram.Screen{Text: "corrected"}}
	for _, part := range parts {
		for _, i := range b.Items {
			if i.Pair == part.Pair {
				part.Revision = i.Revision
			}
		}
		m.Text += fmt.Sprintf(" %s%s", part.Pair, part.Revision)
		m.Shows = append(m.Shows, Shown{part.Pair, part.Revision})
	}
	return m
}

// run runs a sender in the background until done says so, and waits for its end.
func (w *world) run(done func() bool) {
	w.t.Helper()
	ctx, cancel := context.WithCancel(w.t.Context())
	ended := make(chan struct{})
	go func() {
		New(w.options).Run(ctx)
		close(ended)
	}()
	for start := time.Now(); !done(); time.Sleep(w.look) {
		if time.Since(start) > 30000*w.look {
			w.t.Fatalf("it does not come to its end; the log:\n%s", w.log.String())
		}
	}
	cancel()
	<-ended
}

// deliver runs a sender until all of the bulletins are done.
func (w *world) deliver(bulletins ...store.Bulletin) {
	w.t.Helper()
	w.run(func() bool {
		for _, b := range bulletins {
			if w.bulletin(b.ID).State != store.Done {
				return false
			}
		}
		return true
	})
	for _, v := range w.Violations() {
		w.t.Error(v)
	}
}

// deliverInRuns runs one sender after another until the bulletin is done, each for longer than the one before: on a slow machine the first may
// end before they have done anything.
func (w *world) deliverInRuns(b store.Bulletin) {
	w.t.Helper()
	for length := 20 * time.Millisecond; w.bulletin(b.ID).State != store.Done; length += length / 4 {
		ctx, cancel := context.WithTimeout(w.t.Context(), length)
		New(w.options).Run(ctx)
		cancel()
	}
}

func (w *world) bulletin(id int64) store.Bulletin {
	w.t.Helper()
	b, ok, err := w.store.Bulletin(w.t.Context(), id)
	if err != nil || !ok {
		w.t.Fatal("no bulletin ", id, err)
	}
	return b
}

// reader is somebody who has subscribed to everything in a private chat.
func (w *world) reader() (*sandbox.Person, *sandbox.Chat) {
	w.t.Helper()
	p := w.Person("Reader", "en")
	c := p.Start("")
	w.subscribe(store.Subscription{Chat: c.ID})
	return p, c
}

func (w *world) subscribe(sub store.Subscription) {
	w.t.Helper()
	sub.Releases, sub.Answers, sub.Corrections = true, true, true
	do(w.t, w.store.Subscribe(w.t.Context(), sub, time.Now()))
}

// schedule makes a bulletin of a new answer that starts at a time.
func (w *world) schedule(at time.Time) store.Bulletin {
	w.t.Helper()
	w.pairs++
	items := []store.Item{{Release: "r"}}
	for i := range w.pairs {
		items = append(items, store.Item{Release: "r", Pair: fmt.Sprint("p", i), Topic: "x", Revision: "1"})
	}
	return w.publish(at, items...)
}

// publish brings what is known in line with the items, by a bulletin for the last of the changes.
func (w *world) publish(at time.Time, items ...store.Item) store.Bulletin {
	w.t.Helper()
	changed, err := w.store.Propose(w.t.Context(), items, time.Now())
	do(w.t, err)
	b := changed[len(changed)-1]
	do(w.t, w.store.Schedule(w.t.Context(), b.ID, at))
	return b
}

func (w *world) now() store.Bulletin { return w.schedule(time.Now()) }

// texts are what the bot wrote in a chat.
func (w *world) texts(chat *sandbox.Chat) (texts []string) {
	for _, m := range chat.Messages() {
		if m.FromBot {
			texts = append(texts, m.Text)
		}
	}
	return texts
}

func (w *world) want(chat *sandbox.Chat, texts ...string) {
	w.t.Helper()
	if got := w.texts(chat); !slices.Equal(got, texts) {
		w.t.Errorf("chat %d has %q, want %q", chat.ID, got, texts)
	}
}

// told is the text of a message that brings bulletins.
func told(bulletins ...store.Bulletin) string {
	return message(store.Subscription{}, bulletins).Text
}

func do(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
