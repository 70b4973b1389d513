package answers

import "slices"

// A step is one position of an alignment: a word that both have, one that stands in only one of them, or a word in another's place.
type step struct{ mine, theirs int } // -1: it has none

// alignment says how words differ from the nearest stretch [from, to) of another text.
type alignment struct {
	from, to int
	cost     int // words added, missing or changed
	steps    []step
}

// telling says whether enough words are the same, in a row or in all, to tell where words are from.
func (a alignment) telling(words, text []int32) bool {
	all, row := 0, 0
	for _, s := range a.steps {
		if s.mine < 0 || s.theirs < 0 || words[s.mine] != text[s.theirs] {
			row = 0
			continue
		}
		all, row = all+1, row+1
		if row == evidence || all == 2*evidence {
			return true
		}
	}
	return false
}

// align finds the stretch of text that takes the fewest changes to make words of it. Among equals it takes one that begins or ends where
// edge says, which tells of a position of text whether a sentence begins there.
func align[W comparable](words, text []W, edge func(int) bool) alignment {
	costs := alignmentCosts(words, text)
	width := len(text) + 1
	last := costs[len(words)*width:]
	end := 0
	for j, cost := range last {
		if cost < last[end] || cost == last[end] && edge(j) && !edge(end) {
			end = j
		}
	}
	a := alignment{to: end, cost: int(last[end])}
	i, j := len(words), end
	for i > 0 {
		here := costs[i*width+j]
		added := here == costs[(i-1)*width+j]+1
		switch {
		case added && (j == 0 || edge(j) && j != end):
			i--
			a.steps = append(a.steps, step{i, -1})
		case j > 0 && here == costs[(i-1)*width+j-1]+differs(words[i-1], text[j-1]):
			i, j = i-1, j-1
			a.steps = append(a.steps, step{i, j})
		case added:
			i--
			a.steps = append(a.steps, step{i, -1})
		default:
			j--
			a.steps = append(a.steps, step{-1, j})
		}
	}
	a.from = j
	slices.Reverse(a.steps)
	return a
}

// alignmentCosts is the table of edit distances, row by row of words; the first row is zero, since text may begin anywhere.
func alignmentCosts[W comparable](words, text []W) []int32 {
	width := len(text) + 1
	costs := make([]int32, (len(words)+1)*width)
	for i := 1; i <= len(words); i++ {
		above, row := costs[(i-1)*width:i*width], costs[i*width:(i+1)*width]
		row[0] = int32(i)
		for j := 1; j <= len(text); j++ {
			row[j] = min(above[j-1]+differs(words[i-1], text[j-1]), above[j]+1, row[j-1]+1)
		}
	}
	return costs
}

func differs[W comparable](a, b W) int32 {
	if a == b {
		return 0
	}
	return 1
}
