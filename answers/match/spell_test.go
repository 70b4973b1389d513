package match

import "testing"

func TestSpelling(t *testing.T) {
	known := []word{
		{text: "soldiers", uses: []int32{5}},
		{text: "soldier", uses: []int32{2}},
		{text: "lebanon", uses: []int32{3}},
		{text: "когда", uses: []int32{1}},
		{text: "cat", uses: []int32{9}},
		{text: "sent", uses: []int32{1}},
		{text: "send", uses: []int32{4}},
	}
	s := newSpeller(known)
	tests := []struct{ typed, want string }{
		{"soliders", "soldiers"}, // swapped
		{"soldirs", "soldiers"},  // left out
		{"solddiers", "soldiers"},
		{"lebanan", "lebanon"}, // changed
		{"ebanon", "lebanon"},  // first
		{"lebano", "lebanon"},  // last
		{"кагда", "когда"},
		{"senf", "send"},   // the most used of two
		{"cats", "cat"},    // one letter more than a short word
		{"cut", ""},        // too short
		{"soldeirrs", ""},  // two edits
		{"parliament", ""}, // nothing near
	}
	for _, tt := range tests {
		got := ""
		if id, ok := s.correct(tt.typed, known); ok {
			got = known[id].text
		}
		if got != tt.want {
			t.Errorf("correct(%q) = %q, want %q", tt.typed, got, tt.want)
		}
	}
}
