package answers

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sahilm/fuzzy"
)

// Closest is the name that a mistyped or clipped one was meant to be: "subscibe" or "sub" for "subscribe". It is false if none is near enough.
func Closest(input string, names []string) (string, bool) {
	input = strings.ToLower(strings.TrimSpace(input))
	if input == "" {
		return "", false
	}
	best, nearest := 1+utf8.RuneCountInString(input)/3, ""
	for _, name := range names {
		if d := distance([]rune(input), []rune(strings.ToLower(name))); d < best {
			best, nearest = d, name
		}
	}
	if nearest != "" {
		return nearest, true
	}
	if len(input) < 2 {
		return "", false
	}
	if hits := fuzzy.Find(letters(input, maxTyped), names); len(hits) > 0 && slices.Index(hits[0].MatchedIndexes, 0) == 0 {
		return hits[0].Str, true
	}
	return "", false
}

// distance is how many letters must be added, dropped, changed or swapped with their neighbour to make a of b.
func distance(a, b []rune) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+int(differs(a[i-1], b[j-1])))
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
