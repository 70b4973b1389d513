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

// add adds the rows of terms, each times its weight times by, to the scores. Four dense rows
// at a time take half as long as each alone.
func add(rowOf func(feature int32) row, terms []term, by float32, scores []float32) {
	var (
		dense   [4][]float32
		weights [4]float32
		n       int
	)
	for _, m := range terms {
		r, w := rowOf(m.feature), float32(by*m.weight)
		if r.dense == nil {
			for _, c := range r.sparse {
				scores[c.doc] += float32(w * c.weight)
			}
			continue
		}
		dense[n], weights[n] = r.dense, w
		if n++; n == len(dense) {
			addFour(dense, weights, scores)
			n = 0
		}
	}
	for i := range n {
		for d, v := range dense[i] {
			scores[d] += float32(weights[i] * v)
		}
	}
}

func addFour(rows [4][]float32, weights [4]float32, scores []float32) {
	a, b, c, d := rows[0][:len(scores)], rows[1][:len(scores)], rows[2][:len(scores)], rows[3][:len(scores)]
	for i := range scores {
		scores[i] += float32(float32(weights[0]*a[i])+float32(weights[1]*b[i])) + float32(float32(weights[2]*c[i])+float32(weights[3]*d[i]))
	}
}

// spread makes a row dense when it is full enough.
func (r *row) spread(docs int) {
	if !isFull(len(r.sparse), docs) {
		return
	}
	r.dense = make([]float32, docs)
	fill(r.dense, r.sparse)
	r.sparse = nil
}

func isFull(cells, docs int) bool { return cells*denseFrom > docs }

func fill(dense []float32, cells []cell) {
	for _, c := range cells {
		dense[c.doc] = c.weight
	}
}
