package main

import (
	"cmp"
	"fmt"
	"strings"

	"releasebot/answers"
	"releasebot/answers/match"
)

// show prints a reply for people.
func (a *asker) show(r answers.Reply) {
	t := a.terminal
	switch r.Kind {
	case answers.KindAnswer:
		a.showPair(r.Pair, r.Lang)
	case answers.KindSuggest:
		t.paragraph("", bold, "Which did you mean?")
		a.showSuggestions(r)
	case answers.KindGap:
		t.paragraph("", bold, a.in(r.Gap.Question, r.Lang))
		fmt.Fprintln(t.out)
		t.paragraph("", "", "The release does not say.")
		if len(r.Suggestions) > 0 {
			fmt.Fprintln(t.out)
			t.paragraph("", "", "Closest:")
			a.showSuggestions(r)
		}
	default:
		t.paragraph("", bold, "Nothing close was found.")
		a.showSuggestions(r)
		a.showTopics(r.Lang)
	}
	if a.explain {
		a.showWhy(r)
	}
}

func (a *asker) showPair(p *answers.Pair, lang string) {
	t := a.terminal
	t.paragraph("", bold, a.in(p.Question, lang))
	fmt.Fprintln(t.out)
	answer, actual := p.Answer.In(lang, a.library.Languages[0])
	t.paragraph("", "", answer)
	t.paragraph("", dim, languageNote(lang, actual, p.Release.Lang))
	for _, q := range p.Quotes {
		fmt.Fprintln(t.out)
		t.paragraph("▏ ", "", q.Text)
		t.paragraph("  ", dim, byline(p.Release, q))
		t.paragraph("  ", dim, q.URL)
	}
	fmt.Fprintf(t.out, "\n%s\n", t.styled(bold, "Sources"))
	for _, s := range sourcesOf(p) {
		t.paragraph("  ", "", s.Title)
		t.paragraph("  ", dim, s.URL)
	}
}

// languageNote says of an answer's language what a reader should know, "" if nothing.
func languageNote(wanted, actual, release string) string {
	switch {
	case actual != wanted:
		return fmt.Sprintf("(not yet in %q; this is %q)", wanted, actual)
	case actual != release:
		return fmt.Sprintf("(our translation; the release is in %q)", release)
	}
	return ""
}

// byline says whose words a quote is and where it stands.
func byline(r *answers.Release, q answers.Quote) string {
	where := "title"
	if q.Paragraph > 0 {
		where = fmt.Sprintf("¶%d", q.Paragraph)
	}
	return fmt.Sprintf("%s, %s · %s", cmp.Or(q.Speaker, r.Publisher), where, r.Date.Format("2 Jan 2006"))
}

func (a *asker) showSuggestions(r answers.Reply) {
	for _, s := range r.Suggestions {
		a.terminal.item(a.in(s.Pair.Question, r.Lang))
	}
}

func (a *asker) showTopics(lang string) {
	t := a.terminal
	fmt.Fprint(t.out, "\nThe releases are about:\n")
	for _, topic := range a.library.Topics {
		t.item(a.in(topic.Name, lang))
	}
}

// showWhy prints how the question was read and what came nearest, with the parts of each score.
func (a *asker) showWhy(r answers.Reply) {
	t := a.terminal
	fmt.Fprintf(t.out, "\n%s %s, confidence %.2f\n", t.styled(bold, "Outcome:"), r.Kind, r.Confidence)
	fmt.Fprintf(t.out, "%s %s, %s: %s\n", t.styled(bold, "Read"), r.Reading.How, cmp.Or(r.Reading.Lang, "language unsure"), r.Reading.Text)
	for _, c := range r.Reading.Corrections {
		fmt.Fprintf(t.out, "  %s taken for %s\n", c.From, c.To)
	}
	fmt.Fprintln(t.out, t.styled(bold, "Nearest:"))
	for _, ranked := range r.Ranking {
		fmt.Fprintf(t.out, "  %.2f %s  %s\n", ranked.Confidence, ranked.ID, t.styled(dim, a.position(ranked.ID)))
		t.paragraph("       ", dim, reasons(ranked.Why))
	}
}

// position is the file:line where a pair or gap stands.
func (a *asker) position(id string) string {
	var p answers.Position
	if pair := a.library.Pair(id); pair != nil {
		p = pair.Position
	} else if gap := a.library.Gap(id); gap != nil {
		p = gap.Position
	}
	return fmt.Sprintf("%s:%d", a.source.path(p.File), p.Line)
}

func reasons(why []match.Reason) string {
	parts := make([]string, len(why))
	for i, reason := range why {
		parts[i] = fmt.Sprintf("%s=%.3f", reason.Name, reason.Value)
	}
	return strings.Join(parts, ", ")
}
