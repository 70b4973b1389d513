package match

import (
	"maps"
	"slices"
	"strings"
)

// pack puts small things side by side that learning has strewn over the heap, each alone
// among garbage. On the first release's content that frees a megabyte, one in fifteen.
func (x *Index) pack() {
	x.words, x.stems, x.grams = packKeys(x.words), packKeys(x.stems), packKeys(x.grams)
	for text, i := range x.words {
		x.known[i].text = text
	}
	packLists(x.holders)
}

func packKeys(m map[string]int32) map[string]int32 {
	keys := slices.Collect(maps.Keys(m))
	all := strings.Join(keys, "")
	packed := make(map[string]int32, len(m))
	for _, k := range keys {
		packed[all[:len(k)]] = m[k]
		all = all[len(k):]
	}
	return packed
}

func packLists(lists [][]int32) {
	all := slices.Concat(lists...)
	for i, list := range lists {
		n := len(list)
		lists[i], all = all[:n:n], all[n:]
	}
}

// packed is the rows of an index that has learnt: side by side, since training leaves them all
// over the heap and most are so short that a slice's own size is the greater part of them.
type packed struct {
	docs   int
	cells  []cell
	dense  []float32
	places []place // by feature
}

// place is where a row is: n cells from a place on or, where n is isDense, one weight for each
// document.
type place struct{ from, n int32 }

const isDense = -1

// faint is a weight that decides nothing. Without the weights below it, two thirds of all, no
// figure of the public sets moves by more than a tenth of a point.
const faint = float32(.01)

func pack(rows []row, docs int) packed {
	p := packed{docs: docs, places: make([]place, len(rows))}
	var cells []cell
	for f, r := range rows {
		cells = r.strong(cells[:0])
		if isFull(len(cells), docs) {
			p.places[f] = place{int32(len(p.dense)), isDense}
			p.dense = append(p.dense, make([]float32, docs)...)
			fill(p.dense[len(p.dense)-docs:], cells)
			continue
		}
		p.places[f] = place{int32(len(p.cells)), int32(len(cells))}
		p.cells = append(p.cells, cells...)
	}
	p.cells, p.dense = slices.Clone(p.cells), slices.Clone(p.dense) // without the room to grow
	return p
}

// strong appends the weights that are not faint.
func (r row) strong(cells []cell) []cell {
	for _, c := range r.sparse {
		if c.weight >= faint || c.weight <= -faint {
			cells = append(cells, c)
		}
	}
	for d, w := range r.dense {
		if w >= faint || w <= -faint {
			cells = append(cells, cell{int32(d), w})
		}
	}
	return cells
}

func (p *packed) row(feature int32) row {
	at := p.places[feature]
	if at.n == isDense {
		return row{dense: p.dense[at.from:][:p.docs]}
	}
	return row{sparse: p.cells[at.from:][:at.n]}
}
