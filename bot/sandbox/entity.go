package sandbox

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Entity marks a part of a text. Offset and Length are in UTF-16 units.
type Entity struct {
	Type     string `json:"type"`
	Offset   int    `json:"offset"`
	Length   int    `json:"length"`
	URL      string `json:"url,omitempty"`
	Language string `json:"language,omitempty"`
}

// end returns the offset after the entity, in UTF-16 units.
func (e Entity) end() int { return e.Offset + e.Length }

func units(r rune) int {
	if r > 0xFFFF {
		return 2
	}
	return 1
}

// length16 returns the length of a text in UTF-16 units.
func length16(text string) int {
	n := 0
	for _, r := range text {
		n += units(r)
	}
	return n
}

// cut16 returns the part of a text between two offsets in UTF-16 units.
func cut16(text string, from, to int) string {
	return text[index16(text, from):index16(text, to)]
}

// index16 returns the byte at an offset in UTF-16 units, or the end of the text.
func index16(text string, offset int) int {
	n := 0
	for i, r := range text {
		if n >= offset {
			return i
		}
		n += units(r)
	}
	return len(text)
}

// sortEntities puts entities in the order of the text, the containing before the contained.
func sortEntities(es []Entity) {
	slices.SortStableFunc(es, func(a, b Entity) int {
		return cmp.Or(cmp.Compare(a.Offset, b.Offset), cmp.Compare(b.Length, a.Length), cmp.Compare(rank(a), rank(b)))
	})
}

// rank orders entities of the same extent: what may contain others comes first.
func rank(e Entity) int {
	return slices.Index([]string{
		"expandable_blockquote", "blockquote", "spoiler", "underline", "strikethrough", "italic", "bold", "text_link",
		"pre", "code",
	}, e.Type)
}

// found are the entities that Telegram finds in plain text by itself.
var found = []struct {
	typ     string
	pattern *regexp.Regexp
}{
	{"url", regexp.MustCompile(`(?i)\b(?:https?://|www\.)[^\s<>"«»]*[^\s<>"«».,:;!?)\]}]`)},
	{"email", regexp.MustCompile(`\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b`)},
	{"bot_command", regexp.MustCompile(`/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?`)},
	{"mention", regexp.MustCompile(`@[A-Za-z0-9_]{3,32}`)},
	{"hashtag", regexp.MustCompile(`#[\pL\pN_]{1,256}`)},
}

// detect returns the entities of a text: those given, and between them what Telegram finds by itself.
func detect(text string, given []Entity) []Entity {
	es := slices.Clone(given)
	for _, kind := range found {
		for _, at := range kind.pattern.FindAllStringIndex(text, -1) {
			if kind.typ != "url" && !standsAlone(text, at[0], at[1]) {
				continue
			}
			e := Entity{Type: kind.typ, Offset: length16(text[:at[0]]), Length: length16(text[at[0]:at[1]])}
			if !slices.ContainsFunc(es, func(o Entity) bool { return excludes(o, e) }) {
				es = append(es, e)
			}
		}
	}
	sortEntities(es)
	return es
}

// standsAlone tells whether a mention, command or hashtag is not a part of a longer word or path.
func standsAlone(text string, from, to int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:from])
	after, _ := utf8.DecodeRuneInString(text[to:])
	return !wordly(before) && !wordly(after) && !strings.ContainsRune("@#/<>", before) && after != '/'
}

func wordly(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// excludes tells whether something found at e is part of o already: links and code are not searched.
func excludes(o, e Entity) bool {
	overlap := o.Offset < e.end() && e.Offset < o.end()
	switch o.Type {
	case "bold", "italic", "underline", "strikethrough", "spoiler", "blockquote", "expandable_blockquote":
		return overlap && !(o.Offset <= e.Offset && e.end() <= o.end()) && !(e.Offset <= o.Offset && o.end() <= e.end())
	}
	return overlap
}
