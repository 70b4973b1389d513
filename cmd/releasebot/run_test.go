package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"releasebot/bot/sandbox"
)

// served starts the bot against a Telegram of its own. stop tells it to stop; ended waits until it has, and gives its error.
// Settings beside the least that it needs are made by change.
func served(t *testing.T, telegram *sandbox.Server, log *slog.Logger, change ...func(*settings)) (stop func(), ended func() error) {
	t.Helper()
	server := httptest.NewServer(telegram)
	t.Cleanup(server.Close)
	ctx, stop := context.WithCancel(t.Context())
	s := settings{
		token:    telegram.Token(),
		apiURL:   server.URL,
		database: "sqlite:" + filepath.Join(t.TempDir(), "bot.db"),
		content:  "testdata/office",
	}
	for _, f := range change {
		f(&s)
	}
	done := make(chan error, 1)
	go func() { done <- serve(ctx, s, log) }()
	return stop, func() error {
		select {
		case err := <-done:
			return err
		case <-time.After(20 * time.Second):
			return errors.New("the bot does not stop")
		}
	}
}

// eventually waits until something holds, however busy the machine is.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(5 * time.Minute); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

func TestServeAnswersAndStops(t *testing.T) {
	telegram := sandbox.New(sandbox.Options{})
	stop, ended := served(t, telegram, slog.New(slog.DiscardHandler))
	aliya := telegram.Person("Aliya", "en")
	chat := telegram.Private(aliya)
	aliya.Say(chat, "When does the bridge open?")
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	answer, err := chat.Next(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(answer.Text, "The new bridge over the river opens on Sunday at noon.") {
		t.Errorf("answered %q", answer.Text)
	}
	stop()
	if err := ended(); err != nil {
		t.Error(err)
	}
	if violations := telegram.Violations(); len(violations) > 0 {
		t.Error(violations)
	}
	if pending := telegram.Pending(); pending != 0 {
		t.Errorf("%d updates are left that were handled", pending)
	}
}

// At the level debug each record that was made for an update names it, and none shows who wrote what.
func TestTheLogTellsAnUpdatesWay(t *testing.T) {
	telegram := sandbox.New(sandbox.Options{})
	aliya := telegram.Person("Aliya", "en")
	chat := telegram.Private(aliya)
	var log printed
	stop, ended := served(t, telegram, settings{logLevel: slog.LevelDebug, logFormat: "json"}.logger(&log))
	aliya.Say(chat, "When does the bridge open?")
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if _, err := chat.Next(ctx); err != nil {
		t.Fatal(err)
	}
	stop()
	if err := ended(); err != nil {
		t.Error(err)
	}
	for _, want := range []string{
		`"msg":"a question","reply":"answer","lang":"en","confidence":[0-9.]+,"pair":"[a-z-]+","update":100000001\}`,
		`"msg":"a request to Telegram","method":"sendMessage","chat":[0-9]+,"code":200,"took":[0-9]+,"update":100000001\}`,
		`"msg":"handled","kind":"message","took":[0-9]+,"error":null,"update":100000001\}`,
	} {
		if !regexp.MustCompile(want).MatchString(log.String()) {
			t.Errorf("the log lacks %s", want)
		}
	}
	for _, secret := range []string{telegram.Token(), "bridge open", "Aliya"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log shows %q", secret)
		}
	}
	if t.Failed() {
		t.Log(log.String())
	}
}

func TestServeWithARevokedToken(t *testing.T) {
	telegram := sandbox.New(sandbox.Options{})
	telegram.Revoke(true)
	var log bytes.Buffer
	_, ended := served(t, telegram, slog.New(slog.NewTextHandler(&log, nil)))
	err := ended()
	var f *failure
	if !errors.As(err, &f) || !strings.Contains(f.hint, "TELEGRAM_BOT_TOKEN") {
		t.Errorf("got %v", err)
	}
	if strings.Contains(log.String()+err.Error(), telegram.Token()) {
		t.Errorf("the token is shown: %v\n%s", err, &log)
	}
}
