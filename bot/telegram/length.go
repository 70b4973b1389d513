package telegram

import (
	"html"
	"strings"
	"unicode/utf8"
)

// Length is how many code points an HTML text takes of MaxText: its tags count for nothing and an entity for what it stands for.
func Length(text string) int { return utf8.RuneCountInString(Plain(text)) }

// Plain is what an HTML text says.
func Plain(text string) string { return html.UnescapeString(untagged(text)) }

// untagged drops what stands between < and >. Escaped text has neither, and in an attribute's quotes > may stand for itself.
func untagged(text string) string {
	var b strings.Builder
	var inside bool
	var quote rune
	for _, r := range text {
		switch {
		case !inside && r == '<':
			inside = true
		case !inside:
			b.WriteRune(r)
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '"' || r == '\'':
			quote = r
		case r == '>':
			inside = false
		}
	}
	return b.String()
}
