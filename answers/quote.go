package answers

import (
	"fmt"
	"strings"
)

// find is the paragraph that holds the text verbatim, from 1; 0 is the title.
func (r *Release) find(text string) (paragraph int, ok bool) {
	if strings.Contains(r.Title, text) {
		return 0, true
	}
	for i, p := range r.Paragraphs {
		if strings.Contains(p, text) {
			return i + 1, true
		}
	}
	return 0, false
}

// correction is the hint for a text that stands nowhere in the release: the passage nearest to it, and the first words that differ.
func (r *Release) correction(text string) string {
	words := strings.Fields(text)
	var from []string
	var best alignment
	paragraph := 0
	for i, p := range append([]string{r.Title}, r.Paragraphs...) {
		theirs := strings.Fields(p)
		starts := edges(p, func(sentence string) int { return len(strings.Fields(sentence)) })
		a := align(words, theirs, func(i int) bool { return starts[i] })
		if from == nil || a.cost < best.cost {
			from, best, paragraph = theirs, a, i
		}
	}
	if 2*best.cost > len(words) {
		return "copy a passage of the release; it has none like this"
	}
	place := "the title"
	if paragraph > 0 {
		place = fmt.Sprintf("paragraph %d", paragraph)
	}
	return fmt.Sprintf("%s says “%s”; %s", place, strings.Join(from[best.from:best.to], " "), best.firstDifference(words, from))
}

// firstDifference says where two texts part, in words.
func (a alignment) firstDifference(mine, theirs []string) string {
	for _, s := range a.steps {
		switch {
		case s.theirs < 0:
			return fmt.Sprintf("it does not have “%s” there", mine[s.mine])
		case s.mine < 0:
			return fmt.Sprintf("“%s” is missing", theirs[s.theirs])
		case mine[s.mine] != theirs[s.theirs]:
			return fmt.Sprintf("“%s” is “%s” there", mine[s.mine], theirs[s.theirs])
		}
	}
	return "it begins or ends elsewhere"
}
