package bot

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"releasebot/answers"
	"releasebot/bot/telegram"
)

// reply is the screen for what the library replied.
func (v view) reply(r answers.Reply) telegram.Screen {
	switch r.Kind {
	case answers.KindAnswer:
		return v.answer(r.Pair, v.others(r))
	case answers.KindSuggest:
		return v.suggest(suggested(r))
	case answers.KindGap:
		return v.gap(r.Gap, suggested(r))
	}
	return v.none()
}

func suggested(r answers.Reply) []*answers.Pair {
	var pairs []*answers.Pair
	for _, s := range r.Suggestions {
		pairs = append(pairs, s.Pair)
	}
	return pairs
}

// others are the pairs that came next to the answer, best first; never nil.
func (v view) others(r answers.Reply) []*answers.Pair {
	pairs := []*answers.Pair{}
	for _, ranked := range r.Ranking {
		if p := v.lib.Pair(ranked.ID); p != nil && p != r.Pair {
			pairs = append(pairs, p)
		}
	}
	return pairs
}

// answer shows a pair: its question, the answer, the quotes it stands on and
// where they can be read. The others are what "not my question" will offer;
// nil where nobody asked in words.
func (v view) answer(p *answers.Pair, others []*answers.Pair) telegram.Screen {
	var parts []string
	if !v.brief {
		text, lang := p.Answer.In(v.lang, v.lib.Languages[0])
		parts = append(parts, bold(v.in(p.Question))+"\n"+escape(text)+v.note(lang, p.Release.Lang))
	}
	for _, q := range p.Quotes {
		parts = append(parts, v.quote(p.Release, q))
	}
	rows := v.sourceButtons(p)
	if !v.brief {
		rows = append(rows, append(v.copyButton(p), v.shareButton("q", p.ID, v.in(p.Question))...))
		rows = append(rows, v.relatedButtons(p)...)
	}
	rows = append(rows, v.ownButtons(p, others))
	return telegram.Screen{Text: paragraphs(parts...), Keyboard: rows}
}

// ownButtons are for who asked: that it was another question, to hear of corrections, and to show everyone what they alone see.
func (v view) ownButtons(p *answers.Pair, others []*answers.Pair) []telegram.Button {
	var buttons []telegram.Button
	if others != nil {
		buttons = append(buttons, telegram.Button{Text: v.plain("not_mine", nil), Data: v.data(verbNotMine, refs(others)...)})
	}
	if !v.group {
		buttons = append(buttons, telegram.Button{Text: v.plain("follow", nil), Data: v.data(verbFollow, ref(p.ID))})
	}
	if v.alone {
		buttons = append(buttons, telegram.Button{Text: v.plain("post", nil), Data: v.data(verbPost, ref(p.ID))})
	}
	return buttons
}

// relatedButtons lead on to related questions. In a group they lead into the
// private chat, so that one reader's curiosity does not fill everyone's screen.
func (v view) relatedButtons(p *answers.Pair) [][]telegram.Button {
	return v.openers(p.Related[:min(len(p.Related), 2)])
}

// openers are buttons that open pairs' answers.
func (v view) openers(pairs []*answers.Pair) [][]telegram.Button {
	var rows [][]telegram.Button
	for _, p := range pairs {
		button := telegram.Button{Text: label(v.in(p.Question)), Data: v.data(verbRelated, ref(p.ID))}
		if address := v.deepLink("q", p.ID); v.group && address != "" {
			button.Data, button.URL = "", address
		}
		rows = append(rows, row(button))
	}
	return rows
}

// note says in which language an answer is, where that is not what the asker would take it for.
func (v view) note(lang, releaseLang string) string {
	switch {
	case lang != v.lang:
		return "\n<i>" + v.html("fallback", slots{"actual": v.nameOf(lang)}) + "</i>"
	case lang != releaseLang:
		return "\n<i>" + v.html("translation", slots{"language": v.nameOf(releaseLang)}) + "</i>"
	}
	return ""
}

