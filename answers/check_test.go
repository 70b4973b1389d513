package answers

import (
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"releasebot/content"
)

var update = flag.Bool("update", false, "write the golden files anew")

// good is the content in testdata/good, with parts of files replaced.
func good(t testing.TB, edits ...edit) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	root := os.DirFS("testdata/good")
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(root, name)
		files[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range edits {
		before := string(files[e.file].Data)
		after := strings.Replace(before, e.old, e.new, 1)
		if before == after {
			t.Fatalf("%s has no %q", e.file, e.old)
		}
		files[e.file] = &fstest.MapFile{Data: []byte(after)}
	}
	return files
}

type edit struct{ file, old, new string }

const (
	library = "library.yaml"
	release = "releases/harbour/release.md"
	pairs   = "releases/harbour/pairs.yaml"
	gaps    = "releases/harbour/gaps.yaml"
)

func TestCheckFindsNothingWrongWithGoodContent(t *testing.T) {
	summary, problems := Check(good(t))
	if len(problems) > 0 {
		t.Errorf("problems:\n%v", problems)
	}
	if summary.Releases != 2 || summary.Pairs != 6 || summary.Gaps != 1 || summary.Paragraphs != 4 || summary.Quoted != 4 ||
		summary.Phrasings["en"] != 19 || summary.Phrasings["ru"] != 14 || !slices.Equal(summary.Complete, []string{"en", "ru"}) {
		t.Errorf("summary %+v", summary)
	}
}

func TestShippedContentIsRight(t *testing.T) {
	d := read(content.Files)
	if len(d.problems) > 0 {
		t.Errorf("problems:\n%v", d.problems)
	}
	summary := d.summary()
	if summary.Quoted != summary.Paragraphs || !slices.Equal(summary.Complete, summary.Languages) {
		t.Errorf("summary %+v", summary)
	}
}

