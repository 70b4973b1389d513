package web

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"releasebot/bot/sandbox"
)

// site is a page that is served, with a bot that echoes.
type site struct {
	*httptest.Server
	t    *testing.T
	page *Page
	as   int64 // somebody, who is also the id of the private chat
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{Server: httptest.NewUnstartedServer(nil), t: t}
	page := New(Options{
		Hosts:    []string{s.Listener.Addr().String(), "localhost:8080"},
		Start:    echo,
		Asks:     func(text string) bool { return text != "thanks" },
		Explain:  func(question string) Explanation { return Explanation{Question: question} },
		Examples: func() map[string][]string { return map[string][]string{"en": {"What is it?"}} },
	})
	s.page, s.Config.Handler = page, page
	s.Start()
	if err := page.Begin(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.CloseClientConnections(); s.Close(); page.Close() })
	s.as = page.World().people[0].ID
	return s
}

// echo starts a bot that repeats each text above a button, and answers a press with what the button is for.
func echo(w *World) (func(), error) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for offset := int64(0); ctx.Err() == nil; {
			var updates []struct {
				ID      int64 `json:"update_id"`
				Message *struct {
					Text string
					Chat struct{ ID int64 }
				}
				Callback *struct{ ID, Data string } `json:"callback_query"`
			}
			request(ctx, w, "getUpdates", url.Values{"offset": {fmt.Sprint(offset)}, "timeout": {"10"}}, &updates)
			for _, u := range updates {
				offset = u.ID + 1
				switch {
				case u.Callback != nil:
					request(ctx, w, "answerCallbackQuery", url.Values{"callback_query_id": {u.Callback.ID}, "text": {u.Callback.Data}}, nil)
				case u.Message != nil && u.Message.Text != "":
					request(ctx, w, "sendMessage", url.Values{
						"chat_id": {fmt.Sprint(u.Message.Chat.ID)}, "text": {"Heard: " + u.Message.Text},
						"reply_markup": {`{"inline_keyboard":[[{"text":"More","callback_data":"secret"}]]}`},
					}, nil)
				}
			}
		}
	}()
	return func() { cancel(); <-ended }, nil
}

func request(ctx context.Context, w *World, method string, form url.Values, result any) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://telegram/bot"+w.Telegram.Token()+"/"+method, strings.NewReader(form.Encode()))
	if err != nil {
		panic(err) // the method and the address are right
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := w.Telegram.Transport().RoundTrip(r)
	if err != nil {
		return
	}
	answer := struct{ Result any }{result}
	_ = json.NewDecoder(response.Body).Decode(&answer)
}

// do sends a request with headers, each "Name: value", and returns the status and the body.
func (s *site) do(method, path, body string, headers ...string) (int, string) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.URL+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Set(name, value)
		if name == "Host" {
			r.Host = value
		}
	}
	response, err := s.Client().Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	if response.Header.Get("Content-Security-Policy") != policy {
		s.t.Errorf("%s %s is answered without the policy", method, path)
	}
	text, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

// act does something that must succeed.
func (s *site) act(a action) {
	s.t.Helper()
	if code, body := s.try(a); code != http.StatusOK {
		s.t.Fatalf("%+v: %d %s", a, code, body)
	}
}

func (s *site) try(a action) (int, string) {
	s.t.Helper()
	a.As = s.as
	body, err := json.Marshal(a)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.do(http.MethodPost, "/act", string(body), "Content-Type: application/json")
}

// browser is somebody who follows the events.
type browser struct {
	t       *testing.T
	scanner *bufio.Scanner
	last    string      // id
	ahead   []eventView // that came together with a message that was waited for
}

func (s *site) follow(since string) *browser {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	s.t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/events", nil)
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Last-Event-ID", since)
	response, err := s.Client().Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { response.Body.Close() })
	b := &browser{t: s.t, scanner: bufio.NewScanner(response.Body)}
	b.scanner.Buffer(nil, 1<<20)
	return b
}

// next returns the next event, false once the stream has ended.
func (b *browser) next() (event string, data []byte, ok bool) {
	for b.scanner.Scan() {
		name, value, _ := bytes.Cut(b.scanner.Bytes(), []byte(": "))
		switch string(name) {
		case "id":
			b.last = string(value)
		case "event":
			event = string(value)
		case "data":
			data = bytes.Clone(value)
		case "":
			if event != "" {
				return event, data, true
			}
		}
	}
	return "", nil, false
}

// message waits for a message with a text.
func (b *browser) message(text string) messageView {
	b.t.Helper()
	for {
		for i, e := range b.ahead {
			if e.Message != nil && e.Message.Text == text {
				b.ahead = b.ahead[i+1:]
				return *e.Message
			}
		}
		b.ahead = b.events(text)
	}
}

