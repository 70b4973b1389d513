package telegram

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

const secret = "hook-secret_1"

// hooked is a webhook with a handler, closed at the end of the test.
func hooked(t *testing.T, o WebhookOptions, handle func(context.Context, Update) error) *Webhook {
	t.Helper()
	o.Secret = secret
	h := client(&answers{}).Webhook(o, handle)
	t.Cleanup(h.Close)
	return h
}

// deliver sends a body as Telegram does, and returns the status of the answer.
func deliver(h http.Handler, body string) int {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, asTelegram(body))
	return w.Code
}

func asTelegram(body string) *http.Request {
	r := httptest.NewRequest("POST", "/telegram", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set(secretHeader, secret)
	return r
}

func TestWebhookTakesOnlyTelegramsRequests(t *testing.T) {
	good := text(5, 1).raw
	for name, test := range map[string]struct {
		change func(*http.Request)
		body   string
		want   int
		calls  int
	}{
		"an update":              {nil, good, 200, 1},
		"a charset":              {func(r *http.Request) { r.Header.Set("Content-Type", "application/json; charset=utf-8") }, good, 200, 1},
		"GET":                    {func(r *http.Request) { r.Method = "GET" }, good, 405, 0},
		"no secret":              {func(r *http.Request) { r.Header.Del(secretHeader) }, good, 401, 0},
		"a wrong secret":         {func(r *http.Request) { r.Header.Set(secretHeader, secret+"x") }, good, 401, 0},
		"a part of the secret":   {func(r *http.Request) { r.Header.Set(secretHeader, secret[:4]) }, good, 401, 0},
		"a form":                 {func(r *http.Request) { r.Header.Set("Content-Type", "application/x-www-form-urlencoded") }, good, 415, 0},
		"no type":                {func(r *http.Request) { r.Header.Del("Content-Type") }, good, 415, 0},
		"too long":               {nil, good + strings.Repeat(" ", maxUpdate), 413, 0},
		"malformed":              {nil, `{"update_id":5,"message":"x"}`, 200, 0},
		"no update":              {nil, `{}`, 200, 0},
		"no JSON":                {nil, `x`, 200, 0},
		"of a kind not yet read": {nil, `{"update_id":5,"poll":{}}`, 200, 1},
	} {
		t.Run(name, func(t *testing.T) {
			var got handled
			h := hooked(t, WebhookOptions{}, func(_ context.Context, u Update) error { got.note(u); return nil })
			r := asTelegram(test.body)
			if test.change != nil {
				test.change(r)
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != test.want || len(got.list()) != test.calls {
				t.Errorf("answered %d and handled %v, want %d and %d", w.Code, got.list(), test.want, test.calls)
			}
			if skipped := w.Code == 200 && test.calls == 0; skipped != (h.client.Malformed() == 1) {
				t.Errorf("counted %d malformed updates", h.client.Malformed())
			}
		})
	}
}

func TestWebhookWithoutASecretTakesNothing(t *testing.T) {
	h := client(&answers{}).Webhook(WebhookOptions{}, nil)
	defer h.Close()
	r := asTelegram(text(5, 1).raw)
	r.Header.Del(secretHeader)
	w := httptest.NewRecorder()
	if h.ServeHTTP(w, r); w.Code != 401 {
		t.Errorf("answered %d", w.Code)
	}
}

// An answer of 200 is a promise: Telegram forgets the update.
func TestWebhookAnswersOnceHandled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		failures := 2
		var got handled
		h := hooked(t, WebhookOptions{}, func(_ context.Context, u Update) error {
			if failures > 0 {
				failures--
				return errors.New("the database is away")
			}
			got.note(u)
			return nil
		})
		if code := deliver(h, text(5, 1).raw); code != 200 || len(got.list()) != 1 {
			t.Errorf("answered %d with %v handled", code, got.list())
		}
	})
}

func TestWebhookHandlesARepetitionOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got handled
		h := hooked(t, WebhookOptions{Timeout: 10 * time.Second}, func(_ context.Context, u Update) error {
			time.Sleep(15 * time.Second)
			got.note(u)
			return nil
		})
		if code := deliver(h, text(5, 1).raw); code != 503 {
			t.Errorf("a request whose update takes too long: %d, want 503", code)
		}
		if code := deliver(h, text(5, 1).raw); code != 200 {
			t.Errorf("its repetition, while it is handled: %d, want 200", code)
		}
		if ids := got.list(); !slices.Equal(ids, []int{5}) {
			t.Errorf("handled %v", ids)
		}
	})
}

func TestWebhookKeepsTheOrderOfAChat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got handled
		h := hooked(t, WebhookOptions{}, func(_ context.Context, u Update) error {
			if u.ID == 10 {
				time.Sleep(time.Second)
			}
			got.note(u)
			return nil
		})
		var requests sync.WaitGroup
		for _, update := range []held{text(10, 1), text(11, 1), text(12, 2), text(13, 1)} {
			requests.Go(func() {
				if code := deliver(h, update.raw); code != 200 {
					t.Errorf("update %d: %d", update.id, code)
				}
			})
			synctest.Wait()
		}
		requests.Wait()
		if ids := got.list(); !slices.Equal(ids, []int{12, 10, 11, 13}) {
			t.Errorf("handled %v: want the chat in order, and the other meanwhile", ids)
		}
	})
}

func TestWebhookIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		h := hooked(t, WebhookOptions{}, func(context.Context, Update) error { <-release; return nil })
		var requests sync.WaitGroup
		for id := 1; id <= maxWaiting; id++ {
			requests.Go(func() { deliver(h, text(id, int64(id)).raw) })
		}
		synctest.Wait()
		if code := deliver(h, text(maxWaiting+1, 1).raw); code != 503 {
			t.Errorf("one more than can wait: %d, want 503", code)
		}
		close(release)
		requests.Wait()
		if code := deliver(h, text(maxWaiting+1, 1).raw); code != 200 {
			t.Errorf("the same later: %d, want 200", code)
		}
	})
}

func TestWebhookCloses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got handled
		h := client(&answers{}).Webhook(WebhookOptions{Secret: secret}, func(_ context.Context, u Update) error {
			time.Sleep(5 * time.Second)
			got.note(u)
			return nil
		})
		var requests sync.WaitGroup
		codes := map[int]*int{10: new(int), 11: new(int)}
		for id, code := range codes {
			requests.Go(func() { *code = deliver(h, text(id, 1).raw) })
			synctest.Wait()
		}
		h.Close()
		requests.Wait()
		if code := deliver(h, text(12, 3).raw); code != 503 {
			t.Errorf("after Close: %d, want 503", code)
		}
		if ids := got.list(); len(ids) != 1 || *codes[ids[0]] != 200 || *codes[21-ids[0]] != 503 {
			t.Errorf("handled %v, answered %d and %d: want 200 for the one that was at work and 503 for the one that waited", ids, *codes[10], *codes[11])
		}
	})
}

// Whatever is sent, the answer is 200 or the update comes again; nothing panics.
func FuzzWebhook(f *testing.F) {
	f.Add(text(5, 1).raw)
	f.Add(`{"update_id":5,"message":"x"}`)
	f.Add(`{"update_id":9e99}`)
	f.Add(`[]`)
	f.Fuzz(func(t *testing.T, body string) {
		calls := 0
		h := client(&answers{}).Webhook(WebhookOptions{Secret: secret}, func(context.Context, Update) error { calls++; return nil })
		code := deliver(h, body)
		h.Close()
		if code != 200 || calls+int(h.client.Malformed()) != 1 {
			t.Errorf("answered %d, handled %d, malformed %d", code, calls, h.client.Malformed())
		}
	})
}

func TestWebhookInfo(t *testing.T) {
	all := encode(updateKinds)
	for name, test := range map[string]struct {
		result string
		want   WebhookInfo
	}{
		"none": {`{"url":"","has_custom_certificate":false,"pending_update_count":3}`, WebhookInfo{Pending: 3}},
		"in trouble": {
			`{"url":"https://a.test/x","pending_update_count":0,"last_error_date":1,"last_error_message":"Connection refused","allowed_updates":` + all + `}`,
			WebhookInfo{URL: "https://a.test/x", Error: "Connection refused", FailedAt: time.Unix(1, 0).UTC(), InStep: true},
		},
		"of an older version": {`{"url":"https://a.test/x","allowed_updates":["message"]}`, WebhookInfo{URL: "https://a.test/x"}},
		"naming the token":    {`{"url":"","last_error_message":"x ` + token + `"}`, WebhookInfo{Error: "x <token>"}},
	} {
		got, err := client(&answers{give: []answer{ok(test.result)}}).WebhookInfo(t.Context())
		if err != nil || got != test.want {
			t.Errorf("%s: got %+v (%v), want %+v", name, got, err, test.want)
		}
	}
}

// The library leaves the code out of what is refused after an upload; without it a refusal would be repeated for ever.
func TestACertificateIsUploaded(t *testing.T) {
	var kind, uploaded string
	take := func(r *http.Request) (*http.Response, error) {
		kind, _, _ = mime.ParseMediaType(r.Header.Get("Content-Type"))
		if file, _, err := r.FormFile("certificate"); err == nil {
			data, _ := io.ReadAll(file)
			uploaded = string(data) + " for " + r.FormValue("url")
		}
		return ok(`true`)(r)
	}
	give := []answer{take, refusal(400, "Bad Request: bad webhook"), flood(1)}
	c := client(transportFunc(func(r *http.Request) (*http.Response, error) {
		defer r.Body.Close()
		next := give[0]
		give = give[1:]
		return next(r)
	}))
	if err := c.SetWebhook(t.Context(), "https://a.test/x", "s", []byte("PEM")); err != nil || kind != "multipart/form-data" || uploaded != "PEM for https://a.test/x" {
		t.Errorf("%v: %s %q", err, kind, uploaded)
	}
	var refused *Error
	if err := c.SetWebhook(t.Context(), "https://a.test/x", "s", []byte("PEM")); !errors.As(err, &refused) || refused.Code != 400 {
		t.Errorf("a refused upload: %v", err)
	}
	if err := c.SetWebhook(Once(t.Context()), "https://a.test/x", "s", []byte("PEM")); !errors.As(err, &refused) || refused.Code != 429 || refused.RetryAfter != time.Second {
		t.Errorf("one too many: %v", err)
	}
}