// Each edit makes one thing wrong; check says exactly that.
func TestCheckNamesTheProblem(t *testing.T) {
	long := strings.Repeat("a", 61)
	for _, c := range []struct {
		name string
		edit edit
		want string
	}{
		{
			"unknown key",
			edit{pairs, "  answer: {en: On", "  anwser: {en: On"},
			`releases/harbour/pairs.yaml:12:3: unknown key "anwser" — did you mean "answer"?`,
		},
		{
			"key twice",
			edit{pairs, "  sources: [radio]", "  topic: money"},
			`releases/harbour/pairs.yaml:15:3: the key "topic" stands twice — it stands in line 2 already; keep one`,
		},
		{
			"list for a text",
			edit{release, "Port Authority", "[Port, Authority]"},
			`releases/harbour/release.md:3:12: expected a text, found a list — write it as one text, in double quotes if it holds special characters`,
		},
		{
			"text for languages",
			edit{gaps, `{en: "How deep is the harbour?", ru: "Какова глубина гавани?"}`, "How deep is it?"},
			"releases/harbour/gaps.yaml:2:13: expected a text for each language, found one for all — write `en: ...` on a line of its own below, and so each language",
		},
		{
			"text for a list",
			edit{pairs, "sources: [radio]", "sources: radio"},
			"releases/harbour/pairs.yaml:15:12: expected a list, found a text — write it as a list, each item on a line that begins with `- `",
		},
		{
			"not YAML",
			edit{pairs, "{en: On 3 May., ru", "{en: \"On 3\" May., ru"},
			`releases/harbour/pairs.yaml:12: not YAML: did not find expected ',' or '}' — look at the indentation, and put texts into double quotes that hold ": ", " #" or, between braces, a question mark`,
		},
		{
			"second document",
			edit{gaps, "  nearest: [places, budget]", "---\n- id: width"},
			`releases/harbour/gaps.yaml:9:1: a second document begins here — remove the line ---`,
		},
		{
			"no fall-back language",
			edit{pairs, "{en: On 3 May., ru: 3 мая.}", "{ru: 3 мая.}"},
			"releases/harbour/pairs.yaml:12:11: no answer in en — add `answer: {en: ...}`, since en is the first of the languages in library.yaml",
		},
		{
			"unknown language",
			edit{gaps, "    ru:", "    rus:"},
			`releases/harbour/gaps.yaml:7:5: unknown language "rus" — did you mean "ru"?; languages are listed in library.yaml`,
		},
		{
			"language missing",
			edit{gaps, `, ru: "Какова глубина гавани?"`, ""},
			`releases/harbour/gaps.yaml:1:3: warning: no question in ru — until it is there, people are told the en one`,
		},
		{
			"altered quote",
			edit{pairs, "45 fishing boats and", "54 fishing boats and"},
			`releases/harbour/pairs.yaml:29:7: the quote is not in the release — paragraph 1 says “It has room for 45 fishing boats and costs 1,250 euros a year for each of them.”; “54” is “45” there`,
		},
		{
			"word left out of a quote",
			edit{pairs, "- The lighthouse stays closed", "- The lighthouse closed"},
			`releases/harbour/pairs.yaml:55:7: the quote is not in the release — paragraph 3 says “The lighthouse stays closed until autumn.”; “stays” is missing`,
		},
		{
			"invented quote",
			edit{pairs, "- The lighthouse stays closed until autumn.", "- Visitors are welcome in it on Sundays."},
			`releases/harbour/pairs.yaml:55:7: the quote is not in the release — copy a passage of the release; it has none like this`,
		},
		{
			"quote across paragraphs",
			edit{pairs, "- The lighthouse stays", "- for its patience. The lighthouse stays"},
			`releases/harbour/pairs.yaml:55:7: the quote is not in the release — paragraph 3 says “The lighthouse stays closed until autumn.”; it does not have “for” there`,
		},
		{
			"no quotes",
			edit{pairs, "  quotes:\n    - The lighthouse stays closed until autumn.", "  quotes: []"},
			"releases/harbour/pairs.yaml:45:3: no quote — add `quotes:` with the sentence of the release that says it",
		},
		{
			"nobody speaks",
			edit{pairs, "speaker: Ada Okafor", `speaker: ""`},
			`releases/harbour/pairs.yaml:43:16: speaker is empty — name who says it, or remove the key`,
		},
		{
			"paragraph without a pair",
			edit{release, "until autumn.", "until autumn.\n\nThe café is open."},
			`releases/harbour/release.md:22: warning: no pair quotes paragraph 4: “The café is open.” — write a pair for it, or quote it in one`,
		},
		{
			"unknown topic",
			edit{pairs, "topic: works", "topic: work"},
			`releases/harbour/pairs.yaml:2:10: library.yaml has no topic "work" — did you mean "works"?`,
		},
		{
			"unknown source",
			edit{pairs, "[radio]", "[tv]"},
			`releases/harbour/pairs.yaml:15:13: the release has no source "tv" — it can be: radio; sources stand in release.md`,
		},
		{
			"unknown related pair",
			edit{pairs, "related: [places,", "related: [place,"},
			`releases/harbour/pairs.yaml:16:13: there is no pair "place" — did you mean "places"?`,
		},
		{
			"gap for a pair",
			edit{pairs, "related: [places,", "related: [depth,"},
			`releases/harbour/pairs.yaml:16:13: "depth" is a gap, which has no answer — name a pair`,
		},
		{
			"pair related to itself",
			edit{pairs, "related: [places,", "related: [opening,"},
			`releases/harbour/pairs.yaml:16:13: "opening" names itself — name another`,
		},
		{
			"id in two releases",
			edit{"releases/budget/pairs.yaml", "id: price", "id: lighthouse"},
			`releases/harbour/pairs.yaml:45:7: the id "lighthouse" stands twice — it is that of releases/budget/pairs.yaml:10; give each pair and gap an id of its own`,
		},
		{
			"id of a pair and a gap",
			edit{gaps, "id: depth", "id: glad"},
			`releases/harbour/gaps.yaml:1:7: the id "glad" stands twice — it is that of releases/harbour/pairs.yaml:31; give each pair and gap an id of its own`,
		},
		{
			"id with a space",
			edit{gaps, "id: depth", "id: how deep"},
			`releases/harbour/gaps.yaml:1:7: "how deep" cannot be an id — put - in place of the spaces`,
		},
		{
			"id too long",
			edit{gaps, "id: depth", "id: " + long},
			`releases/harbour/gaps.yaml:1:7: "` + long + `" cannot be an id — it has 61 bytes; take 60 at most`,
		},
		{
			"id without link",
			edit{gaps, "id: depth", "id: depth?"},
			`releases/harbour/gaps.yaml:1:7: warning: the id "depth?" has no link to share, for Telegram's links cannot hold it — take letters a-z, digits, - and _ only`,
		},
		{
			"id missing",
			edit{gaps, "- id: depth\n  question", "- question"},
			"releases/harbour/gaps.yaml:1:3: id is missing — add `id: ...`",
		},
		{
			"address without scheme",
			edit{release, "https://radio.example/harbour", "radio.example/harbour"},
			`releases/harbour/release.md:11:10: not a web address: "radio.example/harbour" — write the whole address, such as https://example.org/news/1`,
		},
		{
			"day before month",
			edit{release, "2026-04-01", "01.04.2026"},
			`releases/harbour/release.md:5:7: not a date: "01.04.2026" — write year-month-day, such as 2018-09-12`,
		},
		{
			"embargo without zone",
			edit{"releases/budget/release.md", "09:00:00+02:00", "09:00:00"},
			`releases/budget/release.md:6:10: not a moment: "2026-05-02T09:00:00" — write date, time and zone, such as 2018-09-12T10:00:00+05:00`,
		},
		{
			"title missing",
			edit{release, "title: The harbour opens on 3 May\n", ""},
			"releases/harbour/release.md:2:1: title is missing — add `title: ...`",
		},
		{
			"long answer",
			edit{pairs, "{en: It has room for 45", "{en: It has " + strings.Repeat("very much ", 400) + "room for 45"},
			`releases/harbour/pairs.yaml:18:3: in en question, answer and quotes have 4203 characters; 3584 fit Telegram's message — shorten the answer, or quote fewer sentences`,
		},
		{
			"long question",
			edit{gaps, "How deep is the harbour?", "How deep is the harbour " + strings.Repeat("of ours ", 10) + "now?"},
			`releases/harbour/gaps.yaml:2:18: warning: the question has 108 characters, more than a button shows — shorten it to 100, and make the long one a phrasing`,
		},
		{
			"phrasing twice",
			edit{pairs, "- number of berths", "- room for how many Fishing boats?"},
			`releases/harbour/pairs.yaml:24:9: warning: “room for how many fishing boats” stands in line 23 already — remove it, or ask in other words`,
		},
		{
			"language twice",
			edit{library, "[en, ru]", "[en, ru, en]"},
			`library.yaml:4:21: the language "en" stands twice — keep one`,
		},
		{
			"topic twice",
			edit{library, "id: money", "id: works"},
			`library.yaml:8:9: the topic "works" stands twice — give each topic an id of its own`,
		},
		{
			"words of no language",
			edit{library, "  all:", "  fr:"},
			`library.yaml:11:3: unknown language "fr" — it can be: all, en, ru`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, problems := Check(good(t, c.edit))
			var said []string
			for _, p := range problems {
				said = append(said, p.String())
			}
			if !slices.Contains(said, c.want) {
				t.Errorf("problems:\n%s\nwant\n%s", strings.Join(said, "\n"), c.want)
			}
		})
	}
}

