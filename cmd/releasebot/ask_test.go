package main

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"releasebot/answers"
)

// asking is an asker over testdata/office that writes to out.
func asking(t *testing.T, out *bytes.Buffer) *asker {
	t.Helper()
	src := source{os.DirFS("testdata/office"), "office"}
	lib, err := answers.Load(src.files, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return &asker{terminal: newTerminal(nil, out, nil), source: src, library: lib}
}

// suggestion and none are replies that depend on no score.
func suggestion(lib *answers.Library) answers.Reply {
	return answers.Reply{
		Question: "bridge", Lang: "en", Kind: answers.KindSuggest, Confidence: 0.41236,
		Suggestions: []answers.Suggestion{{Pair: lib.Pair("bridge-when"), Confidence: 0.41236}, {Pair: lib.Pair("cyclists")}},
	}
}

func none() answers.Reply {
	return answers.Reply{Question: "<Goal?>", Lang: "ru", Kind: answers.KindNone, Confidence: 0.2}
}

func TestShow(t *testing.T) {
	var out bytes.Buffer
	a := asking(t, &out)
	for _, test := range []struct {
		reply answers.Reply
		want  string
	}{
		{suggestion(a.library), "Which did you mean?\n  - When does the bridge open?\n  - Where do cyclists ride?\n"},
		{none(), "Nothing close was found.\n\nThe releases are about:\n  - Новый мост\n  - Паром и концерт\n"},
	} {
		out.Reset()
		a.show(test.reply)
		a.terminal.out.Flush()
		if out.String() != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", test.reply.Kind, &out, test.want)
		}
	}
}

func TestReplyJSON(t *testing.T) {
	a := asking(t, new(bytes.Buffer))
	for _, test := range []struct {
		reply answers.Reply
		want  string
	}{
		{suggestion(a.library), `{"question":"bridge","lang":"en","kind":"suggest","confidence":0.4124,"suggestions":[` +
			`{"id":"bridge-when","question":"When does the bridge open?","confidence":0.4124,"quotes":[{"text":"The new bridge over the river opens on Sunday at noon.",` +
			`"speaker":"","paragraph":1,"url":"https://aral.example/bridge#:~:text=The%20new%20bridge%20over,on%20Sunday%20at%20noon"}]},` +
			`{"id":"cyclists","question":"Where do cyclists ride?","confidence":0,"quotes":[{"text":"Cyclists have a lane of their own.",` +
			`"speaker":"","paragraph":3,"url":"https://aral.example/bridge#:~:text=Cyclists%20have%20a%20lane%20of%20their%20own"}]}]}`},
		{none(), `{"question":"\u003cGoal?\u003e","lang":"ru","kind":"none","confidence":0.2}`},
	} {
		got, err := json.Marshal(a.replyJSON(test.reply))
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", test.reply.Kind, got, test.want)
		}
	}
}

// What people wrote stands in the JSON as they wrote it.
func TestEncodeKeepsMarkup(t *testing.T) {
	var out bytes.Buffer
	a := asking(t, &out)
	if err := a.terminal.encode(a.replyJSON(none())); err != nil {
		t.Fatal(err)
	}
	a.terminal.out.Flush()
	if !strings.HasPrefix(out.String(), `{"question":"<Goal?>",`) {
		t.Errorf("got %s", &out)
	}
}
