package answers

import (
	"regexp"
	"slices"
	"strings"
)

// Verdict is what a release says of a pasted passage.
type Verdict string

const (
	Verbatim Verdict = "verbatim"  // its very words, in order
	Altered  Verdict = "altered"   // close to its words, but not they
	NotFound Verdict = "not found" // nothing like it
	TooShort Verdict = "too short" // too few words to be evidence of anything
)

// evidence is how many words in a row tell where a passage is from. Fewer stand anywhere.
const evidence = 4

// Finding is what was found about one passage of a pasted text.
type Finding struct {
	Verdict   Verdict
	Text      string   // the passage as it was pasted
	Release   *Release // where it was found, verbatim or altered; else nil
	Paragraph int      // from 1; 0 is the title
	Said      string   // what the release says there
	URL       string   // the release's, opening there
	Diff      []Run    // how they differ, if altered

	ids  []int32
	at   *passage
	from int
	to   int
}

// Run is words in a row that only one of two texts has, or both.
type Run struct {
	Text string
	In   Side
}

// Side is whose words they are.
type Side string

const (
	Both     Side = "both"
	Pasted   Side = "pasted"
	Released Side = "released"
)

// Verify compares a pasted passage, or a whole article, with every public release, sentence by sentence. Quote marks, dashes, line breaks
// and case may differ; an ellipsis may leave words out; words and numbers must be the same.
func (l *Library) Verify(text string) []Finding {
	var found []Finding
	for _, block := range blankLine.Split(strings.ToValidUTF8(text, " "), -1) {
		for _, sentence := range sentences(block) {
			found = append(found, l.corpus.verify(sentence)...)
		}
	}
	found = joinFindings(found)
	for i := range found {
		found[i].locate()
	}
	return found
}

var (
	blankLine = regexp.MustCompile(`\n[ \t\r]*\n`)
	ellipsis  = regexp.MustCompile(`[\[(<]?(\.\s?\.\s?\.+|…)[\])>]?`)
	quotation = regexp.MustCompile(`[“„"][^“”„"]*([”“"]|$)|«[^«»]*(»|$)|^[^“”„"«»]*[”»]`)
)

// verify looks for one sentence, as a whole if it can be found so, else by its parts.
func (c *corpus) verify(text string) []Finding {
	f := Finding{Text: strings.TrimSpace(strings.TrimLeft(text, " \t\r\n,;:.!?")), Verdict: NotFound}
	f.ids = c.number(split(text))
	if len(f.ids) == 0 {
		return nil
	}
	if len(f.ids) < evidence {
		f.Verdict = TooShort
		return []Finding{f}
	}
	if f.at, f.from = c.find(f.ids); f.at != nil {
		f.Verdict, f.to = Verbatim, f.from+len(f.ids)
		return []Finding{f}
	}
	if c.findFragments(&f) {
		return []Finding{f}
	}
	near, how := c.nearest(f.ids)
	if parts := c.parts(f.Text, how.cost, near != nil); len(parts) > 1 {
		var found []Finding
		for _, part := range parts {
			found = append(found, c.verify(part)...)
		}
		return found
	}
	if near != nil {
		f.alter(near, how)
	}
	return []Finding{f}
}

// findFragments looks for the parts of a passage between its ellipses, in order in one paragraph.
func (c *corpus) findFragments(f *Finding) bool {
	var fragments [][]int32
	longest := 0
	for _, text := range ellipsis.Split(f.Text, -1) {
		ids := c.number(split(text))
		switch {
		case len(ids) == 1:
			return false
		case len(ids) > 1:
			fragments = append(fragments, ids)
			longest = max(longest, len(ids))
		}
	}
	if longest < evidence {
		return false
	}
	for _, i := range c.candidates(f.ids) {
		if from, to, ok := inOrder(c.passages[i].ids, fragments); ok {
			f.Verdict, f.at, f.from, f.to = Verbatim, &c.passages[i], from, to
			return true
		}
	}
	return false
}

func inOrder(text []int32, fragments [][]int32) (from, to int, ok bool) {
	for i, fragment := range fragments {
		at := indexWords(text, fragment, to)
		if at < 0 {
			return 0, 0, false
		}
		if i == 0 {
			from = at
		}
		to = at + len(fragment)
	}
	return from, to, true
}

