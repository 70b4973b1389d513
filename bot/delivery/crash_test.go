//go:build unix

package delivery

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"releasebot/bot/sandbox"
	"releasebot/bot/store"
	"releasebot/bot/telegram"
)

// The tests of this file run a sender in a process of its own: this test binary, started again with childVariable set.
const childVariable = "RELEASEBOT_TEST_CHILD"

// child is what that process is to do.
type child struct {
	Database, URL, Token string
	Workers              int
	Bulletin             int64
	FullAt               int64 // files cannot grow beyond this, for some seconds
}

func TestMain(m *testing.M) {
	if task := os.Getenv(childVariable); task != "" {
		var c child
		if err := json.Unmarshal([]byte(task), &c); err != nil {
			panic(err)
		}
		c.run()
		return
	}
	os.Exit(m.Run())
}

// run sends until the bulletin is done.
func (c child) run() {
	s, err := store.Open(context.Background(), c.Database)
	if err != nil {
		panic(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	limiter := NewLimiter(Pace{Overall: 4 * time.Millisecond})
	quiet := slog.New(slog.DiscardHandler)
	sender := New(Options{
		Client: telegram.New(telegram.Options{
			Token: c.Token, URL: c.URL, Log: quiet, Observe: limiter.Observe,
			HTTP: &http.Transport{MaxIdleConnsPerHost: c.Workers, ResponseHeaderTimeout: 300 * time.Millisecond},
		}),
		Store: s, Limiter: limiter, Message: message, Copy: correctedCopy, Workers: c.Workers, Retry: time.Second, Doubt: time.Second,
	})
	if c.FullAt > 0 {
		fillDisk(c.FullAt, 3*time.Second)
	}
	go func() {
		for {
			if b, _, err := s.Bulletin(ctx, c.Bulletin); err == nil && b.State == store.Done {
				cancel()
			}
			time.Sleep(20 * time.Millisecond)
		}
	}()
	sender.Run(ctx)
}

func (c child) start(t *testing.T, log io.Writer) *exec.Cmd {
	t.Helper()
	task, err := json.Marshal(c)
	do(t, err)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childVariable+"="+string(task))
	cmd.Stdout, cmd.Stderr = log, log
	do(t, cmd.Start())
	return cmd
}

// network is a sandbox behind a bad network, in front of a Telegram with bad days.
type network struct {
	*sandbox.Server
	bad    bool
	unsure atomic.Int64 // messages that were accepted, and the sender could not know
	mu     sync.Mutex
	random *rand.Rand
}

func (n *network) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	sends := strings.HasSuffix(r.URL.Path, "/sendMessage")
	switch dice := n.roll(); {
	case dice < 3:
		refuse(w, 429, `"description":"Too Many Requests: retry after 1","parameters":{"retry_after":1}`)
	case dice < 6 && sends:
		refuse(w, 403, `"description":"Forbidden: bot can't send messages to the user"`)
	case dice < 9:
		refuse(w, 500, `"description":"Internal Server Error"`)
	case dice < 12:
		panic(http.ErrAbortHandler)
	case dice < 15: // the answer is cut off, or never comes
		unseen := httptest.NewRecorder()
		n.Server.ServeHTTP(unseen, r)
		if unseen.Code == http.StatusOK && sends {
			n.unsure.Add(1)
		}
		if dice < 14 {
			panic(http.ErrAbortHandler)
		}
		<-r.Context().Done()
	default:
		n.Server.ServeHTTP(w, r)
	}
}

func (n *network) roll() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.bad {
		return 100
	}
	return n.random.IntN(100)
}

func refuse(w http.ResponseWriter, code int, rest string) {
	w.WriteHeader(code)
	fmt.Fprintf(w, `{"ok":false,"error_code":%d,%s}`, code, rest)
}

// kills is how often a sender is killed: RELEASEBOT_TEST_KILLS, or a few times. There are twenty subscribers for each time.
func kills(t *testing.T) int {
	n, err := strconv.Atoi(os.Getenv("RELEASEBOT_TEST_KILLS"))
	if err != nil && os.Getenv("RELEASEBOT_TEST_KILLS") != "" {
		t.Fatal(err)
	}
	return max(n, 5)
}

// Whatever Telegram and the network do, and whenever the sender is killed: nobody is left out, and at most what was under
// way is repeated.
func TestKilledSendersLoseNothing(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		killSenders(t, "sqlite:"+filepath.Join(t.TempDir(), "bot.db"))
	})
	t.Run("postgres", func(t *testing.T) {
		killSenders(t, postgres(t))
	})
}

