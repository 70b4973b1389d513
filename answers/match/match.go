// Package match finds, for a question in anyone's words, the documents that answer it.
//
// Start at New, which learns from every known way to ask for each document, and at Search,
// which ranks the documents for a question. An Index is a linear classifier over words,
// word pairs and letter sequences; it uses no model weights and no outside service, gives
// the same results on every machine, and says of each score what it is made of.
package match

// Document is something that can be asked for.
type Document struct {
	ID        string
	Phrasings []Phrasing // every way to ask it, its own question first
	Context   []string   // what belongs to it without asking: its answer, its quotes. Only counts as covered words.
}

// Phrasing is one way to ask for a document.
type Phrasing struct{ Lang, Text string }

// Words are groups of words and spellings that count as one word, by language; those under
// "all" hold in every language. A member may be several words.
type Words map[string][][]string

// Result is what Search makes of a question.
type Result struct {
	Reading Reading
	Hits    []Hit // best first, at most k
}

// Reading is the question as it was understood.
type Reading struct {
	Text        string       // the question as it was read
	Lang        string       // "en", "ru", "kk", or "" if unsure
	How         string       // one of AsTyped, KeyboardLayout, Transliteration
	Corrections []Correction // words that were taken for others
}

// The ways a question can be read.
const (
	AsTyped         = "as typed"
	KeyboardLayout  = "keyboard layout"
	Transliteration = "transliteration"
)

// Correction is a mistyped word and the known word it was taken for, both folded.
type Correction struct{ From, To string }

// Hit is a document found.
type Hit struct {
	Document   int      // its position in the documents given to New
	Confidence float64  // from 0 to 1, comparable with Thresholds
	Why        []Reason // the parts of the score, largest first
}

// Reason is one part of a score.
type Reason struct {
	Name  string
	Value float64
}
