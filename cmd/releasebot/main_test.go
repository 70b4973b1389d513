package main

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"slices"
	"strings"
	"testing"
)

func TestExitCodes(t *testing.T) {
	for _, test := range []struct {
		args string
		want int
	}{
		{"help", exitOK},
		{"ask --help", exitOK},
		{"check --content testdata/office", exitOK},
		{"ask --content testdata/office ferry", exitOK},
		{"check --content testdata", exitFailed},
		{"ask --content testdata ferry", exitFailed},
		{"ask --batch nowhere.jsonl", exitFailed},
		{"eval nowhere.jsonl", exitFailed},
		{"", exitUsage},
		{"aks", exitUsage},
		{"ask", exitUsage},
		{"ask --jsn bridge", exitUsage},
		{"ask --content testdata/office --lang de bridge", exitUsage},
		{"run now", exitUsage},
	} {
		var out, errs bytes.Buffer
		got := run(t.Context(), strings.Fields(test.args), strings.NewReader(""), &out, &errs)
		if got != test.want {
			t.Errorf("releasebot %s: exit code %d, want %d\n%s", test.args, got, test.want, &errs)
		}
	}
}

// A full disk is not taken for success.
func TestOutputThatCannotBeWritten(t *testing.T) {
	var errs bytes.Buffer
	if code := run(t.Context(), []string{"help"}, nil, full{}, &errs); code != exitFailed {
		t.Errorf("exit code %d, want %d", code, exitFailed)
	}
	if want := "error: writing the output: no space left\n"; errs.String() != want {
		t.Errorf("got %q, want %q", &errs, want)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestParse(t *testing.T) {
	for _, test := range []struct {
		args, rest string
		json       bool
		lang       string
	}{
		{"", "", false, ""},
		{"when do they leave", "when do they leave", false, ""},
		{"--json when", "when", true, ""},
		{"when --json", "when", true, ""},
		{"when --lang ru do they --json leave", "when do they leave", true, "ru"},
		{"-lang=kk when", "when", false, "kk"},
		{"when -- --json", "when --json", false, ""},
		{"-- --json", "--json", false, ""},
		{"--json -- --lang -- x", "--lang -- x", true, ""},
	} {
		flags := flag.NewFlagSet("", flag.ContinueOnError)
		flags.SetOutput(io.Discard)
		json, lang := flags.Bool("json", false, ""), flags.String("lang", "", "")
		rest, err := parse(flags, strings.Fields(test.args))
		if err != nil {
			t.Errorf("%q: %v", test.args, err)
		}
		if !slices.Equal(rest, strings.Fields(test.rest)) || *json != test.json || *lang != test.lang {
			t.Errorf("%q: got %q, json %t, lang %q", test.args, rest, *json, *lang)
		}
	}
}
