package main

import (
	"io"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func bank(t *testing.T) corpus {
	t.Helper()
	corpora, err := readCorpora("testdata", "bank", "bank")
	if err != nil {
		t.Fatal(err)
	}
	return corpora[1]
}

func TestOursIsNoWorseThanPeers(t *testing.T) {
	c := bank(t)
	all := []corpus{c, synthetic(200, c.pairs)}
	results, err := compare(all, math.MaxInt, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	ours := results[0][0]
	for i, m := range methods[1:] {
		peer := results[i+1][0]
		if peer.clean.first == 0 {
			t.Errorf("%s finds nothing: it is not set up right", m.name)
		}
		if ours.clean.first < peer.clean.first || ours.mistyped.first < peer.mistyped.first {
			t.Errorf("right pairs first, clean and mistyped: ours %.0f %% and %.0f %%, %s %.0f %% and %.0f %%",
				ours.clean.first, ours.mistyped.first, m.name, peer.clean.first, peer.mistyped.first)
		}
	}
	for i, m := range methods {
		for j, c := range all {
			if r := results[i][j]; r.cost.query <= 0 {
				t.Errorf("%s on %s: %v a question", m.name, c.name, r.cost.query)
			}
		}
	}
	t.Log("\n" + qualityTable(all[:1], results) + costTable(all, results))
}

func TestJudge(t *testing.T) {
	asked := []question{{"a", 0}, {"b", 1}, {"c", 2}, {"d", 3}}
	hits := []hit{{0, .9}, {1, .5}, {0, .7}, nothing}
	for range 20 {
		asked = append(asked, question{"out", outside})
		hits = append(hits, hit{0, .5})
	}
	hits[len(hits)-1].score = .8
	want := quality{
		first:   50,                                 // a and b
		auroc:   100 * (1 + .95 + 19*.5/20 + 0) / 4, // a is over all, c over all but one, b equals all but one
		covered: 25,                                 // a; b only equals what is kept out
	}
	if got := judge(hits, asked); math.Abs(got.auroc-want.auroc) > 1e-9 || got.first != want.first || got.covered != want.covered {
		t.Errorf("judge = %+v, want %+v", got, want)
	}
}

func TestMistype(t *testing.T) {
	text := "how can you see why it is so"
	if got := mistype(text, rand.New(rand.NewPCG(1, 1))); got != text {
		t.Errorf("mistype(%q) = %q; short words stay", text, got)
	}
	long := strings.Repeat("question ", 4000)
	edited := 0
	for w := range strings.FieldsSeq(mistype(long, rand.New(rand.NewPCG(1, 1)))) {
		if w != "question" {
			edited++
		}
		if n := len(w) - len("question"); n < -1 || n > 1 {
			t.Errorf("%q is more than one edit away", w)
		}
	}
	if edited < 800 || edited > 1100 {
		t.Errorf("%d of 4000 words are mistyped, want about a quarter", edited)
	}
}

func TestCorpusKeepsTheFirstPhrasings(t *testing.T) {
	train := []line{{"a1", "a"}, {"b1", "b"}, {"nobody's", ""}, {"a2", "a"}, {"a3", "a"}}
	c := newCorpus("", train, []line{{"a?", "a"}, {"?", ""}}, 2)
	if c.phrasings != 3 || len(c.pairs) != 2 || c.pairs[0].Phrasings[1].Text != "a2" {
		t.Errorf("pairs are %+v", c.pairs)
	}
	if want := []question{{"a?", 0}, {"?", outside}}; !slices.Equal(c.clean, want) {
		t.Errorf("questions are %v, want %v", c.clean, want)
	}
}

func TestSampleKeepsBothKinds(t *testing.T) {
	c := bank(t)
	chosen := sample(c.clean, 4)
	out := 0
	for _, q := range chosen {
		if q.pair == outside {
			out++
		}
	}
	if len(chosen) != 8 || out != 4 {
		t.Errorf("%d questions chosen, %d from outside; want 8 and 4", len(chosen), out)
	}
}

func TestSyntheticSize(t *testing.T) {
	c := synthetic(1000, bank(t).pairs)
	if c.phrasings != 1000 || len(c.pairs) != 100 || len(c.clean) != 100 {
		t.Errorf("%d phrasings of %d pairs, %d questions; want 1000, 100, 100", c.phrasings, len(c.pairs), len(c.clean))
	}
}

func TestMissingSetsSayWhereTheyComeFrom(t *testing.T) {
	_, err := readCorpora(filepath.Join(t.TempDir(), "none"), "clinc", "CLINC150")
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"none", "clinc-train.jsonl", "CLINC150", "Banking77", "--data", `{"q": `} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not name %q", err, want)
		}
	}
}
