package bot

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
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
		all = append(all, releaseItem(lib, r))
		for _, p := range r.Pairs {
			all = append(all, pairItem(p))
		}
	}
	return all
}

func pairItem(p *answers.Pair) store.Item {
	told := wording{p.Question, p.Answer}
	return store.Item{Release: p.Release.ID, Pair: p.ID, Topic: p.Topic.ID, Revision: p.Revision, Content: told.String()}
}

// releaseItem is what a release tells of itself: its title and, as the answer, its first words.
func releaseItem(lib *answers.Library, r *answers.Release) store.Item {
	in := lib.Languages[0]
	told := wording{answers.Text{in: r.Title}, answers.Text{in: r.Paragraphs[0]}}.String()
	sum := sha256.Sum256([]byte(strings.Join([]string{told, r.Publisher, r.Date.String(), r.URL}, "\n")))
	return store.Item{Release: r.ID, Revision: hex.EncodeToString(sum[:8]), Content: told}
}

// present is what the library tells now of what has a key; ok is false where it tells it no more.
func (v view) present(key string) (i store.Item, ok bool) {
	if p := v.lib.Pair(key); p != nil {
		return pairItem(p), true
	}
	for _, r := range v.lib.Releases {
		if i := releaseItem(v.lib, r); i.Key() == key {
			return i, true
		}
	}
	return store.Item{}, false
}

// unchanged tells whether the library says what an item does, and nothing newer that nobody has approved.
func (v view) unchanged(i store.Item) bool {
	now, ok := v.present(i.Key())
	return ok && now.Revision == i.Revision
}

// Message is what a subscription is sent of bulletins that reach it together.
func (b *Bot) Message(sub store.Subscription, bulletins []store.Bulletin) delivery.Message {
	v := b.viewFor(sub.Chat, sub.Lang)
	for i, bulletin := range bulletins {
		bulletins[i].Items = slices.DeleteFunc(slices.Clone(bulletin.Items), func(i store.Item) bool { return !sub.Wants(bulletin.Kind, i) })
	}
	return v.subscribed(v.bulletins(bulletins, b.now().In(b.zone)), sub)
}

// subscribed puts the buttons that change and end a subscription below what is sent for it. A channel's readers can do neither.
func (v view) subscribed(m delivery.Message, sub store.Subscription) delivery.Message {
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
	return v.digest(told, now)
}

// digest puts messages together. What does not fit is in the private chat, as everything is.
func (v view) digest(told []delivery.Message, now time.Time) delivery.Message {
	digest := delivery.Message{Screen: telegram.Screen{Text: v.html("digest", slots{"date": v.date(now)})}}
	for i, m := range told {
		more := v.count("and_more", len(told)-i)
		if telegram.Length(paragraphs(digest.Text, m.Text, more)) > telegram.MaxText {
			digest.Text = paragraphs(digest.Text, more)
			break
		}
		digest.Text = paragraphs(digest.Text, m.Text)
		digest.Shows = append(digest.Shows, m.Shows...)
		for _, row := range m.Keyboard {
			if !slices.ContainsFunc(digest.Keyboard, func(other []telegram.Button) bool { return slices.Equal(other, row) }) {
				digest.Keyboard = append(digest.Keyboard, row)
			}
		}
	}
	return digest
}

// bulletin tells of one bulletin, in the words that were approved: what the library has come to say otherwise since
// is behind its buttons alone. One new answer that comes alone is told in full.
func (v view) bulletin(b store.Bulletin, now time.Time, alone bool) delivery.Message {
	if !b.Started.IsZero() {
		now = b.Started.In(now.Location())
	}
	b.Items = slices.DeleteFunc(slices.Clone(b.Items), func(i store.Item) bool { return v.outlived(b.Kind, i) })
	switch {
	case len(b.Items) == 0:
		return delivery.Message{}
	case b.Kind == store.NewRelease:
		return v.newRelease(b)
	case b.Kind == store.NewAnswers && alone && len(b.Items) == 1 && v.unchanged(b.Items[0]):
		m := v.whole(b.Items[0])
		m.Text = paragraphs(v.html("new_answer", nil), m.Text)
		return m
	case b.Kind == store.NewAnswers:
		return delivery.Message{Screen: v.newAnswers(b)}
	case b.Kind == store.Correction:
		return v.correction(b, now)
	}
	return delivery.Message{Screen: v.withdrawal(b, now)}
}

