package answers

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// Summary counts what was checked, embargoed releases included.
type Summary struct {
	Releases, Pairs, Gaps int
	Phrasings             map[string]int // by language, the questions themselves included
	Paragraphs, Quoted    int            // paragraphs of all releases, and those that some pair quotes
	Languages             []string
	Complete              []string // the languages in which every question and answer is written
}

// Check checks the content in fsys as Load does, and for what makes it worse without making it wrong: paragraphs that no pair quotes, phrasings
// that stand twice, and those that find another pair or gap before their own.
func Check(fsys fs.FS) (Summary, Problems) {
	d := read(fsys)
	d.checkQuoted()
	d.checkTwice()
	summary := d.summary()
	if len(d.problems.Errors()) == 0 {
		d.checkFound()
	}
	d.problems.sort()
	return summary, d.problems
}

func (d *draft) summary() Summary {
	s := Summary{Releases: len(d.releases), Phrasings: map[string]int{}, Languages: d.languages}
	lacking := map[string]bool{}
	note := func(texts ...Text) {
		for _, text := range texts {
			for _, lang := range d.missingLanguages(text) {
				lacking[lang] = true
			}
		}
	}
	for _, r := range d.releases {
		s.Pairs += len(r.Pairs)
		s.Gaps += len(r.Gaps)
		s.Paragraphs += len(r.Paragraphs)
		s.Quoted += len(r.Paragraphs) - len(r.unquoted())
		for _, p := range r.Pairs {
			note(p.Question, p.Answer)
		}
		for _, g := range r.Gaps {
			note(g.Question)
		}
	}
	for _, p := range d.phrasings {
		s.Phrasings[p.lang]++
	}
	s.Complete = slices.DeleteFunc(slices.Clone(d.languages), func(lang string) bool { return lacking[lang] })
	return s
}

func (d *draft) missingLanguages(text Text) []string {
	return slices.DeleteFunc(slices.Clone(d.languages), func(lang string) bool { return text[lang] != "" })
}

// checkLanguages warns of texts that some languages lack. The fall-back is another matter: without it nothing loads.
func (d *draft) checkLanguages(r *reader, n *yaml.Node, texts map[string]Text) {
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		missing := d.missingLanguages(texts[name])
		if len(missing) > 0 && missing[0] != d.languages[0] {
			r.warn(n, fmt.Sprintf("until it is there, people are told the %s one", d.languages[0]), "no %s in %s", name, strings.Join(missing, ", "))
		}
	}
}

const (
	// maxScreen is Telegram's limit of a message's text, in code points.
	maxScreen = 4096
	// screenMargin is left for what stands on a screen beside question, answer and quotes: notes on language and corrections, and the like.
	screenMargin = 512
	// quoteMargin is left for a quote's paragraph number and date.
	quoteMargin = 40
	// maxButton is what a button shows of a question on a wide screen, in code points; phones show less.
	maxButton = 100
)

// checkScreen makes sure that an answer fits one message in every language.
func (d *draft) checkScreen(r *reader, n *yaml.Node, f map[string]*yaml.Node, p *Pair) {
	quotes := 0
	for _, quote := range p.Quotes {
		quotes += quoteMargin + utf8.RuneCountInString(quote.Text) + max(utf8.RuneCountInString(quote.Speaker), utf8.RuneCountInString(p.Release.Publisher))
	}
	for _, lang := range d.languages {
		question, _ := p.Question.In(lang, d.languages[0])
		answer, _ := p.Answer.In(lang, d.languages[0])
		if length := utf8.RuneCountInString(question) + utf8.RuneCountInString(answer) + quotes; length > maxScreen-screenMargin {
			r.fail(n, "shorten the answer, or quote fewer sentences",
				"in %s question, answer and quotes have %d characters; %d fit Telegram's message", lang, length, maxScreen-screenMargin)
			break
		}
	}
	d.checkButton(r, f["question"], p.Question)
}

func (d *draft) checkButton(r *reader, n *yaml.Node, question Text) {
	for _, lang := range d.languages {
		if length := utf8.RuneCountInString(question[lang]); length > maxButton {
			r.warn(valueOf(n, lang), fmt.Sprintf("shorten it to %d, and make the long one a phrasing", maxButton), "the question has %d characters, more than a button shows", length)
		}
	}
}

// unquoted are the paragraphs that no pair quotes, from 0.
func (r *Release) unquoted() []int {
	quoted := map[int]bool{}
	for _, p := range r.Pairs {
		for _, quote := range p.Quotes {
			quoted[quote.Paragraph-1] = true
		}
	}
	var found []int
	for i := range r.Paragraphs {
		if !quoted[i] {
			found = append(found, i)
		}
	}
	return found
}

func (d *draft) checkQuoted() {
	for _, r := range d.releases {
		if _, unread := d.unread[path.Join(path.Dir(r.Position.File), "pairs.yaml")]; unread {
			continue
		}
		for _, i := range r.unquoted() {
			d.warn(Position{File: r.Position.File, Line: r.lines[i]}, "write a pair for it, or quote it in one", "no pair quotes paragraph %d: “%s”", i+1, clip(r.Paragraphs[i], 60))
		}
	}
}

func (d *draft) warn(at Position, hint, format string, args ...any) {
	d.problems = append(d.problems, Problem{File: at.File, Line: at.Line, Column: at.Column, Warning: true, Message: fmt.Sprintf(format, args...), Hint: hint})
}

// checkTwice warns of phrasings that stand twice: in one item the second adds nothing, in two they compete.
func (d *draft) checkTwice() {
	first := map[string]phrasing{}
	for _, p := range d.phrasings {
		key := strings.Join(foldedWords(p.text), " ")
		other, twice := first[key]
		switch {
		case !twice:
			first[key] = p
		case other.id != p.id:
			d.warn(p.at, "say in each what sets it apart", "“%s” is a phrasing of %s too, in %s:%d", clip(p.text, 60), other.id, other.at.File, other.at.Line)
		case other.lang == p.lang:
			d.warn(p.at, "remove it, or ask in other words", "“%s” stands in line %d already", clip(p.text, 60), other.at.Line)
		}
	}
}

func foldedWords(text string) []string {
	var folded []string
	for _, w := range split(text) {
		folded = append(folded, w.folded)
	}
	return folded
}

// rival is how many times the next one's odds a phrasing's own must have, or the two compete for it. It is more than tie, since other people's words
// are less sure than those that the index has learnt. On the shipped content one phrasing in two thousand has less; at 6 it would be one in 130.
const rival = 3

// checkFound asks every phrasing, as if all releases were public, and warns where another pair or gap than its own is found first, or
// nearly.
func (d *draft) checkFound() {
	l := d.publish(time.Unix(1<<40, 0))
	for _, p := range d.phrasings {
		near := l.candidates(l.index().Search(p.text, 2).Hits)
		switch {
		case len(near) == 0:
			d.warn(p.at, "ask in words, not in signs", "“%s” finds nothing", clip(p.text, 60))
		case near[0].id() != p.id:
			d.warn(p.at, "ask in words that only it answers", "“%s” finds %s before %s", clip(p.text, 60), near[0].id(), p.id)
		case len(near) > 1 && near[0].odds() < rival*near[1].odds():
			d.warn(p.at, "say what sets it apart, or give the other phrasings of its own", "for “%s” %s competes with %s", clip(p.text, 60), near[1].id(), p.id)
		}
	}
}

// clip is the beginning of a text, for a message.
func clip(text string, n int) string {
	runes := []rune(text)
	if len(runes) <= n {
		return text
	}
	return string(runes[:n-1]) + "…"
}
