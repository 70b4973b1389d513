package answers

import (
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestVerify(t *testing.T) {
	l := load(t, before)
	const sentence = "The new harbour opens on 3 May after works that took two years."
	const said = "“We are glad that the boats, which had to lie in the next town, are coming home,” said the harbour master, Ada Okafor."
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"nothing", " \n—", nil},
		{"a sentence", sentence, []string{"verbatim 1"}},
		{"other quote marks", `"` + strings.Trim(strings.ReplaceAll(said, "”", `"`), "“"), []string{"verbatim 2"}},
		{"other case", strings.ToUpper(sentence), []string{"verbatim 1"}},
		{"broken lines", strings.ReplaceAll(sentence, " ", "\r\n"), []string{"verbatim 1"}},
		{"other dashes", "the boats — which had to lie in the next town — are coming home", []string{"verbatim 2"}},
		{"part of a sentence", "opens on 3 May after works", []string{"verbatim 1"}},
		{"words left out", "We are glad that the boats … are coming home", []string{"verbatim 2"}},
		{"words left out in brackets", "The new harbour opens [...] took two years", []string{"verbatim 1"}},
		{"words left out between sentences", "The new harbour opens on 3 May ... It has room for 45 fishing boats", []string{"verbatim 1"}},
		{"fragments of two paragraphs", "The new harbour opens on 3 May … lighthouse stays closed until autumn", []string{"verbatim 1", "verbatim 3"}},
		{"two sentences", sentence + " It has room for 45 fishing boats and costs 1,250 euros a year for each of them.", []string{"verbatim 1"}},
		{"a few words that go on", sentence + " It has room.", []string{"verbatim 1"}},
		{"title and text", "The harbour opens on 3 May\n" + sentence, []string{"verbatim 0", "verbatim 1"}},
		{"another number", strings.Replace(sentence, "3", "4", 1), []string{"altered 1"}},
		{"another amount", "It has room for 45 fishing boats and costs 1.250 euros a year for each of them.", []string{"altered 1"}},
		{"a word more", strings.Replace(sentence, "opens", "never opens", 1), []string{"altered 1"}},
		{"a word less", strings.Replace(sentence, "new ", "", 1), []string{"altered 1"}},
		{"another speaker", strings.Replace(said, "Ada Okafor", "Ada Smith", 1), []string{"altered 2"}},
		{"a quotation in other words", "The mayor told us “the boats, which had to lie in the next town, are coming home” and smiled all day.", []string{"not found", "verbatim 2", "not found"}},
		{"a misquotation in other words", "The mayor told us on Monday that we are “glad that the ships, which had to lie in the next town, are coming home”.", []string{"altered 2"}},
		{"a few quoted words in other words", "OSLO, Monday. Fishermen hope that “has room for 45 fishing boats” is more than a promise by the harbour master.", []string{"too short", "too short", "verbatim 1", "not found"}},
		{"the end of another sentence", "Everybody danced for two years.", []string{"not found"}},
		{"other words", "Nobody knows what the weather will be like tomorrow.", []string{"not found"}},
		{"too few on both sides of an ellipsis", "The new harbour … two years", []string{"too short", "too short"}},
		{"too few", "the harbour", []string{"too short"}},
		{"an article", "Port news\n\n" + sentence + " Everybody was looking forward to it.\n\nThe lighthouse stays closed until spring.", []string{"too short", "verbatim 1", "not found", "altered 3"}},
	} {
		var got []string
		for _, f := range l.Verify(c.text) {
			verdict := string(f.Verdict)
			if f.Release != nil {
				verdict += " " + strconv.Itoa(f.Paragraph)
			}
			got = append(got, verdict)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestVerifyShowsTheDifference(t *testing.T) {
	l := load(t, before)
	found := l.Verify("The old harbour opens on 13 May after works that took almost two years, we hear.")
	want := []Run{
		{"The", Both},
		{"old", Pasted},
		{"new", Released},
		{"harbour opens on", Both},
		{"13", Pasted},
		{"3", Released},
		{"May after works that took", Both},
		{"almost", Pasted},
		{"two years.", Both},
		{"we hear.", Pasted},
	}
	if len(found) != 1 || !slices.Equal(found[0].Diff, want) {
		t.Errorf("found %+v", found)
	}
	if found[0].Said != "The new harbour opens on 3 May after works that took two years." {
		t.Errorf("said %q", found[0].Said)
	}
}

// Each sentence of the shipped releases is verbatim, and with any one word changed, added or left out it is not.
func TestVerifyTellsEveryChange(t *testing.T) {
	l, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range l.Releases {
		for i, paragraph := range r.Paragraphs {
			for _, sentence := range sentences(paragraph) {
				if words := strings.Fields(sentence); len(words) > evidence {
					checkSentence(t, l, words, i+1)
				}
			}
		}
	}
}

func checkSentence(t *testing.T, l *Library, words []string, paragraph int) {
	t.Helper()
	if found := l.Verify(strings.Join(words, " ")); len(found) != 1 || found[0].Verdict != Verbatim || found[0].Paragraph != paragraph {
		t.Errorf("%q: %+v", words, found)
	}
	for i := range words {
		if len(split(words[i])) == 0 {
			continue
		}
		changed, added := slices.Clone(words), slices.Insert(slices.Clone(words), i, "7")
		changed[i] = "otherwise"
		for _, text := range [][]string{changed, added} {
			if found := l.Verify(strings.Join(text, " ")); len(found) != 1 || found[0].Verdict != Altered || found[0].Paragraph != paragraph {
				t.Errorf("%q: %+v", text, found)
			}
		}
		if i == 0 || countWords(strings.Join(words[i+1:], " ")) == 0 {
			continue // what is left is verbatim
		}
		if found := l.Verify(strings.Join(slices.Delete(slices.Clone(words), i, i+1), " ")); len(found) != 1 || found[0].Verdict != Altered {
			t.Errorf("%q without word %d: %+v", words, i, found)
		}
	}
}

func FuzzVerify(f *testing.F) {
	l := load(f, embargoEnds)
	f.Add("“We are glad that the boats … are coming home,” said the mayor.\n\nThe lighthouse\nstays closed. 5 %")
	f.Add("A. B. C. D. «the boats, which had to lie» \"x\" -5 ... .!?\"")
	f.Add("\xff\xfe harbour opens on 3 May\r\n\r\nopens\u00adon ’’’")
	f.Fuzz(func(t *testing.T, text string) {
		for _, finding := range l.Verify(text) {
			located := finding.Verdict == Verbatim || finding.Verdict == Altered
			if located != (finding.Release != nil) || (len(finding.Diff) > 0) != (finding.Verdict == Altered) || finding.Text == "" {
				t.Errorf("%+v", finding)
			}
			if located && !strings.Contains(finding.Release.Title+"\n"+strings.Join(finding.Release.Paragraphs, "\n"), finding.Said) {
				t.Errorf("%q is not what the release says", finding.Said)
			}
		}
	})
}

func TestSentences(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"One. Two! Three?", []string{"One.", " Two!", " Three?"}},
		{"“It is so,” K. Umarov said. He left.", []string{"“It is so,” K. Umarov said.", " He left."}},
		{"“It is so.” He left.", []string{"“It is so.”", " He left."}},
		{"It costs 1.5 million, etc. and more.", []string{"It costs 1.5 million, etc. and more."}},
		{"He waited... then left… Nobody saw.", []string{"He waited... then left… Nobody saw."}},
		{"В 2018 г. Казахстан вошёл. Всё.", []string{"В 2018 г. Казахстан вошёл.", " Всё."}},
		{"no end", []string{"no end"}},
		{" ", nil},
	} {
		if got := sentences(c.text); !slices.Equal(got, c.want) {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

func TestSplit(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"“Don’t,” she said — twice.", "don't she said twice"},
		{"Jean-Pierre's 10,000 boats; 1.5 %, -5 or −5, $20", "jean pierre's 10,000 boats 1.5 % -5 or -5 $ 20"},
		{"2018–2019 a-5", "2018 2019 a 5"},
		{"hy\u00adphen cafe\u0301", "hyphen café"},
		{"Қазақстан БҰҰ-ның", "қазақстан бұұ ның"},
		{"…", ""},
	} {
		if got := strings.Join(foldedWords(c.text), " "); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

func TestFragmentLink(t *testing.T) {
	const text = "Nine to five. The harbour opens early, at 5-6, & closes late. The harbour opens early, at 9, on any Sunday or holiday of the year."
	for _, c := range []struct{ page, passage, want string }{
		{"https://a.example/x", "Nine to five.", "https://a.example/x#:~:text=Nine%20to%20five"},
		{"https://a.example/x?y=1#z", "“at 5-6, & closes late”", "https://a.example/x?y=1#z:~:text=at%205%2D6%2C%20%26%20closes%20late"},
		{"https://a.example/#z:~:text=old", "closes late", "https://a.example/#z:~:text=closes%20late"},
		{"https://a.example/", "The harbour opens early, at 9, on any Sunday or holiday of the year.", "https://a.example/#:~:text=The%20harbour%20opens%20early%2C%20at%209,holiday%20of%20the%20year"},
		{"https://a.example/", "…", "https://a.example/"},
	} {
		if got := fragmentLink(c.page, text, c.passage); got != c.want {
			t.Errorf("%q: %s, want %s", c.passage, got, c.want)
		}
	}
}

// A browser takes the first place that has a link's first words, and the first after it that has its last: that is the quote.
func TestLinksOpenAtTheirQuotes(t *testing.T) {
	l, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range l.Releases {
		page := r.Title + " " + strings.Join(r.Paragraphs, " ")
		for _, p := range r.Pairs {
			for _, quote := range p.Quotes {
				if !utf8.ValidString(quote.URL) || !isWeb(quote.URL) {
					t.Fatalf("link %q", quote.URL)
				}
				_, directive, _ := strings.Cut(quote.URL, ":~:text=")
				first, last, _ := strings.Cut(directive, ",")
				begin := strings.Index(page, unescape(t, first))
				if want := strings.Index(page, trimMarks(quote.Text)); begin != want {
					t.Errorf("%s opens at %d, its quote is at %d", quote.URL, begin, want)
				}
				end := strings.Index(page[begin:], unescape(t, last))
				if got := trimMarks(page[begin : begin+end+len(unescape(t, last))]); last != "" && got != trimMarks(quote.Text) {
					t.Errorf("%s marks %q", quote.URL, got)
				}
			}
		}
	}
}

func unescape(t *testing.T, text string) string {
	t.Helper()
	plain, err := url.PathUnescape(text)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

func BenchmarkVerifyArticle(b *testing.B) {
	l, err := shipped()
	if err != nil {
		b.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	words := strings.Fields(strings.Join(l.Releases[0].Paragraphs, " "))
	for i := range words {
		if random.IntN(8) == 0 {
			words[i] = "otherwise"
		}
	}
	article := strings.Join(words, " ")
	for b.Loop() {
		l.Verify(article[:min(len(article), 4096)])
	}
}
