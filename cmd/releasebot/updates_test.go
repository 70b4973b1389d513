package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"releasebot/bot/sandbox"
	"releasebot/bot/store"
	"releasebot/bot/telegram"
)

const hookURL = "https://bot.example.org/telegram/updates"

// freeAddress is an address that nobody listens at.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// byWebhook are the settings of a bot behind a proxy.
func byWebhook(listen, database string) func(*settings) {
	return func(s *settings) {
		s.webhookURL, s.webhookSecret, s.listen, s.database = hookURL, "secret_1", listen, database
	}
}

// proxy passes every request on to all replicas, at the same time, and back what the first says.
type proxy []string

func (p proxy) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	responses, errs := make([]*http.Response, len(p)), make([]error, len(p))
	var replicas sync.WaitGroup
	for i, address := range p {
		replicas.Go(func() {
			to := r.Clone(r.Context())
			to.URL.Scheme, to.URL.Host, to.Body = "http", address, io.NopCloser(strings.NewReader(string(body)))
			responses[i], errs[i] = http.DefaultTransport.RoundTrip(to)
		})
	}
	replicas.Wait()
	return responses[0], errs[0]
}

// delivered sends everything that waits at Telegram through a proxy.
func delivered(t *testing.T, telegram *sandbox.Server, through http.RoundTripper) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var err error
	for telegram.Pending() > 0 && ctx.Err() == nil {
		if err = telegram.Deliver(ctx, through); err != nil {
			time.Sleep(50 * time.Millisecond)
		}
	}
	if n := telegram.Pending(); n > 0 {
		t.Errorf("%d updates are not taken: %v", n, err)
	}
}

func TestSwitchingBetweenFetchingAndAWebhookLosesNothing(t *testing.T) {
	telegram := sandbox.New(sandbox.Options{})
	aliya := telegram.Person("Aliya", "en")
	chat := telegram.Private(aliya)
	listen, database := freeAddress(t), "sqlite:"+filepath.Join(t.TempDir(), "bot.db")
	polling := func(s *settings) { s.database = database }

	for round, change := range []func(*settings){polling, byWebhook(listen, database), polling, byWebhook(listen, database)} {
		aliya.Say(chat, "When does the bridge open?")
		stop, ended := served(t, telegram, slog.New(slog.DiscardHandler), change)
		if round%2 == 1 {
			delivered(t, telegram, proxy{listen})
		}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		if _, err := chat.Next(ctx); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		cancel()
		stop()
		if err := ended(); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
	}
	if n := len(chat.FromBot()); n != 4 {
		t.Errorf("%d replies to 4 questions", n)
	}
	if violations := telegram.Violations(); len(violations) > 0 {
		t.Error(violations)
	}
}

func TestTwoReplicasAnswerAnUpdateOnce(t *testing.T) {
	telegram := sandbox.New(sandbox.Options{})
	aliya := telegram.Person("Aliya", "en")
	chat := telegram.Private(aliya)
	database := "sqlite:" + filepath.Join(t.TempDir(), "bot.db")
	replicas := proxy{freeAddress(t), freeAddress(t)}
	for _, listen := range replicas {
		stop, ended := served(t, telegram, slog.New(slog.DiscardHandler), byWebhook(listen, database))
		defer func() {
			stop()
			if err := ended(); err != nil {
				t.Error(err)
			}
		}()
		awaitReady(t, listen)
	}
	const questions = 20
	for range questions {
		aliya.Say(chat, "When does the bridge open?")
	}
	delivered(t, telegram, replicas)
	if n := len(chat.FromBot()); n != questions {
		t.Errorf("%d replies to %d questions", n, questions)
	}
}

// What a replica has handled while it led the next one does not handle again, though Telegram may not have heard of it; and what it had not begun by then
// it leaves alone.
func TestTheNextToLeadHandlesTheRest(t *testing.T) {
	v := &service{db: newDatabase(t), log: slog.New(slog.DiscardHandler)}
	var handled []string
	failing := true
	lead := func(name string) func(id int) error {
		t.Helper()
		seen, err := v.db.Lease(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		held, err := v.db.TakeLease(t.Context(), seen, name)
		if err != nil {
			t.Fatal(err)
		}
		handle := v.onceLeading(held, func(_ context.Context, u telegram.Update) error {
			if u.ID == 2 && failing {
				return errors.New("not now")
			}
			handled = append(handled, fmt.Sprint(name, " ", u.ID))
			return nil
		})
		return func(id int) error { return handle(t.Context(), telegram.Update{ID: id}) }
	}
	first := lead("first")
	if err := errors.Join(first(1), first(1)); err != nil {
		t.Error(err)
	}
	if first(2) == nil {
		t.Error("a failure is lost")
	}
	failing = false
	second := lead("second")
	if err := first(3); !errors.Is(err, store.ErrLost) {
		t.Errorf("the first goes on, with %v", err)
	}
	if err := errors.Join(second(1), second(2), second(3)); err != nil {
		t.Error(err)
	}
	if want := []string{"first 1", "second 2", "second 3"}; !slices.Equal(handled, want) {
		t.Errorf("handled %q, want %q", handled, want)
	}
}

func awaitReady(t *testing.T, listen string) {
	t.Helper()
	eventually(t, "the bot is ready", func() bool {
		status, _ := fetchPage(listen, "/readyz")
		return status == http.StatusOK
	})
}

func fetchPage(listen, path string) (status int, body string) {
	response, err := http.Get("http://" + listen + path)
	if err != nil {
		return 0, err.Error()
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(response.Body)
	return response.StatusCode, string(text)
}

func TestMetricsShowNothingThatPeopleWrite(t *testing.T) {
	telegram := sandbox.New(sandbox.Options{})
	aliya := telegram.Person("Aliya", "en")
	chat := telegram.Private(aliya)
	listen := freeAddress(t)
	stop, ended := served(t, telegram, slog.New(slog.DiscardHandler), func(s *settings) { s.listen = listen })
	aliya.Say(chat, "When does the bridge open?")
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if _, err := chat.Next(ctx); err != nil {
		t.Fatal(err)
	}
	awaitReady(t, listen)
	var page string
	for _, want := range []string{
		`releasebot_replies_total{kind="answer",lang="en"} 1`,
		`releasebot_requests_total{code="200",method="sendMessage"} 1`,
		`releasebot_content_info{version="`,
		`releasebot_reply_confidence_count 1`,
		`releasebot_updates_malformed_total 0`,
		`go_goroutines`,
	} {
		// A reader sees an answer before the bot has Telegram's word that it was
		// taken, which is when it counts.
		eventually(t, "the page has "+want, func() bool {
			_, page = fetchPage(listen, "/metrics")
			return strings.Contains(page, want)
		})
	}
	for _, secret := range []string{telegram.Token(), "bridge", "Aliya"} {
		if strings.Contains(page, secret) {
			t.Errorf("the page shows %q", secret)
		}
	}
	stop()
	if err := ended(); err != nil {
		t.Error(err)
	}
}
