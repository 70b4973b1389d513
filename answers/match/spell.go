package match

import (
	"cmp"
	"iter"
	"slices"
	"unicode/utf8"
)

// speller finds known words one edit away: both words with one letter taken out meet.
type speller struct {
	entries []uint64 // the hash of a word less a letter, then the word; sorted
}

// shortest is the length in letters from which a word is corrected: of shorter words too
// many are one edit apart.
const shortest = 4

// longest is up to how many letters a word is corrected: hardly a language has longer ones,
// and the work grows with their square, so that 4,096 letters in a row would take a tenth of
// a second.
const longest = 40

func newSpeller(known []word) speller {
	var s speller
	for i, w := range known {
		if utf8.RuneCountInString(w.text) < shortest-1 {
			continue
		}
		for h := range deletions(w.text) {
			s.entries = append(s.entries, uint64(h)<<32|uint64(i))
		}
	}
	s.entries = slices.Clone(s.entries) // without the room to grow
	slices.Sort(s.entries)
	return s
}

// deletions yields the hashes of a word whole and with each of its letters taken out.
func deletions(word string) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		if !yield(hash(word, "")) {
			return
		}
		for i := range word {
			_, size := utf8.DecodeRuneInString(word[i:])
			if !yield(hash(word[:i], word[i+size:])) {
				return
			}
		}
	}
}

// hash is FNV-1a of a and b together.
func hash(a, b string) uint32 {
	h := uint32(2166136261)
	for _, s := range [2]string{a, b} {
		for i := range len(s) {
			h = (h ^ uint32(s[i])) * 16777619
		}
	}
	return h
}

// correct returns the most used known word that is one edit away from an unknown one.
func (s speller) correct(folded string, known []word) (int32, bool) {
	if n := utf8.RuneCountInString(folded); n < shortest || n > longest {
		return 0, false
	}
	best := int32(-1)
	for h := range deletions(folded) {
		i, _ := slices.BinarySearch(s.entries, uint64(h)<<32)
		for ; i < len(s.entries) && uint32(s.entries[i]>>32) == h; i++ {
			w := int32(s.entries[i])
			if best != w && oneEdit(folded, known[w].text) && (best < 0 || preferred(known, w, best)) {
				best = w
			}
		}
	}
	return best, best >= 0
}

func preferred(known []word, a, b int32) bool {
	return cmp.Or(cmp.Compare(known[a].used(), known[b].used()), cmp.Compare(b, a)) > 0
}

// oneEdit tells whether one letter put in, taken out or changed, or two neighbours swapped,
// make a of b.
func oneEdit(a, b string) bool {
	x, y := []rune(a), []rune(b)
	for len(x) > 0 && len(y) > 0 && x[0] == y[0] {
		x, y = x[1:], y[1:]
	}
	for len(x) > 0 && len(y) > 0 && x[len(x)-1] == y[len(y)-1] {
		x, y = x[:len(x)-1], y[:len(y)-1]
	}
	switch {
	case len(x) <= 1 && len(y) <= 1:
		return true
	default:
		return len(x) == 2 && len(y) == 2 && x[0] == y[1] && x[1] == y[0]
	}
}
