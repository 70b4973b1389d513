package bot

import (
	"cmp"
	"context"
	"strings"

	"releasebot/answers"
	"releasebot/bot/store"
	"releasebot/bot/telegram"
)

// maxResults is how many inline results are offered: more than anyone scrolls through.
const maxResults = 20

// inline answers what somebody types after the bot's name in any chat.
// Nothing of it is cached: Telegram cannot be told to drop what it has, so even
// a minute's cache would outlive a correction, and an answer takes no time.
func (b *Bot) inline(ctx context.Context, q *telegram.InlineQuery) error {
	if wait, _ := b.limits.take(key{typing, q.From.ID}, typingRate, b.now()); wait > 0 {
		return nil
	}
	q.Query = strings.TrimSpace(q.Query)
	v := b.inlineView(ctx, q)
	answer := telegram.InlineAnswer{
		Results:  v.results(q.Query),
		Personal: true,
		Button:   v.plain("inline_private", nil),
		Start:    "inline",
	}
	if len(answer.Results) == 0 {
		answer.Button = v.plain("inline_nothing", nil)
	}
	return b.client.AnswerInline(ctx, q.ID, answer)
}

// inlineView speaks the asker's choice of language, else that of the words, else the client's.
// A person's id is that of their private chat.
func (b *Bot) inlineView(ctx context.Context, q *telegram.InlineQuery) view {
	t := turn{view: view{lib: b.library.Load(), username: b.me.Username, group: true}}
	t.speak(b.settings(ctx, q.From.ID).Lang, t.lib.Detect(q.Query), spoken(q.From.Lang))
	return t.view
}

// results are the pairs for half-typed words; for none, the latest release and a question of each topic.
func (v view) results(words string) []telegram.InlineResult {
	results := []telegram.InlineResult{}
	for _, p := range v.offered(words) {
		results = append(results, v.result(p))
	}
	if words == "" && len(v.lib.Releases) > 0 {
		r := v.lib.Releases[0]
		screen := v.release(r)
		screen.Keyboard = screen.Keyboard[:1]
		latest := telegram.InlineResult{ID: "r" + ref(r.ID), Title: r.Title, Description: v.date(r.Date), Screen: screen}
		results = append([]telegram.InlineResult{latest}, results...)
	}
	return results
}

func (v view) offered(words string) []*answers.Pair {
	var pairs []*answers.Pair
	if words == "" {
		for _, topic := range v.lib.Topics[:min(len(v.lib.Topics), maxResults)] {
			pairs = append(pairs, topic.Pairs[0])
		}
		return pairs
	}
	for _, c := range v.lib.Complete(words, v.lang, maxResults) {
		pairs = append(pairs, c.Pair)
	}
	return pairs
}

func (v view) result(p *answers.Pair) telegram.InlineResult {
	return telegram.InlineResult{
		ID:          v.data(verbAnswer, ref(p.ID), p.Revision),
		Title:       v.in(p.Question),
		Description: v.in(p.Answer),
		Screen:      v.answer(p, nil),
	}
}

// chosen enters an answer that was sent in inline mode in the ledger, so that a correction can reach it.
// Telegram tells of it where @BotFather has inline feedback on.
func (b *Bot) chosen(ctx context.Context, c *telegram.ChosenInline) error {
	p := parseData(c.Result)
	pairs := pairsOf(b.library.Load(), []string{p.argument(0)})
	if c.Inline == "" || p.verb != verbAnswer || len(pairs) == 0 {
		return nil
	}
	return b.store.Record(ctx, store.Sent{Inline: c.Inline, Pair: pairs[0].ID, Revision: p.argument(1), Lang: p.lang, At: b.now()})
}

// guest answers a question in a chat that the bot is not in; Telegram takes one answer.
func (b *Bot) guest(ctx context.Context, m *telegram.Message) error {
	if wait, _ := b.limits.takeFrom(m.From.ID, b.now()); wait > 0 {
		return nil
	}
	question, _ := m.Mentions(b.me.Username)
	t := b.turn(ctx, m, m.From)
	t.group, t.chat = true, b.settings(ctx, m.From.ID) // the chat is not the bot's, and has chosen nothing
	if question == "" && m.ReplyTo != nil {
		question = cmp.Or(m.Quote, m.ReplyTo.Text)
	}
	reply := t.ask(question)
	b.heard(ctx, reply, t.lang)
	result := telegram.InlineResult{ID: "g", Title: t.in(t.lib.Office.Name), Screen: t.guestScreen(reply, question)}
	id, err := b.client.AnswerGuest(ctx, m.GuestQuery, result)
	if err != nil || reply.Kind != answers.KindAnswer || id == "" {
		return err
	}
	b.enter(ctx, store.Sent{Inline: id, Pair: reply.Pair.ID, Revision: reply.Pair.Revision, Lang: t.lang, At: b.now()})
	return nil
}

// guestScreen is a reply without buttons that would have to come back to the
// bot: in a chat it is not in, they lead into the private chat.
func (t *turn) guestScreen(r answers.Reply, question string) telegram.Screen {
	if r.Kind == answers.KindAnswer {
		return t.view.answer(r.Pair, nil)
	}
	screen := t.screen(r, question)
	screen.Keyboard = nil
	lead := func(text, kind, id string) {
		if address := t.deepLink(kind, id); address != "" {
			screen.Keyboard = append(screen.Keyboard, row(telegram.Button{Text: label(text), URL: address}))
		}
	}
	for _, p := range suggested(r) {
		lead(t.in(p.Question), "q", p.ID)
	}
	if len(screen.Keyboard) == 0 {
		for _, topic := range t.lib.Topics {
			lead(t.in(topic.Name), "s", topic.ID)
		}
	}
	return screen
}
