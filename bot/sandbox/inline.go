package sandbox

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// InlineAnswer is what the bot offers while somebody writes "@bot words".
type InlineAnswer struct {
	QueryID    string
	Results    []Result
	Button     *ResultsButton // above the results
	Personal   bool
	CacheTime  int // seconds
	NextOffset string
}

// Result is an article that can be sent through the bot.
type Result struct {
	Type        string `json:"type"`
	ID          string `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description"`
	URL         string `json:"url"`
	Content     source `json:"input_message_content"`
	Markup      markup `json:"reply_markup"`

	draft draft
}

// Text returns the text that the result sends.
func (r Result) Text() string { return r.draft.text }

// HTML returns the text that the result sends, as HTML.
func (r Result) HTML() string { return RenderHTML(r.draft.text, r.draft.entities) }

// ResultsButton leads from the results into the private chat.
type ResultsButton struct {
	Text  string `json:"text"`
	Start string `json:"start_parameter"`
}

// Inline writes "@bot words" somewhere and returns the query's id. Telegram cuts the words at 256 characters.
func (p *Person) Inline(words string) string { return p.InlineFrom(words, "", "sender") }

// InlineFrom is Inline with the offset of a further page of results, and the kind of chat: "sender" for the private chat
// with the bot, "private", "group", "supergroup" or "channel".
func (p *Person) InlineFrom(words, offset, chatType string) string {
	p.s.mu.Lock()
	defer p.s.release()
	if runes := []rune(words); len(runes) > maxQuery {
		words = string(runes[:maxQuery])
	}
	q := p.s.ask("inline", p)
	q.text = words
	p.known = true
	if !p.s.options.NoInline {
		p.s.push(update{InlineQuery: &inlineQuery{
			ID: q.id, From: p.wire(), Query: words, Offset: offset, ChatType: chatType,
		}})
	}
	return q.id
}

// AwaitInline waits for the bot's results for a query.
func (s *Server) AwaitInline(ctx context.Context, id string) (InlineAnswer, error) {
	q, err := s.awaitAnswered(ctx, id)
	return q.inline, err
}

// ErrNoResult is returned for a result that the bot did not offer.
var ErrNoResult = errors.New("sandbox: the bot offered no such result")

// Choose sends a result into a chat. The bot learns of it if inline feedback is on.
func (p *Person) Choose(c *Chat, answer InlineAnswer, resultID string) (Message, error) {
	return p.ChooseIn(c, answer, resultID, 0, 0)
}

// ChooseIn is Choose in a forum topic, or in reply to a message; 0 for neither.
func (p *Person) ChooseIn(c *Chat, answer InlineAnswer, resultID string, thread, replyTo int) (Message, error) {
	p.s.mu.Lock()
	defer p.s.release()
	for _, r := range answer.Results {
		if r.ID == resultID {
			m := p.s.throughBot(c, p, r)
			m.Thread, m.ReplyTo = thread, replyTo
			p.choose(c, answer.QueryID, r.ID, m)
			return *m, nil
		}
	}
	return Message{}, ErrNoResult
}

func (p *Person) choose(c *Chat, queryID, resultID string, m *Message) {
	s := p.s
	// Telegram gives the bot a way to edit the message only if there is a keyboard below it.
	if len(m.Keyboard) > 0 {
		s.giveInlineID(m)
	}
	c.sign(m, p)
	c.place(m)
	s.deliver(c, m)
	if s.options.Feedback {
		chosen := &chosenResult{ResultID: resultID, From: p.wire(), InlineID: m.InlineID}
		if q := s.queries[queryID]; q != nil {
			chosen.Query = q.text
		}
		s.push(update{Chosen: chosen})
	}
}

// throughBot makes the message that a result is.
func (s *Server) throughBot(c *Chat, p *Person, r Result) *Message {
	return &Message{
		Chat: c.ID, From: p.ID, Author: p.ID, ViaBot: true, Date: s.now(), Text: r.draft.text, Entities: r.draft.entities,
		Keyboard: r.Markup.Inline, preview: r.draft.preview, NoPreview: r.draft.preview != nil && r.draft.preview.Disabled,
	}
}

func (s *Server) giveInlineID(m *Message) {
	m.InlineID = fmt.Sprintf("AgAAA%016xsandbox", s.nextSerial())
	s.inline[m.InlineID] = m
}

func (s *Server) answerInlineQuery(a args) (any, error) {
	var button *ResultsButton
	if err := a.decode("button", &button); err != nil {
		return nil, stricter("button: %v", err)
	}
	if button != nil && !payload.MatchString(button.Start) {
		return nil, misuse("can't parse inline query results button: START_PARAM_INVALID")
	}
	var results []Result
	if err := a.decode("results", &results); err != nil {
		return nil, stricter("results: %v", err)
	}
	if err := checkResults(results); err != nil {
		return nil, err
	}
	q, err := s.open("inline", a.text("inline_query_id"))
	if err != nil {
		return nil, err
	}
	q.answered = true
	q.inline = InlineAnswer{
		QueryID: q.id, Results: results, Button: button, Personal: a.truth("is_personal"),
		CacheTime: 300, NextOffset: a.text("next_offset"),
	}
	if a.has("cache_time") {
		q.inline.CacheTime = int(a.integer("cache_time"))
	}
	s.happened(Event{Kind: Offered, Person: q.from.ID, Query: q.id, Inline: q.inline})
	return true, nil
}

// checkResults checks every result and parses its text.
func checkResults(results []Result) error {
	if len(results) > maxResults {
		return misuse("too many inline query results specified")
	}
	seen := map[string]bool{}
	for i := range results {
		r := &results[i]
		if len(r.ID) == 0 || len(r.ID) > 64 {
			return misuse("RESULT_ID_INVALID")
		}
		if seen[r.ID] {
			return misuse("RESULT_ID_DUPLICATE")
		}
		seen[r.ID] = true
		if err := r.check(); err != nil {
			return err
		}
	}
	return nil
}

func (r *Result) check() error {
	if strings.TrimSpace(r.Title) == "" {
		return misuse("ARTICLE_TITLE_EMPTY")
	}
	if !utf8.ValidString(r.Title) || r.URL != "" && !linkable(r.URL) {
		return stricter("the result %q has a malformed title or address", r.ID)
	}
	d, err := r.Content.parse()
	if err != nil {
		return err
	}
	if err := d.check(); err != nil {
		return err
	}
	r.draft = d
	return r.Markup.check()
}