// parts are what a passage that is not verbatim should be looked up by instead: the fragments between ellipses; a quotation in somebody else's
// sentence and the words around it; a headline's line and what follows it. One part, or none, means the passage itself.
func (c *corpus) parts(text string, cost int, near bool) []string {
	if fragments := filled(ellipsis.Split(text, -1)); len(fragments) > 1 {
		return fragments
	}
	lines := filled(strings.Split(text, "\n"))
	if !near || slices.ContainsFunc(lines, c.isWhole) {
		if len(lines) > 1 {
			return lines
		}
	}
	return c.quotations(text, cost, near)
}

// isWhole tells whether a line is whole sentences of a release, or its title.
func (c *corpus) isWhole(line string) bool {
	ids := c.number(split(line))
	p, from := c.find(ids)
	return p != nil && len(ids) >= evidence && p.edge(from) && p.edge(from+len(ids))
}

// quotations splits a sentence around what it quotes verbatim, unless the release has at least half of the words around the quotation as
// well: then the sentence is one, and a changed word beside the quotation (who said it, say) is a change.
func (c *corpus) quotations(text string, cost int, near bool) []string {
	var parts []string
	around, end := 0, 0
	for _, at := range quotation.FindAllStringIndex(text, -1) {
		ids := c.number(split(text[at[0]:at[1]]))
		if p, _ := c.find(ids); p == nil || len(ids) < evidence {
			continue
		}
		around += len(split(text[end:at[0]]))
		parts = append(parts, text[end:at[0]], text[at[0]:at[1]])
		end = at[1]
	}
	around += len(split(text[end:]))
	if near && (around < 2 || 2*(around-cost) >= around) {
		return nil
	}
	return filled(append(parts, text[end:]))
}

// filled are the parts that have words.
func filled(parts []string) []string {
	return slices.DeleteFunc(parts, func(part string) bool { return !strings.ContainsFunc(part, isLetter) })
}

// alter marks a finding as altered and shows how.
func (f *Finding) alter(p *passage, a alignment) {
	f.Verdict, f.at, f.from, f.to = Altered, p, a.from, a.to
	pasted := split(f.Text)
	same := func(s step) bool { return s.mine >= 0 && s.theirs >= 0 && f.ids[s.mine] == p.ids[s.theirs] }
	mine, theirs := 0, a.from
	for i := 0; i < len(a.steps); {
		both, m, t := same(a.steps[i]), mine, theirs
		for ; i < len(a.steps) && same(a.steps[i]) == both; i++ {
			mine, theirs = max(mine, a.steps[i].mine+1), max(theirs, a.steps[i].theirs+1)
		}
		if both {
			f.Diff = append(f.Diff, Run{p.said(t, theirs), Both})
			continue
		}
		if mine > m {
			f.Diff = append(f.Diff, Run{f.Text[pasted[m].from:pasted[mine-1].to], Pasted})
		}
		if theirs > t {
			f.Diff = append(f.Diff, Run{p.said(t, theirs), Released})
		}
	}
}

// joinFindings makes one finding of those that follow each other in a release as well. So a few words are evidence where they go on from
// a passage that is.
func joinFindings(found []Finding) []Finding {
	var joined []Finding
	for _, f := range found {
		if n := len(joined); n > 0 && joined[n-1].join(f) {
			continue
		}
		joined = append(joined, f)
	}
	return joined
}

func (f *Finding) join(next Finding) bool {
	switch {
	case f.Verdict == Verbatim && next.Verdict == Verbatim:
		if f.at != next.at || f.to != next.from {
			return false
		}
		f.to = next.to
	case f.Verdict == Verbatim && next.Verdict == TooShort:
		if !f.at.has(next.ids, f.to) {
			return false
		}
		f.to += len(next.ids)
	case f.Verdict == TooShort && next.Verdict == Verbatim:
		if !next.at.has(f.ids, next.from-len(f.ids)) {
			return false
		}
		f.Verdict, f.at, f.from, f.to = Verbatim, next.at, next.from-len(f.ids), next.to
	default:
		return false
	}
	f.Text += " " + next.Text
	return true
}

// has tells whether the words stand at a place of the passage.
func (p *passage) has(ids []int32, at int) bool {
	return at >= 0 && at+len(ids) <= len(p.ids) && slices.Equal(p.ids[at:at+len(ids)], ids)
}

// locate says where in the release the passage is.
func (f *Finding) locate() {
	if f.at == nil {
		return
	}
	f.Release, f.Paragraph, f.Said = f.at.release, f.at.paragraph, f.at.said(f.from, f.to)
	f.URL = f.Release.link(f.Said)
}
