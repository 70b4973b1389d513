// Package answers holds a press office's releases with their curated questions and answers, and finds the answer to a question in anyone's words.
//
// Start with Load, which reads and checks the content files, and Library.Ask. Whatever a Library quotes stands, byte for byte
// (white space folded), in one of its releases: content that breaks this does not load.
package answers

import (
	"time"

	"releasebot/answers/match"
)

// Text is one text in several languages, by language code.
type Text map[string]string

// In is the text in lang, else in the fall-back language; actual is the language it is in.
func (t Text) In(lang, fallback string) (text, actual string) {
	if text := t[lang]; text != "" {
		return text, lang
	}
	return t[fallback], fallback
}

// Office is the press office that speaks.
type Office struct{ Name, Contact Text }

// Topic is a group of pairs.
type Topic struct {
	ID    string
	Name  Text
	Pairs []*Pair
}

// Release is a published text.
type Release struct {
	ID, Title, Publisher, Lang, URL string
	Date, Embargo                   time.Time // Embargo is zero if there is none
	Paragraphs                      []string  // verbatim, white space folded
	Sources                         []Source  // corroborating pages, in the file's order
	Pairs                           []*Pair
	Gaps                            []*Gap
	Position                        Position

	lines []int // where each paragraph begins
}

// Source is a public page that corroborates an answer. Publisher and Date may be empty.
type Source struct {
	ID, Title, Publisher, URL string
	Date                      time.Time
}

// Pair is one curated question with its answer. Its ID is kept for ever: subscribers' ledgers and shared links name it.
type Pair struct {
	ID        string
	Release   *Release
	Topic     *Topic
	Question  Text
	Answer    Text
	Phrasings map[string][]string // other ways to ask it, by language
	Quotes    []Quote
	Sources   []Source
	Related   []*Pair
	Revision  string // a hash of what the pair tells people; see revision
	Position  Position
}

// Quote is a verbatim passage of the pair's release.
type Quote struct {
	Text, Speaker string // Speaker may be empty: then it is the release that speaks
	Paragraph     int    // from 1; 0 is the release's title
	URL           string // the release's, with a text fragment that opens it at the passage
}

// Gap is a question that people ask and the release does not answer.
type Gap struct {
	ID        string
	Release   *Release
	Question  Text
	Phrasings map[string][]string
	Nearest   []*Pair
	Position  Position
}

// Position is a place in a content file; Line and Column are from 1.
type Position struct {
	File         string
	Line, Column int
}

// Library is what is public at one moment. It never changes and is safe for concurrent use. A release under embargo is not in it
// at all: neither its pairs and gaps nor any reference to them.
type Library struct {
	Office    Office
	Languages []string   // the first is the fall-back
	Topics    []*Topic   // those that have pairs
	Releases  []*Release // newest first

	pairs   map[string]*Pair
	gaps    map[string]*Gap
	version string
	expires time.Time

	index   func() *match.Index // waits until it has learnt
	entries []entry             // by the index's document
	known   []known             // every question and phrasing, for Complete
	corpus  *corpus             // the releases' words, for Verify
}

// entry is what a document of the index stands for: a pair or a gap.
type entry struct {
	pair *Pair
	gap  *Gap
}

func (e entry) id() string {
	if e.pair != nil {
		return e.pair.ID
	}
	return e.gap.ID
}

// Expires is when the next embargo ends and the content should be loaded anew; zero if there is none.
func (l *Library) Expires() time.Time { return l.expires }

// Version is a hash of all content files, for logs.
func (l *Library) Version() string { return l.version }

// Wait returns once the index has learnt. Whatever asks it before waits as well.
func (l *Library) Wait() { l.index() }

// Thresholds are the confidences from which a question is answered, and pairs are suggested.
func (l *Library) Thresholds() match.Thresholds { return l.index().Thresholds() }

// Pair is the pair with this id, nil if there is none.
func (l *Library) Pair(id string) *Pair { return l.pairs[id] }

// Gap is the gap with this id, nil if there is none.
func (l *Library) Gap(id string) *Gap { return l.gaps[id] }

// Release is the release with this id, nil if there is none.
func (l *Library) Release(id string) *Release {
	for _, r := range l.Releases {
		if r.ID == id {
			return r
		}
	}
	return nil
}

// Topic is the topic with this id, nil if there is none that has pairs.
func (l *Library) Topic(id string) *Topic {
	for _, t := range l.Topics {
		if t.ID == id {
			return t
		}
	}
	return nil
}

// Detect is the language of a text, "" if unsure or not one of the library's.
func (l *Library) Detect(text string) string {
	text = readable(text)
	if text == "" {
		return ""
	}
	return l.speaks(l.index().Search(text, 1).Reading.Lang)
}

// speaks is lang if it is one of the library's languages, else "".
func (l *Library) speaks(lang string) string {
	for _, own := range l.Languages {
		if own == lang {
			return lang
		}
	}
	return ""
}
