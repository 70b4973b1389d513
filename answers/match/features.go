package match

import (
	"iter"
	"math"
	"slices"
)

// The kinds of features: stems, two stems side by side, letter sequences.
const (
	kindWord = iota
	kindPair
	kindLetters
	kinds
)

// mix is the share of each kind in a text's vector. Flat: from .3 to .8 for the pairs and
// from .5 to .8 for the letters nothing moves by more than half a point.
var mix = [kinds]float32{.5, .5, .6}

// Letter sequences are gram letters long. Those of four as well, or instead, take half a point
// from Banking77 with all phrasings, and longer to load and to ask.
const gram = 3

// boundary stands before the first and after the last stem of a text, unknown for a feature
// that no phrasing has.
const (
	boundary int32 = -1
	unknown  int32 = -2
)

// text is a phrasing or question taken apart.
type text struct {
	stems []int32 // joined by groups
	grams []int32
}

// term is a feature of a text with its weight.
type term struct {
	feature int32
	weight  float32
}

// vector is a text's known features by kind. The unknown ones are not in it, but count in its
// length of one: what is foreign to every document lowers every score. That is worth five
// points of telling inside from outside questions.
type vector [kinds][]term

// grams yields the letter sequences of a word whose ends are marked.
func grams(word string) iter.Seq[string] {
	return func(yield func(string) bool) {
		marked := "^" + word + "$"
		starts := make([]int, 0, len(marked)+1)
		for i := range marked {
			starts = append(starts, i)
		}
		starts = append(starts, len(marked))
		for i := 0; i+gram < len(starts); i++ {
			if !yield(marked[starts[i]:starts[i+gram]]) {
				return
			}
		}
	}
}

// neighbours yields each two stems that stand side by side, marks at the ends included.
func neighbours(stems []int32) iter.Seq[[2]int32] {
	return func(yield func([2]int32) bool) {
		before := boundary
		for _, s := range stems {
			if !yield([2]int32{before, s}) {
				return
			}
			before = s
		}
		if len(stems) > 0 {
			yield([2]int32{before, boundary})
		}
	}
}

// learnFeatures numbers the word pairs and sets the idf of every feature from the number of
// documents whose phrasings have it.
func (x *Index) learnFeatures(texts [][]text) {
	for d := range texts {
		for _, t := range texts[d] {
			for p := range neighbours(t.stems) {
				feature(x, x.pairs, p)
			}
		}
	}
	have := make([]int32, len(x.idf))
	last := make([]int, len(x.idf))
	for d := range texts {
		for _, t := range texts[d] {
			for _, ids := range x.features(t) {
				for _, f := range ids {
					if last[f] <= d {
						last[f] = d + 1
						have[f]++
					}
				}
			}
		}
	}
	for f, n := range have {
		x.idf[f] = idf(x.docs, max(n, 1))
	}
	x.foreign = idf(x.docs, 1)
}

func idf(docs int, have int32) float32 {
	return float32(math.Log(float64(1+docs)/float64(have)) + 1)
}

// features returns the features of a text by kind, each as often as it occurs.
func (x *Index) features(t text) [kinds][]int32 {
	pairs := make([]int32, 0, len(t.stems)+1)
	for p := range neighbours(t.stems) {
		id, ok := x.pairs[p]
		if !ok {
			id = unknown
		}
		pairs = append(pairs, id)
	}
	return [kinds][]int32{slices.Clone(t.stems), pairs, slices.Clone(t.grams)}
}

// weigh makes the vector of a text.
func (x *Index) weigh(t text) vector {
	var v vector
	var squares float32
	for kind, ids := range x.features(t) {
		if len(ids) == 0 {
			continue
		}
		v[kind] = x.weighKind(ids, mix[kind])
		squares += float32(mix[kind] * mix[kind])
	}
	for _, terms := range v {
		scale(terms, 1/sqrt(squares))
	}
	return v
}

// weighKind sorts ids and weighs them, so that together with the unknown ones they are as
// long as length.
func (x *Index) weighKind(ids []int32, length float32) []term {
	slices.Sort(ids)
	var squares float32
	terms := make([]term, 0, len(ids))
	for i := 0; i < len(ids); {
		n := 1
		for i+n < len(ids) && ids[i+n] == ids[i] {
			n++
		}
		if ids[i] == unknown {
			squares += float32(float32(n) * float32(x.foreign*x.foreign))
		} else {
			w := float32(x.idf[ids[i]] * repeats(n))
			squares += float32(w * w)
			terms = append(terms, term{ids[i], w})
		}
		i += n
	}
	scale(terms, length/sqrt(squares))
	return terms
}

// repeats is what a feature that occurs n times counts.
func repeats(n int) float32 {
	if n == 1 {
		return 1
	}
	return 1 + float32(math.Log(float64(n)))
}

func scale(terms []term, by float32) {
	for i := range terms {
		terms[i].weight *= by
	}
}

func sqrt(x float32) float32 { return float32(math.Sqrt(float64(x))) }
