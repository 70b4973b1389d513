package main

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestJSONLines(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"nothing", "", ""},
		{"one", `{"q":"a"}`, "f:1 a"},
		{"blank lines count", "\n{\"q\":\"a\"}\n \t\n{\"q\":\"b\"}\n", "f:2 a|f:4 b"},
		{"Windows", "\uFEFF{\"q\":\"a\"}\r\n{\"q\":\"b\"}\r\n", "f:1 a|f:2 b"},
		{"a bad one", "{\n{\"q\":\"b\"}", "f:1: not JSON: unexpected end of JSON input|f:2 b"},
		{"no object", "[1]", "f:1: not a JSON object: it is array"},
		{"another kind", `{"q":7}`, "f:1: q is a JSON number; want string"},
		{"two on a line", `{"q":"a"} {"q":"b"}`, "f:1: not JSON: invalid character '{' after top-level value"},
	} {
		var got []string
		for line, err := range jsonLines[batchQuestion]("f", strings.NewReader(test.text)) {
			if err != nil {
				got = append(got, err.Error())
				continue
			}
			got = append(got, line.place.String()+" "+line.value.Q)
		}
		if strings.Join(got, "|") != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func TestJSONLinesOfAFileThatBreaksOff(t *testing.T) {
	broken := errors.New("the disk is gone")
	in := io.MultiReader(strings.NewReader("{\"q\":\"a\"}\n"), iotest.ErrReader(broken))
	var errs []error
	for _, err := range jsonLines[batchQuestion]("f", in) {
		errs = append(errs, err)
	}
	if len(errs) != 2 || errs[0] != nil || !errors.Is(errs[1], broken) || !strings.HasPrefix(errs[1].Error(), "f:2: ") {
		t.Errorf("got %v", errs)
	}
}

// Every line that is not blank comes once, in order, as itself or as an error.
func FuzzJSONLines(f *testing.F) {
	f.Add("{\"q\":\"a\"}\n\n{\"q\":7}\n")
	f.Add("\uFEFF\r\n[]\nnull")
	f.Fuzz(func(t *testing.T, text string) {
		var want int
		for line := range strings.SplitSeq(strings.TrimPrefix(text, "\uFEFF"), "\n") {
			if strings.TrimSpace(line) != "" {
				want++
			}
		}
		got, last := 0, 0
		for line, err := range jsonLines[map[string]any]("f", strings.NewReader(text)) {
			got++
			if line.line <= last {
				t.Errorf("line %d after line %d", line.line, last)
			}
			last = line.line
			source := strings.Split(strings.TrimPrefix(text, "\uFEFF"), "\n")[line.line-1]
			if valid := json.Unmarshal([]byte(source), new(map[string]any)) == nil; valid != (err == nil) {
				t.Errorf("line %d, %q: %v", line.line, source, err)
			}
		}
		if got != want {
			t.Errorf("%d lines, want %d", got, want)
		}
	})
}