// quote is a passage of a release with who said it and where it stands.
func (v view) quote(r *answers.Release, q answers.Quote) string {
	text := blockquote(q.Text)
	if q.Speaker != "" {
		text += "\n— " + escape(q.Speaker)
	}
	return text + "\n<i>" + v.place(r, q) + "</i>"
}

// place is where a quote stands, as a link to it.
func (v view) place(r *answers.Release, q answers.Quote) string {
	s := slots{"publisher": r.Publisher, "number": number(q.Paragraph), "date": v.date(r.Date)}
	if q.Paragraph == 0 {
		return link(q.URL, v.plain("headline", s))
	}
	return link(q.URL, v.plain("paragraph", s))
}

func (v view) sourceButtons(p *answers.Pair) [][]telegram.Button {
	buttons := []telegram.Button{{Text: v.plain("read_source", nil), URL: p.Quotes[0].URL}}
	for _, s := range p.Sources {
		buttons = append(buttons, telegram.Button{Text: label(sourceName(s, p.Sources)), URL: s.URL})
	}
	return slices.Collect(slices.Chunk(buttons, 2))
}

// sourceName is a source's publisher, or its title where it has none or another source has the same.
func sourceName(s answers.Source, all []answers.Source) string {
	for _, other := range all {
		if other.ID != s.ID && other.Publisher == s.Publisher {
			return s.Title
		}
	}
	return cmp.Or(s.Publisher, s.Title)
}

// copyButton copies a pair's quote; there is none for one that is too long for Telegram.
func (v view) copyButton(p *answers.Pair) []telegram.Button {
	text := p.Quotes[0].Text
	if len([]rune(text)) > telegram.MaxCopy {
		return nil
	}
	return row(telegram.Button{Text: v.plain("copy_quote", nil), Copy: text})
}

// shareButton sends a deep link to somebody; there is none where the link cannot be made.
func (v view) shareButton(kind, id, text string) []telegram.Button {
	address := v.deepLink(kind, id)
	if address == "" {
		return nil
	}
	share := "https://t.me/share/url?" + url.Values{"url": {address}, "text": {text}}.Encode()
	return row(telegram.Button{Text: v.plain("share", nil), URL: strings.ReplaceAll(share, "+", "%20")})
}

// suggest offers questions to choose from.
func (v view) suggest(pairs []*answers.Pair) telegram.Screen {
	return telegram.Screen{
		Text:     v.html("suggest", nil),
		Keyboard: append(v.choices(pairs), row(telegram.Button{Text: v.plain("none_of_these", nil), Data: v.data(verbNotMine)})),
	}
}

// choices are buttons for pairs, each of which knows the others for "not my question".
func (v view) choices(pairs []*answers.Pair) [][]telegram.Button {
	return v.pairButtons(pairs, func(i int) string {
		others := slices.Concat(pairs[:i], pairs[i+1:])
		return v.data(verbAnswer, refs(slices.Concat(pairs[i:i+1], others))...)
	})
}

// gap says plainly that the release does not answer a question.
func (v view) gap(g *answers.Gap, nearest []*answers.Pair) telegram.Screen {
	text := v.html("gap", slots{"question": v.in(g.Question)})
	if len(nearest) > 0 {
		text = paragraphs(text, v.html("closest", nil))
	}
	return telegram.Screen{Text: text, Keyboard: append(v.choices(nearest), v.allQuestions())}
}

// none says that nothing close was found, and offers the topics.
func (v view) none() telegram.Screen {
	text := v.html("none", slots{"contact": v.in(v.lib.Office.Contact)})
	if len(v.lib.Topics) == 0 {
		return telegram.Screen{Text: text}
	}
	return telegram.Screen{Text: paragraphs(text, v.html("topics_below", nil)), Keyboard: v.topicButtons()}
}

func (v view) allQuestions() []telegram.Button {
	return row(telegram.Button{Text: v.plain("all_questions", nil), Data: v.data(verbTopics)})
}
