package match

import (
	"iter"
	"math"
	"slices"
	"unicode/utf8"
)

// The kinds of features. Each is weighed on its own before they are mixed.
const (
	kindWord = iota
	kindPair
	kindLetters
	kinds
)

var gramMin, gramMax = 3, 4

var kindNames = [kinds]string{"words", "word pairs", "letters"}

// mix is the share of each kind in a text's vector.
var mix = [kinds]float32{.5, .5, .6}

// boundary stands before the first and after the last stem of a text, unknown for a stem
// that no phrasing has.
const (
	boundary int32 = -1
	unknown  int32 = -2
)

// term is a feature of a text with its weight.
type term struct {
	feature int32
	weight  float32
}

// vector is a text's features by kind. Features no phrasing has are not in it, but count in
// its length of one: what is foreign to every document lowers every score.
type vector [kinds][]term

// grams yields the letter sequences of a marked word, two to four letters long.
func grams(word string) iter.Seq[string] {
	return func(yield func(string) bool) {
		marked := "^" + word + "$"
		var starts []int
		for i := range marked {
			starts = append(starts, i)
		}
		starts = append(starts, len(marked))
		for n := gramMin; n <= gramMax; n++ {
			for i := 0; i+n < len(starts); i++ {
				if !yield(marked[starts[i]:starts[i+n]]) {
					return
				}
			}
		}
	}
}

// learnFeatures returns the vectors of all phrasings, by document.
func (x *Index) learnFeatures(texts [][][]int32) [][]vector {
	joined := make([][][]int32, len(texts))
	for d, phrasings := range texts {
		for _, words := range phrasings {
			stems := x.groups.join(x.stemsOf(words))
			joined[d] = append(joined[d], stems)
			for p := range neighbours(stems) {
				feature(x, x.pairs, p)
			}
		}
	}
	x.weighFeatures(texts, joined)
	examples := make([][]vector, len(texts))
	for d, phrasings := range texts {
		for i, words := range phrasings {
			examples[d] = append(examples[d], x.weigh(joined[d][i], x.gramsOf(words)))
		}
	}
	return examples
}

// weighFeatures sets the idf of each feature from the number of documents that have it.
func (x *Index) weighFeatures(texts, joined [][][]int32) {
	have := make([]int32, len(x.idf))
	last := make([]int, len(x.idf))
	see := func(f int32, doc int) {
		if last[f] <= doc {
			last[f] = doc + 1
			have[f]++
		}
	}
	for d := range texts {
		for i, words := range texts[d] {
			for _, s := range joined[d][i] {
				see(s, d)
			}
			for p := range neighbours(joined[d][i]) {
				see(x.pairs[p], d)
			}
			for _, g := range x.gramsOf(words) {
				see(g, d)
			}
		}
	}
	for f, n := range have {
		x.idf[f] = idf(x.docs, max(n, 1))
	}
	x.missing = idf(x.docs, 1)
}

func idf(docs int, have int32) float32 {
	return float32(math.Log(float64(1+docs)/float64(have)) + 1)
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

func (x *Index) gramsOf(words []int32) []int32 {
	var ids []int32
	for _, w := range words {
		ids = append(ids, x.known[w].grams...)
	}
	return ids
}

// weigh makes the vector of a text from its stems and letter sequences.
func (x *Index) weigh(stems, grams []int32) vector {
	var pairs []int32
	for p := range neighbours(stems) {
		id, ok := x.pairs[p]
		if !ok {
			id = unknown
		}
		pairs = append(pairs, id)
	}
	var v vector
	var length float32
	for kind, ids := range [kinds][]int32{slices.Clone(stems), pairs, grams} {
		v[kind] = x.weighKind(ids, mix[kind])
		if len(ids) > 0 {
			length += float32(mix[kind] * mix[kind])
		}
	}
	length = float32(math.Sqrt(float64(length)))
	for _, terms := range v {
		for i := range terms {
			terms[i].weight /= length
		}
	}
	return v
}

// weighKind sorts ids and returns the known ones, as a vector as long as share together with
// the unknown ones.
func (x *Index) weighKind(ids []int32, share float32) []term {
	slices.Sort(ids)
	var squares float32
	terms := make([]term, 0, len(ids))
	for i := 0; i < len(ids); {
		n := 1
		for i+n < len(ids) && ids[i+n] == ids[i] {
			n++
		}
		if ids[i] < 0 {
			squares += float32(float32(n) * float32(x.missing*x.missing))
		} else {
			w := x.idf[ids[i]]
			if n > 1 {
				w *= 1 + float32(math.Log(float64(n)))
			}
			squares += float32(w * w)
			terms = append(terms, term{ids[i], w})
		}
		i += n
	}
	if squares == 0 {
		return nil
	}
	scale := share / float32(math.Sqrt(float64(squares)))
	for i := range terms {
		terms[i].weight *= scale
	}
	return terms
}

func runeCount(s string) int { return utf8.RuneCountInString(s) }
