//go:build unix

package main

import (
	"context"
	"flag"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"releasebot/bot/sandbox"
	"releasebot/bot/store"
)

var failovers = flag.Int("failovers", 1, "how often the test of replicas kills the one that leads, and freezes it")

// slowly is Telegram with a network before it: the bot hears of a message some time after it has come.
type slowly struct {
	*sandbox.Server
	mu     sync.Mutex
	unsure map[int64]int // messages that have come and perhaps are not noted by the bot, by chat
}

const (
	latency = 300 * time.Millisecond
	// noting is how long the bot may take to note what it has heard of, on a machine that has much else to do.
	noting = time.Second
)

func (s *slowly) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !strings.HasSuffix(r.URL.Path, "/sendMessage") {
		s.Server.ServeHTTP(w, r)
		return
	}
	chat, _ := strconv.ParseInt(r.PostFormValue("chat_id"), 10, 64)
	s.count(chat, 1)
	defer func() { time.AfterFunc(noting, func() { s.count(chat, -1) }) }()
	answer := httptest.NewRecorder()
	s.Server.ServeHTTP(answer, r)
	time.Sleep(latency)
	maps.Copy(w.Header(), answer.Header())
	w.WriteHeader(answer.Code)
	w.Write(answer.Body.Bytes())
}

func (s *slowly) count(chat int64, more int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.unsure[chat] += more; s.unsure[chat] == 0 {
		delete(s.unsure, chat)
	}
}

// inFlight are the chats of which the bot may not have noted everything.
func (s *slowly) inFlight() map[int64]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.unsure)
}

// replica is one of several processes on a database.
type replica struct {
	*process
	listen string
}

func (r replica) leads() bool {
	_, page := fetchPage(r.listen, "/metrics")
	return strings.Contains(page, "\nreleasebot_leading 1\n")
}

// leaderOf waits until one of the replicas leads.
func leaderOf(t *testing.T, replicas []replica) (leader replica) {
	t.Helper()
	eventually(t, "a replica leads", func() bool {
		i := slices.IndexFunc(replicas, replica.leads)
		if i >= 0 {
			leader = replicas[i]
		}
		return i >= 0
	})
	return leader
}

func without(replicas []replica, r replica) []replica {
	return slices.DeleteFunc(slices.Clone(replicas), func(other replica) bool { return other == r })
}

