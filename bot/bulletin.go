package bot

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"releasebot/answers"
	"releasebot/bot/delivery"
	"releasebot/bot/store"
	"releasebot/bot/telegram"
)

const (
	// maxTold is how many pairs a bulletin names; the private chat has the others.
	maxTold = 5
	// maxCorrected is how many corrections a bulletin shows, and maxWording how many characters of each
	// wording: together they fit a message.
	maxCorrected = 3
	maxWording   = 500
)

// wording is what a pair tells people, as the store keeps it to show it once it is corrected or withdrawn. A
// release has its title as the question.
type wording struct {
	Question answers.Text `json:"q"`
	Answer   answers.Text `json:"a,omitempty"`
}

func (w wording) String() string { return string(must(json.Marshal(w))) }

// wordingOf reads what String wrote; that of nothing is empty.
func wordingOf(text string) (w wording) {
	_ = json.Unmarshal([]byte(text), &w)
	return w
}

// items are what a library tells people, release by release.
func items(lib *answers.Library) []store.Item {
	var all []store.Item
	for _, r := range lib.Releases {
		title := wording{Question: answers.Text{lib.Languages[0]: r.Title}}
		all = append(all, store.Item{Release: r.ID, Content: title.String()})
		for _, p := range r.Pairs {
			told := wording{p.Question, p.Answer}
			all = append(all, store.Item{Release: r.ID, Pair: p.ID, Topic: p.Topic.ID, Revision: p.Revision, Content: told.String()})
		}
	}
	return all
}

// Message is what a subscription is sent of bulletins that reach it together.
func (b *Bot) Message(sub store.Subscription, bulletins []store.Bulletin) delivery.Message {
	v := b.viewFor(sub.Chat, sub.Lang)
	for i := range bulletins {
		bulletins[i].Items = slices.DeleteFunc(slices.Clone(bulletins[i].Items), func(i store.Item) bool { return !concerns(sub, i) })
	}
	m := v.bulletins(bulletins, b.now().In(b.zone))
	if m.Text != "" && !sub.Channel {
		m.Keyboard = append(m.Keyboard, row(
			telegram.Button{Text: v.plain("subscription", nil), Data: v.data(verbSwitches)},
			telegram.Button{Text: v.plain("unsubscribe", nil), Data: v.data(verbStop)},
		))
	}
	return m
}

// viewFor is the view of a chat that nobody has just written in; the chat 0 is that of messages sent in inline mode.
func (b *Bot) viewFor(chat int64, lang string) view {
	t := turn{view: view{lib: b.library.Load(), username: b.me.Username, group: chat <= 0}}
	t.speak(spoken(lang))
	return t.view
}

// concerns tells whether an item of a bulletin is for a subscription.
func concerns(sub store.Subscription, i store.Item) bool {
	if slices.Contains(sub.Follows, i.Pair) {
		return true
	}
	return sub.Corrections && (len(sub.Topics) == 0 || i.Pair == "" || slices.Contains(sub.Topics, i.Topic))
}

// bulletins tells of one bulletin, or of several as a digest; the message is empty where there is nothing to tell any more.
func (v view) bulletins(all []store.Bulletin, now time.Time) delivery.Message {
	var told []delivery.Message
	for _, b := range all {
		if m := v.bulletin(b, now, len(all) == 1); m.Text != "" {
			told = append(told, m)
		}
	}
	switch len(told) {
	case 0:
		return delivery.Message{}
	case 1:
		return told[0]
	}
	return delivery.Message{Screen: v.digest(told, now)}
}

// digest puts messages together. What does not fit is in the private chat, as everything is.
func (v view) digest(told []delivery.Message, now time.Time) telegram.Screen {
	s := telegram.Screen{Text: v.html("digest", slots{"date": v.date(now)})}
	for _, m := range told {
		if telegram.Length(s.Text)+telegram.Length(m.Text)+2 > telegram.MaxText {
			break
		}
		s.Text = paragraphs(s.Text, m.Text)
		for _, row := range m.Keyboard {
			if !slices.ContainsFunc(s.Keyboard, func(other []telegram.Button) bool { return slices.Equal(other, row) }) {
				s.Keyboard = append(s.Keyboard, row)
			}
		}
	}
	return s
}

// bulletin tells of one bulletin. One new answer that comes alone is told in full.
func (v view) bulletin(b store.Bulletin, now time.Time, alone bool) delivery.Message {
	if !b.Started.IsZero() {
		now = b.Started.In(now.Location())
	}
	switch b.Kind {
	case store.NewRelease:
		return delivery.Message{Screen: v.newRelease(b)}
	case store.NewAnswers:
		pairs := v.pairsIn(b.Items)
		if alone && len(pairs) == 1 {
			return v.newAnswer(pairs[0])
		}
		return delivery.Message{Screen: v.newAnswers(b, pairs)}
	case store.Correction:
		return v.correction(b, now)
	}
	return delivery.Message{Screen: v.withdrawal(b, now)}
}

// pairsIn are the pairs of items that are still there.
func (v view) pairsIn(items []store.Item) []*answers.Pair {
	var pairs []*answers.Pair
	for _, item := range items {
		if p := v.lib.Pair(item.Pair); p != nil {
			pairs = append(pairs, p)
		}
	}
	return pairs
}

