package sandbox_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"releasebot/bot/sandbox"
)

func TestFaults(t *testing.T) {
	for _, c := range []struct {
		name   string
		fault  sandbox.Fault
		code   int  // of the answer, 0 if there is none
		posted bool // the message is there all the same
	}{
		{"flood", sandbox.Fault{Kind: sandbox.Flood, RetryAfter: 7}, 429, false},
		{"refused", sandbox.Fault{Kind: sandbox.Refuse, Code: 403, Text: "Forbidden: bot can't send messages to the user"}, 403, false},
		{"hang", sandbox.Fault{Kind: sandbox.Hang}, 0, false},
		{"hang after", sandbox.Fault{Kind: sandbox.HangAfter}, 0, true},
		{"cut", sandbox.Fault{Kind: sandbox.Cut}, 0, false},
		{"cut after", sandbox.Fault{Kind: sandbox.CutAfter}, 0, true},
		{"slow", sandbox.Fault{Kind: sandbox.Slow, Delay: 3 * time.Second}, 200, true},
		{"slower than the client", sandbox.Fault{Kind: sandbox.Slow, Delay: time.Hour}, 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, sandbox.Options{})
				c.fault.Method, c.fault.Chat, c.fault.Times = "sendMessage", w.chat.ID, 1
				w.Inject(c.fault)
				p := params{"chat_id": itoa(w.chat.ID), "text": "x"}
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				got, err := w.try(ctx, "sendMessage", p)
				if (err != nil) != (c.code == 0) || got.Status != c.code {
					t.Errorf("gives %d %q, %v", got.Status, got.Description, err)
				}
				if posted := len(w.chat.FromBot()) == 1; posted != c.posted {
					t.Errorf("the message is posted: %v, want %v", posted, c.posted)
				}
				w.sent(p) // the fault strikes once
			})
		})
	}
}

func TestAFloodSaysHowLong(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	stop := w.Inject(sandbox.Fault{Kind: sandbox.Flood, RetryAfter: 7})
	for range 3 {
		got := w.call("getMe", nil)
		if got.Code != 429 || got.Description != "Too Many Requests: retry after 7" || got.Parameters.RetryAfter != 7 ||
			got.Header.Get("Retry-After") != "7" {
			t.Errorf("a flood is %+v", got)
		}
	}
	stop()
	w.ok("getMe", nil, nil)
}

func TestUnreadableAnswers(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	for _, f := range []sandbox.Fault{
		{Kind: sandbox.ServerError, Times: 1}, {Kind: sandbox.ServerError, Code: 500, Times: 1}, {Kind: sandbox.Garbage, Times: 1},
	} {
		w.Inject(f)
		got, err := w.try(t.Context(), "getUpdates", nil)
		if syntax := new(json.SyntaxError); !errors.As(err, &syntax) {
			t.Errorf("%+v gives %v, %v", f, got, err)
		}
	}
}

func TestFaultsStrikeTheirOwnAlone(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	other := w.Person("Other", "").Start("")
	w.Inject(sandbox.Fault{Kind: sandbox.Flood, Method: "sendMessage", Chat: w.chat.ID})
	w.sent(params{"chat_id": itoa(other.ID), "text": "x"})
	w.ok("sendChatAction", params{"chat_id": itoa(w.chat.ID), "action": "typing"}, nil)
	if got := w.call("sendMessage", params{"chat_id": itoa(w.chat.ID), "text": "x"}); got.Code != 429 {
		t.Errorf("gives %d", got.Code)
	}
}

func TestBudgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{Budgets: true})
		owner := w.Person("Owner", "")
		group := w.Group("Group", owner)
		owner.AddBot(group)
		send := func(chat int64) int {
			t.Helper()
			return w.call("sendMessage", params{"chat_id": itoa(chat), "text": "x"}).Parameters.RetryAfter
		}
		if first, second := send(w.chat.ID), send(w.chat.ID); first != 0 || second != 1 {
			t.Errorf("two at once to a chat are to wait %d and %d seconds", first, second)
		}
		for range 20 {
			if wait := send(group.ID); wait != 0 {
				t.Fatalf("within its budget a group is to wait %d", wait)
			}
			time.Sleep(time.Second)
		}
		if wait := send(group.ID); wait != 40 {
			t.Errorf("the 21st in a group is to wait %d seconds, want 40", wait)
		}
		time.Sleep(time.Minute)
		var refused int
		for range 31 {
			if send(w.Person("Somebody", "").Start("").ID) > 0 {
				refused++
			}
		}
		if refused != 1 {
			t.Errorf("of 31 at once %d are refused, want 1", refused)
		}
	})
}

func TestEditsInAGroupHaveABudget(t *testing.T) {
	w := newWorld(t, sandbox.Options{Budgets: true})
	owner := w.Person("Owner", "")
	group := w.Group("Group", owner)
	owner.AddBot(group)
	id := w.sent(params{"chat_id": itoa(group.ID), "text": "x"})
	for i := range 21 {
		got := w.call("editMessageText", params{"chat_id": itoa(group.ID), "message_id": itoa(id), "text": itoa(i)})
		if want := i < 20; got.OK != want {
			t.Errorf("edit %d: %d %s", i, got.Code, got.Description)
		}
	}
}

// TestOverANetwork checks what Transport does not go through.
func TestOverANetwork(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	server := httptest.NewServer(w.Server)
	defer server.Close()
	post := func(method string) (int, string, error) {
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		defer cancel()
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL+"/bot"+w.Token()+"/"+method, nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := server.Client().Do(r)
		if err != nil {
			return 0, "", err
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		return response.StatusCode, string(body), err
	}
	if code, body, err := post("getMe"); code != 200 || !strings.Contains(body, `"username":"sandbox_bot"`) || err != nil {
		t.Errorf("getMe gives %d %s %v", code, body, err)
	}
	for _, kind := range []sandbox.FaultKind{sandbox.Cut, sandbox.CutAfter, sandbox.Hang, sandbox.HangAfter} {
		w.Inject(sandbox.Fault{Kind: kind, Method: "getMe", Times: 1})
		if code, body, err := post("getMe"); err == nil {
			t.Errorf("fault %d gives %d %s", kind, code, body)
		}
	}
	if code, body, _ := post("../elsewhere"); code != 404 {
		t.Errorf("a path elsewhere gives %d %s", code, body)
	}
}
