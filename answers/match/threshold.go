package match

import "slices"

// Thresholds are the confidences from which to answer and to suggest.
type Thresholds struct{ Answer, Suggest float64 }

// Thresholds returns the thresholds New derived from its documents.
func (x *Index) Thresholds() Thresholds { return x.thresholds }

const hidden = 400
const answerQuantile, suggestQuantile = 40, 5

var hiddenQuantiles []float64

// hide asks phrasings of all the documents but their own.
func (x *Index) hide(texts [][]text) Thresholds {
	var found []float64
	s := newScratch(x.docs)
	i, total := 0, 0
	for d := range texts {
		total += len(texts[d])
	}
	stride := total/hidden + 1
	for d := range texts {
		for _, t := range texts[d] {
			if i++; i%stride != 0 {
				continue
			}
			x.score(question{text: t}, s)
			s.totals[d] = 0
			found = append(found, s.hits(1)[0].Confidence)
		}
	}
	slices.Sort(found)
	if len(found) == 0 {
		return Thresholds{}
	}
	hiddenQuantiles = nil
	for _, q := range []int{10, 20, 30, 40, 50, 60, 70, 80, 90, 95} {
		hiddenQuantiles = append(hiddenQuantiles, found[len(found)*q/100])
	}
	at := func(q int) float64 { return found[len(found)*q/100] }
	return Thresholds{at(answerQuantile), at(suggestQuantile)}
}
