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
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"releasebot/bot/sandbox"
	"releasebot/bot/store"
)

var failovers = flag.Int("failovers", 1, "how often the test of replicas kills the one that leads, and freezes it")

// failoverTime is what a fail-over may take, from the kill to the first answer.
const failoverTime = 5 * time.Second

// slowly is Telegram with a network before it: an answer takes its time, and what it is about has already happened. It counts the messages of
// which the bot does not know yet that they are there.
type slowly struct {
	*sandbox.Server
	unsure atomic.Int64
}

func (s *slowly) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !strings.HasSuffix(r.URL.Path, "/sendMessage") {
		s.Server.ServeHTTP(w, r)
		return
	}
	s.unsure.Add(1)
	defer s.unsure.Add(-1)
	answer := httptest.NewRecorder()
	s.Server.ServeHTTP(answer, r)
	time.Sleep(300 * time.Millisecond)
	maps.Copy(w.Header(), answer.Header())
	w.WriteHeader(answer.Code)
	w.Write(answer.Body.Bytes())
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
func leaderOf(t *testing.T, replicas []replica) replica {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if i := slices.IndexFunc(replicas, replica.leads); i >= 0 {
			return replicas[i]
		}
	}
	t.Fatal("no replica leads")
	return replica{}
}

func without(replicas []replica, r replica) []replica {
	return slices.DeleteFunc(slices.Clone(replicas), func(other replica) bool { return other == r })
}

// Three replicas, each the whole program, share the work while people ask and a bulletin goes out. The one that leads is killed, frozen and ended.
// Nobody waits long, everybody gets everything, and repeated is at most what was in flight.
func TestReplicasFailOver(t *testing.T) {
	if testing.Short() {
		t.Skip("kills and freezes replicas for half a minute")
	}
	database := postgres(t)
	telegram := &slowly{Server: sandbox.New(sandbox.Options{})}
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
		p := newProcess(t, telegram.Server, server, database, officeContent(t), "LISTEN_ADDR="+listen)
		p.start()
		replicas = append(replicas, replica{p, listen})
	}
	for _, r := range replicas {
		awaitReady(t, r.listen) // two of them stand by
	}

	bulletin := pendingBulletin(t, db)
	subscribers := subscribed(t, telegram.Server, db, 150*(*failovers))
	if err := db.Schedule(t.Context(), bulletin, time.Now()); err != nil {
		t.Fatal(err)
	}
	people := ask(t, telegram.Server)
	time.Sleep(time.Second)

	var inFlight int64
	// passes takes the lead from a replica, and waits until another has it.
	passes := func(how string, from replica, take func()) replica {
		start := time.Now()
		take()
		next := leaderOf(t, without(replicas, from))
		t.Logf("%s: another leads after %s", how, time.Since(start).Round(10*time.Millisecond))
		time.Sleep(time.Second)
		return next
	}
	leads := leaderOf(t, replicas)
	for range *failovers {
		killed := leads
		leads = passes("killed", killed, func() { killed.kill(); inFlight += telegram.unsure.Load() })
		killed.start()
		awaitReady(t, killed.listen)

		frozen := leads
		leads = passes("frozen", frozen, func() { frozen.cmd.Process.Signal(syscall.SIGSTOP); inFlight += telegram.unsure.Load() })
		frozen.cmd.Process.Signal(syscall.SIGCONT)
		time.Sleep(2 * time.Second)
		if frozen.leads() || !leads.leads() {
			t.Errorf("once it goes on: the frozen one leads %t, the other %t", frozen.leads(), leads.leads())
		}
	}
	ended := leads
	passes("ended", ended, ended.stop)

	waited, repeats := people.stop()
	awaitDone(t, db, bulletin)
	for _, r := range without(replicas, ended) {
		r.stop()
	}
	for _, chat := range subscribers {
		got := len(chat.FromBot()) - 1 // beside the greeting
		if got < 1 {
			t.Errorf("a subscriber has %d messages of the bulletin", got)
		}
		repeats += got - 1
	}
	t.Logf("%d questions, the longest wait %s; %d subscribers; %d messages in flight, %d repeated",
		people.asked, waited.Round(10*time.Millisecond), len(subscribers), inFlight, repeats)
	if waited > failoverTime {
		t.Errorf("somebody has waited %s for an answer", waited)
	}
	// What Telegram had answered and the database did not know yet was in flight too.
	if most := int(inFlight) + 4*(*failovers); repeats > most {
		t.Errorf("%d messages came twice, want %d at most", repeats, most)
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
func pendingBulletin(t *testing.T, db *store.Store) int64 {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if pending, err := db.Bulletins(t.Context(), store.Pending); err == nil && len(pending) == 1 {
			return pending[0].ID
		}
	}
	t.Fatal("there is no bulletin")
	return 0
}

func awaitDone(t *testing.T, db *store.Store, bulletin int64) {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if b, _, err := db.Bulletin(t.Context(), bulletin); err == nil && b.State == store.Done {
			return
		}
	}
	t.Error("the bulletin does not come to its end")
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

// people ask one question each, one after another.
type people struct {
	t       *testing.T
	over    chan struct{}
	waiting sync.WaitGroup
	chats   []*sandbox.Chat
	asked   int

	mu     sync.Mutex
	waited time.Duration // at most
}

func ask(t *testing.T, telegram *sandbox.Server) *people {
	p := &people{t: t, over: make(chan struct{})}
	p.waiting.Go(func() {
		every := time.NewTicker(time.Second / 15)
		defer every.Stop()
		for {
			select {
			case <-p.over:
				return
			case <-every.C:
			}
			person := telegram.Person("Aliya", "en")
			chat := telegram.Private(person)
			p.chats = append(p.chats, chat)
			person.Say(chat, "When does the bridge open?")
			p.waiting.Go(func() { p.await(chat) })
		}
	})
	return p
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

// stop waits until everybody has an answer. It tells how long the longest wait was, and how many got one more than once.
func (p *people) stop() (waited time.Duration, repeats int) {
	close(p.over)
	p.waiting.Wait()
	p.asked = len(p.chats)
	for _, chat := range p.chats {
		repeats += len(chat.FromBot()) - 1
	}
	return p.waited, repeats
}
