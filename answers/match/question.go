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
	asking  text    // the part that asks, of a long question
	strange float32 // the share of letters in words that are neither known nor forms of known words
}

// Of a question of more than longFrom words the part that asks is also weighed as much as the
// whole, and the surer way counts. With an unrelated opening put before questions that
// cross-validation held back, this is worth six points of first places and nine of right
// answers. Always weighing it so would be worth eight and ten, but costs three points on
// Banking77, where people tell a story and ask "why?" at its end.
const (
	longFrom    = 14
	askingShare = float32(.5)
)

// read looks up the words of a reading.
func (x *Index) read(r reading) question {
	q := question{Reading: Reading{Text: r.text, How: r.how, Lang: x.detect(r.text, r.words)}}
	q.text, q.strange = x.look(&q.Reading, r.words)
	if len(r.words) > longFrom {
		aside := Reading{Lang: q.Lang}
		q.asking, _ = x.look(&aside, fold(asking(r.text)))
	}
	return q
}

// gramsAWord is how many letter sequences most words have at most.
const gramsAWord = 8

// look looks words up, and returns the share of strange ones. Corrections go into r.
func (x *Index) look(r *Reading, folded []string) (t text, share float32) {
	t.stems = make([]int32, 0, len(folded))
	t.grams = make([]int32, 0, gramsAWord*len(folded))
	letters, strange := 0, 0
	for _, w := range folded {
		letters += len(w)
		if x.appendWord(&t, w, r.Lang) {
			continue
		}
		strange += len(w)
		id, ok := x.spell.correct(w, x.known)
		if !ok {
			t.stems = append(t.stems, unknown)
			t.grams = x.appendGrams(t.grams, w)
			continue
		}
		r.Corrections = append(r.Corrections, Correction{w, x.known[id].text})
		x.appendWord(&t, x.known[id].text, r.Lang)
	}
	t.stems = x.groups.join(t.stems)
	return t, float32(strange) / float32(max(letters, 1))
}

// appendWord adds a known word, or a form of one, to a text.
func (x *Index) appendWord(t *text, folded, lang string) bool {
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

// clauseWords is how many words a clause has at least; a shorter one belongs to its neighbour.
const clauseWords = 4

// asking returns the part of a text that asks: its last sentence with a question mark, or else
// its last, without what comes before the first comma. It returns nothing if that is all.
func asking(text string) string {
	sentences := split(text, ".?!;:")
	if len(sentences) == 0 {
		return ""
	}
	last := sentences[len(sentences)-1]
	for i := len(sentences) - 1; i >= 0; i-- {
		if strings.HasSuffix(sentences[i], "?") {
			last = sentences[i]
			break
		}
	}
	if len(sentences) == 1 || hasWords(last, longFrom+1) {
		clauses := split(last, ",—–")
		if len(clauses) > 1 {
			last = strings.TrimPrefix(last, clauses[0])
		}
	}
	if last == text {
		return ""
	}
	return last
}

// split splits a text after the marks that end a clause.
func split(text, marks string) []string {
	var clauses []string
	for text != "" {
		end := clauseEnd(text, marks)
		if len(clauses) > 0 && !hasWords(text[:end], clauseWords) {
			clauses[len(clauses)-1] += text[:end]
		} else {
			clauses = append(clauses, text[:end])
		}
		text = text[end:]
	}
	return clauses
}

// clauseEnd returns where the first clause of a text ends.
func clauseEnd(text, marks string) int {
	for i, r := range text {
		if !strings.ContainsRune(marks, r) {
			continue
		}
		end := i + utf8.RuneLen(r)
		if endsWord(text[end:]) && hasWords(text[:i], clauseWords) {
			return end
		}
	}
	return len(text)
}

// hasWords tells whether a text has n words or more.
func hasWords(text string, n int) bool {
	for range strings.FieldsSeq(text) {
		if n--; n == 0 {
			return true
		}
	}
	return false
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
