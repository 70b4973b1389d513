package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"releasebot/bot/sandbox"
)

// action is what somebody does on the page.
type action struct {
	Do string `json:"do"` // one of actions
	As int64  `json:"as"` // who does it

	Chat    int64  `json:"chat"`
	Thread  int    `json:"thread"`
	Message int    `json:"message"` // that is edited or has the button
	ReplyTo int    `json:"replyTo"`
	Text    string `json:"text"`   // what is said; the words of an inline query; a button's; a link's payload; a topic's name
	Row     int    `json:"row"`    // of a button
	Column  int    `json:"column"` // of a button
	Query   string `json:"query"`  // whose result is sent
	Result  string `json:"result"`
	Lang    string `json:"lang"`
	Minutes int    `json:"minutes"` // that the clock is moved on by
}

// doing is an action in its world, with what it is about. Chat is nil for actions that need none.
type doing struct {
	action
	page  *Page
	world *World
	actor *actor
	chat  *sandbox.Chat
}

var actions = map[string]struct {
	run    func(context.Context, doing) (any, error)
	inChat bool
}{
	"say":    {say, true},
	"edit":   {edit, true},
	"press":  {press, true},
	"inline": {inline, true},
	"choose": {choose, true},
	"start":  {start, false},
	"topic":  {topic, true},
	"invite": {invite, true},
	"remove": {remove, true},
	"lang":   {lang, false},
	"clock":  {clock, false},
	"reset":  {reset, false},
}

// The limits that Telegram's own clients keep to.
const (
	maxText    = 4096
	maxPayload = 64
	maxTopic   = 128
	maxBody    = 64 << 10
	maxMinutes = 366 * 24 * 60
)

// patience is how long the page waits for the bot's answer to a press or to inline words.
const patience = 10 * time.Second

// refusal is what cannot be done, said to the person who wanted it.
type refusal struct {
	code int
	text string
}

func (r *refusal) Error() string { return r.text }

func cannot(format string, values ...any) error {
	return &refusal{http.StatusUnprocessableEntity, fmt.Sprintf(format, values...)}
}

func (p *Page) act(w http.ResponseWriter, r *http.Request) {
	result, err := p.do(w, r)
	var refused *refusal
	switch {
	case err == nil:
		writeJSON(w, http.StatusOK, result)
	case errors.As(err, &refused):
		writeJSON(w, refused.code, map[string]string{"error": refused.text})
	case errors.Is(err, context.DeadlineExceeded):
		writeJSON(w, http.StatusGatewayTimeout, map[string]string{"error": "the bot has not answered"})
	default:
		writeJSON(w, http.StatusInternalServerError, map[string]string{"error": err.Error()})
	}
}

func (p *Page) do(w http.ResponseWriter, r *http.Request) (any, error) {
	a, err := readAction(w, r)
	if err != nil {
		return nil, err
	}
	kind, ok := actions[a.Do]
	if !ok {
		return nil, &refusal{http.StatusBadRequest, "there is no action " + strconv.Quote(a.Do)}
	}
	d := doing{action: a, page: p, world: p.World()}
	if d.actor = d.world.actor(a.As); d.actor == nil {
		return nil, &refusal{http.StatusNotFound, "there is no such person"}
	}
	if kind.inChat {
		if d.chat = d.world.chat(d.actor, a.Chat); d.chat == nil {
			return nil, &refusal{http.StatusNotFound, d.actor.Name + " is in no such chat"}
		}
	}
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	return kind.run(ctx, d)
}

func readAction(w http.ResponseWriter, r *http.Request) (action, error) {
	var a action
	if kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); kind != "application/json" {
		return a, &refusal{http.StatusUnsupportedMediaType, "want application/json"}
	}
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	d.DisallowUnknownFields()
	if err := d.Decode(&a); err != nil {
		return a, &refusal{http.StatusBadRequest, "not an action: " + err.Error()}
	}
	return a, nil
}

// sent is the message that an action made.
type sent struct {
	Message int `json:"message"`
}

func say(_ context.Context, d doing) (any, error) {
	if err := checkText(d.Text); err != nil {
		return nil, err
	}
	if err := d.checkPlace(); err != nil {
		return nil, err
	}
	m := d.actor.Post(d.chat, sandbox.Post{Text: d.Text, Thread: d.Thread, ReplyTo: d.ReplyTo})
	return sent{m.ID}, nil
}

// checkPlace tells whether the person may write there.
func (d doing) checkPlace() error {
	if d.chat.Kind == sandbox.KindChannel && !manages(d.chat, d.As) {
		return &refusal{http.StatusForbidden, "only administrators write in a channel"}
	}
	if d.Thread != 0 && !slices.ContainsFunc(d.chat.Topics(), func(t sandbox.Topic) bool { return t.Thread == d.Thread }) {
		return cannot("the chat has no such topic")
	}
	return nil
}

func checkText(text string) error {
	switch n := utf8.RuneCountInString(text); {
	case strings.TrimSpace(text) == "":
		return cannot("there is nothing to send")
	case n > maxText:
		return cannot("the text has %d characters; Telegram takes %d", n, maxText)
	}
	return nil
}

