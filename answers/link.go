package answers

import (
	"net/url"
	"strings"
	"unicode"
)

func isWeb(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// A quote of up to wholeQuote words stands whole in its link. Of a longer one its first and last words do, at least edgeWords and at
// most maxEdge, as many as it takes to be found nowhere else before it.
const (
	wholeQuote = 8
	edgeWords  = 4
	maxEdge    = 12
)

// link is the release's address, opening at a passage of it.
func (r *Release) link(passage string) string {
	return fragmentLink(r.URL, r.Title+" "+strings.Join(r.Paragraphs, " "), passage)
}

// fragmentLink is the address of a page that opens at a passage of it: a text fragment as in https://wicg.github.io/scroll-to-text-fragment/.
// The text is what the page says before and after the passage as well.
func fragmentLink(page, text, passage string) string {
	passage = trimMarks(passage)
	if passage == "" {
		return page
	}
	directive := ":~:text=" + escapeFragment(passage)
	if words := strings.Fields(passage); len(words) > wholeQuote {
		directive = ":~:text=" + escapeFragment(firstWords(text, passage, words)) + "," + escapeFragment(lastWords(passage, words))
	}
	page, fragment, _ := strings.Cut(page, "#")
	fragment, _, _ = strings.Cut(fragment, ":~:")
	return page + "#" + fragment + directive
}

// firstWords are the words that a browser, searching text from its beginning, finds first where passage begins.
func firstWords(text, passage string, words []string) string {
	for n := edgeWords; n < min(len(words)/2, maxEdge); n++ {
		first := strings.Join(words[:n], " ")
		if strings.Index(text, first) == strings.Index(text, passage) {
			return trimMarks(first)
		}
	}
	return trimMarks(strings.Join(words[:min(len(words)/2, maxEdge)], " "))
}

// lastWords are the words that a browser, searching passage from its beginning, finds first at its end.
func lastWords(passage string, words []string) string {
	for n := edgeWords; n < min(len(words)/2, maxEdge); n++ {
		last := strings.Join(words[len(words)-n:], " ")
		if strings.Index(passage, last) == len(passage)-len(last) {
			return trimMarks(last)
		}
	}
	return trimMarks(strings.Join(words[len(words)-min(len(words)/2, maxEdge):], " "))
}

// trimMarks drops punctuation around a passage: pages set quote marks in their own way, and a browser matches whole words anyway.
func trimMarks(passage string) string {
	return strings.TrimFunc(passage, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) })
}

// escapeFragment percent-encodes everything but letters, digits and `._~`: `-`, `,` and `&` have a meaning in a text fragment.
func escapeFragment(text string) string {
	return strings.NewReplacer("+", "%20", "-", "%2D").Replace(url.QueryEscape(text))
}
