package match

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

func pack(rows []row, docs int) packed {
	p := packed{docs: docs, places: make([]place, len(rows))}
	var cells, dense int
	for _, r := range rows {
		cells, dense = cells+len(r.sparse), dense+len(r.dense)
	}
	p.cells, p.dense = make([]cell, 0, cells), make([]float32, 0, dense)
	for f, r := range rows {
		if r.dense != nil {
			p.places[f] = place{int32(len(p.dense)), isDense}
			p.dense = append(p.dense, r.dense...)
			continue
		}
		p.places[f] = place{int32(len(p.cells)), int32(len(r.sparse))}
		p.cells = append(p.cells, r.sparse...)
	}
	return p
}

func (p *packed) row(feature int32) row {
	at := p.places[feature]
	if at.n == isDense {
		return row{dense: p.dense[at.from:][:p.docs]}
	}
	return row{sparse: p.cells[at.from:][:at.n]}
}
