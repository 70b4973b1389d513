package answers

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

var (
	embargoEnds = time.Date(2026, 5, 2, 7, 0, 0, 0, time.UTC)
	before      = embargoEnds.Add(-time.Second)
)

func load(t testing.TB, now time.Time, edits ...edit) *Library {
	t.Helper()
	l, err := Load(good(t, edits...), now)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestLoadReadsPairs(t *testing.T) {
	l := load(t, before)
	p := l.Pair("glad")
	if p == nil || p.Topic != l.Topic("works") || p.Release != l.Release("harbour") || p.Question["ru"] != "Что сказала капитан порта?" {
		t.Fatalf("pair %+v", p)
	}
	quote := p.Quotes[0]
	if quote.Speaker != "Ada Okafor" || quote.Paragraph != 2 || !strings.HasPrefix(quote.Text, "“We are glad that the boats, which had to lie in the next town, are coming home,”") {
		t.Errorf("quote %+v", quote)
	}
	if want := "https://port.example/news/harbour?lang=en#top:~:text=We%20are%20glad%20that,harbour%20master%2C%20Ada%20Okafor"; quote.URL != want {
		t.Errorf("link %s\nwant %s", quote.URL, want)
	}
	opening := l.Pair("opening")
	if len(opening.Sources) != 1 || opening.Sources[0].Publisher != "Radio Port" || opening.Position != (Position{File: pairs, Line: 1, Column: 3}) {
		t.Errorf("pair %+v", opening)
	}
	if text, lang := l.Office.Contact.In("ru", "en"); text != "Call us." || lang != "en" {
		t.Errorf("contact %q in %q", text, lang)
	}
}

func TestEmbargoedReleaseIsNowhere(t *testing.T) {
	l := load(t, before)
	if !l.Expires().Equal(embargoEnds) {
		t.Errorf("expires %v, want %v", l.Expires(), embargoEnds)
	}
	if l.Release("budget") != nil || l.Pair("budget") != nil || l.Topic("money") != nil || len(l.Releases) != 1 || len(l.Topics) != 1 {
		t.Error("the embargoed release can be looked up")
	}
	if related := l.Pair("opening").Related; len(related) != 1 || related[0].ID != "places" {
		t.Errorf("related %v", related)
	}
	if nearest := l.Gap("depth").Nearest; len(nearest) != 1 || nearest[0].ID != "places" {
		t.Errorf("nearest %v", nearest)
	}
	for _, question := range []string{"How much will the port spend on dredging?", "seven million crowns", "cost of dredging", "dred"} {
		reply := fmt.Sprintf("%+v %+v %+v", l.Ask(question, ""), l.Complete(question, "en", 10), l.Verify("The port will spend seven million crowns on secret dredging next year."))
		if strings.Contains(reply, "udget") || strings.Contains(reply, "secret") && !strings.Contains(reply, string(NotFound)) {
			t.Errorf("%s: %s", question, reply)
		}
	}
}

func TestEmbargoEndsAtItsMoment(t *testing.T) {
	l := load(t, embargoEnds)
	if l.Releases[0].ID != "budget" || l.Pair("opening").Related[1].ID != "price" || l.Topic("money") == nil || !l.Expires().IsZero() {
		t.Errorf("releases %v, expires %v", l.Releases, l.Expires())
	}
	if reply := l.Ask("How much will the port spend on dredging?", ""); reply.Pair != l.Pair("budget") {
		t.Errorf("reply %+v", reply)
	}
}

func TestLoadTakesOtherEditorsFiles(t *testing.T) {
	want := load(t, before).Release("harbour").Paragraphs
	for name, change := range map[string]func(string) string{
		"CRLF":           func(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") },
		"BOM":            func(text string) string { return "\uFEFF" + text },
		"no line end":    func(text string) string { return strings.TrimRight(text, "\n") },
		"trailing space": func(text string) string { return strings.ReplaceAll(text, "\n", "  \n") },
	} {
		files := good(t)
		for _, file := range files {
			file.Data = []byte(change(string(file.Data)))
		}
		l, err := Load(files, before)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if got := l.Release("harbour").Paragraphs; !slices.Equal(got, want) {
			t.Errorf("%s: paragraphs %q", name, got)
		}
	}
}

// A set of questions made elsewhere: one language, no gaps, no sources, YAML with anchors, ids of all kinds.
func TestLoadTakesForeignSets(t *testing.T) {
	files := foreign(3, 5)
	if _, err := Load(files, before); err != nil {
		t.Error(err)
	}
	small := fstest.MapFS{
		library:                    {Data: []byte("office: {name: {en: Office}}\nlanguages: [en]")},
		"releases/one/release.md":  files["releases/one/release.md"],
		"releases/one/pairs.yaml":  {Data: []byte("- {id: a, question: {en: What is this}, answer: &a {en: A text.}, quotes: &q [This is the text.]}\n- {id: b, question: {en: Who wrote it}, answer: *a, quotes: *q, related: ~}")},
		"releases/one/.DS_Store":   {},
		"releases/..data/anything": {},
	}
	l, err := Load(small, before)
	if err != nil {
		t.Fatal(err)
	}
	if l.Pair("b").Quotes[0].Text != "This is the text." || len(l.Topics) != 1 || len(l.Topics[0].Pairs) != 2 {
		t.Errorf("library %+v", l)
	}
}

func foreign(pairs, phrasings int) fstest.MapFS {
	var b strings.Builder
	for i := range pairs {
		fmt.Fprintf(&b, "- id: card_payment_%d?\n  topic: bank\n  question: {en: %q}\n  phrasings:\n    en:\n", i, fmt.Sprintf("what about card payment number%d", i))
		for j := range phrasings {
			fmt.Fprintf(&b, "      - \"my card payment%d failed at shop%d again\"\n", i, j)
		}
		b.WriteString("  answer: {en: See the text.}\n  quotes:\n    - This is the text.\n  sources: []\n  related: []\n")
	}
	return fstest.MapFS{
		library:                   {Data: []byte("office: {name: {en: Bank}, contact: {en: Call.}}\nlanguages: [en]\ntopics: [{id: bank, name: {en: Bank}}]\nwords: {all: []}\n")},
		"releases/one/release.md": {Data: []byte("---\ntitle: Bank\npublisher: Bank\nlang: en\ndate: 2020-01-01\nurl: https://bank.example/\n---\nThis is the text.\n")},
		"releases/one/pairs.yaml": {Data: []byte(b.String())},
	}
}

func TestRevisionChangesWithWhatIsTold(t *testing.T) {
	want := load(t, before).Pair("opening").Revision
	for _, c := range []struct {
		name    string
		changes bool
		edit    edit
	}{
		{"phrasings reordered", false, edit{pairs, "      - opening date of the harbour\n      - what day can boats come in\n", "      - what day can boats come in\n      - opening date of the harbour\n"}},
		{"phrasing added", false, edit{pairs, "    ru:\n", "    ru:\n      - новая\n"}},
		{"topic", false, edit{pairs, "topic: works", "topic: money"}},
		{"related", false, edit{pairs, "related: [places, price]", "related: []"}},
		{"languages reordered", false, edit{pairs, "{en: On 3 May., ru: 3 мая.}", "{ru: 3 мая., en: On 3 May.}"}},
		{"answer", true, edit{pairs, "On 3 May.", "On 3 May"}},
		{"translated answer", true, edit{pairs, "3 мая.", "Третьего мая."}},
		{"question", true, edit{pairs, "When does", "When will"}},
		{"quote", true, edit{pairs, "- The new harbour opens on 3 May after works that took two years.", "- The new harbour opens on 3 May"}},
		{"speaker", true, edit{pairs, "- The new harbour opens on 3 May after works that took two years.", "- {text: The new harbour opens on 3 May after works that took two years., speaker: Ada}"}},
		{"sources", true, edit{pairs, "sources: [radio]", "sources: []"}},
		{"source's address", true, edit{release, "radio.example/harbour", "radio.example/port"}},
		{"release's address", true, edit{release, "port.example/news/harbour", "port.example/harbour"}},
	} {
		if got := load(t, before, c.edit).Pair("opening").Revision; (got != want) != c.changes {
			t.Errorf("%s: revision %s, was %s", c.name, got, want)
		}
	}
}

func TestVersionIsOfAllFiles(t *testing.T) {
	want := load(t, before).Version()
	if got := load(t, before).Version(); got != want {
		t.Errorf("the same files: %s and %s", got, want)
	}
	if got := load(t, before, edit{gaps, "depth of the water", "depth of water"}).Version(); got == want {
		t.Errorf("another phrasing: still %s", got)
	}
}

func FuzzLoad(f *testing.F) {
	files := good(f)
	f.Add(files[pairs].Data, files[release].Data)
	f.Add([]byte("- id: a\n  question: &a {en: *a}\n  quotes: [*a, ~]\n  related: [[]]"), []byte("---\n---\n"))
	f.Add([]byte("- *a\n---\n? [x]\n: y"), []byte("\uFEFF---\r\ntitle: T\r\n---\r\n\r\n\u2028\r\n"))
	f.Add([]byte("- {id: a, question: {en: q?}"), []byte("---\ntitle: [\n"))
	f.Fuzz(func(t *testing.T, pairsFile, releaseFile []byte) {
		files := good(t)
		files[pairs], files[release] = &fstest.MapFile{Data: pairsFile}, &fstest.MapFile{Data: releaseFile}
		l, err := Load(files, before)
		if err != nil {
			for _, p := range err.(Problems) {
				if p.File == "" || p.Message == "" || p.Warning {
					t.Errorf("problem %+v", p)
				}
			}
			return
		}
		for _, r := range l.Releases {
			for _, p := range r.Pairs {
				checkQuotes(t, p)
			}
		}
	})
}

// checkQuotes holds the first promise: every quote stands in its release.
func checkQuotes(t *testing.T, p *Pair) {
	t.Helper()
	if len(p.Quotes) == 0 {
		t.Errorf("%s has no quote", p.ID)
	}
	for _, quote := range p.Quotes {
		text := p.Release.Title
		if quote.Paragraph > 0 {
			text = p.Release.Paragraphs[quote.Paragraph-1]
		}
		if quote.Text == "" || !strings.Contains(text, quote.Text) {
			t.Errorf("%s: %q does not stand in paragraph %d: %q", p.ID, quote.Text, quote.Paragraph, text)
		}
	}
}

// The index aside, 15,000 phrasings are to load in well under a second.
func BenchmarkRead(b *testing.B) {
	files := foreign(150, 100)
	for b.Loop() {
		if d := read(files); len(d.problems.Errors()) > 0 {
			b.Fatal(d.problems)
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	files := foreign(77, 10)
	for b.Loop() {
		l, err := Load(files, before)
		if err != nil {
			b.Fatal(err)
		}
		l.Wait()
	}
}
