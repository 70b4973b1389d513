package bot

import (
	"slices"

	"releasebot/answers"
	"releasebot/bot/telegram"
)

// latest shows the newest release.
func (v view) latest() telegram.Screen {
	if len(v.lib.Releases) == 0 {
		return telegram.Screen{Text: v.html("no_releases", nil)}
	}
	return v.release(v.lib.Releases[0])
}

// release shows what a release is, how it begins, and the topics of its questions.
func (v view) release(r *answers.Release) telegram.Screen {
	head := v.html("release", slots{"title": r.Title, "publisher": r.Publisher, "date": v.date(r.Date)})
	read := row(telegram.Button{Text: v.plain("read_release", nil), URL: r.URL})
	rows := [][]telegram.Button{append(read, v.shareButton("r", r.ID, r.Title)...)}
	for _, topic := range v.lib.Topics {
		if slices.ContainsFunc(topic.Pairs, func(p *answers.Pair) bool { return p.Release == r }) {
			rows = append(rows, v.topicButton(topic))
		}
	}
	return telegram.Screen{Text: paragraphs(head, blockquote(r.Paragraphs[0])), Keyboard: rows}
}

// maxListed is how many releases, sources or speakers a list shows: more would
// not be read on a phone, and the newest come first.
const maxListed = 10

// releases lists the releases, newest first.
func (v view) releases() telegram.Screen {
	if len(v.lib.Releases) == 0 {
		return telegram.Screen{Text: v.html("no_releases", nil)}
	}
	parts := []string{v.html("releases", nil)}
	var rows [][]telegram.Button
	for _, r := range v.lib.Releases[:min(len(v.lib.Releases), maxListed)] {
		parts = append(parts, v.html("release", slots{"title": r.Title, "publisher": r.Publisher, "date": v.date(r.Date)}))
		rows = append(rows, row(telegram.Button{Text: label(r.Title), Data: v.data(verbRelease, ref(r.ID))}))
	}
	return telegram.Screen{Text: paragraphs(parts...), Keyboard: rows}
}

// sources lists the newest releases with the pages that confirm them.
func (v view) sources() telegram.Screen {
	if len(v.lib.Releases) == 0 {
		return telegram.Screen{Text: v.html("no_releases", nil)}
	}
	parts := []string{v.html("sources", nil)}
	for _, r := range v.lib.Releases[:min(len(v.lib.Releases), maxListed)] {
		text := "• " + v.sourceLine(answers.Source{Title: r.Title, Publisher: r.Publisher, URL: r.URL, Date: r.Date})
		for _, s := range r.Sources {
			text += "\n• " + v.sourceLine(s)
		}
		if telegram.Length(paragraphs(parts...))+telegram.Length(text) > telegram.MaxText {
			break
		}
		parts = append(parts, text)
	}
	return telegram.Screen{Text: paragraphs(parts...)}
}

func (v view) sourceLine(s answers.Source) string {
	text := link(s.URL, s.Title)
	if s.Publisher != "" {
		text += " — " + escape(s.Publisher)
	}
	if !s.Date.IsZero() {
		text += ", " + v.date(s.Date)
	}
	return text
}

// speakers lists whom the releases quote.
func (v view) speakers() telegram.Screen {
	names := speakersOf(v.lib)
	if len(names) == 0 {
		return telegram.Screen{Text: v.html("no_quotes", nil)}
	}
	var rows [][]telegram.Button
	for _, name := range names[:min(len(names), maxListed)] {
		rows = append(rows, row(telegram.Button{Text: label(name), Data: v.data(verbSpeaker, ref(name), "0")}))
	}
	return telegram.Screen{Text: v.html("quotes", nil), Keyboard: rows}
}

// speaker shows what somebody said, one quote a page.
func (v view) speaker(name string, page int) telegram.Screen {
	quotes := quotesOf(v.lib, name)
	page = max(0, min(page, len(quotes)-1))
	q := quotes[page]
	rows := v.pages(len(quotes), page, verbSpeaker, ref(name))
	rows = append(rows, row(telegram.Button{Text: v.plain("read_source", nil), URL: q.URL}))
	rows = append(rows, row(telegram.Button{Text: v.plain("back_quotes", nil), Data: v.data(verbSpeakers)}))
	return telegram.Screen{Text: paragraphs(bold(name), v.quote(q.release, q.Quote)), Keyboard: rows}
}

// said is a quote with the release it is from.
type said struct {
	answers.Quote
	release *answers.Release
}

func speakersOf(lib *answers.Library) []string {
	var names []string
	for _, q := range allQuotes(lib) {
		if q.Speaker != "" && !slices.Contains(names, q.Speaker) {
			names = append(names, q.Speaker)
		}
	}
	return names
}

// quotesOf are a speaker's quotes in the order of the text, each once though several pairs may hold it.
func quotesOf(lib *answers.Library, name string) []said {
	var quotes []said
	for _, q := range allQuotes(lib) {
		same := func(other said) bool { return other.Text == q.Text && other.release == q.release }
		if q.Speaker == name && !slices.ContainsFunc(quotes, same) {
			quotes = append(quotes, q)
		}
	}
	slices.SortStableFunc(quotes, func(a, b said) int {
		if a.release != b.release {
			return 0
		}
		return a.Paragraph - b.Paragraph
	})
	return quotes
}

func allQuotes(lib *answers.Library) []said {
	var quotes []said
	for _, r := range lib.Releases {
		for _, p := range r.Pairs {
			for _, q := range p.Quotes {
				quotes = append(quotes, said{q, r})
			}
		}
	}
	return quotes
}
