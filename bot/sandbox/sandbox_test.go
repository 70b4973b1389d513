package sandbox_test

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"releasebot/bot/sandbox"
)

// world is a server, its bot's client, and somebody who has started the bot.
type world struct {
	*sandbox.Server
	t     *testing.T
	clock *sandbox.Clock
	aida  *sandbox.Person
	chat  *sandbox.Chat
}

func newWorld(t *testing.T, o sandbox.Options) *world {
	t.Helper()
	w := &world{t: t, clock: new(sandbox.Clock)}
	o.Now = w.clock.Now
	w.Server = sandbox.New(o)
	w.aida = w.Person("Aida", "ru")
	w.chat = w.aida.Start("")
	return w
}

// answer is what the Bot API replied.
type answer struct {
	Status      int
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		MigrateTo  int64 `json:"migrate_to_chat_id"`
		RetryAfter int   `json:"retry_after"`
	} `json:"parameters"`
	Header http.Header
}

type params map[string]string

// with returns the parameters and some more.
func (p params) with(more params) params {
	all := params{}
	maps.Copy(all, p)
	maps.Copy(all, more)
	return all
}

// try sends a request as a form; the error is the transport's.
func (w *world) try(ctx context.Context, method string, p params) (answer, error) {
	form := url.Values{}
	for name, value := range p {
		form.Set(name, value)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://api.telegram.org/bot"+w.Token()+"/"+method,
		strings.NewReader(form.Encode()))
	if err != nil {
		return answer{}, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return w.send(r)
}

func (w *world) send(r *http.Request) (answer, error) {
	response, err := (&http.Client{Transport: w.Transport()}).Do(r)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	a := answer{Status: response.StatusCode, Header: response.Header}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return a, err
	}
	return a, json.Unmarshal(body, &a)
}

// call sends a request and expects an answer of either kind.
func (w *world) call(method string, p params) answer {
	w.t.Helper()
	a, err := w.try(w.t.Context(), method, p)
	if err != nil {
		w.t.Fatalf("%s %v: %v", method, p, err)
	}
	if a.OK != (a.Status == http.StatusOK) || !a.OK && a.Status != a.Code {
		w.t.Fatalf("%s %v: status %d with ok %v and error_code %d", method, p, a.Status, a.OK, a.Code)
	}
	return a
}

// ok sends a request that must succeed and decodes its result.
func (w *world) ok(method string, p params, result any) {
	w.t.Helper()
	a := w.call(method, p)
	if !a.OK {
		w.t.Fatalf("%s %v: %d %s", method, p, a.Code, a.Description)
	}
	if result == nil {
		return
	}
	if err := json.Unmarshal(a.Result, result); err != nil {
		w.t.Fatalf("%s: %v in %s", method, err, a.Result)
	}
}

// sent sends a message and returns its id.
func (w *world) sent(p params) int {
	w.t.Helper()
	var m struct {
		ID int `json:"message_id"`
	}
	w.ok("sendMessage", p, &m)
	return m.ID
}

func itoa[N int | int64](n N) string { return strconv.FormatInt(int64(n), 10) }

// object is any JSON object.
type object map[string]any

// updates fetches everything that waits, confirming all before the offset.
func (w *world) updates(offset int64) []object {
	w.t.Helper()
	var updates []object
	w.ok("getUpdates", params{"offset": itoa(offset)}, &updates)
	return updates
}

// drain forgets everything that waits.
func (w *world) drain() {
	w.t.Helper()
	w.updates(-1)
	for _, u := range w.updates(0) {
		w.updates(int64(u["update_id"].(float64)) + 1)
	}
}

func (w *world) noViolations() {
	w.t.Helper()
	for _, v := range w.Violations() {
		w.t.Errorf("violation: %v", v)
	}
}

func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func TestAConversation(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	if got := len(w.updates(0)); got != 1 {
		t.Fatalf("after /start there are %d updates, want 1", got)
	}
	id := w.sent(params{
		"chat_id": itoa(w.chat.ID), "text": "Which <b>one</b>?", "parse_mode": "HTML",
		"reply_markup": `{"inline_keyboard":[[{"text":"This","callback_data":"this"}]]}`,
	})
	m, err := w.chat.Next(soon(t))
	if err != nil {
		t.Fatal(err)
	}
	if m.ID != id || m.Text != "Which one?" || m.HTML() != "Which <b>one</b>?" || m.Keyboard[0][0].Text != "This" {
		t.Errorf("the message arrives as %+v", m)
	}
	press, err := w.aida.Press(m, "This")
	if err != nil {
		t.Fatal(err)
	}
	w.ok("answerCallbackQuery", params{"callback_query_id": press.ID, "text": "Noted"}, nil)
	answer, err := w.AwaitAnswer(soon(t), press)
	if err != nil || answer.Text != "Noted" {
		t.Errorf("the press is answered with %+v, %v", answer, err)
	}
	w.ok("editMessageText", params{"chat_id": itoa(w.chat.ID), "message_id": itoa(id), "text": "This it is"}, nil)
	m, err = w.chat.AwaitEdit(soon(t), id, 1)
	if err != nil || m.Text != "This it is" || m.Keyboard != nil {
		t.Errorf("the edited message is %+v, %v", m, err)
	}
	w.noViolations()
}
