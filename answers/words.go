package answers

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// word is one word of a text as it is compared. Quote marks, dashes and other punctuation are no words; numbers are, with their decimal
// points and signs, and so are currency and per cent signs.
type word struct {
	folded   string // without case
	from, to int    // its place in the text, in bytes, with the punctuation around it
}

// split is a text's words.
func split(text string) []word {
	var words []word
	for i := 0; i < len(text); {
		n := wordLength(text, i)
		if n == 0 {
			_, size := utf8.DecodeRuneInString(text[i:])
			i += size
			continue
		}
		words = append(words, word{folded: foldWord(text[i : i+n]), from: i, to: i + n})
		i += n
	}
	return widen(text, words)
}

// wordLength is how many bytes of a word begin at i; 0 if none does.
func wordLength(text string, i int) int {
	r, size := utf8.DecodeRuneInString(text[i:])
	if isSign(r) {
		return size
	}
	if isMinus(text, i) {
		return size + wordLength(text, i+size)
	}
	if !isLetter(r) {
		return 0
	}
	end := i + size
	for end < len(text) {
		r, size := utf8.DecodeRuneInString(text[end:])
		if !isLetter(r) && !unicode.Is(unicode.Cf, r) && !joins(text, end, r, size) {
			break
		}
		end += size
	}
	return end - i
}

func isLetter(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)
}

// isSign tells whether a sign changes what a number says.
func isSign(r rune) bool { return r == '%' || r == '‰' || unicode.Is(unicode.Sc, r) }

// isMinus tells whether the sign at i makes the number behind it negative: nothing stands before it, a digit behind it.
func isMinus(text string, i int) bool {
	r, size := utf8.DecodeRuneInString(text[i:])
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	behind, _ := utf8.DecodeRuneInString(text[i+size:])
	return (r == '-' || r == '−') && (i == 0 || unicode.IsSpace(before)) && unicode.IsDigit(behind)
}

// joins tells whether the mark r at i belongs to the word around it: the apostrophe of a word, the point or comma of a number.
func joins(text string, i int, r rune, size int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	behind, _ := utf8.DecodeRuneInString(text[i+size:])
	switch r {
	case '\'', '’', 'ʼ':
		return unicode.IsLetter(before) && unicode.IsLetter(behind)
	case '.', ',':
		return unicode.IsDigit(before) && unicode.IsDigit(behind)
	}
	return false
}

// foldWord drops what does not change a word: case, the kind of apostrophe, hyphenation marks, the way letters are composed.
func foldWord(text string) string {
	return norm.NFC.String(strings.Map(func(r rune) rune {
		switch {
		case r == '’' || r == 'ʼ':
			return '\''
		case r == '−':
			return '-'
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return unicode.ToLower(r)
	}, text))
}

// widen gives each word the punctuation that touches it.
func widen(text string, words []word) []word {
	for i := range words {
		next, last := len(text), 0
		if i+1 < len(words) {
			next = words[i+1].from
		}
		if i > 0 {
			last = words[i-1].to
		}
		if space := strings.IndexFunc(text[words[i].to:next], unicode.IsSpace); space >= 0 {
			next = words[i].to + space
		}
		words[i].to = next
		if space := strings.LastIndexFunc(text[last:words[i].from], unicode.IsSpace); space >= 0 {
			_, size := utf8.DecodeRuneInString(text[last+space:])
			last += space + size
		}
		words[i].from = last
	}
	return words
}

// sentences splits a text where a sentence ends. Initials and the usual abbreviations end none.
func sentences(text string) []string {
	var found []string
	start := 0
	for i, r := range text {
		if i < start || !strings.ContainsRune(".!?", r) {
			continue
		}
		if end := sentenceEnd(text, i); end > 0 {
			found = append(found, text[start:end])
			start = end
		}
	}
	if strings.TrimSpace(text[start:]) != "" {
		found = append(found, text[start:])
	}
	return found
}

// sentenceEnd is where the sentence whose full stop is at i ends, closing marks included; 0 if it goes on.
func sentenceEnd(text string, i int) int {
	if strings.HasPrefix(text[i:], "..") || strings.HasSuffix(text[:i], "..") || text[i] == '.' && isAbbreviation(text[:i]) {
		return 0
	}
	end := len(text) - len(strings.TrimLeft(text[i:], ".!?\"'”’»)]"))
	rest := strings.TrimLeftFunc(text[end:], unicode.IsSpace)
	next, _ := utf8.DecodeRuneInString(rest)
	if rest == "" || len(rest) < len(text[end:]) && !unicode.IsLower(next) {
		return end
	}
	return 0
}

var abbreviations = map[string]bool{
	"mr": true, "mrs": true, "ms": true, "dr": true, "st": true, "no": true, "vs": true, "gen": true, "col": true, "lt": true, "sgt": true, "prof": true, "rev": true,
	"г": true, "гг": true, "им": true, "тыс": true, "млн": true, "млрд": true, "руб": true, "стр": true, "ст": true, "т": true, "д": true, "п": true,
}

func isAbbreviation(before string) bool {
	last := before[strings.LastIndexFunc(before, func(r rune) bool { return !isLetter(r) })+1:]
	r, size := utf8.DecodeRuneInString(last)
	return abbreviations[strings.ToLower(last)] || size == len(last) && unicode.IsUpper(r)
}