func killSenders(t *testing.T, address string) {
	kills := kills(t)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	w := newWorld(t, address, Pace{}, sandbox.Options{})
	n := &network{Server: w.Server, bad: true, random: rand.New(rand.NewPCG(seed, 2))}
	server := httptest.NewServer(n)
	defer server.Close()

	chats, blocked := w.audience(20 * kills)
	copies := map[*sandbox.Chat]int{} // of what is corrected; a group that migrates loses its messages
	for _, c := range chats {
		if c.ID > 0 {
			copies[c] = w.answer(c, 0, "1")
		}
	}
	b := w.correct()
	c := child{Database: address, URL: server.URL, Token: w.Token(), Workers: 4, Bulletin: b.ID}
	var log bytes.Buffer
	killed := 0
	for range kills {
		cmd := c.start(t, &log)
		time.Sleep(50*time.Millisecond + time.Duration(random.Int64N(int64(250*time.Millisecond))))
		if w.bulletin(b.ID).State != store.Done {
			killed++
		}
		cmd.Process.Kill()
		cmd.Wait()
	}
	last := c.start(t, &log)
	if err := last.Wait(); err != nil {
		t.Fatalf("%v:\n%s", err, log.String())
	}

	lost, repeated := 0, 0
	for _, c := range chats {
		sent := 0
		for _, text := range w.texts(c) {
			if text == told(b) {
				sent++
			}
		}
		if sent == 0 {
			lost++
		}
		repeated += max(0, sent-1)
	}
	wrong := 0
	for c, id := range copies {
		if m, _ := c.Message(id); m.Text != "corrected a2" {
			wrong++
		}
	}
	if wrong > 0 || len(copies) == 0 {
		t.Errorf("%d of %d copies show the old answer", wrong, len(copies))
	}
	unsure := int(n.unsure.Load())
	t.Logf("%d chats, %d kills during the bulletin: %d lost, %d sent again, of which %d for a lost answer; %d copies corrected",
		len(chats), killed, lost, repeated, unsure, len(copies)-wrong)
	if killed < kills/2 {
		t.Errorf("the bulletin was over after %d of %d kills", killed, kills)
	}
	if lost > 0 || repeated > unsure+killed*c.Workers {
		t.Errorf("%d lost, and %d sent again for %d lost answers and %d kills of %d requests each", lost, repeated, unsure, killed, c.Workers)
	}
	failures, err := w.store.Failures(t.Context(), b.ID)
	if err != nil || len(failures) != 1 || failures[0].Count != blocked {
		t.Errorf("failures: %v, %v, want the %d chats that blocked the bot", failures, err, blocked)
	}
}

// audience is people, a few of whom have blocked the bot and are not among the chats returned, and groups, half of which migrate.
func (w *world) audience(n int) (chats []*sandbox.Chat, blocked int) {
	owner := w.Person("Owner", "en")
	for i := range n {
		switch {
		case i%20 == 0:
			p, _ := w.reader()
			p.Block()
			blocked++
		case i%10 == 1:
			group := w.Group("Group", owner)
			owner.AddBot(group)
			w.subscribe(store.Subscription{Chat: group.ID})
			if i%20 == 1 {
				group = owner.Migrate(group)
			}
			chats = append(chats, group)
		default:
			_, chat := w.reader()
			chats = append(chats, chat)
		}
	}
	return chats, blocked
}

func TestALockedDatabaseIsWaitedFor(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes longer than SQLite waits for a lock, ten seconds")
	}
	t.Parallel()
	path := filepath.Join(t.TempDir(), "bot.db")
	w := newWorld(t, "sqlite:"+path, Pace{Overall: 5 * time.Millisecond}, sandbox.Options{})
	var chats []*sandbox.Chat
	for range 50 {
		_, chat := w.reader()
		chats = append(chats, chat)
	}
	release := make(chan error, 1)
	midway(w, func() {
		unlock := lock(t, path)
		go func() {
			for start := time.Now(); !strings.Contains(w.log.String(), "database is locked") && time.Since(start) < time.Minute; {
				time.Sleep(10 * time.Millisecond)
			}
			release <- unlock()
		}()
	})
	b := w.now()
	w.deliver(b)
	do(t, <-release)
	for _, chat := range chats {
		w.want(chat, told(b))
	}
	if !strings.Contains(w.log.String(), "database is locked") {
		t.Errorf("the log does not tell of the lock:\n%s", w.log.String())
	}
}

func TestAFullDiskIsWaitedFor(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "bot.db")
	w := newWorld(t, "sqlite:"+path, Pace{}, sandbox.Options{})
	server := httptest.NewServer(&network{Server: w.Server})
	defer server.Close()
	var chats []*sandbox.Chat
	for range 100 {
		_, chat := w.reader()
		chats = append(chats, chat)
	}
	b := w.now()
	do(t, w.store.Close()) // which empties the log that writes are limited in
	c := child{Database: "sqlite:" + path, URL: server.URL, Token: w.Token(), Workers: 4, Bulletin: b.ID, FullAt: 200_000}
	var log bytes.Buffer
	if err := c.start(t, &log).Wait(); err != nil {
		t.Fatalf("%v:\n%s", err, log.String())
	}
	for _, chat := range chats {
		w.want(chat, told(b))
	}
	if !strings.Contains(log.String(), "nothing more is sent until it can") {
		t.Errorf("the log does not tell of the full disk:\n%s", log.String())
	}
}

// lock keeps everyone else from writing to a SQLite file.
func lock(t *testing.T, path string) (unlock func() error) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_txlock=immediate&_pragma=busy_timeout(10000)")
	do(t, err)
	tx, err := db.Begin()
	do(t, err)
	return func() error {
		defer db.Close()
		return tx.Rollback()
	}
}

// fillDisk keeps this process from writing beyond size in any file, as on a full disk, for a time.
func fillDisk(size int64, d time.Duration) {
	signal.Ignore(syscall.SIGXFSZ)
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		panic(err)
	}
	full := old
	full.Cur = uint64(size)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &full); err != nil {
		panic(err)
	}
	time.AfterFunc(d, func() {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
			panic(err)
		}
	})
}
