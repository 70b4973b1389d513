package answers

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"releasebot/answers/match"
	"releasebot/content"
)

var shipped = sync.OnceValues(func() (*Library, error) { return Load(content.Files, time.Now()) })

func TestAsk(t *testing.T) {
	l := load(t, before)
	for _, c := range []struct {
		question, lang string
		kind           Kind
		id, wantLang   string
	}{
		{"When does the harbour open?", "", KindAnswer, "opening", "en"},
		{"When does the harbour open?", "ru", KindAnswer, "opening", "ru"},
		{"When does the harbour open?", "de", KindAnswer, "opening", "en"},
		{"Сколько лодок вмещает гавань?", "", KindAnswer, "places", "ru"},
		{"How deep is the harbour?", "", KindGap, "depth", "en"},
		{"", "ru", KindNone, "", "ru"},
		{" \n\t", "", KindNone, "", ""},
		{"🚢🚢🚢", "", KindNone, "", ""},
		{"?!… — «»", "", KindNone, "", ""},
		{"\xff\xfe\x00\x01\x02\x03abc", "", KindNone, "", ""},
	} {
		reply := l.Ask(c.question, c.lang)
		id := ""
		if reply.Pair != nil {
			id = reply.Pair.ID
		}
		if reply.Gap != nil {
			id = reply.Gap.ID
		}
		if reply.Kind != c.kind || id != c.id || reply.Lang != c.wantLang {
			t.Errorf("%q in %q: %s %q in %q, want %s %q in %q", c.question, c.lang, reply.Kind, id, reply.Lang, c.kind, c.id, c.wantLang)
		}
	}
}

// One word may be what many questions are about, or how many of them begin.
func TestOneWordIsOfferedQuestions(t *testing.T) {
	l, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"Где?", "кто", "who", "KAZZENT", "Лакруа", "Ливан"} {
		if reply := l.Ask(word, ""); reply.Kind != KindSuggest || len(reply.Suggestions) < minSuggestions {
			t.Errorf("%q: %s with %d suggestions", word, reply.Kind, len(reply.Suggestions))
		}
	}
}

func TestAskReadsBothEndsOfAnEnormousQuestion(t *testing.T) {
	l := load(t, before)
	filling := strings.Repeat("lorem ipsum dolor sit amet ", 2000)
	for _, question := range []string{"When does the harbour open? " + filling, filling + " When does the harbour open?"} {
		read := readable(question)
		if n := utf8.RuneCountInString(read); n > maxQuestion || !strings.Contains(read, "When does the harbour open?") {
			t.Errorf("read %d code points", n)
		}
		if ranking := l.Ask(question, "").Ranking; ranking[0].ID != "opening" {
			t.Errorf("ranking %v", ranking)
		}
	}
}

func TestDecide(t *testing.T) {
	a, b, c, d, e := &Pair{ID: "a"}, &Pair{ID: "b"}, &Pair{ID: "c"}, &Pair{ID: "d"}, &Pair{ID: "e"}
	same, as := &Pair{ID: "same", Quotes: []Quote{{Text: "q"}}}, &Pair{ID: "as", Quotes: []Quote{{Text: "q"}}}
	g := &Gap{ID: "g", Nearest: []*Pair{b, e}}
	pair := func(p *Pair, confidence float64) candidate {
		return candidate{entry: entry{pair: p}, confidence: confidence}
	}
	gap := func(confidence float64) candidate { return candidate{entry: entry{gap: g}, confidence: confidence} }
	for _, c := range []struct {
		name string
		near []candidate
		kind Kind
		want string
	}{
		{"nothing near", nil, KindNone, ""},
		{"a pair at the threshold", []candidate{pair(a, .8), pair(b, .7)}, KindAnswer, ""},
		{"a toss-up", []candidate{pair(a, .9), pair(b, .89)}, KindSuggest, "a.9 b.89"},
		{"a toss-up between words of one quote", []candidate{pair(same, .9), pair(as, .89)}, KindAnswer, ""},
		{"a gap at the threshold", []candidate{gap(.8), pair(b, .5)}, KindGap, "b.5 e"},
		{"a gap that names others", []candidate{gap(.9), pair(a, .5), pair(b, .1)}, KindGap, "a.5 b.1 e"},
		{"a gap with a rival", []candidate{gap(.8), pair(b, .7)}, KindSuggest, "b.7"},
		{"close calls", []candidate{pair(a, .7), gap(.6), pair(b, .5), pair(c, .5), pair(d, .4), pair(e, .4)}, KindSuggest, "a.7 b.5 c.5 d.4"},
		{"one close call", []candidate{pair(a, .4), pair(b, .3), pair(c, .2)}, KindSuggest, "a.4 b.3"},
		{"the only pair", []candidate{pair(a, .4)}, KindSuggest, "a.4"},
		{"an unsure gap", []candidate{gap(.7), pair(a, .3)}, KindSuggest, "b e"},
		{"a gap far off", []candidate{gap(.3), pair(a, .3)}, KindNone, ""},
		{"far off", []candidate{pair(a, .3), pair(b, .3)}, KindNone, ""},
	} {
		kind, suggested := decide(c.near, match.Thresholds{Answer: .8, Suggest: .4})
		var got []string
		for _, s := range suggested {
			got = append(got, s.Pair.ID+fmtConfidence(s.Confidence))
		}
		if kind != c.kind || strings.Join(got, " ") != c.want {
			t.Errorf("%s: %s %v, want %s %s", c.name, kind, got, c.kind, c.want)
		}
	}
}

