package match

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kljensen/snowball/english"
	"github.com/kljensen/snowball/russian"
)

// stem cuts the endings off a folded word. A word in Latin letters is taken for English
// wherever it stands, since names and borrowed words keep their letters.
func stem(word, lang string) string {
	first, _ := utf8.DecodeRuneInString(word)
	switch {
	case unicode.Is(unicode.Latin, first):
		return english.Stem(word, true)
	case !unicode.Is(unicode.Cyrillic, first):
		return word
	case lang == "kk":
		return stemKazakh(word)
	default:
		return stemRussian(word)
	}
}

// stemRussian keeps the verb стоить, to cost, apart from сто, a hundred: what something costs
// is not how many there are.
func stemRussian(word string) string {
	const hundred = "сто"
	s := russian.Stem(word, true)
	if s == hundred && word != hundred {
		return word
	}
	return s
}

// kazakhCase are the case endings that are written after a hyphen when the word is a number,
// an abbreviation or a foreign name: БҰҰ-ның, 42-ден.
var kazakhCase = set("нын нин дын дин тын тин га ге ка ке ны ни ды ди ты ти да де та те дан ден тан тен нан нен мен бен пен дагы деги тагы теги")

// kazakhEndings are the endings of nouns and verbs that a question is likely to hold, in
// folded letters: cases, plural, possession with and without a case, adjectives, verbs.
var kazakhEndings = longestFirst(`
	нын нин дын дин тын тин га ге ка ке ны ни ды ди ты ти да де та те
	дан ден тан тен нан нен мен бен пен дагы деги тагы теги гы ги
	лар лер дар дер тар тер
	ым им ымыз имиз ныз низ ыныз иниз ы и сы си ын ин сын син
	ына ине сына сине ында инде сында синде ынан инен сынан синен ындагы индеги
	лык лик дык дик тык тик лы ли шы ши сыз сиз
	ган ген кан кен ады еди йды йди атын етин йтын йтин мак мек бак бек пак пек
	ып ип са се мын мин мыз миз у`)

// kazakhWhole are question words that would lose what they ask for.
var kazakhWhole = set("кайда кайдан кайсы кандай неге неше")

func longestFirst(words string) []string {
	list := strings.Fields(words)
	slices.SortStableFunc(list, func(a, b string) int { return len(b) - len(a) })
	return list
}

// stemKazakh strips endings, longest first, and undoes the voicing they cause.
func stemKazakh(word string) string {
	if kazakhWhole[word] {
		return word
	}
	for range 4 {
		cut := cutEnding(word)
		if cut == word {
			break
		}
		word = cut
	}
	if s, ok := strings.CutSuffix(word, "г"); ok {
		return s + "к"
	}
	if s, ok := strings.CutSuffix(word, "б"); ok {
		return s + "п"
	}
	return word
}

// cutEnding cuts one ending off if a stem of three letters with a vowel stays.
func cutEnding(word string) string {
	for _, ending := range kazakhEndings {
		s, ok := strings.CutSuffix(word, ending)
		if ok && utf8.RuneCountInString(s) >= 3 && strings.ContainsAny(s, "аеиоуыэюя") {
			return s
		}
	}
	return word
}

func set(words string) map[string]bool {
	s := map[string]bool{}
	for _, w := range strings.Fields(words) {
		s[w] = true
	}
	return s
}