// outlived tells whether a bulletin's item is no longer so at all: what it tells of is gone, or what it withdraws is back.
func (v view) outlived(k store.Kind, i store.Item) bool {
	_, there := v.present(i.Key())
	return there == (k == store.Withdrawal)
}

// pairsIn are the pairs among items.
func (v view) pairsIn(items []store.Item) []*answers.Pair {
	var pairs []*answers.Pair
	for _, item := range items {
		if p := v.lib.Pair(item.Pair); p != nil {
			pairs = append(pairs, p)
		}
	}
	return pairs
}

func (v view) newRelease(b store.Bulletin) delivery.Message {
	i := slices.IndexFunc(b.Items, isRelease)
	if i < 0 {
		return delivery.Message{}
	}
	item, r := b.Items[i], v.lib.Release(b.Release)
	if !v.unchanged(item) {
		title := bold(v.in(wordingOf(item.Content).Question))
		return delivery.Message{Screen: telegram.Screen{Text: paragraphs(v.heading(b.Kind), title), Keyboard: v.releaseButtons(r, v.pairsIn(b.Items))}}
	}
	m := v.announced(r, v.pairsIn(b.Items))
	m.Text = paragraphs(v.heading(b.Kind), m.Text)
	return m
}

func isRelease(i store.Item) bool { return i.Pair == "" }

// announced shows a release: its title, its first words, and some of its questions.
func (v view) announced(r *answers.Release, pairs []*answers.Pair) delivery.Message {
	title := v.html("release", slots{"title": r.Title, "publisher": r.Publisher, "date": v.date(r.Date)})
	item := releaseItem(v.lib, r)
	return delivery.Message{
		Screen: telegram.Screen{Text: paragraphs(title, blockquote(r.Paragraphs[0])), Keyboard: v.releaseButtons(r, pairs)},
		Shows:  []delivery.Shown{{Key: item.Key(), Revision: item.Revision}},
	}
}

func (v view) releaseButtons(r *answers.Release, pairs []*answers.Pair) [][]telegram.Button {
	return append([][]telegram.Button{v.readRelease(r)}, v.told(r, pairs)...)
}

func (v view) readRelease(r *answers.Release) []telegram.Button {
	return row(telegram.Button{Text: v.plain("read_release", nil), URL: r.URL})
}

