package main

import (
	"testing"

	"releasebot/answers"
)

func TestJudge(t *testing.T) {
	pair := func(quote string) *answers.Pair {
		return &answers.Pair{Quotes: []answers.Quote{{Text: "Another."}, {Text: quote}}}
	}
	noon, wide := pair("It opens on\n Sunday at noon."), pair("It is forty metres wide.")
	offer := func(pairs ...*answers.Pair) (list []answers.Suggestion) {
		for _, p := range pairs {
			list = append(list, answers.Suggestion{Pair: p})
		}
		return list
	}
	in := labelled{Kind: "in", Quotes: []string{"at  midnight", "on  Sunday"}}
	near, far := labelled{Kind: "near"}, labelled{Kind: "far"}
	for _, test := range []struct {
		label labelled
		reply answers.Reply
		want  outcome
	}{
		{in, answers.Reply{Kind: answers.KindAnswer, Pair: noon}, right},
		{in, answers.Reply{Kind: answers.KindAnswer, Pair: wide}, wrong},
		{in, answers.Reply{Kind: answers.KindSuggest, Suggestions: offer(wide, noon)}, offered},
		{in, answers.Reply{Kind: answers.KindSuggest, Suggestions: offer(wide)}, abstained},
		{in, answers.Reply{Kind: answers.KindGap, Suggestions: offer(noon)}, offered},
		{in, answers.Reply{Kind: answers.KindGap}, abstained},
		{in, answers.Reply{Kind: answers.KindNone}, abstained},
		{near, answers.Reply{Kind: answers.KindAnswer, Pair: noon}, answered},
		{near, answers.Reply{Kind: answers.KindGap, Suggestions: offer(noon)}, declined},
		{far, answers.Reply{Kind: answers.KindSuggest, Suggestions: offer(noon, wide)}, declined},
		{far, answers.Reply{Kind: answers.KindNone}, declined},
	} {
		if got := judge(test.label, test.reply); got != test.want {
			t.Errorf("%s, %s: got %s, want %s", test.label.Kind, test.reply.Kind, got, test.want)
		}
	}
}

// Every question in scope is right, offered, wrong or abstained: the shares add up.
func TestTallyAddsUp(t *testing.T) {
	var c tally
	for i, o := range []outcome{right, right, offered, wrong, abstained, answered, declined, declined} {
		c = c.with(o)
		if c.Useful.Count+c.Wrong.Count+c.Abstained.Count != c.Right.Of || c.Right.Of+c.Answered.Of != i+1 {
			t.Errorf("after %s: %+v", o, c)
		}
	}
	if c.Right != (share{2, 5}) || c.Useful != (share{3, 5}) || c.Answered != (share{1, 3}) {
		t.Errorf("got %+v", c)
	}
}
