package sandbox

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

// answerWithin is how long a query can be answered. Telegram documents no figure; clients give up after about so long.
const answerWithin = 15 * time.Second

// Telegram's limits of queries and their answers.
const (
	maxQuery   = 256 // characters of an inline query
	maxAlert   = 200 // characters of the answer to a callback
	maxResults = 50
)

// maxQueries is how many queries are kept before those are forgotten that can no longer be answered.
const maxQueries = 10_000

var errStale = unable("query is too old and response timeout expired or query ID is invalid")

// query is a question to the bot that awaits an answer: a callback, inline or guest query.
type query struct {
	id       string
	kind     string // "callback", "inline" or "guest"
	from     *Person
	text     string
	asked    time.Time
	answered bool
	chat     *Chat    // of a guest query
	message  *Message // that summoned the guest
	callback Answer
	inline   InlineAnswer
	sent     Message // by the guest
}

func (s *Server) ask(kind string, p *Person) *query {
	q := &query{id: strconv.FormatInt(4_000_000_000_000_000_000+s.nextSerial(), 10), kind: kind, from: p, asked: s.now()}
	if len(s.queries) >= maxQueries {
		maps.DeleteFunc(s.queries, func(_ string, q *query) bool { return s.now().Sub(q.asked) > answerWithin })
	}
	s.queries[q.id] = q
	return q
}

// open finds a query that can still be answered.
func (s *Server) open(kind, id string) (*query, error) {
	q := s.queries[id]
	if q == nil || q.kind != kind || q.answered || s.now().Sub(q.asked) > answerWithin {
		return nil, errStale
	}
	return q, nil
}

// Answer is what the bot replied to a press of a button.
type Answer struct {
	Text  string
	Alert bool // a window instead of a passing line
	URL   string
}

// Press is a button that was pressed, and what came of it.
type Press struct {
	Button Button
	ID     string // of the callback query; empty if the button does not ask the bot
}

// button returns the button with a text, and whether there is one.
func (m Message) button(text string) (Button, bool) {
	row := slices.Concat(m.Keyboard...)
	i := slices.IndexFunc(row, func(b Button) bool { return b.Text == text })
	if i < 0 {
		return Button{}, false
	}
	return row[i], true
}

// ErrNoButton is returned for a button that the message does not have, or no longer.
var ErrNoButton = errors.New("sandbox: the message has no such button")

// Press presses a button below a message, as it is now. A button that asks the bot gives a callback query.
func (p *Person) Press(m Message, text string) (Press, error) {
	p.s.mu.Lock()
	defer p.s.release()
	stored := p.s.find(m)
	if stored == nil || stored.Receiver != 0 && stored.Receiver != p.ID {
		return Press{}, ErrNoButton
	}
	b, ok := stored.button(text)
	if !ok {
		return Press{}, ErrNoButton
	}
	press := Press{Button: b}
	if b.Data != "" {
		press.ID = p.s.callback(p, stored, b.Data)
	}
	return press, nil
}

// PressData sends a callback with data of any kind, as old keyboards and other clients may.
func (p *Person) PressData(m Message, data string) Press {
	p.s.mu.Lock()
	defer p.s.release()
	if stored := p.s.find(m); stored != nil {
		m = *stored
	}
	return Press{ID: p.s.callback(p, &m, data)}
}

// find returns the stored message that m is a copy of, nil if it is deleted.
func (s *Server) find(m Message) *Message {
	if m.InlineID != "" {
		return s.inline[m.InlineID]
	}
	if c := s.chats[m.Chat]; c != nil {
		return c.message(m.ID)
	}
	return nil
}

func (s *Server) callback(p *Person, m *Message, data string) string {
	q := s.ask("callback", p)
	w := &callbackQuery{ID: q.id, From: p.wire(), Instance: strconv.FormatInt(m.Chat, 10), Data: data}
	if m.FromBot {
		w.Message = s.wire(m)
	} else {
		w.InlineID = m.InlineID
	}
	p.known = true
	s.happened(Event{Kind: Pressed, Chat: m.Chat, Person: p.ID, Query: q.id, Message: *m})
	s.push(update{Callback: w})
	return q.id
}

func (s *Server) answerCallbackQuery(a args) (any, error) {
	if utf8.RuneCountInString(a.text("text")) > maxAlert {
		return nil, misuse("MESSAGE_TOO_LONG")
	}
	q, err := s.open("callback", a.text("callback_query_id"))
	if err != nil {
		return nil, err
	}
	q.answered = true
	q.callback = Answer{Text: a.text("text"), Alert: a.truth("show_alert"), URL: a.text("url")}
	s.happened(Event{Kind: Answered, Person: q.from.ID, Query: q.id, Answer: q.callback})
	return true, nil
}

// AwaitAnswer waits for the answer to a press of a button.
func (s *Server) AwaitAnswer(ctx context.Context, press Press) (Answer, error) {
	q, err := s.awaitAnswered(ctx, press.ID)
	return q.callback, err
}

// awaitAnswered waits until a query is answered, and returns a copy of it.
func (s *Server) awaitAnswered(ctx context.Context, id string) (query, error) {
	var q query
	err := s.Await(ctx, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.queries[id] != nil {
			q = *s.queries[id]
		}
		return q.answered
	})
	return q, err
}
