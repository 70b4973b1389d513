//go:build unix

package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"releasebot/bot/sandbox"
)

// balancer passes each request on to one of the replicas in turn, or to the other one if that does not listen.
type balancer struct {
	replicas []string
	turn     atomic.Int64
}

func (b *balancer) RoundTrip(r *http.Request) (response *http.Response, err error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	first := int(b.turn.Add(1))
	for i := range b.replicas {
		to := r.Clone(r.Context())
		to.URL.Scheme, to.URL.Host, to.Body = "http", b.replicas[(first+i)%len(b.replicas)], io.NopCloser(bytes.NewReader(body))
		if response, err = http.DefaultTransport.RoundTrip(to); err == nil {
			return response, nil
		}
	}
	return nil, err
}

// Two replicas, each the whole program, are restarted again and again while people write, and Telegram sends some of it twice: each question is
// answered, and once.
func TestRollingRestartLosesAndRepeatsNothing(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { testRollingRestart(t, "sqlite:"+filepath.Join(t.TempDir(), "bot.db")) })
	t.Run("postgres", func(t *testing.T) { testRollingRestart(t, postgres(t)) })
}

func testRollingRestart(t *testing.T, database string) {
	telegram := sandbox.New(sandbox.Options{})
	server := httptest.NewServer(telegram)
	t.Cleanup(server.Close)
	through := &balancer{replicas: []string{freeAddress(t), freeAddress(t)}}
	var replicas []*process
	for _, listen := range through.replicas {
		replicas = append(replicas, startProcess(t, telegram, server, database,
			officeContent(t), "LISTEN_ADDR="+listen, "WEBHOOK_URL="+hookURL, "WEBHOOK_SECRET=secret_1"))
		awaitReady(t, listen)
	}

	var chats []*sandbox.Chat
	var over atomic.Bool
	var asking sync.WaitGroup
	asking.Go(func() {
		for round := 0; !over.Load(); round++ {
			for range 5 {
				person := telegram.Person("Aliya", "en")
				chats = append(chats, telegram.Private(person))
				person.Say(chats[len(chats)-1], "When does the bridge open?")
			}
			var senders sync.WaitGroup
			for range 1 + round%2 {
				senders.Go(func() { delivered(t, telegram, through) })
			}
			senders.Wait()
		}
	})
	for i := range 6 {
		replicas[i%2].stop()
		replicas[i%2].start()
		awaitReady(t, through.replicas[i%2])
	}
	over.Store(true)
	asking.Wait()
	for _, p := range replicas {
		p.stop()
	}
	for _, chat := range chats {
		if n := len(chat.FromBot()); n != 1 {
			t.Errorf("%d replies to a question", n)
		}
	}
	t.Logf("%d questions during the restarts", len(chats))
}
