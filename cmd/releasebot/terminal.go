package main

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"

	"releasebot/answers"
)

// terminal is where a command reads and writes.
type terminal struct {
	in     io.Reader
	out    *bufio.Writer
	errs   io.Writer
	tty    bool // out is a terminal, which can draw over a line
	colour bool // out shows colours
	width  int  // letters a line of out
}

// A line of more than maxWidth letters is hard to read, however wide the window.
const (
	maxWidth = 88
	minWidth = 24
)

func newTerminal(in io.Reader, out, errs io.Writer) *terminal {
	t := &terminal{in: in, out: bufio.NewWriter(out), errs: errs, width: 80}
	if f, ok := out.(*os.File); ok && isTerminal(f) {
		t.tty = os.Getenv("TERM") != "dumb"
		t.colour = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
		t.width = cmp.Or(columns(f), t.width)
	}
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil {
		t.width = n
	}
	t.width = min(max(t.width, minWidth), maxWidth)
	return t
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// report tells of what ended a command and returns the exit code for it.
func (t *terminal) report(err error) int {
	var (
		f        *failure
		problems answers.Problems
	)
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errTold):
		return exitFailed
	case errors.As(err, &problems):
		fmt.Fprintf(t.errs, "error: the content cannot be used\n%s\n", listing(problems.Errors()))
		fmt.Fprintln(t.errs, `hint: "releasebot check" checks the content`)
		return exitFailed
	case errors.As(err, &f):
		fmt.Fprintln(t.errs, "error:", f.message)
		if f.hint != "" {
			fmt.Fprintln(t.errs, "hint:", f.hint)
		}
		return cmp.Or(f.code, exitFailed)
	}
	fmt.Fprintln(t.errs, "error:", err)
	return exitFailed
}

// Styles of text, as SGR codes.
const (
	bold   = "1"
	dim    = "2"
	yellow = "33"
	cyan   = "36"
)

func (t *terminal) styled(style, text string) string {
	if !t.colour || text == "" {
		return text
	}
	return "\x1b[" + style + "m" + text + "\x1b[0m"
}

// paragraph writes a text wrapped to the terminal's width, each line begun with mark.
func (t *terminal) paragraph(mark, style, text string) {
	for _, line := range wrap(text, t.width-utf8.RuneCountInString(mark)) {
		fmt.Fprintln(t.out, t.styled(cyan, mark)+t.styled(style, line))
	}
}

// item writes a text as one of a list.
func (t *terminal) item(text string) {
	mark := "  - "
	for _, line := range wrap(text, t.width-len(mark)) {
		fmt.Fprintln(t.out, t.styled(cyan, mark)+line)
		mark = "    "
	}
}

// redraw shows a line in place of the last one on a terminal, else below it.
func (t *terminal) redraw(line string) {
	if t.tty {
		fmt.Fprint(t.out, "\r\x1b[K"+line)
	} else {
		fmt.Fprintln(t.out, line)
	}
	t.out.Flush()
}

// wrap breaks a text between words into lines of at most width letters. A longer word, such as an address, stays whole.
func wrap(text string, width int) []string {
	var (
		lines []string
		line  strings.Builder
		room  int
	)
	for _, word := range strings.Fields(text) {
		length := utf8.RuneCountInString(word)
		if line.Len() > 0 && length+1 > room {
			lines = append(lines, line.String())
			line.Reset()
		}
		if line.Len() == 0 {
			room = width
		} else {
			line.WriteByte(' ')
			room--
		}
		line.WriteString(word)
		room -= length
	}
	if line.Len() > 0 {
		lines = append(lines, line.String())
	}
	return lines
}
