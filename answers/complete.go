package answers

import (
	"cmp"
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
// those that the index finds near enough to suggest. Text is in lang where it can be.
func (l *Library) Complete(prefix, lang string, n int) []Completion {
	var found []Completion
	add := func(c Completion) {
		if len(found) < n && !slices.ContainsFunc(found, func(other Completion) bool { return other.Pair == c.Pair }) {
			found = append(found, c)
		}
	}
	prefix = readable(prefix)
	if prefix == "" {
		return nil
	}
	near := l.candidates(l.index().Search(prefix, n+considered).Hits)
	for _, hit := range l.tight(prefix, lang, maxTyped, near) {
		add(hit)
	}
	for _, c := range near {
		if c.pair != nil && c.confidence >= l.index().Thresholds().Suggest {
			text, _ := c.pair.Question.In(lang, l.Languages[0])
			add(Completion{Pair: c.pair, Text: text})
		}
	}
	return found
}

// tight are the known questions that have the typed letters in order such that every run of letters begins a word, in at most so many runs.
// Those in lang come first, then those with fewer runs, then those that the index finds nearer, then in the order of fuzzy.
func (l *Library) tight(typed, lang string, runs int, near []candidate) []Completion {
	pattern := letters(typed, maxTyped)
	found := make([][]Completion, 2*(runs+1))
	for _, m := range fuzzy.FindFrom(pattern, knownTexts(l.known)) {
		k := l.known[m.Index]
		matched, n := wordRuns(k.text, []rune(pattern))
		if n == 0 || n > runs {
			continue
		}
		if lang != "" && k.lang != lang {
			n += runs + 1
		}
		found[n] = append(found[n], Completion{k.pair, k.text, matched})
	}
	place := func(c Completion) int {
		i := slices.IndexFunc(near, func(near candidate) bool { return near.pair == c.Pair })
		return cmp.Or(i+1, len(near)+1)
	}
	for _, group := range found {
		slices.SortStableFunc(group, func(a, b Completion) int { return place(a) - place(b) })
	}
	return slices.Concat(found...)
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

// wordRuns finds the typed letters in a text as beginnings of its words, in the fewest runs: their places, in bytes; 0 runs if it cannot be.
// The places that fuzzy gives are not asked: it takes the f of "for" and "ishing" of "fishing" together for "fishing".
func wordRuns(text string, typed []rune) (matched []int, runs int) {
	words := lettersOf(text)
	const never = maxTyped + 1
	fewest := make([][]int, len(words)+1) // runs for typed[p:] in words[w:]
	taken := make([][]int, len(words))    // letters of the word w in these runs
	fewest[len(words)] = slices.Repeat([]int{never}, len(typed)+1)
	fewest[len(words)][len(typed)] = 0
	for w := len(words) - 1; w >= 0; w-- {
		fewest[w], taken[w] = slices.Clone(fewest[w+1]), make([]int, len(typed)+1)
		for p := range typed {
			for n := 1; n <= len(words[w]) && p+n <= len(typed) && words[w][n-1].lower == unicode.ToLower(typed[p+n-1]); n++ {
				if with := 1 + fewest[w+1][p+n]; with <= fewest[w][p] {
					fewest[w][p], taken[w][p] = with, n
				}
			}
		}
	}
	if len(typed) == 0 || fewest[0][0] >= never {
		return nil, 0
	}
	p := 0
	for w := range words {
		for _, letter := range words[w][:taken[w][p]] {
			matched = append(matched, letter.at)
		}
		p = len(matched)
	}
	return matched, fewest[0][0]
}

// letter is a letter or digit of a text, without case, and its place in bytes.
type letter struct {
	lower rune
	at    int
}

// lettersOf are a text's letters and digits, word by word.
func lettersOf(text string) [][]letter {
	var words [][]letter
	inside := false
	for at, r := range text {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			inside = false
			continue
		}
		if !inside {
			words = append(words, nil)
		}
		inside = true
		words[len(words)-1] = append(words[len(words)-1], letter{unicode.ToLower(r), at})
	}
	return words
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
	for _, hit := range l.tight(text, "", words, near) {
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