// events are the next that come together.
func (b *browser) events(text string) (events []eventView) {
	b.t.Helper()
	for {
		event, data, ok := b.next()
		if !ok {
			b.t.Fatalf("the stream ended before %q: %v", text, b.scanner.Err())
		}
		if event != "events" {
			continue
		}
		if err := json.Unmarshal(data, &events); err != nil {
			b.t.Fatal(err)
		}
		return events
	}
}

func (s *site) beginning() string { return fmt.Sprintf("%d-0", s.page.World().number) }

func TestThePageIsThereBeforeTheWorld(t *testing.T) {
	page := New(Options{Start: echo, Examples: func() map[string][]string { return nil }})
	defer page.Close()
	state := httptest.NewRecorder()
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		page.ServeHTTP(state, httptest.NewRequest(http.MethodGet, "http://localhost/state", nil))
	}()
	shell := httptest.NewRecorder()
	page.ServeHTTP(shell, httptest.NewRequest(http.MethodGet, "http://localhost/", nil))
	if shell.Code != http.StatusOK {
		t.Errorf("GET / before there is a world: %d", shell.Code)
	}
	if err := page.Begin(); err != nil {
		t.Fatal(err)
	}
	<-answered
	if state.Code != http.StatusOK || !strings.Contains(state.Body.String(), "Newsroom") {
		t.Errorf("GET /state that began before: %d %s", state.Code, state.Body)
	}
}

func TestWhatIsSaidIsSeen(t *testing.T) {
	s := newSite(t)
	b := s.follow(s.beginning())
	s.act(action{Do: "say", Chat: s.as, Text: "Hello"})
	if m := b.message("Hello"); m.Author != s.as || m.Bot {
		t.Errorf("the question arrives as %+v", m)
	}
	if m := b.message("Heard: Hello"); !m.Bot || len(m.Keyboard) != 1 {
		t.Errorf("the answer arrives as %+v", m)
	}
}

func TestQuestionsAloneAreExplained(t *testing.T) {
	s := newSite(t)
	b := s.follow(s.beginning())
	for text, want := range map[string]int{"What is it?": http.StatusOK, "thanks": http.StatusNoContent} {
		s.act(action{Do: "say", Chat: s.as, Text: text})
		path := fmt.Sprintf("/explain?chat=%d&message=%d", s.as, b.message(text).ID)
		if code, body := s.do(http.MethodGet, path, ""); code != want {
			t.Errorf("%q is explained: %d %s, want %d", text, code, body, want)
		}
	}
}

func TestACutStreamGoesOnWhereItWas(t *testing.T) {
	s := newSite(t)
	b := s.follow(s.beginning())
	s.act(action{Do: "say", Chat: s.as, Text: "One"})
	b.message("Heard: One")
	s.act(action{Do: "say", Chat: s.as, Text: "Two"})
	again := s.follow(b.last)
	for {
		event, data, ok := again.next()
		if !ok {
			t.Fatal("the stream ended")
		}
		if event == "events" {
			if bytes.Contains(data, []byte("One")) || !bytes.Contains(data, []byte("Two")) {
				t.Errorf("goes on with %s", data)
			}
			return
		}
	}
}

func TestAResetBeginsANewWorld(t *testing.T) {
	s := newSite(t)
	before := s.page.World().number
	b := s.follow(s.beginning())
	s.act(action{Do: "say", Chat: s.as, Text: "Hello"})
	b.message("Heard: Hello")
	s.act(action{Do: "clock", Minutes: 60})
	s.act(action{Do: "reset"})
	var last []byte
	for {
		_, data, ok := b.next()
		if !ok {
			break
		}
		last = data
	}
	var h head
	if err := json.Unmarshal(last, &h); err != nil || h.World <= before {
		t.Errorf("the stream ends with %s, %v; want the head of a newer world", last, err)
	}
	if time.Since(h.Now).Abs() > time.Minute {
		t.Errorf("the clock of the new world shows %v", h.Now)
	}
	s.act(action{Do: "say", Chat: s.as, Text: "Still there?"})
	s.follow(s.beginning()).message("Heard: Still there?")
}