func (v view) newRelease(b store.Bulletin) telegram.Screen {
	r := v.lib.Release(b.Release)
	if r == nil {
		return telegram.Screen{}
	}
	title := v.html("release", slots{"title": r.Title, "publisher": r.Publisher, "date": v.date(r.Date)})
	rows := [][]telegram.Button{{{Text: v.plain("read_release", nil), URL: r.URL}}}
	return telegram.Screen{
		Text:     paragraphs(v.heading(b.Kind), title, blockquote(r.Paragraphs[0])),
		Keyboard: append(rows, v.told(r, v.pairsIn(b.Items))...),
	}
}

// newAnswer shows an answer in full, which the ledger then knows of.
func (v view) newAnswer(p *answers.Pair) delivery.Message {
	s := v.answer(p, nil)
	s.Text = paragraphs(v.html("new_answer", nil), s.Text)
	return delivery.Message{Screen: s, Pair: p.ID, Revision: p.Revision}
}

func (v view) newAnswers(b store.Bulletin, pairs []*answers.Pair) telegram.Screen {
	r := v.lib.Release(b.Release)
	if r == nil || len(pairs) == 0 {
		return telegram.Screen{}
	}
	return telegram.Screen{Text: paragraphs(v.heading(b.Kind), escape(r.Title)), Keyboard: v.told(r, pairs)}
}

// told are buttons that open the first pairs, and one for all of the release's questions where there are more.
func (v view) told(r *answers.Release, pairs []*answers.Pair) [][]telegram.Button {
	rows := v.openers(pairs[:min(len(pairs), maxTold)])
	if address := v.deepLink("r", r.ID); len(pairs) > maxTold && address != "" {
		rows = append(rows, row(telegram.Button{Text: v.plain("all_questions", nil), URL: address}))
	}
	return rows
}

// correction shows what answers said and what they say now. That of a single answer is in the ledger as a copy of it.
func (v view) correction(b store.Bulletin, at time.Time) delivery.Message {
	pairs := v.pairsIn(b.Items)
	if len(pairs) == 0 {
		return delivery.Message{}
	}
	items := slices.SortedStableFunc(slices.Values(b.Items), func(a, b store.Item) int {
		return cmp.Compare(v.differs(b), v.differs(a)) // what reads otherwise first
	})
	parts := []string{v.heading(b.Kind) + " · " + v.date(at)}
	for _, item := range items[:min(len(items), maxCorrected)] {
		parts = append(parts, v.corrected(item))
	}
	if more := len(b.Items) - maxCorrected; more > 0 {
		parts = append(parts, v.count("and_more", more))
	}
	m := delivery.Message{Screen: telegram.Screen{Text: paragraphs(parts...), Keyboard: v.told(pairs[0].Release, pairs)}}
	if len(b.Items) == 1 {
		m.Pair, m.Revision = b.Items[0].Pair, b.Items[0].Revision
	}
	return m
}

// corrected shows one correction. Where the answer reads as before in this language, something else of it was wrong.
func (v view) corrected(item store.Item) string {
	was, now := wordingOf(item.Former), wordingOf(item.Content)
	s := slots{"question": v.in(now.Question), "was": cut(v.in(was.Answer), maxWording), "now": cut(v.in(now.Answer), maxWording)}
	if v.differs(item) == 0 {
		return v.html("corrected_other", s)
	}
	return v.html("corrected", s)
}

// differs is 1 if a corrected answer reads otherwise than before in the view's language, else 0.
func (v view) differs(item store.Item) int {
	was := v.in(wordingOf(item.Former).Answer)
	if was == "" || was == v.in(wordingOf(item.Content).Answer) {
		return 0
	}
	return 1
}

func (v view) withdrawal(b store.Bulletin, at time.Time) telegram.Screen {
	text := ""
	for _, item := range b.Items[:min(len(b.Items), maxTold)] {
		text += "• " + escape(cut(v.in(wordingOf(item.Content).Question), maxWording)) + "\n"
	}
	if more := len(b.Items) - maxTold; more > 0 {
		text += v.count("and_more", more)
	}
	says := v.html("withdrawn_one", nil)
	if len(b.Items) > 1 {
		says = v.html("withdrawn_many", nil)
	}
	return telegram.Screen{Text: paragraphs(v.heading(b.Kind)+" · "+v.date(at), says+"\n"+strings.TrimSuffix(text, "\n"))}
}

// headings are the texts that name the kinds of bulletins.
var headings = map[store.Kind]string{
	store.NewRelease: "head_release", store.NewAnswers: "head_answers", store.Correction: "head_correction", store.Withdrawal: "head_withdrawal",
}

func (v view) heading(k store.Kind) string { return bold(v.plain(headings[k], nil)) }

// Copy is what a message that carries an answer is to show once a bulletin has corrected or withdrawn that answer.
func (b *Bot) Copy(bulletin store.Bulletin, sent store.Sent) telegram.Screen {
	v := b.viewFor(sent.Chat, sent.Lang)
	date := slots{"date": v.date(bulletin.Started.In(b.zone))}
	if p := v.lib.Pair(sent.Pair); p != nil {
		s := v.answer(p, nil)
		s.Text = paragraphs(v.html("copy_corrected", date), s.Text)
		return s
	}
	i := slices.IndexFunc(bulletin.Items, func(i store.Item) bool { return i.Pair == sent.Pair })
	question := bold(v.in(wordingOf(bulletin.Items[i].Content).Question))
	return telegram.Screen{Text: paragraphs(question, v.html("copy_withdrawn", date))}
}
