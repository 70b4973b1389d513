package telegram

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

const token = "123456:AAE-secret_Token"

// answers is a transport that gives one answer after another, and the last one for good.
type answers struct {
	give     []answer
	requests []url.Values
}

type answer func(*http.Request) (*http.Response, error)

func (a *answers) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, err
	}
	a.requests = append(a.requests, form)
	return a.give[min(len(a.requests), len(a.give))-1](r)
}

func body(status int, text string) answer {
	return func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(text))}, nil
	}
}

func ok(result string) answer { return body(200, `{"ok":true,"result":`+result+`}`) }

func refusal(code int, description string) answer {
	return body(code, fmt.Sprintf(`{"ok":false,"error_code":%d,"description":%q}`, code, description))
}

func flood(seconds int) answer {
	return body(429, fmt.Sprintf(`{"ok":false,"error_code":429,"description":"Too Many Requests: retry after %d","parameters":{"retry_after":%[1]d}}`, seconds))
}

func cut(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF }

func cutInBody(*http.Request) (*http.Response, error) {
	broken := io.MultiReader(strings.NewReader(`{"ok":true,"res`), failing{})
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(broken)}, nil
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("connection reset by peer") }

func endless(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(letters{})}, nil
}

type letters struct{}

func (letters) Read(p []byte) (int, error) {
	copy(p, "endless")
	return len(p), nil
}

func hang(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func client(transport http.RoundTripper) *Client {
	return New(Options{Token: token, URL: "http://telegram.test", HTTP: transport, Log: slog.New(slog.DiscardHandler)})
}

func TestCallRepeatsUntilAnswered(t *testing.T) {
	for name, test := range map[string]struct {
		first        answer
		least, most  time.Duration
		observedCode int
	}{
		"flood":                {flood(7), 7 * time.Second, 7 * time.Second, 429},
		"flood without a time": {refusal(429, "Too Many Requests"), firstPause / 2, firstPause, 429},
		"server error":         {refusal(500, "Internal Server Error"), firstPause / 2, firstPause, 500},
		"page of HTML":         {body(502, "<html><h1>502 Bad Gateway</h1></html>"), firstPause / 2, firstPause, 0},
		"foreign JSON":         {body(200, `{"hello":"world"}`), firstPause / 2, firstPause, 0},
		"half an answer":       {body(200, `{"ok":true,"res`), firstPause / 2, firstPause, 0},
		"empty answer":         {body(200, ``), firstPause / 2, firstPause, 0},
		"endless answer":       {endless, firstPause / 2, firstPause, 0},
		"cut connection":       {cut, firstPause / 2, firstPause, 0},
		"cut in the answer":    {cutInBody, firstPause / 2, firstPause, 0},
		"no answer":            {hang, timeLimit + firstPause/2, timeLimit + firstPause, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := &answers{give: []answer{test.first, ok(`{"message_id":42}`)}}
				c := client(a)
				var observed []Request
				c.observe = func(r Request) { observed = append(observed, r) }
				start := time.Now()
				var result struct {
					ID int `json:"message_id"`
				}
				params := tgbotapi.Params{"chat_id": "7", "text": "hello"}
				if err := c.Call(t.Context(), "sendMessage", params, &result); err != nil {
					t.Fatal(err)
				}
				if result.ID != 42 {
					t.Errorf("result %d, want 42", result.ID)
				}
				if took := time.Since(start); took < test.least || took > test.most {
					t.Errorf("took %s, want %s to %s", took, test.least, test.most)
				}
				if len(a.requests) != 2 || a.requests[0].Encode() != a.requests[1].Encode() || a.requests[1].Get("text") != "hello" {
					t.Errorf("requests %v, want the same one twice", a.requests)
				}
				if len(observed) != 2 || observed[0].Code != test.observedCode || observed[0].Wait == 0 ||
					observed[1].Code != 200 || observed[1].Wait != 0 || observed[1].Chat != 7 || observed[1].Method != "sendMessage" {
					t.Errorf("observed %+v", observed)
				}
			})
		})
	}
}

func TestCallReturnsRefusalsAtOnce(t *testing.T) {
	for _, code := range []int{400, 401, 403, 404, 409} {
		a := &answers{give: []answer{refusal(code, "Because: of that")}}
		err := client(a).Call(t.Context(), "sendMessage", nil, nil)
		var refused *Error
		if !errors.As(err, &refused) || refused.Code != code || refused.Description != "Because: of that" || refused.Method != "sendMessage" {
			t.Errorf("%d: error %#v", code, err)
		}
		if len(a.requests) != 1 {
			t.Errorf("%d: %d requests, want 1", code, len(a.requests))
		}
	}
}

func TestOnceRepeatsNothing(t *testing.T) {
	for name, first := range map[string]answer{"flood": refusal(429, "Too Many Requests"), "server error": refusal(500, "Internal"), "cut connection": cut} {
		a := &answers{give: []answer{first, ok(`{"message_id":42}`)}}
		c := client(a)
		var observed []Request
		c.observe = func(r Request) { observed = append(observed, r) }
		if _, err := c.Send(Once(t.Context()), Target{Chat: 7}, Screen{Text: "x"}); err == nil {
			t.Errorf("%s: no error", name)
		}
		if len(a.requests) != 1 || len(observed) != 1 || observed[0].Wait != 0 {
			t.Errorf("%s: %d requests, observed %+v, want one that is not repeated", name, len(a.requests), observed)
		}
	}
}

func TestCallTellsWhereAGroupWent(t *testing.T) {
	a := &answers{give: []answer{body(400, `{"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded to a supergroup chat","parameters":{"migrate_to_chat_id":-1001234567890}}`)}}
	_, err := client(a).Send(t.Context(), Target{Chat: -5}, Screen{Text: "x"})
	var refused *Error
	if !errors.As(err, &refused) || refused.MigrateTo != -1001234567890 || refused.Gone() {
		t.Errorf("error %#v", err)
	}
}

func TestCallGrowsItsPausesAndEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &answers{give: []answer{body(502, "down")}}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(10*time.Minute, cancel)
		start := time.Now()
		err := client(a).Call(ctx, "getMe", nil, nil)
		if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "HTTP 502") {
			t.Errorf("error %v, want the context's with the reason for the wait", err)
		}
		if took := time.Since(start); took != 10*time.Minute {
			t.Errorf("ended after %s, want 10m", took)
		}
		if n := len(a.requests); n < 20 || n > 48 {
			t.Errorf("%d requests in ten minutes, want about one in 15 to 30 seconds", n)
		}
	})
}

func TestCallGivesUpAWaitThatOutlastsItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		start := time.Now()
		err := client(&answers{give: []answer{flood(60)}}).Call(ctx, "setMyName", nil, nil)
		var refused *Error
		if !errors.As(err, &refused) || refused.RetryAfter != time.Minute {
			t.Errorf("error %v, want the refusal", err)
		}
		if took := time.Since(start); took != 0 {
			t.Errorf("waited %s", took)
		}
	})
}

func TestCallGivesGetUpdatesTheTimeItAsksFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		c := client(&answers{give: []answer{hang}})
		c.observe = func(r Request) {
			if r.Took != time.Minute {
				t.Errorf("gave up after %s, want 50 s and a margin of 10", r.Took)
			}
			cancel()
		}
		_ = c.Call(ctx, "getUpdates", tgbotapi.Params{"timeout": "50"}, nil)
	})
}

func TestCallReportsAResultThatDoesNotFit(t *testing.T) {
	a := &answers{give: []answer{ok(`"text"`)}}
	var result struct{ ID int }
	if err := client(a).Call(t.Context(), "getMe", nil, &result); err == nil {
		t.Error("no error")
	}
	if len(a.requests) != 1 {
		t.Errorf("an accepted request was sent %d times", len(a.requests))
	}
}

func TestCallKeepsItsConnection(t *testing.T) {
	var connections atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"ok":true,"result":true}%s`, strings.Repeat("\n", 1000))
		w.(http.Flusher).Flush()
	}))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			connections.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	c := New(Options{Token: token, URL: server.URL})
	for range 20 {
		if err := c.Call(t.Context(), "getMe", nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	if n := connections.Load(); n != 1 {
		t.Errorf("%d connections for requests one after another, want 1", n)
	}
}

func TestRequestsGoToTheURLAndToken(t *testing.T) {
	for base, want := range map[string]string{
		"http://host.test":           "http://host.test/bot" + token + "/getMe",
		"http://host.test/":          "http://host.test/bot" + token + "/getMe",
		"http://host.test:81/a%20b/": "http://host.test:81/a%20b/bot" + token + "/getMe",
	} {
		var got string
		c := New(Options{Token: token, URL: base, HTTP: &answers{give: []answer{func(r *http.Request) (*http.Response, error) {
			got = r.URL.String()
			return ok("true")(r)
		}}}})
		if err := c.Call(t.Context(), "getMe", nil, nil); err != nil || got != want {
			t.Errorf("%s: went to %s (%v), want %s", base, got, err, want)
		}
	}
}

// The token is part of every address, and addresses are part of most errors.
func TestTokenStaysSecret(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("a redirect was followed, with the token in %q", r.Referer())
	}))
	defer other.Close()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:] {
		case "redirect":
			http.Redirect(w, r, other.URL+"/elsewhere", http.StatusTemporaryRedirect)
		case "echo":
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprintf(w, `{"ok":false,"error_code":400,"description":"no such path %s"}`, r.URL.Path)
		case "page":
			w.WriteHeader(http.StatusBadGateway)
			fmt.Fprintf(w, "<p>%s is away</p>", r.URL)
		case "hang":
			<-r.Context().Done()
		case "cut":
			panic(http.ErrAbortHandler)
		}
	}))
	defer server.Close()
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()

	for name, test := range map[string]struct{ url, token, method string }{
		"redirect":           {server.URL, token, "redirect"},
		"echo":               {server.URL, token, "echo"},
		"page":               {server.URL, token, "page"},
		"hang":               {server.URL, token, "hang"},
		"cut":                {server.URL, token, "cut"},
		"refused":            {closed.URL, token, "getMe"},
		"no scheme":          {"telegram.test", token, "getMe"},
		"unknown scheme":     {"ftp://telegram.test", token, "getMe"},
		"broken address":     {"http://[::1", token, "getMe"},
		"broken escape":      {"http://telegram.test/%zz", token, "getMe"},
		"broken token":       {closed.URL, "12:AAE-secret\nTok en%zz", "getMe"},
		"token with a slash": {closed.URL, "12:AAE-secret/../x", "getMe"},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			c := New(Options{Token: test.token, URL: test.url, Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			err := c.Call(ctx, test.method, nil, nil)
			if err == nil {
				t.Fatal("no error")
			}
			for _, text := range []string{err.Error(), fmt.Sprintf("%+v", err), fmt.Sprintf("%#v", err), log.String()} {
				if strings.Contains(text, "secret") {
					t.Errorf("the token is in %q", text)
				}
			}
		})
	}
}

func TestBackoff(t *testing.T) {
	for failures := range 200 {
		want := longestPause
		if failures < 6 {
			want = firstPause << failures
		}
		for range 50 {
			if d := backoff(failures); d < want/2 || d >= want {
				t.Fatalf("after %d failures a pause of %s, want %s to %s", failures, d, want/2, want)
			}
		}
	}
}
