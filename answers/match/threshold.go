package match

import "slices"

// Thresholds are the confidences from which to answer and to suggest.
type Thresholds struct{ Answer, Suggest float64 }

// Thresholds returns the thresholds New derived from its documents.
func (x *Index) Thresholds() Thresholds { return x.thresholds }

// The thresholds let this share of the hidden questions go without an answer, and without a
// suggestion. Hidden questions are far nearer to the documents than most that have no answer.
// Of the 480 questions written without sight of the first release's content, the answer
// comes rightly to 90.3, 89.7 and 89.7 % of the answerable ones at .15, .25 and .40, and to 5.3,
// 4.7 and 4.7 % of the others.
// Suggestions want to be generous; at .05 half of the questions about anything else got some,
// at .10 a quarter, for one answerable question less.
const (
	answerShare  = .25
	suggestShare = .10
)

// The thresholds are kept within bounds. In a library of a few documents the hidden questions
// find nothing, which would let every question through; in one of close variants, such as
// Banking77, they find so much that right answers would be held back.
const (
	answerFrom, answerTo   = .4, .7
	suggestFrom, suggestTo = .15, .45
)

// hiddenMost is about how many questions the thresholds are taken from. Twice as many move
// them by .02.
const hiddenMost = 500

// hide asks an even sample of the phrasings of all documents but their own: questions of just
// the kind that people ask, which the others cannot answer.
func (x *Index) hide(texts [][]text) Thresholds {
	total := 0
	for d := range texts {
		total += len(texts[d])
	}
	stride := total/hiddenMost + 1
	s := newScratch(x.docs)
	var found []float64
	n := 0
	for d := range texts {
		for _, t := range texts[d] {
			if n++; n%stride != 0 {
				continue
			}
			s.clear()
			x.add(t, 1, s)
			found = append(found, s.hits(1, d)[0].Confidence)
		}
	}
	slices.Sort(found)
	return Thresholds{
		Answer:  min(max(quantile(found, answerShare), answerFrom), answerTo),
		Suggest: min(max(quantile(found, suggestShare), suggestFrom), suggestTo),
	}
}

// quantile returns the value that a share of the sorted values are below, 0 of no values.
func quantile(sorted []float64, share float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[int(share*float64(len(sorted)))]
}
