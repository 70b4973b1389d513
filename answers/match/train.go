package match

import "math"

// The training: multinomial logistic regression by plain stochastic gradient descent.
var (
	passes    = 8
	step      = float32(.3)
	sharpness = float32(8) // of the softmax
	smoothing = float32(.1)
	least     = float32(.03)
)

type trainer struct {
	rows   []row
	scores []float32
	pull   []float32 // by document: how much more probable it should have been
	pulled []int32
	seen   []bool
}

// train starts from each document's mean phrasing and then sharpens what sets it apart from
// the documents it is mistaken for.
func (x *Index) train(examples [][]vector) {
	t := trainer{
		rows:   make([]row, len(x.idf)),
		scores: make([]float32, x.docs),
		pull:   make([]float32, x.docs),
		seen:   make([]bool, x.docs),
	}
	t.centre(examples)
	longest := 0
	total := 0
	for _, phrasings := range examples {
		longest = max(longest, len(phrasings))
		total += len(phrasings)
	}
	for f := range t.rows {
		t.rows[f].spread(x.docs)
	}
	done, all := 0, float32(passes*total)
	for range passes {
		for i := range longest {
			for d, phrasings := range examples {
				if i < len(phrasings) {
					t.sharpen(phrasings[i], int32(d), step*(1-float32(done)/all))
					done++
				}
			}
		}
	}
	x.rows = t.rows
}

// centre makes each document's column its normalised mean phrasing.
func (t *trainer) centre(examples [][]vector) {
	for d, phrasings := range examples {
		mean := map[int32]float32{}
		var order []int32
		for _, v := range phrasings {
			for _, terms := range v {
				for _, m := range terms {
					if _, ok := mean[m.feature]; !ok {
						order = append(order, m.feature)
					}
					mean[m.feature] += m.weight
				}
			}
		}
		var squares float32
		for _, f := range order {
			squares += float32(mean[f] * mean[f])
		}
		length := float32(math.Sqrt(float64(squares)))
		for _, f := range order {
			t.rows[f].sparse = append(t.rows[f].sparse, cell{int32(d), mean[f] / length})
		}
	}
}

// sharpen moves the rows of an example's features towards its document and away from those
// that are taken for it.
func (t *trainer) sharpen(v vector, doc int32, step float32) {
	clear(t.scores)
	for _, terms := range v {
		for _, m := range terms {
			t.rows[m.feature].add(m.weight, t.scores)
		}
	}
	t.judge(doc)
	for _, terms := range v {
		for _, m := range terms {
			t.move(&t.rows[m.feature], float32(step*m.weight))
		}
	}
	for _, d := range t.pulled {
		t.pull[d] = 0
	}
}

// judge sets the pull of each document whose probability is off by more than least.
func (t *trainer) judge(doc int32) {
	top := t.scores[0]
	for _, s := range t.scores {
		top = max(top, s)
	}
	var sum float32
	for d, s := range t.scores {
		t.scores[d] = float32(math.Exp(float64(sharpness * (s - top))))
		sum += t.scores[d]
	}
	t.pulled = t.pulled[:0]
	for d, e := range t.scores {
		want := smoothing / float32(len(t.scores))
		if int32(d) == doc {
			want += 1 - smoothing
		}
		if off := want - e/sum; off > least || off < -least {
			t.pull[d] = off
			t.pulled = append(t.pulled, int32(d))
		}
	}
}

// move adds the pulls times by to a row.
func (t *trainer) move(r *row, by float32) {
	if r.dense != nil {
		for _, d := range t.pulled {
			r.dense[d] += float32(by * t.pull[d])
		}
		return
	}
	met := 0
	for i, c := range r.sparse {
		if p := t.pull[c.doc]; p != 0 {
			r.sparse[i].weight += float32(by * p)
			t.seen[c.doc] = true
			met++
		}
	}
	for _, d := range t.pulled {
		if met < len(t.pulled) && !t.seen[d] {
			r.sparse = append(r.sparse, cell{d, float32(by * t.pull[d])})
		}
		t.seen[d] = false
	}
	r.spread(len(t.scores))
}