// Three replicas, each the whole program, share the work while people ask and a bulletin goes out. The one that leads is killed, frozen and ended.
// Another soon goes on, everybody gets everything, and repeated is at most what was in flight.
func TestReplicasFailOver(t *testing.T) {
	if testing.Short() {
		t.Skip("kills and freezes replicas for half a minute")
	}
	database := postgres(t)
	telegram := &slowly{Server: sandbox.New(sandbox.Options{}), unsure: map[int64]int{}}
	server := httptest.NewServer(telegram)
	t.Cleanup(server.Close)
	db, err := store.Open(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	// All that the release answers is news.
	if err := db.Settle(t.Context(), []store.Item{{Release: "2020-05-04-bridge"}}); err != nil {
		t.Fatal(err)
	}
	var replicas []replica
	for range 3 {
		listen := freeAddress(t)
		replicas = append(replicas, replica{startProcess(t, telegram.Server, server, database, officeContent(t), "LISTEN_ADDR="+listen), listen})
	}
	for _, r := range replicas {
		awaitReady(t, r.listen) // two of them stand by
	}

	bulletin := pendingBulletin(t, db)
	subscribers := subscribed(t, telegram.Server, db, 100*(*failovers))
	if err := db.Schedule(t.Context(), bulletin, time.Now()); err != nil {
		t.Fatal(err)
	}
	people := askAll(t, telegram.Server)

	inFlight := map[int64]int{}
	// passes has a signal take the lead from a replica that has its hands full, and waits until another has it.
	passes := func(signal syscall.Signal, from replica) replica {
		time.Sleep(noting)
		people.ask(100)
		time.Sleep(latency + latency/2)
		from.cmd.Process.Signal(signal)
		start := time.Now()
		for range 2 { // again, for what had not reached Telegram yet
			if signal != syscall.SIGTERM {
				maps.Copy(inFlight, telegram.inFlight())
				time.Sleep(latency)
			}
		}
		next := leaderOf(t, without(replicas, from))
		t.Logf("%s: another leads after %s", signal, time.Since(start).Round(10*time.Millisecond)) // TestASilentLeaseIsTakenOver says how long that may take
		time.Sleep(time.Second)
		return next
	}
	leads := leaderOf(t, replicas)
	for range *failovers {
		killed := leads
		leads = passes(syscall.SIGKILL, killed)
		killed.kill()
		killed.start()
		awaitReady(t, killed.listen)

		frozen := leads
		leads = passes(syscall.SIGSTOP, frozen)
		frozen.cmd.Process.Signal(syscall.SIGCONT)
		time.Sleep(2 * time.Second)
		if frozen.leads() || !leads.leads() {
			t.Errorf("once it goes on: the frozen one leads %t, the other %t", frozen.leads(), leads.leads())
		}
	}
	ended := leads
	passes(syscall.SIGTERM, ended)

	people.stop()
	awaitDone(t, db, bulletin)
	for _, r := range replicas {
		r.stop()
	}
	repeats, others := 0, 0
	count := func(chat *sandbox.Chat, want int) {
		switch more := len(chat.FromBot()) - want; {
		case more < 0:
			t.Error("something has not come")
		case inFlight[chat.ID] > 0:
			repeats += more
		default:
			others += more
		}
	}
	for _, chat := range people.chats {
		count(chat, 1)
	}
	for _, chat := range subscribers {
		count(chat, 2) // with the greeting
	}
	t.Logf("%d questions, the longest wait %s; %d subscribers; messages to %d chats in flight, %d of them repeated, and %d others",
		len(people.chats), people.waited.Round(10*time.Millisecond), len(subscribers), len(inFlight), repeats, others)
	// In flight is also what a replica was just about to send when it was frozen.
	if most := 16 * (*failovers); others > most {
		t.Errorf("%d messages came twice that were not in flight, want %d at most", others, most)
	}
	for _, r := range replicas {
		if strings.Contains(r.out.String(), "also fetched elsewhere") {
			t.Error("two replicas have fetched updates at once")
		}
	}
	for _, v := range telegram.Violations() {
		t.Error(v)
	}
}

func officeContent(t *testing.T) string {
	t.Helper()
	office, err := filepath.Abs("testdata/office")
	if err != nil {
		t.Fatal(err)
	}
	return "CONTENT_DIR=" + office
}

// pendingBulletin waits until a replica has found what is new in the content.
func pendingBulletin(t *testing.T, db *store.Store) (id int64) {
	t.Helper()
	eventually(t, "there is a bulletin", func() bool {
		pending, err := db.Bulletins(t.Context(), store.Pending)
		news := slices.IndexFunc(pending, func(b store.Bulletin) bool { return b.Kind == store.NewAnswers })
		if err == nil && news >= 0 {
			id = pending[news].ID
		}
		return id != 0
	})
	return id
}

func awaitDone(t *testing.T, db *store.Store, bulletin int64) {
	t.Helper()
	eventually(t, "the bulletin comes to its end", func() bool {
		b, _, err := db.Bulletin(t.Context(), bulletin)
		return err == nil && b.State == store.Done
	})
}

// subscribed are the chats of people whom the bot has greeted.
func subscribed(t *testing.T, telegram *sandbox.Server, db *store.Store, n int) []*sandbox.Chat {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	var chats []*sandbox.Chat
	for range n {
		chat := telegram.Person("Dana", "en").Start("")
		chats = append(chats, chat)
		if err := db.Subscribe(ctx, store.Subscription{Chat: chat.ID, Releases: true, Answers: true, Corrections: true}, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	for _, chat := range chats {
		if _, err := chat.Next(ctx); err != nil {
			t.Fatal(err)
		}
	}
	return chats
}

// people ask one question each.
type people struct {
	t        *testing.T
	telegram *sandbox.Server
	over     chan struct{}
	waiting  sync.WaitGroup

	mu     sync.Mutex
	chats  []*sandbox.Chat
	waited time.Duration // at most
}

// askAll has one after another ask, until stop.
func askAll(t *testing.T, telegram *sandbox.Server) *people {
	p := &people{t: t, telegram: telegram, over: make(chan struct{})}
	p.waiting.Go(func() {
		every := time.NewTicker(time.Second / 15)
		defer every.Stop()
		for {
			select {
			case <-p.over:
				return
			case <-every.C:
				p.ask(1)
			}
		}
	})
	return p
}

// ask has n people ask at the same time.
func (p *people) ask(n int) {
	for range n {
		person := p.telegram.Person("Aliya", "en")
		chat := p.telegram.Private(person)
		p.mu.Lock()
		p.chats = append(p.chats, chat)
		p.mu.Unlock()
		person.Say(chat, "When does the bridge open?")
		p.waiting.Go(func() { p.await(chat) })
	}
}

func (p *people) await(chat *sandbox.Chat) {
	start := time.Now()
	ctx, cancel := context.WithTimeout(p.t.Context(), time.Minute)
	defer cancel()
	if _, err := chat.Next(ctx); err != nil {
		p.t.Error("a question is never answered")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waited = max(p.waited, time.Since(start))
}

// stop waits until everybody has an answer.
func (p *people) stop() {
	close(p.over)
	p.waiting.Wait()
}