func TestAButtonIsPressedByItsPlace(t *testing.T) {
	s := newSite(t)
	b := s.follow(s.beginning())
	s.act(action{Do: "say", Chat: s.as, Text: "Hello"})
	m := b.message("Heard: Hello")
	if raw, _ := json.Marshal(m); bytes.Contains(raw, []byte("secret")) {
		t.Errorf("what the button tells the bot is in the browser: %s", raw)
	}
	press := action{Do: "press", Chat: s.as, Message: m.ID, Text: "More"}
	if code, body := s.try(press); code != http.StatusOK || !strings.Contains(body, "secret") {
		t.Errorf("the press is answered with %d %s", code, body)
	}
	for name, change := range map[string]func(*action){
		"another text":    func(a *action) { a.Text = "Less" },
		"no such row":     func(a *action) { a.Row = 1 },
		"negative row":    func(a *action) { a.Row = -1 },
		"negative column": func(a *action) { a.Column = -1 },
		"no such message": func(a *action) { a.Message = 1 << 30 },
	} {
		stale := press
		change(&stale)
		if code, body := s.try(stale); code != http.StatusConflict {
			t.Errorf("%s: %d %s", name, code, body)
		}
	}
}

func TestOnlyThePageItselfActs(t *testing.T) {
	s := newSite(t)
	say := fmt.Sprintf(`{"do":"say","as":%d,"chat":%[1]d,"text":"x"}`, s.as)
	for _, test := range []struct {
		name    string
		headers []string
		want    int
	}{
		{"the page", []string{"Content-Type: application/json", "Origin: " + s.URL, "Sec-Fetch-Site: same-origin"}, 200},
		{"the page under its other name", []string{"Content-Type: application/json; charset=utf-8", "Host: localhost:8080", "Origin: http://localhost:8080"}, 200},
		{"another site", []string{"Content-Type: application/json", "Origin: https://evil.example", "Sec-Fetch-Site: cross-site"}, 403},
		{"another site in an old browser", []string{"Content-Type: application/json", "Origin: https://evil.example"}, 403},
		{"another port", []string{"Content-Type: application/json", "Origin: http://localhost:1", "Sec-Fetch-Site: same-site"}, 403},
		{"a name that was bound to this address", []string{"Content-Type: application/json", "Host: evil.example", "Origin: http://evil.example", "Sec-Fetch-Site: same-origin"}, 421},
		{"a form", []string{"Content-Type: text/plain"}, 415},
	} {
		if code, body := s.do(http.MethodPost, "/act", say, test.headers...); code != test.want {
			t.Errorf("%s: %d %s, want %d", test.name, code, strings.TrimSpace(body), test.want)
		}
	}
	for _, path := range []string{"/", "/state", "/events", "/js/main.js"} {
		if code, _ := s.do(http.MethodGet, path, "", "Host: evil.example:8080"); code != http.StatusMisdirectedRequest {
			t.Errorf("GET %s under another name: %d", path, code)
		}
	}
}

func TestAllowed(t *testing.T) {
	for _, test := range []struct {
		hosts []string
		host  string
		want  bool
	}{
		{[]string{"localhost:8080"}, "LocalHost:8080", true},
		{[]string{"localhost:8080"}, "localhost:8081", false},
		{[]string{"localhost:8080"}, "localhost", false},
		{nil, "192.168.1.7:8080", true},
		{nil, "[fe80::1]:8080", true},
		{nil, "[::1]", true},
		{nil, "localhost:8080", true},
		{nil, "evil.example:8080", false},
		{nil, "192.168.1.7.evil.example", false},
		{nil, "", false},
	} {
		if got := allowed(test.hosts, test.host); got != test.want {
			t.Errorf("allowed(%q, %q) = %v", test.hosts, test.host, got)
		}
	}
}

func TestWhatCannotBeDoneIsRefused(t *testing.T) {
	s := newSite(t)
	w := s.page.World()
	channel := w.chats[len(w.chats)-1].ID
	for _, test := range []struct {
		body string
		want int
	}{
		{``, 400},
		{`null`, 400},
		{`[]`, 400},
		{`{"do":"fly"}`, 400},
		{`{"do":"say","admin":true}`, 400},
		{`{"do":"say","text":"` + strings.Repeat("x", maxBody) + `"}`, 400},
		{`{"do":"say","as":1,"text":"x"}`, 404},
		{`{"do":"say","as":AS,"chat":OTHER,"text":"x"}`, 404},
		{`{"do":"say","as":AS,"chat":AS,"text":" \n"}`, 422},
		{`{"do":"say","as":AS,"chat":AS,"text":"` + strings.Repeat("ы", maxText+1) + `"}`, 422},
		{`{"do":"say","as":AS,"chat":AS,"text":"x","thread":7}`, 422},
		{`{"do":"say","as":AS,"chat":CHANNEL,"text":"x"}`, 403},
		{`{"do":"choose","as":AS,"chat":AS,"query":"1","result":"1","thread":7}`, 422},
		{`{"do":"edit","as":AS,"chat":AS,"message":1,"text":"x"}`, 403},
		{`{"do":"start","as":AS,"text":"a b"}`, 422},
		{`{"do":"start","as":AS,"text":"` + strings.Repeat("a", maxPayload+1) + `"}`, 422},
		{`{"do":"topic","as":AS,"chat":AS,"text":"x"}`, 422},
		{`{"do":"remove","as":AS,"chat":CHANNEL}`, 403},
		{`{"do":"lang","as":AS,"lang":"../"}`, 422},
		{`{"do":"clock","as":AS,"minutes":-5}`, 422},
		{`{"do":"clock","as":AS,"minutes":9223372036854775807}`, 422},
	} {
		body := strings.NewReplacer("AS", fmt.Sprint(s.as), "OTHER", fmt.Sprint(w.people[1].ID), "CHANNEL", fmt.Sprint(channel)).Replace(test.body)
		if code, answer := s.do(http.MethodPost, "/act", body, "Content-Type: application/json"); code != test.want {
			t.Errorf("%.80s: %d %s, want %d", body, code, strings.TrimSpace(answer), test.want)
		} else if !strings.Contains(answer, `"error":`) {
			t.Errorf("%.80s: no reason in %s", body, answer)
		}
	}
	for _, path := range []string{"/menu", "/menu?as=x&chat=9e99", "/explain", "/explain?message=x", "/explain?chat=-1&message=-1"} {
		if code, body := s.do(http.MethodGet, path, ""); code >= 400 {
			t.Errorf("GET %s: %d %s", path, code, body)
		}
	}
}

