package match

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// question is a reading of a question, taken apart.
type question struct {
	Reading
	text
	asking  text    // the clause that asks, of a long question
	strange float32 // the share of letters in words that are neither known nor forms of known words
}

// A question of more than longFrom words weighs the clause that asks as much as the whole.
// With an unrelated opening put before questions that cross-validation held back, this is
// worth seven points of first places and eleven of right answers; it costs nothing elsewhere.
const (
	longFrom    = 14
	askingShare = float32(.5)
)

// read looks up the words of a reading.
func (x *Index) read(r reading) question {
	q := question{Reading: Reading{Text: r.text, How: r.how, Lang: x.detect(r.text, r.words)}}
	letters, strange := 0, 0
	for _, w := range r.words {
		letters += len(w)
		if !x.readWord(&q.text, w, q.Lang) {
			strange += len(w)
			q.correct(x, w)
		}
	}
	q.strange = float32(strange) / float32(max(letters, 1))
	q.stems = x.groups.join(q.stems)
	if len(r.words) > longFrom {
		q.asking = x.readAsking(r.text, q)
	}
	return q
}

// readWord adds a known word, or a form of one, to a text.
func (x *Index) readWord(t *text, folded, lang string) bool {
	if id, ok := x.words[folded]; ok {
		t.stems = append(t.stems, x.known[id].stem)
		t.grams = append(t.grams, x.known[id].grams...)
		return true
	}
	if s, ok := x.stems[stem(folded, lang)]; ok {
		t.stems = append(t.stems, s)
		t.grams = x.appendGrams(t.grams, folded)
		return true
	}
	return false
}

// correct adds a strange word as the known word it is most likely meant for, if any.
func (q *question) correct(x *Index, folded string) {
	if id, ok := x.spell.correct(folded, x.known); ok {
		w := x.known[id]
		q.Corrections = append(q.Corrections, Correction{folded, w.text})
		q.stems = append(q.stems, w.stem)
		q.grams = append(q.grams, w.grams...)
		return
	}
	q.stems = append(q.stems, unknown)
	q.grams = x.appendGrams(q.grams, folded)
}

func (x *Index) appendGrams(ids []int32, word string) []int32 {
	for g := range grams(word) {
		id, ok := x.grams[g]
		if !ok {
			id = unknown
		}
		ids = append(ids, id)
	}
	return ids
}

// readAsking reads the clause that asks.
func (x *Index) readAsking(as string, whole question) text {
	clause := asking(as)
	if clause == "" {
		return text{}
	}
	q := question{Reading: Reading{Lang: whole.Lang}}
	for _, w := range fold(clause) {
		if !x.readWord(&q.text, w, q.Lang) {
			q.correct(x, w)
		}
	}
	q.stems = x.groups.join(q.stems)
	return q.text
}

// clauseWords is how many words a clause has at least; shorter ones belong to what follows.
const clauseWords = 4

// asking returns the last clause of a text that ends in a question mark, or else its last
// clause; nothing if it has only one.
func asking(text string) string {
	clauses := clauses(text)
	if len(clauses) < 2 {
		return ""
	}
	for i := len(clauses) - 1; i >= 0; i-- {
		if strings.HasSuffix(clauses[i], "?") {
			return clauses[i]
		}
	}
	return clauses[len(clauses)-1]
}

// clauses splits a text after its marks.
func clauses(text string) []string {
	var clauses []string
	for text != "" {
		end := clauseEnd(text)
		if len(clauses) > 0 && len(strings.Fields(text[:end])) < clauseWords {
			clauses[len(clauses)-1] += text[:end]
		} else {
			clauses = append(clauses, text[:end])
		}
		text = text[end:]
	}
	return clauses
}

// clauseEnd returns where the first clause of a text ends.
func clauseEnd(text string) int {
	for i, r := range text {
		if r == utf8.RuneError {
			continue
		}
		end := i + utf8.RuneLen(r)
		if strings.ContainsRune(".?!;:,—–", r) && endsWord(text[end:]) && len(strings.Fields(text[:i])) >= clauseWords {
			return end
		}
	}
	return len(text)
}

func endsWord(rest string) bool {
	r, _ := utf8.DecodeRuneInString(rest)
	return rest == "" || unicode.IsSpace(r)
}

// kazakhLetters are the letters Russian does not have. Each text with one counts as much as
// kazakhVotes words known in Kazakh only.
const (
	kazakhLetters = "әғқңөұүһіӘҒҚҢӨҰҮҺІ"
	kazakhVotes   = 2
)

// detect returns the language a text seems to be in, "" if it has no known word: each known
// word votes for the languages that use it.
func (x *Index) detect(text string, folded []string) string {
	votes := make([]float32, len(x.langs))
	for _, f := range folded {
		id, ok := x.words[f]
		if !ok {
			continue
		}
		all := float32(x.known[id].used())
		for l, n := range x.known[id].uses {
			votes[l] += float32(n) / all
		}
	}
	lang, most := "", float32(0)
	for l, name := range x.langs {
		if name == "kk" && strings.ContainsAny(text, kazakhLetters) {
			votes[l] += kazakhVotes
		}
		if votes[l] > most {
			lang, most = name, votes[l]
		}
	}
	return lang
}
