package match

import (
	"cmp"
	"math"
	"slices"
)

// A document's score is what its rows make of the question, plus coverageShare of the share
// of the question's words that are among the document's own. Coverage is worth two points of
// answers at 5 % outside questions on CLINC150, and half a point of first places everywhere.
// The confidence also counts the lead over the next document. Of questions about the first
// release that it does not answer, .3 and .5 answer 4.6 %, these 3.8, with as many right.
const (
	coverageShare = float32(.4)
	leadShare     = float32(.2)
)

// doubt lowers the score of what a long question finds only with, or only without, the part
// that asks weighed. After unrelated openings it takes wrong answers from 9.5 to 8.3 % and
// right ones from 62.8 to 61.2; elsewhere it changes nothing.
const doubt = .1

// The confidence is a logistic curve over the score: half at middle.
const steepness, middle = 5, .6

// Search ranks the documents for a question and returns the best k. Of the ways to read the
// question the one that finds most counts.
func (x *Index) Search(question string, k int) Result {
	if k <= 0 || x.docs == 0 {
		return Result{}
	}
	best := x.rank(x.read(reading{AsTyped, question, fold(question)}), k)
	if best.strange < strangeFrom {
		return best.Result
	}
	for _, r := range x.readings(question) {
		q := x.read(r)
		if q.strange > strangeLeft*best.strange {
			continue
		}
		if other := x.rank(q, k); other.surer(best) {
			best = other
		}
	}
	return best.Result
}

// ranked is what one reading of a question finds.
type ranked struct {
	Result
	strange float32
}

func (r ranked) surer(than ranked) bool {
	return r.Hits[0].Confidence > than.Hits[0].Confidence
}

// rank ranks the documents for a question that was read: as a whole or, if that is surer,
// with the part that asks weighed. Where the two find different documents there is doubt.
func (x *Index) rank(q question, k int) ranked {
	s := x.scratch.Get().(*scratch)
	defer x.scratch.Put(s)
	s.clear()
	x.add(q.text, 1, s)
	best := ranked{Result{q.Reading, s.hits(k)}, q.strange}
	if len(q.asking.stems) == 0 {
		return best
	}
	s.scale(1 - askingShare)
	x.add(q.asking, askingShare, s)
	other := ranked{Result{q.Reading, s.hits(k)}, q.strange}
	agree := other.Hits[0].Document == best.Hits[0].Document
	if other.surer(best) {
		best = other
	}
	if !agree {
		for i, h := range best.Hits {
			best.Hits[i] = newHit(h.Document, append(h.Why, Reason{"doubt", -doubt}))
		}
	}
	return best
}

// scratch holds the parts of the score of each document.
type scratch struct {
	parts  [kinds + 1][]float32 // by kind of feature, and coverage
	totals []float32
	room   room
}

const coverage = kinds

var partNames = [kinds + 1]string{"words", "word pairs", "letters", "coverage"}

func newScratch(docs int) *scratch {
	s := &scratch{totals: make([]float32, docs)}
	for p := range s.parts {
		s.parts[p] = make([]float32, docs)
	}
	return s
}

func (s *scratch) clear() {
	for _, part := range s.parts {
		clear(part)
	}
}

func (s *scratch) scale(by float32) {
	for _, part := range s.parts {
		for d := range part {
			part[d] *= by
		}
	}
}

// add adds what a text says for each document, times by. Every weight comes in here.
func (x *Index) add(t text, by float32, s *scratch) {
	for kind, terms := range x.weigh(t, &s.room) {
		add(x.rows.row, terms, by, s.parts[kind])
	}
	x.addCoverage(t.stems, float32(by*coverageShare), s.parts[coverage])
}

func (x *Index) addCoverage(stems []int32, by float32, scores []float32) {
	var all float32
	for _, f := range stems {
		if f == unknown {
			all += x.foreign
		} else {
			all += x.idf[f]
		}
	}
	for _, f := range stems {
		if f == unknown {
			continue
		}
		part := float32(by * x.idf[f] / all)
		for _, d := range x.holders[f] {
			scores[d] += part
		}
	}
}

// hits returns the best k documents.
func (s *scratch) hits(k int, without ...int) []Hit {
	copy(s.totals, s.parts[0])
	for _, part := range s.parts[1:] {
		for d, p := range part {
			s.totals[d] += p
		}
	}
	for _, d := range without {
		s.totals[d] = 0
	}
	order := best(s.totals, max(k, 2))
	hits := make([]Hit, 0, k)
	for i, d := range order[:min(k, len(order))] {
		var lead float32
		switch {
		case i > 0:
			lead = s.totals[d] - s.totals[order[0]]
		case len(order) > 1:
			lead = s.totals[d] - s.totals[order[1]]
		}
		hits = append(hits, s.hit(d, float64(lead*leadShare)))
	}
	return hits
}

// best returns the places of the n largest, largest first; the earlier first of equals.
func best(totals []float32, n int) []int32 {
	order := make([]int32, 0, n+1)
	for d, t := range totals {
		if len(order) == n && t <= totals[order[n-1]] {
			continue
		}
		i := len(order)
		for i > 0 && totals[order[i-1]] < t {
			i--
		}
		order = slices.Insert(order, i, int32(d))
		order = order[:min(len(order), n)]
	}
	return order
}

// hit makes a hit of the parts of a document's score.
func (s *scratch) hit(d int32, lead float64) Hit {
	why := make([]Reason, 0, len(s.parts)+2)
	for p, part := range s.parts {
		why = append(why, Reason{partNames[p], float64(part[d])})
	}
	return newHit(int(d), append(why, Reason{"lead", lead}))
}

// newHit makes a hit whose confidence is all that why says: a score, in which nothing found is
// 0 and a phrasing word for word well over 1, brought to 0..1.
func newHit(doc int, why []Reason) Hit {
	slices.SortStableFunc(why, func(a, b Reason) int { return cmp.Compare(b.Value, a.Value) })
	score := 0.
	for _, w := range why {
		score += w.Value
	}
	return Hit{doc, 1 / (1 + math.Exp(-steepness*(score-middle))), why}
}
