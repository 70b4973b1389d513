package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"releasebot/answers"
	"releasebot/bot/sandbox"
	"releasebot/content"
)

// soakTime is for how long the program is soaked; RELEASEBOT_SOAK says another.
const soakTime = 5 * time.Second

const (
	soakChats  = 2000                   // so many that nobody asks more often than one person is answered
	soakTick   = 100 * time.Millisecond // in which soakAsked of them write, 500 a second
	soakAsked  = 50
	soakFaults = 2500 // answers between two faults, five seconds; one in nine hangs, and all chats soon wait for that one
	soakLooks  = 30   // at the size of the program
	soakMost   = 5000 // updates that wait, before people stop writing: a slow machine is not to be buried
)

// The program answers 500 updates a second while Telegram fails in its many ways: it answers every question, those of a chat in their order, and grows
// neither in memory nor in goroutines.
func TestSoak(t *testing.T) {
	if testing.Short() {
		t.Skip("keeps the machine busy for some seconds")
	}
	length := soakTime
	if value := os.Getenv("RELEASEBOT_SOAK"); value != "" {
		var err error
		if length, err = time.ParseDuration(value); err != nil {
			t.Fatalf("RELEASEBOT_SOAK: %v; want a time such as 30m", err)
		}
	}
	library, err := answers.Load(content.Files, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	telegram := sandbox.New(sandbox.Options{Keep: 1000})
	server := httptest.NewServer(telegram)
	t.Cleanup(server.Close)
	listen := freeAddress(t)
	p := startProcess(t, telegram, server, "sqlite:"+filepath.Join(t.TempDir(), "bot.db"), "LISTEN_ADDR="+listen, "LOG_LEVEL=error")
	awaitReady(t, listen)

	talk := follow(t, telegram)
	sizes := soak(t, telegram, library, length, talk, func() size { return p.size(listen) })
	for end := time.Now().Add(2 * time.Minute); telegram.Pending() > 0 && time.Now().Before(end); {
		time.Sleep(100 * time.Millisecond)
	}
	answered, repeated := talk.end()
	t.Logf("%d questions answered in %s, %d of them twice\n%s", answered, length, repeated, sizes)
	for _, v := range telegram.Violations() {
		t.Error(v)
	}
	if length >= time.Minute { // before, it is still filling its caches
		sizes.flat(t)
	}
}

// soak has people ask, Telegram fail and look look, for a time.
func soak(t *testing.T, telegram *sandbox.Server, library *answers.Library, length time.Duration, talk *talk, look func() size) (sizes sizes) {
	var readers []*sandbox.Person
	for range soakChats {
		readers = append(readers, telegram.Person("Reader", "en"))
	}
	pairs := library.Releases[0].Pairs
	faults := []sandbox.Fault{
		{Kind: sandbox.Flood, RetryAfter: 1, Method: "sendMessage", Times: 1},
		{Kind: sandbox.ServerError, Times: 2},
		{Kind: sandbox.Cut, Method: "sendMessage", Times: 3},
		{Kind: sandbox.Garbage, Method: "getUpdates", Times: 1},
		{Kind: sandbox.CutAfter, Method: "sendMessage", Times: 1},
		{Kind: sandbox.Cut, Method: "getUpdates", Times: 1},
		{Kind: sandbox.Slow, Delay: 3 * time.Second, Method: "sendMessage", Times: 1},
		{Kind: sandbox.Garbage, Method: "sendMessage", Times: 2},
		{Kind: sandbox.Hang, Method: "sendMessage", Times: 1},
	}
	start, asked, struck := time.Now(), 0, 0
	for tick := 0; time.Since(start) < length; tick++ {
		for range soakAsked {
			if telegram.Pending() > soakMost {
				break
			}
			i := asked % soakChats
			readers[i].Say(telegram.Private(readers[i]), pairs[(asked/soakChats+i)%len(pairs)].Question["en"])
			asked++
		}
		if talk.answered.Load() >= int64(struck)*soakFaults {
			telegram.PushMalformed()
			telegram.Inject(faults[struck%len(faults)])
			struck++
		}
		if time.Since(start) > length*time.Duration(len(sizes))/soakLooks {
			sizes = append(sizes, look())
		}
		time.Sleep(time.Until(start.Add(time.Duration(tick+1) * soakTick)))
	}
	t.Logf("%d questions asked, %d faults", asked, struck)
	return sizes
}

// talk is what is asked and answered in all chats.
type talk struct {
	t        *testing.T
	open     map[int64][]string // by chat, what waits for an answer
	last     map[int64]string   // by chat, what was answered last
	answered atomic.Int64
	repeated int
	ended    chan struct{}
	stop     context.CancelFunc
}

// follow listens to all chats of a Telegram until end.
func follow(t *testing.T, telegram *sandbox.Server) *talk {
	ctx, stop := context.WithCancel(t.Context())
	k := &talk{t: t, open: map[int64][]string{}, last: map[int64]string{}, ended: make(chan struct{}), stop: stop}
	go func() {
		defer close(k.ended)
		for seq := int64(0); ; {
			events, err := telegram.Events(ctx, seq)
			if err != nil {
				return
			}
			if events[0].Seq != seq+1 {
				t.Errorf("events %d to %d were missed: the test is too slow for its own sandbox", seq+1, events[0].Seq-1)
			}
			for _, e := range events {
				seq = e.Seq
				k.hear(e, telegram.BotID())
			}
		}
	}()
	return k
}

func (k *talk) hear(e sandbox.Event, bot int64) {
	if e.Kind != sandbox.Posted {
		return
	}
	open := k.open[e.Chat]
	switch {
	case e.Message.Author != bot:
		k.open[e.Chat] = append(open, e.Message.Text)
	case len(open) > 0 && strings.HasPrefix(e.Message.Text, open[0]):
		k.open[e.Chat], k.last[e.Chat] = open[1:], open[0]
		k.answered.Add(1)
	case k.last[e.Chat] != "" && strings.HasPrefix(e.Message.Text, k.last[e.Chat]):
		k.repeated++ // the connection was cut after Telegram had accepted it
	default:
		k.t.Errorf("chat %d waits for answers to %q and gets %q", e.Chat, open, e.Message.Text)
	}
}

// end stops listening, once everything has been confirmed to Telegram.
func (k *talk) end() (answered int64, repeated int) {
	time.Sleep(time.Second) // the listener may be behind Telegram
	k.stop()
	<-k.ended
	for chat, open := range k.open {
		if len(open) > 0 {
			k.t.Errorf("chat %d: %d questions are not answered, from %q on", chat, len(open), open[0])
		}
	}
	return k.answered.Load(), k.repeated
}

// size is what a program takes up.
type size struct{ megabytes, goroutines float64 }

type sizes []size

func (p *process) size(listen string) (s size) {
	p.t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil && !errors.Is(err, os.ErrNotExist) { // Linux alone tells of memory
		p.t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		fmt.Sscanf(line, "VmRSS: %f kB", &s.megabytes)
	}
	s.megabytes /= 1000
	code, page := fetchPage(listen, "/metrics")
	if code != http.StatusOK {
		p.t.Fatalf("the program does not show its metrics: %s\n%s", page, &p.out)
	}
	for line := range strings.Lines(page) {
		fmt.Sscanf(line, "go_goroutines %f", &s.goroutines)
	}
	return s
}

func (s sizes) String() string {
	var b strings.Builder
	for _, one := range s {
		fmt.Fprintf(&b, "%5.1f MB %5.0f goroutines\n", one.megabytes, one.goroutines)
	}
	return b.String()
}

// flat fails if the program is larger in the last quarter than in the second, when everything was warm.
func (s sizes) flat(t *testing.T) {
	quarter := len(s) / 4
	before, after := s[quarter:2*quarter].mean(), s[len(s)-quarter:].mean()
	if after.megabytes > 1.25*before.megabytes+5 {
		t.Errorf("memory grows, from %.1f MB to %.1f MB", before.megabytes, after.megabytes)
	}
	if after.goroutines > 1.25*before.goroutines+50 {
		t.Errorf("goroutines grow, from %.0f to %.0f", before.goroutines, after.goroutines)
	}
}

func (s sizes) mean() (mean size) {
	for _, one := range s {
		mean.megabytes += one.megabytes / float64(len(s))
		mean.goroutines += one.goroutines / float64(len(s))
	}
	return mean
}