func edit(_ context.Context, d doing) (any, error) {
	if err := checkText(d.Text); err != nil {
		return nil, err
	}
	m, ok := d.chat.Message(d.Message)
	if _, service := m.Service(); !ok || m.Author != d.As || m.ViaBot || m.Media != "" || service {
		return nil, &refusal{http.StatusForbidden, "only one's own text can be edited"}
	}
	if m.Text != d.Text {
		d.actor.Edit(d.chat, d.Message, d.Text)
	}
	return sent{m.ID}, nil
}

// pressed is the bot's answer to a press.
type pressed struct {
	Text  string `json:"text"`
	Alert bool   `json:"alert,omitempty"`
}

// press presses a button by its place. Its text must be what the browser shows, for the message may have changed since.
func press(ctx context.Context, d doing) (any, error) {
	m, _ := d.chat.Message(d.Message)
	if d.Row < 0 || d.Row >= len(m.Keyboard) || d.Column < 0 || d.Column >= len(m.Keyboard[d.Row]) ||
		m.Keyboard[d.Row][d.Column].Text != d.Text {
		return nil, &refusal{http.StatusConflict, "the button is no longer there"}
	}
	b := m.Keyboard[d.Row][d.Column]
	if b.Data == "" {
		return nil, cannot("the button does not ask the bot")
	}
	answer, err := d.world.Telegram.AwaitAnswer(ctx, d.actor.PressData(m, b.Data))
	return pressed{answer.Text, answer.Alert}, err
}

// offer is what the bot offers for inline words.
type offer struct {
	Query   string                 `json:"query"`
	Results []result               `json:"results"`
	Button  *sandbox.ResultsButton `json:"button,omitempty"`
}

type result struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description,omitempty"`
}

func inline(ctx context.Context, d doing) (any, error) {
	where := string(d.chat.Kind)
	if d.chat.Kind == sandbox.KindPrivate {
		where = "sender"
	}
	query := d.actor.InlineFrom(d.Text, "", where)
	answer, err := d.world.Telegram.AwaitInline(ctx, query)
	o := offer{Query: query, Results: []result{}, Button: answer.Button}
	for _, r := range answer.Results {
		o.Results = append(o.Results, result{r.ID, r.Title, r.Description})
	}
	return o, err
}

func choose(ctx context.Context, d doing) (any, error) {
	if err := d.checkPlace(); err != nil {
		return nil, err
	}
	answer, err := d.world.Telegram.AwaitInline(ctx, d.Query)
	if err != nil {
		return nil, err
	}
	m, err := d.actor.ChooseIn(d.chat, answer, d.Result, d.Thread, d.ReplyTo)
	if err != nil {
		return nil, cannot("the bot offered no such result")
	}
	return sent{m.ID}, nil
}

// start follows a deep link to the bot.
func start(_ context.Context, d doing) (any, error) {
	if len(d.Text) > maxPayload || strings.ContainsFunc(d.Text, notInPayload) {
		return nil, cannot("a link's payload has at most %d letters, digits, _ and -", maxPayload)
	}
	d.actor.Start(d.Text)
	return nil, nil
}

func notInPayload(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-')
}

func topic(_ context.Context, d doing) (any, error) {
	name := strings.TrimSpace(d.Text)
	if !d.chat.Forum || name == "" || utf8.RuneCountInString(name) > maxTopic {
		return nil, cannot("a forum's topic wants a name of at most %d characters", maxTopic)
	}
	thread := d.actor.OpenTopic(d.chat, name)
	d.page.headChanged()
	return sent{thread}, nil
}

func invite(_ context.Context, d doing) (any, error) { return d.moveBot(d.actor.AddBot) }
func remove(_ context.Context, d doing) (any, error) { return d.moveBot(d.actor.RemoveBot) }

func (d doing) moveBot(move func(*sandbox.Chat)) (any, error) {
	if !manages(d.chat, d.As) {
		return nil, &refusal{http.StatusForbidden, "only administrators let the bot in and out"}
	}
	move(d.chat)
	d.page.headChanged()
	return nil, nil
}

func lang(_ context.Context, d doing) (any, error) {
	if len(d.Lang) != 2 || strings.ContainsFunc(d.Lang, func(r rune) bool { return r < 'a' || r > 'z' }) {
		return nil, cannot("a language has two letters, such as en")
	}
	d.actor.speak(d.Lang)
	d.page.headChanged()
	return nil, nil
}

func clock(_ context.Context, d doing) (any, error) {
	if d.Minutes <= 0 || d.Minutes > maxMinutes {
		return nil, cannot("the clock is moved on by 1 to %d minutes", maxMinutes)
	}
	d.world.Clock.Move(time.Duration(d.Minutes) * time.Minute)
	d.page.headChanged()
	return nil, nil
}

func reset(_ context.Context, d doing) (any, error) { return nil, d.page.reset() }

// menu answers with the commands that somebody is offered in a chat.
func (p *Page) menu(w http.ResponseWriter, r *http.Request) {
	as, _ := strconv.ParseInt(r.FormValue("as"), 10, 64)     // what is no number is nobody
	chat, _ := strconv.ParseInt(r.FormValue("chat"), 10, 64) // what is no number is no chat
	commands := []sandbox.Command{}
	world := p.World()
	if a := world.actor(as); a != nil {
		if c := world.chat(a, chat); c != nil {
			commands = append(commands, world.Telegram.Menu(a.Person, c)...)
		}
	}
	writeJSON(w, http.StatusOK, commands)
}
