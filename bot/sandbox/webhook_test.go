package sandbox_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"releasebot/bot/sandbox"
)

// hook is a webhook in memory.
type hook struct {
	answers []int // status codes, the last for ever
	bodies  []string
	secret  string
}

// RoundTrip implements [http.RoundTripper].
func (h *hook) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	h.bodies, h.secret = append(h.bodies, string(body)), r.Header.Get("X-Telegram-Bot-Api-Secret-Token")
	w := httptest.NewRecorder()
	w.WriteHeader(h.answers[0])
	if len(h.answers) > 1 {
		h.answers = h.answers[1:]
	}
	return w.Result(), nil
}

func TestAWebhookIsDeliveredTo(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	w.ok("setWebhook", params{"url": "https://example.org/hook", "secret_token": "secret"}, nil)
	w.aida.Say(w.chat, "one")
	h := &hook{answers: []int{200, 500, 200}}
	if err := w.Deliver(soon(t), h); err == nil || !strings.Contains(err.Error(), "500") {
		t.Errorf("a webhook that fails gives %v", err)
	}
	if got := w.Pending(); got != 1 {
		t.Errorf("%d updates wait, want the one that was refused", got)
	}
	if err := w.Deliver(soon(t), h); err != nil {
		t.Error(err)
	}
	if got := w.Pending(); got != 0 || h.secret != "secret" {
		t.Errorf("%d updates wait; the secret was %q", got, h.secret)
	}
	has := func(text string) func(string) bool {
		return func(body string) bool { return strings.Contains(body, text) }
	}
	if len(h.bodies) != 3 || !has("/start")(h.bodies[0]) || !slices.ContainsFunc(h.bodies[1:], has(`"one"`)) || h.bodies[1] != h.bodies[2] {
		t.Errorf("it was sent %q", h.bodies)
	}
}
