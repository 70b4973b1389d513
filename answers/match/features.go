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
	var r room
	have := make([]int32, len(x.idf))
	last := make([]int, len(x.idf))
	for d := range texts {
		for _, t := range texts[d] {
			for _, ids := range x.features(t, &r) {
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

// room is what taking a text apart needs, kept for the next one.
type room struct {
	ids   []int32
	terms []term
}

// features yields the features of a text by kind, each as often as it occurs. They are the
// caller's to change, until the next kind.
func (x *Index) features(t text, r *room) iter.Seq2[int, []int32] {
	return func(yield func(int, []int32) bool) {
		r.ids = append(r.ids[:0], t.stems...)
		if !yield(kindWord, r.ids) {
			return
		}
		r.ids = r.ids[:0]
		for p := range neighbours(t.stems) {
			id, ok := x.pairs[p]
			if !ok {
				id = unknown
			}
			r.ids = append(r.ids, id)
		}
		if !yield(kindPair, r.ids) {
			return
		}
		r.ids = append(r.ids[:0], t.grams...)
		yield(kindLetters, r.ids)
	}
}

// weigh makes the vector of a text. It is good until the room is used again.
func (x *Index) weigh(t text, r *room) vector {
	var v vector
	var squares float32
	r.terms = slices.Grow(r.terms[:0], 2*len(t.stems)+1+len(t.grams))
	for kind, ids := range x.features(t, r) {
		if len(ids) == 0 {
			continue
		}
		from := len(r.terms)
		r.terms = x.appendTerms(r.terms, ids, mix[kind])
		v[kind] = r.terms[from:]
		squares += float32(mix[kind] * mix[kind])
	}
	for _, terms := range v {
		scale(terms, 1/sqrt(squares))
	}
	return v
}

// appendTerms sorts ids and weighs them, so that together with the unknown ones they are as
// long as length.
func (x *Index) appendTerms(terms []term, ids []int32, length float32) []term {
	slices.Sort(ids)
	var squares float32
	from := len(terms)
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
	scale(terms[from:], length/sqrt(squares))
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
