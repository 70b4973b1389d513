package main

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
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

// Two replicas are restarted again and again while people write, and Telegram sends some of it twice: each question is answered, and once.
func TestRollingRestartLosesAndRepeatsNothing(t *testing.T) {
	telegram := sandbox.New(sandbox.Options{})
	database := "sqlite:" + filepath.Join(t.TempDir(), "bot.db")
	through := &balancer{replicas: []string{freeAddress(t), freeAddress(t)}}
	start := func(listen string) (end func()) {
		stop, ended := served(t, telegram, slog.New(slog.DiscardHandler), byWebhook(listen, database))
		awaitReady(t, listen)
		return func() {
			stop()
			if err := ended(); err != nil {
				t.Error(err)
			}
		}
	}
	ends := []func(){start(through.replicas[0]), start(through.replicas[1])}

	var over atomic.Bool
	go func() {
		defer over.Store(true)
		for i := range 6 {
			ends[i%2]()
			ends[i%2] = start(through.replicas[i%2])
		}
	}()
	var chats []*sandbox.Chat
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
	for _, end := range ends {
		end()
	}
	for _, chat := range chats {
		if n := len(chat.FromBot()); n != 1 {
			t.Errorf("%d replies to a question", n)
		}
	}
	t.Logf("%d questions during the restarts", len(chats))
}
