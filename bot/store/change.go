package store

import "slices"

// Kind is what a bulletin tells of.
type Kind string

// The kinds of bulletins. A new release's pairs are part of its bulletin.
const (
	NewRelease Kind = "release"
	NewAnswers Kind = "answers"
	Correction Kind = "correction"
	Withdrawal Kind = "withdrawal"
)

// Item is a pair as the library has it or as it was published; without Pair it is the release itself.
type Item struct {
	Release  string `json:"release"`
	Pair     string `json:"pair,omitempty"`
	Topic    string `json:"topic,omitempty"`
	Revision string `json:"revision,omitempty"` // empty for a pair that is withdrawn
	// Content is what it tells people, or told them before it was withdrawn, as the caller of Propose writes that down.
	Content string `json:"content,omitempty"`
	Former  string `json:"former,omitempty"` // the Content that a correction replaces
}

// Change is what one bulletin is to tell: items of one release that have changed in one way.
type Change struct {
	Kind    Kind
	Release string
	Items   []Item
}

// Changes are what has become of the known items, in the order of the current ones; withdrawals come last.
func Changes(known, current []Item) []Change {
	before, after := byPlace(known), byPlace(current)
	var changes []Change
	for _, item := range current {
		if kind, changed := change(before, item); changed {
			item.Former = before[item.place()].Content
			changes = add(changes, kind, item)
		}
	}
	for _, item := range known {
		if _, kept := after[item.place()]; !kept {
			item.Revision = ""
			changes = add(changes, Withdrawal, item)
		}
	}
	return changes
}

func change(before map[[2]string]Item, item Item) (Kind, bool) {
	old, known := before[item.place()]
	_, releaseKnown := before[[2]string{item.Release}]
	switch {
	case !releaseKnown:
		return NewRelease, true
	case !known:
		return NewAnswers, true
	}
	return Correction, old.Revision != item.Revision
}

func add(changes []Change, kind Kind, item Item) []Change {
	i := slices.IndexFunc(changes, func(c Change) bool { return c.Kind == kind && c.Release == item.Release })
	if i < 0 {
		return append(changes, Change{kind, item.Release, []Item{item}})
	}
	changes[i].Items = append(changes[i].Items, item)
	return changes
}

func (i Item) place() [2]string { return [2]string{i.Release, i.Pair} }

func byPlace(items []Item) map[[2]string]Item {
	places := make(map[[2]string]Item, len(items))
	for _, item := range items {
		places[item.place()] = item
	}
	return places
}
