package match

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

var (
	coverageShare = float32(.3)
	leadShare     = float32(.3)
)

type scratch struct {
	parts  [kinds][]float32
	cover  []float32
	totals []float32
}

func newScratch(docs int) *scratch {
	s := &scratch{cover: make([]float32, docs), totals: make([]float32, docs)}
	for k := range s.parts {
		s.parts[k] = make([]float32, docs)
	}
	return s
}

// Search ranks the documents for a question and returns the best k. Of the ways to read the
// question the one that finds most counts.
func (x *Index) Search(question string, k int) Result {
	if k <= 0 || x.docs == 0 {
		return Result{}
	}
	typed := x.read(question, fold(question), AsTyped)
	best := x.rank(typed, k)
	if typed.strange < strangeFrom {
		return best
	}
	for _, r := range x.readings(question) {
		t := x.read(r.text, r.words, r.how)
		if t.strange > strangeLeft*typed.strange {
			continue
		}
		if other := x.rank(t, k); other.surer(best) {
			best = other
		}
	}
	return best
}

func (r Result) surer(than Result) bool {
	return len(r.Hits) > 0 && (len(than.Hits) == 0 || r.Hits[0].Confidence > than.Hits[0].Confidence)
}

// text is a question taken apart.
type text struct {
	Reading
	stems   []int32 // joined by groups; unknown where no phrasing has it
	grams   []int32
	strange float32 // share of letters in words that are neither known nor forms of known words
}

func (x *Index) read(as string, folded []string, how string) text {
	t := text{Reading: Reading{Text: as, How: how}}
	lang := x.detect(as, folded)
	if lang >= 0 {
		t.Lang = x.langs[lang]
	}
	letters, strange := 0, 0
	for _, f := range folded {
		letters += len(f)
		if id, ok := x.words[f]; ok {
			t.stems = append(t.stems, x.known[id].stem)
			t.grams = append(t.grams, x.known[id].grams...)
			continue
		}
		if s, ok := x.stems[stem(f, t.Lang)]; ok {
			t.stems = append(t.stems, s)
			t.grams = x.lookUpGrams(t.grams, f)
			continue
		}
		strange += len(f)
		if id, ok := x.spell.correct(f, x.known); ok {
			t.Corrections = append(t.Corrections, Correction{f, x.known[id].text})
			t.stems = append(t.stems, x.known[id].stem)
			t.grams = append(t.grams, x.known[id].grams...)
			continue
		}
		t.stems = append(t.stems, unknown)
		t.grams = x.lookUpGrams(t.grams, f)
	}
	t.stems = x.groups.join(t.stems)
	t.strange = float32(strange) / float32(max(letters, 1))
	return t
}

func (x *Index) lookUpGrams(ids []int32, word string) []int32 {
	for g := range grams(word) {
		id, ok := x.grams[g]
		if !ok {
			id = unknown
		}
		ids = append(ids, id)
	}
	return ids
}

// detect returns the language a text seems to be in, or -1.
func (x *Index) detect(text string, folded []string) int {
	votes := make([]float32, len(x.langs))
	for _, f := range folded {
		if id, ok := x.words[f]; ok {
			w := x.known[id]
			for l, n := range w.uses {
				votes[l] += float32(n) / float32(w.used())
			}
		}
	}
	best := -1
	for l, v := range votes {
		if x.langs[l] == "kk" && strings.ContainsAny(strings.ToLower(text), "әғқңөұүһі") {
			v += 2
		}
		votes[l] = v
		if v > 0 && (best < 0 || v > votes[best]) {
			best = l
		}
	}
	return best
}

func (x *Index) rank(t text, k int) Result {
	s := x.scratch.Get().(*scratch)
	defer x.scratch.Put(s)
	x.score(t, s)
	return Result{t.Reading, x.hits(s, k)}
}

func (x *Index) score(t text, s *scratch) {
	x.scoreVector(x.weigh(t.stems, t.grams), s)
	x.scoreCoverage(t.stems, s)
	for d := range s.totals {
		s.totals[d] = s.parts[kindWord][d] + s.parts[kindPair][d] + s.parts[kindLetters][d] + s.cover[d]
	}
}

func (x *Index) scoreVector(v vector, s *scratch) {
	for kind, terms := range v {
		part := s.parts[kind]
		clear(part)
		for _, m := range terms {
			x.rows[m.feature].add(m.weight, part)
		}
	}
}

func (x *Index) scoreCoverage(stems []int32, s *scratch) {
	clear(s.cover)
	var sum float32
	for _, f := range stems {
		if f < 0 {
			sum += x.missing
			continue
		}
		sum += x.idf[f]
	}
	if sum == 0 {
		return
	}
	for _, f := range stems {
		if f < 0 || int(f) >= len(x.holders) {
			continue
		}
		part := float32(coverageShare * x.idf[f] / sum)
		for _, d := range x.holders[f] {
			s.cover[d] += part
		}
	}
}

func (x *Index) hits(s *scratch, k int) []Hit {
	order := best(s.totals, min(k+1, x.docs))
	hits := make([]Hit, 0, k)
	for i, d := range order {
		if i == k {
			break
		}
		var lead float32
		switch {
		case i > 0:
			lead = s.totals[d] - s.totals[order[0]]
		case len(order) > 1:
			lead = s.totals[d] - s.totals[order[1]]
		}
		hits = append(hits, Hit{Document: int(d), Confidence: confidence(s.totals[d], lead), Why: s.why(d, lead)})
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

func confidence(total, lead float32) float64 {
	return 1 / (1 + math.Exp(-5*(float64(total+float32(leadShare*lead))-.6)))
}

func (s *scratch) why(d int32, lead float32) []Reason {
	why := make([]Reason, 0, kinds+2)
	for k, part := range s.parts {
		why = append(why, Reason{kindNames[k], float64(part[d])})
	}
	why = append(why, Reason{"coverage", float64(s.cover[d])}, Reason{"lead", float64(leadShare * lead)})
	slices.SortStableFunc(why, func(a, b Reason) int { return cmp.Compare(b.Value, a.Value) })
	return why
}
