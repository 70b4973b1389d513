package store

import (
	"reflect"
	"testing"
)

func TestChanges(t *testing.T) {
	var (
		r1  = Item{Release: "r1"}
		r1a = Item{Release: "r1", Pair: "a", Topic: "x", Revision: "1"}
		r1b = Item{Release: "r1", Pair: "b", Topic: "y", Revision: "1"}
		r2  = Item{Release: "r2"}
		r2c = Item{Release: "r2", Pair: "c", Topic: "x", Revision: "1"}
	)
	corrected, withdrawn, moved := r1a, r1a, r1a
	corrected.Revision, corrected.Was = "2", "1"
	withdrawn.Revision, withdrawn.Was = "", "1"
	moved.Release = "r2"
	movedAndCorrected := corrected
	movedAndCorrected.Release = "r2"
	for _, test := range []struct {
		name           string
		known, current []Item
		want           []Change
	}{
		{"nothing at all", nil, nil, nil},
		{"nothing new", []Item{r1, r1a}, []Item{r1, r1a}, nil},
		{"another order", []Item{r1a, r1b, r1}, []Item{r1, r1b, r1a}, nil},
		{"a new release has its pairs in it", []Item{r1, r1a}, []Item{r2, r2c, r1, r1a}, []Change{{NewRelease, "r2", []Item{r2, r2c}}}},
		{"a new pair", []Item{r1, r1a}, []Item{r1, r1a, r1b}, []Change{{NewAnswers, "r1", []Item{r1b}}}},
		{"a corrected pair", []Item{r1, r1a, r1b}, []Item{r1, corrected, r1b}, []Change{{Correction, "r1", []Item{corrected}}}},
		{"a withdrawn pair", []Item{r1, r1a, r1b}, []Item{r1, r1b}, []Change{{Withdrawal, "r1", []Item{withdrawn}}}},
		{"a withdrawn release", []Item{r1, r1a, r2}, []Item{r2}, []Change{{Withdrawal, "r1", []Item{r1, withdrawn}}}},
		{"a pair in another release", []Item{r1, r1a, r2}, []Item{r1, moved, r2}, nil},
		{"a pair in a new release", []Item{r1, r1a}, []Item{r2, movedAndCorrected, r1}, []Change{
			{NewRelease, "r2", []Item{r2}}, {Correction, "r2", []Item{movedAndCorrected}},
		}},
		{"a release that begins otherwise", []Item{r1}, []Item{{Release: "r1", Revision: "2"}}, []Change{{Correction, "r1", []Item{{Release: "r1", Revision: "2"}}}}},
		{
			"all at once, apart by kind and release",
			[]Item{r1, r1a},
			[]Item{r2, r2c, r1, corrected, r1b},
			[]Change{{NewRelease, "r2", []Item{r2, r2c}}, {Correction, "r1", []Item{corrected}}, {NewAnswers, "r1", []Item{r1b}}},
		},
	} {
		if got := Changes(test.known, test.current); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s:\n got %+v\nwant %+v", test.name, got, test.want)
		}
	}
}
