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

// Corrects tells whether bulletins of the kind take back what was said before.
func (k Kind) Corrects() bool { return k == Correction || k == Withdrawal }

// Item is a pair as the library has it or as it was published; without Pair it is the release itself, with its own words.
type Item struct {
	Release  string `json:"release"`
	Pair     string `json:"pair,omitempty"`
	Topic    string `json:"topic,omitempty"`
	Revision string `json:"revision,omitempty"` // hexadecimal, which every database orders alike; empty for what is withdrawn
	Was      string `json:"was,omitempty"`      // the Revision that a correction or withdrawal replaces
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
	before, after := byKey(known), byKey(current)
	var changes []Change
	for _, item := range current {
		if kind, changed := change(before, item); changed {
			old := before[item.Key()]
			item.Was, item.Former = old.Revision, old.Content
			changes = add(changes, kind, item)
		}
	}
	for _, item := range known {
		if _, kept := after[item.Key()]; !kept {
			item.Was, item.Revision = item.Revision, ""
			changes = add(changes, Withdrawal, item)
		}
	}
	return changes
}

func change(before map[string]Item, item Item) (Kind, bool) {
	if old, known := before[item.Key()]; known {
		return Correction, old.Revision != item.Revision
	}
	if _, known := before[Item{Release: item.Release}.Key()]; known {
		return NewAnswers, true
	}
	return NewRelease, true
}

func add(changes []Change, kind Kind, item Item) []Change {
	i := slices.IndexFunc(changes, func(c Change) bool { return c.Kind == kind && c.Release == item.Release })
	if i < 0 {
		return append(changes, Change{kind, item.Release, []Item{item}})
	}
	changes[i].Items = append(changes[i].Items, item)
	return changes
}

// Key is what an item is known by, also in the ledger: the pair's id, in whichever release it stands. That of a release
// itself has a space in it, as no pair's id has.
func (i Item) Key() string {
	if i.Pair == "" {
		return "release " + i.Release
	}
	return i.Pair
}

func byKey(items []Item) map[string]Item {
	keys := make(map[string]Item, len(items))
	for _, item := range items {
		keys[item.Key()] = item
	}
	return keys
}
