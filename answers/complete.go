package answers

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sahilm/fuzzy"
)

// Completion is a question that may be meant by what has been typed so far.
type Completion struct {
	Pair    *Pair
	Text    string // the question or phrasing that matched
	Matched []int  // the matched letters' places in Text, in bytes; empty where it was found by meaning
}

// known is a question or phrasing of a pair.
type known struct {
	pair       *Pair
	lang, text string
}

// maxTyped is how many letters go to fuzzy: its score overflows from about 40 adjacent ones on.
const maxTyped = 20

// Complete is at most n pairs, each once, for a question half typed, best first: those whose words the typed letters begin, in order, then
// those that the index finds. Text is in lang where it can be.
func (l *Library) Complete(prefix, lang string, n int) []Completion {
	var found []Completion
	add := func(c Completion) {
		if len(found) < n && !slices.ContainsFunc(found, func(other Completion) bool { return other.Pair == c.Pair }) {
			found = append(found, c)
		}
	}
	prefix = readable(prefix)
	for _, hit := range l.tight(prefix, lang, maxTyped) {
		add(hit)
	}
	if prefix == "" || len(found) >= n {
		return found
	}
	for _, c := range l.candidates(l.index.Search(prefix, n+considered).Hits) {
		if c.pair != nil {
			text, _ := c.pair.Question.In(lang, l.Languages[0])
			add(Completion{Pair: c.pair, Text: text})
		}
	}
	return found
}

// tight are the known questions that have the typed letters in order such that every run of letters begins a word, in at most so many runs.
// Those in lang come first.
func (l *Library) tight(typed, lang string, runs int) []Completion {
	pattern := letters(typed, maxTyped)
	var own, other []Completion
	for _, m := range fuzzy.FindFrom(pattern, knownTexts(l.known)) {
		k := l.known[m.Index]
		if n := wordRuns(m.Str, m.MatchedIndexes); n == 0 || n > runs {
			continue
		}
		c := Completion{k.pair, k.text, m.MatchedIndexes}
		if lang == "" || k.lang == lang {
			own = append(own, c)
		} else {
			other = append(other, c)
		}
	}
	return append(own, other...)
}

type knownTexts []known

func (k knownTexts) String(i int) string { return k[i].text }
func (k knownTexts) Len() int            { return len(k) }

// letters are the first n letters and digits of a text.
func letters(text string, n int) string {
	var b strings.Builder
	for _, r := range text {
		if n > 0 && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			b.WriteRune(r)
			n--
		}
	}
	return b.String()
}

// wordRuns is how many runs the matched letters make; 0 if one does not begin a word.
func wordRuns(text string, matched []int) int {
	runs, next := 0, -1
	for _, i := range matched {
		if i != next {
			before, _ := utf8.DecodeLastRuneInString(text[:i])
			if unicode.IsLetter(before) || unicode.IsDigit(before) {
				return 0
			}
			runs++
		}
		_, size := utf8.DecodeRuneInString(text[i:])
		next = i + size
	}
	return runs
}

// A question of one or two clipped words ("deploy leban") has at least minClipped letters: fewer begin words everywhere.
const (
	maxClipped = 2
	minClipped = 4
)

// clipped are the pairs to suggest for one or two beginnings of words, those suggested already last; none if the question is longer or no
// known one has words that begin so.
func (l *Library) clipped(text string, near []candidate, suggested []Suggestion) []Suggestion {
	words := len(strings.Fields(text))
	if words > maxClipped || utf8.RuneCountInString(text) > maxTyped || utf8.RuneCountInString(letters(text, maxTyped)) < minClipped {
		return nil
	}
	var found []Suggestion
	add := func(s Suggestion, most int) {
		if len(found) < most && !slices.ContainsFunc(found, func(other Suggestion) bool { return other.Pair == s.Pair }) {
			found = append(found, s)
		}
	}
	pairs := suggestions(near)
	for _, hit := range l.tight(text, "", words) {
		add(suggestion(hit.Pair, pairs), maxSuggestions)
	}
	if len(found) == 0 {
		return nil
	}
	for _, s := range suggested {
		add(s, maxSuggestions)
	}
	for _, s := range pairs {
		add(s, minSuggestions)
	}
	return found
}