func (v view) newAnswers(b store.Bulletin) telegram.Screen {
	pairs := v.pairsIn(b.Items)
	r := pairs[0].Release
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

// correction shows what answers said and what they say now.
func (v view) correction(b store.Bulletin, at time.Time) delivery.Message {
	items := slices.SortedStableFunc(slices.Values(b.Items), func(a, b store.Item) int {
		return cmp.Compare(v.weight(b), v.weight(a))
	})
	var m delivery.Message
	parts := []string{v.heading(b.Kind) + " · " + v.date(at)}
	for _, item := range items[:min(len(items), maxCorrected)] {
		parts = append(parts, v.corrected(item))
		m.Shows = append(m.Shows, delivery.Shown{Key: item.Key(), Revision: item.Revision})
	}
	if more := len(items) - maxCorrected; more > 0 {
		parts = append(parts, v.count("and_more", more))
	}
	m.Text, m.Keyboard = paragraphs(parts...), v.leadOn(items)
	return m
}

// leadOn are buttons to what items tell of.
func (v view) leadOn(items []store.Item) (rows [][]telegram.Button) {
	for _, item := range items {
		if r := v.lib.Release(item.Release); r != nil && isRelease(item) {
			rows = append(rows, v.readRelease(r))
		}
	}
	if pairs := v.pairsIn(items); len(pairs) > 0 {
		rows = append(rows, v.told(pairs[0].Release, pairs)...)
	}
	return rows
}

// corrected shows one correction. Where the answer reads as before in this language, something else of it was wrong.
func (v view) corrected(item store.Item) string {
	was, now := wordingOf(item.Former), wordingOf(item.Content)
	s := slots{"question": v.in(now.Question), "was": cut(v.in(was.Answer), maxWording), "now": cut(v.in(now.Answer), maxWording)}
	if !v.differs(item) {
		return v.html("corrected_other", s)
	}
	return v.html("corrected", s)
}

// differs tells whether a corrected answer reads otherwise than before in the view's language.
func (v view) differs(item store.Item) bool {
	was := v.in(wordingOf(item.Former).Answer)
	return was != "" && was != v.in(wordingOf(item.Content).Answer)
}

// weight puts first what reads otherwise, and the release's own words, in one language alone, behind the answers.
func (v view) weight(item store.Item) (w int) {
	if v.differs(item) {
		w += 2
	}
	if !isRelease(item) {
		w++
	}
	return w
}

func (v view) withdrawal(b store.Bulletin, at time.Time) telegram.Screen {
	items, says := b.Items, "withdrawn_many"
	if i := slices.IndexFunc(items, isRelease); i >= 0 { // with all that it answered
		items, says = items[i:i+1], "withdrawn_release"
	} else if len(items) == 1 {
		says = "withdrawn_one"
	}
	text := v.html(says, nil)
	for _, item := range items[:min(len(items), maxTold)] {
		text += "\n• " + escape(cut(v.in(wordingOf(item.Content).Question), maxWording))
	}
	if more := len(items) - maxTold; more > 0 {
		text += "\n" + v.count("and_more", more)
	}
	return telegram.Screen{Text: paragraphs(v.heading(b.Kind)+" · "+v.date(at), text)}
}

// headings are the texts that name the kinds of bulletins.
var headings = map[store.Kind]string{
	store.NewRelease: "head_release", store.NewAnswers: "head_answers", store.Correction: "head_correction", store.Withdrawal: "head_withdrawal",
}

func (v view) heading(k store.Kind) string { return bold(v.plain(headings[k], nil)) }

// Copy is what a message shows since a bulletin has corrected or withdrawn a part of it: one answer in full, as it would
// be given now, and several in short. What nobody asked for, in a place with a subscription, keeps that one's buttons.
func (b *Bot) Copy(bulletin store.Bulletin, parts []store.Sent, sub store.Subscription, subscribed bool) delivery.Message {
	v := b.viewFor(parts[0].Chat, parts[0].Lang)
	m := v.copied(bulletin, parts, slots{"date": v.date(bulletin.Started.In(b.zone))})
	if subscribed && parts[0].Question == 0 {
		return v.subscribed(m, sub)
	}
	return m
}

func (v view) copied(b store.Bulletin, parts []store.Sent, date slots) delivery.Message {
	if b.Kind == store.Withdrawal {
		return v.renewed(v.carried(b, parts), v.html("copy_withdrawn", date))
	}
	m := v.renewed(v.carried(b, parts), "")
	m.Text = paragraphs(v.html("copy_corrected", date), m.Text)
	return m
}

// carried are what the parts of a message tell of, each once: as a bulletin has it, else as the library has it now.
func (v view) carried(b store.Bulletin, parts []store.Sent) (items []store.Item) {
	for _, part := range parts {
		same := func(i store.Item) bool { return i.Key() == part.Pair }
		if slices.ContainsFunc(items, same) {
			continue
		}
		if i := slices.IndexFunc(b.Items, same); i >= 0 {
			items = append(items, b.Items[i])
		} else if item, ok := v.present(part.Pair); ok {
			items = append(items, item)
		}
	}
	return items
}

// renewed shows what items tell; in place of what is withdrawn it says withdrawn.
func (v view) renewed(items []store.Item, withdrawn string) delivery.Message {
	if len(items) == 1 && v.unchanged(items[0]) {
		return v.whole(items[0])
	}
	most := maxWording
	if len(items) == 1 {
		most = telegram.MaxText / 2
	}
	var m delivery.Message
	for _, item := range items {
		told := wordingOf(item.Content)
		says := escape(cut(v.in(told.Answer), most))
		if item.Revision == "" {
			says = withdrawn
		}
		m.Text = paragraphs(m.Text, bold(v.in(told.Question))+"\n"+says)
		m.Shows = append(m.Shows, delivery.Shown{Key: item.Key(), Revision: item.Revision})
	}
	m.Keyboard = v.leadOn(items)
	return m
}

// whole shows all of what an item tells of, as the library has it.
func (v view) whole(i store.Item) delivery.Message {
	if isRelease(i) {
		r := v.lib.Release(i.Release)
		return v.announced(r, r.Pairs)
	}
	p := v.lib.Pair(i.Pair)
	return delivery.Message{Screen: v.answer(p, nil), Shows: []delivery.Shown{{Key: p.ID, Revision: p.Revision}}}
}
