package match

// row holds what one feature says for each document: sparse while few documents have a
// weight, dense from then on.
type row struct {
	sparse []cell
	dense  []float32
}

// cell is one weight of a sparse row.
type cell struct {
	doc    int32
	weight float32
}

// A row with a weight for one document in denseFrom becomes dense. It then takes up to twice
// the room, but training, which is bound by adding rows, is twice as fast.
const denseFrom = 4

// add adds the row's weights times by to the scores.
func (r row) add(by float32, scores []float32) {
	if r.dense != nil {
		scores = scores[:len(r.dense)]
		for d, w := range r.dense {
			scores[d] += float32(by * w)
		}
		return
	}
	for _, c := range r.sparse {
		scores[c.doc] += float32(by * c.weight)
	}
}

// spread makes a row dense when it is full enough.
func (r *row) spread(docs int) {
	if len(r.sparse)*denseFrom <= docs {
		return
	}
	r.dense = make([]float32, docs)
	for _, c := range r.sparse {
		r.dense[c.doc] = c.weight
	}
	r.sparse = nil
}
