package match

// Thresholds are the confidences from which to answer and to suggest.
type Thresholds struct{ Answer, Suggest float64 }

// Thresholds returns the thresholds New derived from its documents.
func (x *Index) Thresholds() Thresholds { return x.thresholds }

func (x *Index) hide(examples [][]vector) Thresholds { return Thresholds{.5, .3} }
