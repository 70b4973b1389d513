package main

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestWrap(t *testing.T) {
	for _, test := range []struct {
		text, want string
		width      int
	}{
		{"", "", 10},
		{"  one\ttwo \n three", "one two three", 13},
		{"one two three", "one two|three", 12},
		{"одна рота", "одна рота", 9},
		{"at https://example.org/a/long/address of it", "at|https://example.org/a/long/address|of it", 10},
		{"a b", "a|b", 1},
	} {
		if got := strings.Join(wrap(test.text, test.width), "|"); got != test.want {
			t.Errorf("wrap(%q, %d) = %q, want %q", test.text, test.width, got, test.want)
		}
	}
}

// Wrapping keeps every word, and only a word that is too long for a line makes a longer one.
func FuzzWrap(f *testing.F) {
	f.Add("At the end of October this year, Kazakhstan will send a peacekeeping company", 30)
	f.Add("сәуір\u00a0айы  \xff", 5)
	f.Fuzz(func(t *testing.T, text string, width int) {
		lines := wrap(text, width)
		if got, want := strings.Join(lines, " "), strings.Join(strings.Fields(text), " "); got != want {
			t.Errorf("got the words %q, want %q", got, want)
		}
		for _, line := range lines {
			if utf8.RuneCountInString(line) > width && len(strings.Fields(line)) > 1 {
				t.Errorf("a line is longer than %d: %q", width, line)
			}
		}
	})
}

func TestAnItemHasOneMark(t *testing.T) {
	var out strings.Builder
	term := newTerminal(nil, &out, nil)
	term.width = 20
	term.item("one two three four five")
	term.out.Flush()
	if want := "  - one two three\n    four five\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

func TestColours(t *testing.T) {
	var out strings.Builder
	term := newTerminal(nil, &out, nil)
	term.paragraph("▏ ", bold, "one")
	term.colour = true
	term.paragraph("▏ ", bold, "two")
	term.out.Flush()
	want := "▏ one\n\x1b[36m▏ \x1b[0m\x1b[1mtwo\x1b[0m\n"
	if out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}
