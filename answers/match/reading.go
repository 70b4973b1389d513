package match

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A question is read another way only when a good part of it is strange as typed, and another
// reading counts only if it leaves much less of it strange. So English questions about other
// things are not turned into Russian ones, and most questions are read once.
const (
	strangeFrom = float32(.3)
	strangeLeft = float32(.7)
)

// reading is one way to read a question.
type reading struct {
	how   string
	text  string
	words []string
}

// readings returns the other ways to read a question, in letters that the index knows.
func (x *Index) readings(question string) []reading {
	var out []reading
	if x.latin && strings.ContainsFunc(question, isCyrillic) {
		latin := toLatin.Replace(strings.ToLower(question))
		out = append(out, reading{KeyboardLayout, latin, fold(latin)})
	}
	if x.cyrillic && strings.ContainsFunc(question, isLatin) {
		lower := strings.ToLower(question)
		russian := toRussian.Replace(lower)
		out = append(out, reading{KeyboardLayout, russian, fold(russian)})
		if strings.ContainsAny(lower, "234589 0-=") {
			kazakh := toKazakh.Replace(lower)
			out = append(out, reading{KeyboardLayout, kazakh, fold(kazakh)})
		}
		words := x.transliterate(lower)
		out = append(out, reading{Transliteration, strings.Join(words, " "), words})
	}
	return out
}

func isCyrillic(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }
func isLatin(r rune) bool    { return unicode.Is(unicode.Latin, r) }

// The keys of the English keyboard and what they write on the Russian one, and what the
// number row writes on the Kazakh one.
const (
	englishKeys = "`qwertyuiop[]asdfghjkl;'zxcvbnm,./~{}:\"<>?&"
	russianKeys = "ёйцукенгшщзхъфывапролджэячсмитьбю.ёхъжэбю,?"
	numberKeys  = "234589" + "0-="
	kazakhKeys  = "әіңғүұ" + "қөһ"
)

var (
	toRussian = keys(englishKeys, russianKeys)
	toKazakh  = keys(englishKeys+numberKeys, russianKeys+kazakhKeys)
	toLatin   = keys(russianKeys[:len("ёйцукенгшщзхъфывапролджэячсмитьбю")], englishKeys[:33])
)

func keys(from, to string) *strings.Replacer {
	var pairs []string
	written := []rune(to)
	for i, r := range []rune(from) {
		pairs = append(pairs, string(r), string(written[i]))
	}
	return strings.NewReplacer(pairs...)
}

// romanizations are the ways Cyrillic letters are written in Latin ones, Russian and Kazakh,
// the likeliest first. Kazakh letters stand as they are folded. Of two spellings that begin
// alike the longer is tried first.
var romanizations = romanizationTable(`
	shch щ; sch щ; sh ш; ch ч; zh ж; kh х; gh г; ts ц; tz ц; ph ф; ng н нг;
	ya я; ia я ия; ja я; yu ю; iu ю иу; ju ю; yo е йо; jo е; ye е; yi ый ий; iy ий; yy ый; ii ий ии;
	ai ай аи; ei ей еи; oi ой ои; ui уй уи; yi ый; aj ай аж; ej ей еж; oj ой ож; uj уй уж; ij ий иж; yj ый ыж;
	ay ай аы; ey ей еы; oy ой оы; uy уй;
	a а; b б; c ц к с ч; d д; e е э; f ф; g г ж; h х; i и ы й; j ж й; k к; l л ль; m м; n н нь; o о; p п;
	q к; r р рь; s с ш сь; t т ть; u у ю; v в; w ш в у щ; x х кс; y ы й и у; z з ж;
	4 ч; 6 ш б; ' ь
`)

type romanization struct {
	latin    string
	cyrillic []string
}

func romanizationTable(text string) map[byte][]romanization {
	table := map[byte][]romanization{}
	for entry := range strings.SplitSeq(text, ";") {
		f := strings.Fields(entry)
		table[f[0][0]] = append(table[f[0][0]], romanization{f[0], f[1:]})
	}
	return table
}

// variantsMost bounds the spellings tried for one word.
const variantsMost = 64

// transliterate writes the words of a text in Cyrillic, each as a known word if one of its
// spellings is known, and leaves Latin words that are known only as such.
func (x *Index) transliterate(text string) []string {
	words := fold(newLatin.Replace(text))
	for i, w := range words {
		if !strings.ContainsFunc(w, isLatin) {
			continue
		}
		variants := cyrillic(nil, "", w)
		if v, ok := x.firstKnown(variants); ok {
			words[i] = v
		} else if _, ok := x.words[w]; !ok && len(variants) > 0 {
			words[i] = variants[0]
		}
	}
	return words
}

func (x *Index) firstKnown(variants []string) (string, bool) {
	for _, v := range variants {
		if _, ok := x.words[v]; ok {
			return v, true
		}
	}
	return "", false
}

// newLatin writes the letters of the new Kazakh alphabets that folding would take for others.
var newLatin = strings.NewReplacer("ş", "sh", "ś", "sh", "ç", "ch", "ć", "ch", "ı", "y", "ý", "u", "ǵ", "g", "ž", "zh", "š", "sh", "č", "ch")

// cyrillic appends the Cyrillic spellings of a Latin word, the likeliest first.
func cyrillic(out []string, head, rest string) []string {
	if len(out) == variantsMost {
		return out
	}
	if rest == "" {
		return append(out, head)
	}
	for _, r := range romanizations[rest[0]] {
		if tail, ok := strings.CutPrefix(rest, r.latin); ok {
			for _, c := range r.cyrillic {
				out = cyrillic(out, head+c, tail)
			}
			if len(r.latin) > 1 {
				return out
			}
		}
	}
	if len(romanizations[rest[0]]) == 0 {
		_, n := utf8.DecodeRuneInString(rest)
		return cyrillic(out, head+rest[:n], rest[n:])
	}
	return out
}