func TestCheckFindsPhrasingsThatCompete(t *testing.T) {
	_, problems := Check(good(t, edit{pairs, "- visiting the lighthouse", "- number of berths\n      - visiting the lighthouse"}))
	var found, twice bool
	for _, p := range problems {
		twice = twice || p.Line == 50 && p.Warning && strings.Contains(p.Message, "is a phrasing of places too")
		found = found || (p.Line == 23 || p.Line == 50) && p.Warning && strings.Contains(p.Message, "before")
	}
	if !found || !twice {
		t.Errorf("problems:\n%v", problems)
	}
}

func TestCheckMissingFiles(t *testing.T) {
	for _, c := range []struct{ remove, want string }{
		{library, "library.yaml: it is not there — write it with office, languages and topics"},
		{release, "releases/harbour/release.md: it is not there — write the release's front matter and text there"},
		{pairs, "releases/harbour/pairs.yaml: it is not there — write the release's questions and answers there"},
		{gaps, ""},
	} {
		files := good(t)
		delete(files, c.remove)
		_, err := Load(files, time.Now())
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("without %s: %v", c.remove, err)
		}
	}
}

func TestCheckReportsEverythingInOneRun(t *testing.T) {
	_, problems := Check(os.DirFS("testdata/broken"))
	golden(t, "broken.golden", problems.Error()+"\n")
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	name = filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs:\n%s\nwrite it anew with -update", name, got)
	}
}