func TestTheBotGoesAndComes(t *testing.T) {
	s := newSite(t)
	w := s.page.World()
	var newsroom *sandbox.Chat
	for _, c := range w.chats {
		if c.Title == "Newsroom" {
			newsroom = c
		}
	}
	for _, a := range w.people {
		if manages(newsroom, a.ID) {
			s.as = a.ID
		}
	}
	s.act(action{Do: "remove", Chat: newsroom.ID})
	if isIn(newsroom, w.Telegram.BotID()) {
		t.Error("the bot is still there")
	}
	s.act(action{Do: "invite", Chat: newsroom.ID})
	m := newsroom.Messages()
	if service, ok := m[len(m)-1].Service(); !ok || service.Kind != sandbox.Came || service.Person != w.Telegram.BotID() {
		t.Errorf("the group sees %+v", service)
	}
}

func TestTheMenuIsThatOfTheLanguage(t *testing.T) {
	s := newSite(t)
	w := s.page.World()
	for lang, help := range map[string]string{"": "Ask", "ru": "Спросить"} {
		request(t.Context(), w, "setMyCommands", url.Values{
			"commands": {fmt.Sprintf(`[{"command":"ask","description":%q}]`, help)}, "language_code": {lang},
		}, nil)
	}
	path := fmt.Sprintf("/menu?as=%d&chat=%[1]d", s.as)
	for lang, help := range map[string]string{"kk": "Ask", "ru": "Спросить"} {
		s.act(action{Do: "lang", Lang: lang})
		if _, body := s.do(http.MethodGet, path, ""); !strings.Contains(body, help) {
			t.Errorf("in %s the menu is %s, want %q in it", lang, body, help)
		}
	}
}

func TestQuestion(t *testing.T) {
	bots := sandbox.Message{FromBot: true, Text: "What is your question?"}
	other := sandbox.Message{Text: "When do they leave?"}
	for _, test := range []struct {
		text string
		to   sandbox.Message
		want string
	}{
		{"How many?", sandbox.Message{}, "How many?"},
		{"How many?", bots, "How many?"},
		{"/ask How many?", sandbox.Message{}, "How many?"},
		{"/ask@" + BotUsername + " How many?", sandbox.Message{}, "How many?"},
		{"/ask", sandbox.Message{}, ""},
		{"/ask", other, "When do they leave?"},
		{"/ask", bots, ""},
		{"@" + BotUsername + " How many?", sandbox.Message{}, "How many?"},
		{"@" + BotUsername, other, "When do they leave?"},
		{"/topics", sandbox.Message{}, ""},
		{"me@example.com asks", sandbox.Message{}, "me@example.com asks"},
	} {
		if got := question(sandbox.Message{Text: test.text}, test.to); got != test.want {
			t.Errorf("%q in reply to %q asks %q, want %q", test.text, test.to.Text, got, test.want)
		}
	}
	if got := question(bots, other); got != "" {
		t.Errorf("the bot itself asks %q", got)
	}
}

func TestThePageHasNoInlineCode(t *testing.T) {
	s := newSite(t)
	code, page := s.do(http.MethodGet, "/", "")
	if code != http.StatusOK {
		t.Fatalf("GET /: %d", code)
	}
	if found := regexp.MustCompile(`(?i)<style|<script>|style=|\son[a-z]+=|javascript:|https?:`).FindString(page); found != "" {
		t.Errorf("the page has %q", found)
	}
}
