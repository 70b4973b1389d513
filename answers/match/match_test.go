package match

import (
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// office is a small fixed corpus in three languages.
func office(t testing.TB) []Document {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "office.json"))
	if err != nil {
		t.Fatal(err)
	}
	var docs []Document
	if err := json.Unmarshal(data, &docs); err != nil {
		t.Fatal(err)
	}
	return docs
}

var officeWords = Words{
	"all": {{"UNIFIL", "ВСООНЛ", "UN Interim Force"}},
	"en":  {{"soldiers", "troops", "peacekeepers"}},
}

// TestRanking shows any change of the ranking as a change of a file.
func TestRanking(t *testing.T) {
	x := New(office(t), officeWords)
	questions, err := os.ReadFile(filepath.Join("testdata", "questions.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	fmt.Fprintf(&out, "answer from %.3f, suggest from %.3f\n", x.Thresholds().Answer, x.Thresholds().Suggest)
	for q := range strings.Lines(string(questions)) {
		r := x.Search(strings.TrimSpace(q), 3)
		fmt.Fprintf(&out, "\n%s\n  %s, %q: %s %v\n", strings.TrimSpace(q), r.Reading.How, r.Reading.Lang, r.Reading.Text, r.Reading.Corrections)
		for _, h := range r.Hits {
			fmt.Fprintf(&out, "  %.3f %s", h.Confidence, office(t)[h.Document].ID)
			for _, w := range h.Why {
				fmt.Fprintf(&out, ", %s %.3f", w.Name, w.Value)
			}
			fmt.Fprintln(&out)
		}
	}
	golden(t, "ranking.golden", out.String())
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; -update shows how:\n%s", path, got)
	}
}

func TestEveryPhrasingFindsItsDocument(t *testing.T) {
	docs := office(t)
	x := New(docs, officeWords)
	for d, doc := range docs {
		for _, p := range doc.Phrasings {
			hit := x.Search(p.Text, 1).Hits[0]
			if hit.Document != d || hit.Confidence < x.Thresholds().Answer {
				t.Errorf("%q finds %s with %.2f, want %s", p.Text, docs[hit.Document].ID, hit.Confidence, doc.ID)
			}
		}
	}
}

func TestReadings(t *testing.T) {
	docs := office(t)
	x := New(docs, officeWords)
	tests := []struct{ question, how, lang, id string }{
		{"how many soldiers go to lebanon", AsTyped, "en", "how-many"},
		{"crjkmrj cjklfn jnghfdzn d kbdfy", KeyboardLayout, "ru", "how-many"},
		{"Rjulf cjplfyf vbccbz&", KeyboardLayout, "ru", "founded"},
		{"рщц ьфтн ыщдвшукы", KeyboardLayout, "en", "how-many"},
		{"Kbdfyuf 0fyif cfh,fp ,fhfls", KeyboardLayout, "kk", "how-many"},
		{"skolko soldat otpravyat v livan", Transliteration, "ru", "how-many"},
		{"4to takoe vsoonl", Transliteration, "ru", "what"},
		{"livanga qansha sarbaz barady", Transliteration, "kk", "how-many"},
		{"Livanğa qanşa sarbaz baradı", Transliteration, "kk", "how-many"},
		{"livanga kansha sarbaz barady", Transliteration, "kk", "how-many"},
		{"ливанга канша сарбаз барады", AsTyped, "kk", "how-many"},
		{"миссия кашан курылды", AsTyped, "kk", "founded"},
		{"misiya qashan quryldy", Transliteration, "kk", "founded"},
	}
	for _, tt := range tests {
		r := x.Search(tt.question, 1)
		if r.Reading.How != tt.how || r.Reading.Lang != tt.lang || docs[r.Hits[0].Document].ID != tt.id {
			t.Errorf("%q: %s, %q as %q finds %s, want %s, %q, %s", tt.question, r.Reading.How, r.Reading.Lang,
				r.Reading.Text, docs[r.Hits[0].Document].ID, tt.how, tt.lang, tt.id)
		}
	}
}

func TestForeignQuestionsScoreLow(t *testing.T) {
	x := New(office(t), officeWords)
	for _, q := range []string{
		"what is the best restaurant in town", "рецепт баурсаков", "Димаш концерт билеті", "SQL join example", "xyzzy",
	} {
		if r := x.Search(q, 1); r.Hits[0].Confidence >= x.Thresholds().Answer {
			t.Errorf("%q is answered with %.2f", q, r.Hits[0].Confidence)
		}
	}
}

func TestWordsCountAsOne(t *testing.T) {
	docs := []Document{
		{ID: "troops", Phrasings: []Phrasing{{"en", "tell me about the troops"}}},
		{ID: "mission", Phrasings: []Phrasing{{"en", "tell me about the UN Interim Force"}}},
		{ID: "centre", Phrasings: []Phrasing{{"en", "tell me about the centre"}}},
	}
	x := New(docs, officeWords)
	for q, want := range map[string]string{"soldiers": "troops", "ВСООНЛ": "mission", "unifil": "mission", "un interim forces": "mission"} {
		hit := x.Search(q, 1).Hits[0]
		part := map[string]float64{}
		for _, w := range hit.Why {
			part[w.Name] = w.Value
		}
		if docs[hit.Document].ID != want || part["words"] == 0 {
			t.Errorf("%q finds %s with %v", q, docs[hit.Document].ID, hit.Why)
		}
	}
}

func TestContextCountsAsCovered(t *testing.T) {
	docs := []Document{
		{ID: "a", Phrasings: []Phrasing{{"en", "who spoke there"}}},
		{ID: "b", Phrasings: []Phrasing{{"en", "who spoke then"}}, Context: []string{"The ambassador spoke."}},
	}
	if hit := New(docs, nil).Search("who spoke, the ambassador", 1).Hits[0]; hit.Document != 1 {
		t.Errorf("finds %s", docs[hit.Document].ID)
	}
}

// The parts a hit names are all there is: they add up to the score behind its confidence.
func TestWhyExplainsConfidence(t *testing.T) {
	x := New(office(t), officeWords)
	opening := strings.Repeat("We are writing a long report, ", 5)
	for _, q := range []string{"how many soldiers", "skolko soldat", "rjulf cjplfyf", "nothing of the kind", opening + "how many soldiers go?"} {
		for _, h := range x.Search(q, 3).Hits {
			score := 0.
			for i, w := range h.Why {
				score += w.Value
				if i > 0 && w.Value > h.Why[i-1].Value {
					t.Errorf("%q: %v is not largest first", q, h.Why)
				}
			}
			if got := math.Log(h.Confidence/(1-h.Confidence))/steepness + middle; math.Abs(got-score) > 1e-6 {
				t.Errorf("%q: %v add up to %.4f, the confidence stands for %.4f", q, h.Why, score, got)
			}
		}
	}
}

// A score is what the question's text and coverage give, worked out by hand for one document.
func TestLoneDocument(t *testing.T) {
	x := New([]Document{{ID: "a", Phrasings: []Phrasing{{"en", "who is it"}}}}, nil)
	known, half := x.Search("who is it", 1).Hits[0], x.Search("who is xyz", 1).Hits[0]
	for _, w := range known.Why {
		if w.Name == "coverage" && math.Abs(w.Value-float64(coverageShare)) > 1e-6 {
			t.Errorf("its own question is covered by %.3f, want all of %.1f", w.Value, coverageShare)
		}
	}
	for _, w := range half.Why {
		if w.Name == "coverage" && math.Abs(w.Value-float64(coverageShare)*2/3) > 1e-6 {
			t.Errorf("two words of three are covered by %.3f, want two thirds of %.1f", w.Value, coverageShare)
		}
	}
	if half.Confidence >= known.Confidence {
		t.Errorf("a strange word does not lower the confidence: %.3f, %.3f", half.Confidence, known.Confidence)
	}
}

// In a library of a few documents hidden questions find nothing; the thresholds must not
// follow them down.
func TestThresholdsKeepTheirBounds(t *testing.T) {
	for name, x := range map[string]*Index{"empty": New(nil, nil), "small": New(office(t), officeWords)} {
		th := x.Thresholds()
		if th.Answer < answerFrom || th.Answer > answerTo || th.Suggest < suggestFrom || th.Suggest > suggestTo || th.Suggest >= th.Answer {
			t.Errorf("%s: %+v", name, th)
		}
	}
}

func TestAsking(t *testing.T) {
	tests := []struct{ text, want string }{
		{"How many soldiers go to Lebanon?", ""},
		{"I am a student and write a paper. How many soldiers go?", " How many soldiers go?"},
		{"When was the mission founded? I write a paper on it.", "When was the mission founded?"},
		{"I write an essay about the mission, when was it founded", " when was it founded"},
		{"Составляю справку и хочу проверить дату: когда была создана миссия?", " когда была создана миссия?"},
		{"Really? I had no idea that they go", ""},
		{"", ""},
	}
	for _, tt := range tests {
		if got := asking(tt.text); got != tt.want {
			t.Errorf("asking(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestLongQuestionIsReadByWhatItAsks(t *testing.T) {
	docs := office(t)
	x := New(docs, officeWords)
	q := "Our paper has reported for years about what the ministry said and who pays whom in the region, so: when was the mission founded?"
	if hit := x.Search(q, 1).Hits[0]; docs[hit.Document].ID != "founded" {
		t.Errorf("finds %s, %v", docs[hit.Document].ID, hit.Why)
	}
}

func TestLittleOrNothing(t *testing.T) {
	one := []Document{{ID: "a", Phrasings: []Phrasing{{"en", "who is it"}}}}
	for name, x := range map[string]*Index{
		"nothing":      New(nil, nil),
		"one":          New(one, nil),
		"no phrasings": New([]Document{{ID: "a"}, {ID: "b", Context: []string{"some words"}}}, officeWords),
		"empty":        New([]Document{{ID: "a", Phrasings: []Phrasing{{"", ""}, {"en", "?!"}}}}, Words{"xx": {{"", "?"}, {}, {"a"}}}),
	} {
		for _, q := range []string{"", "who", "?", "some words"} {
			for _, k := range []int{-1, 0, 1, 10} {
				r := x.Search(q, k)
				if len(r.Hits) > max(k, 0) || len(r.Hits) > x.docs {
					t.Errorf("%s: Search(%q, %d) gives %d hits", name, q, k, len(r.Hits))
				}
				for _, h := range r.Hits {
					check(t, q, h)
				}
			}
		}
	}
	if hit := New(one, nil).Search("who is it", 1).Hits[0]; hit.Confidence < .5 {
		t.Errorf("the only document's own question has %.2f", hit.Confidence)
	}
}

func check(t *testing.T, question string, h Hit) {
	t.Helper()
	if math.IsNaN(h.Confidence) || h.Confidence < 0 || h.Confidence > 1 {
		t.Errorf("%q: confidence %v", question, h.Confidence)
	}
	for _, w := range h.Why {
		if math.IsNaN(w.Value) || math.IsInf(w.Value, 0) {
			t.Errorf("%q: %s is %v", question, w.Name, w.Value)
		}
	}
}

// Two indexes of the same documents say the same, whoever asks and however many at once.
func TestDeterminism(t *testing.T) {
	docs := office(t)
	x, y := New(docs, officeWords), New(docs, officeWords)
	if x.Thresholds() != y.Thresholds() {
		t.Errorf("thresholds %v and %v", x.Thresholds(), y.Thresholds())
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for _, doc := range docs {
				for _, p := range doc.Phrasings {
					q := p.Text + " zzz sodliers"
					if a, b := x.Search(q, 3), y.Search(q, 3); !reflect.DeepEqual(a, b) {
						t.Errorf("%q finds %v and %v", q, a, b)
					}
				}
			}
		})
	}
	wg.Wait()
}

func FuzzSearch(f *testing.F) {
	x := New(office(f), officeWords)
	for _, q := range []string{"", "How many soldiers?", "crjkmrj cjklfn", "4to takoe vsoonl", "Қанша\x00", "\xff\xfe", strings.Repeat("wwwjjj", 40), "ﷺ İı ß 10,000"} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, q string) {
		r := x.Search(q, 3)
		if len(r.Hits) != 3 {
			t.Fatalf("%q: %d hits", q, len(r.Hits))
		}
		for _, h := range r.Hits {
			check(t, q, h)
		}
		if again := x.Search(q, 3); !reflect.DeepEqual(r, again) {
			t.Fatalf("%q finds %v, then %v", q, r, again)
		}
	})
}
