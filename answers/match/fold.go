package match

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// fold splits a text into its words, written so that spellings people use for each other
// come out alike: compatibility forms, case, ё, accents and the letters that Kazakh adds to
// Cyrillic, which many leave out. Numbers lose the marks between their thousands.
func fold(text string) []string {
	text = strings.ToValidUTF8(text, " ") // for norm passes over what follows a broken byte
	runes := []rune(strings.ToLower(norm.NFKC.String(text)))
	folded := make([]byte, 0, len(text))
	ends := make([]int, 0, wordsAText) // of the words in folded
	start, hyphen := 0, false          // of the word at work
	end := func() {
		switch {
		case start == len(folded):
		case hyphen && kazakhCase[string(folded[start:])]:
			folded = folded[:start]
		default:
			start = len(folded)
			ends = append(ends, start)
		}
	}
	for i, r := range runes {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			folded = utf8.AppendRune(folded, foldRune(r))
		case unicode.IsMark(r), isApostrophe(r) && between(runes, i, unicode.IsLetter):
		case isThousandsMark(runes, i):
		default:
			end()
			hyphen = r == '-' || r == '‑'
		}
	}
	end()
	return cut(string(folded), ends)
}

// wordsAText is how many words most texts have at most.
const wordsAText = 32

// cut cuts a text at its words' ends.
func cut(text string, ends []int) []string {
	words := make([]string, len(ends))
	start := 0
	for i, end := range ends {
		words[i] = text[start:end]
		start = end
	}
	return words
}

// isThousandsMark tells whether runes[i] sets three digits apart from the digits before.
func isThousandsMark(runes []rune, i int) bool {
	if !between(runes, i, unicode.IsDigit) || !strings.ContainsRune(",. ", runes[i]) {
		return false
	}
	n := 0
	for n < 4 && i+1+n < len(runes) && unicode.IsDigit(runes[i+1+n]) {
		n++
	}
	return n == 3
}

func between(runes []rune, i int, is func(rune) bool) bool {
	return i > 0 && i+1 < len(runes) && is(runes[i-1]) && is(runes[i+1])
}

func isApostrophe(r rune) bool { return r == '\'' || r == '’' || r == 'ʼ' || r == '`' }

var foldedLetters = map[rune]rune{
	'ё': 'е',
	'ә': 'а', 'ғ': 'г', 'қ': 'к', 'ң': 'н', 'ө': 'о', 'ұ': 'у', 'ү': 'у', 'һ': 'х', 'і': 'и',
	'ı': 'i',
}

func foldRune(r rune) rune {
	if r < utf8.RuneSelf {
		return r
	}
	if f, ok := foldedLetters[r]; ok {
		return f
	}
	if unicode.Is(unicode.Latin, r) {
		base, _ := utf8.DecodeRuneInString(norm.NFD.String(string(r)))
		return base
	}
	return r
}