// fmtConfidence writes .7, and nothing for 0.
func fmtConfidence(confidence float64) string {
	if confidence == 0 {
		return ""
	}
	return strings.TrimPrefix(strconv.FormatFloat(confidence, 'g', -1, 64), "0")
}

func TestClippedWordsAreCompleted(t *testing.T) {
	l := load(t, before)
	unsure := []candidate{{entry: entry{pair: l.Pair("glad")}, confidence: .2}, {entry: entry{pair: l.Pair("places")}, confidence: .1}}
	for _, c := range []struct{ typed, want string }{
		{"fish boa", "places.1 glad.2"},
		{"lighth", "lighthouse glad.2"},
		{"fis", ""},
		{"room fish boa", ""},
		{"zzzz", ""},
	} {
		var got []string
		for _, s := range l.clipped(c.typed, unsure, suggestions(unsure[:1])) {
			got = append(got, s.Pair.ID+fmtConfidence(s.Confidence))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%q: %q, want %q", c.typed, got, c.want)
		}
	}
}

// Whatever is asked, a reply quotes its release's very words, ranks five, and is the same each time.
func TestEveryReplyKeepsThePromises(t *testing.T) {
	l, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, question := range questions(l, 300) {
		checkReply(t, l, question)
	}
}

// questions are phrasings as they are, cut, shuffled and misspelt.
func questions(l *Library, n int) []string {
	random := rand.New(rand.NewPCG(1, 2))
	var asked []string
	for range n {
		text := l.known[random.IntN(len(l.known))].text
		words := strings.Fields(text)
		switch random.IntN(4) {
		case 0:
			random.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
		case 1:
			words = words[:1+random.IntN(len(words))]
		case 2:
			letters := []rune(text)
			letters[random.IntN(len(letters))] = rune('a' + random.IntN(26))
			words = strings.Fields(string(letters))
		}
		asked = append(asked, strings.Join(words, " "))
	}
	return asked
}

func checkReply(t *testing.T, l *Library, question string) {
	t.Helper()
	reply := l.Ask(question, "")
	if again := l.Ask(question, ""); again.Kind != reply.Kind || again.Pair != reply.Pair || again.Confidence != reply.Confidence {
		t.Errorf("%q: %+v, then %+v", question, reply, again)
	}
	if len(reply.Ranking) != min(ranked, len(l.entries)) {
		t.Errorf("%q: ranking %v", question, reply.Ranking)
	}
	if (reply.Pair != nil) != (reply.Kind == KindAnswer) || (reply.Gap != nil) != (reply.Kind == KindGap) {
		t.Errorf("%q: %+v", question, reply)
	}
	if n := len(reply.Suggestions); reply.Kind == KindSuggest && (n < minSuggestions || n > maxSuggestions) {
		t.Errorf("%q: %d suggestions", question, n)
	}
	if reply.Confidence < 0 || reply.Confidence > 1 {
		t.Errorf("%q: confidence %v", question, reply.Confidence)
	}
	if reply.Pair != nil {
		checkQuotes(t, reply.Pair)
	}
	for _, s := range reply.Suggestions {
		checkQuotes(t, s.Pair)
	}
}

func FuzzAsk(f *testing.F) {
	l := load(f, embargoEnds)
	f.Add("When does the harbour open?")
	f.Add("crjkmrj vtcn lkz kjljr")
	f.Add("lighth")
	f.Add("\x00\xff🚢 -5% ’")
	f.Fuzz(func(t *testing.T, question string) {
		checkReply(t, l, question)
		for _, c := range l.Complete(question, "ru", 5) {
			for _, i := range c.Matched {
				if i >= len(c.Text) || !utf8.RuneStart(c.Text[i]) {
					t.Errorf("%q: %+v", question, c)
				}
			}
		}
	})
}
