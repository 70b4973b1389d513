package main

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"releasebot/bot/telegram"
)

func TestDoctorOnUpdates(t *testing.T) {
	now := time.Now()
	hook := settings{webhookURL: hookURL}
	for name, test := range map[string]struct {
		settings settings
		info     telegram.WebhookInfo
		state    state
		text     string
	}{
		"fetched":            {settings{}, telegram.WebhookInfo{Pending: 1}, healthy, "fetched, 1 update waiting"},
		"a leftover":         {settings{}, telegram.WebhookInfo{URL: hookURL}, advice, "WEBHOOK_URL is not set"},
		"not set yet":        {hook, telegram.WebhookInfo{Pending: 3}, advice, "not set yet, 3 updates waiting"},
		"set":                {hook, telegram.WebhookInfo{URL: hookURL, InStep: true}, healthy, "by webhook, 0 updates waiting"},
		"elsewhere":          {hook, telegram.WebhookInfo{URL: hookURL + "2", InStep: true}, broken, "another address"},
		"failing":            {hook, telegram.WebhookInfo{URL: hookURL, InStep: true, Error: "Wrong response", FailedAt: now}, broken, "Wrong response"},
		"failed before":      {hook, telegram.WebhookInfo{URL: hookURL, InStep: true, Error: "Wrong response", FailedAt: now.Add(-recent)}, healthy, "by webhook"},
		"of another version": {hook, telegram.WebhookInfo{URL: hookURL}, advice, "another version"},
	} {
		got := updates(test.settings, test.info, now)
		if got.state != test.state || !strings.Contains(got.text, test.text) || (got.todo == "") != (got.state == healthy) {
			t.Errorf("%s: %+v, want %s: %s", name, got, test.state, test.text)
		}
	}
}

func TestAskReady(t *testing.T) {
	code := http.StatusOK
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) })
	plain, secure := httptest.NewServer(handler), httptest.NewTLSServer(handler)
	defer plain.Close()
	defer secure.Close()
	_, port, err := net.SplitHostPort(plain.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]settings{
		"as it listens":     {listen: plain.Listener.Addr().String()},
		"at every address":  {listen: ":" + port},
		"with TLS":          {listen: secure.Listener.Addr().String(), certFile: "cert.pem"},
		"at every address4": {listen: "0.0.0.0:" + port},
	} {
		code = http.StatusOK
		if err := askReady(t.Context(), s); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		code = http.StatusServiceUnavailable
		if err := askReady(t.Context(), s); err == nil {
			t.Errorf("%s: a bot that is not ready passes", name)
		}
	}
	if err := askReady(t.Context(), settings{}); err == nil || !strings.Contains(err.Error(), "LISTEN_ADDR") {
		t.Errorf("without an address: %v", err)
	}
}
