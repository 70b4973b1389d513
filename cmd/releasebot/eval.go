package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"

	"releasebot/answers"
)

func evalCommand(flags *flag.FlagSet) action {
	dir := contentFlag(flags)
	lang := flags.String("lang", "", "ask in this `LANGUAGE` (default: each question's own, as the bot finds it)")
	asJSON := flags.Bool("json", false, "print the counts as JSON")
	failures := flags.Bool("failures", false, "list each question that was not answered rightly, and what came")
	floorFile := flags.String("floors", "", "fail where a language is worse than `FILE` allows")
	return func(_ context.Context, t *terminal, args []string) error {
		if len(args) == 0 {
			return &failure{"eval wants a file of labelled questions", moreHelp("eval"), exitUsage}
		}
		floors, err := readFloors(*floorFile)
		if err != nil {
			return err
		}
		questions, err := t.readLabelled(args)
		if err != nil {
			return err
		}
		src, err := openSource(*dir)
		if err != nil {
			return err
		}
		lib, err := src.load()
		if err != nil {
			return err
		}
		if err := needLanguage(lib, *lang); err != nil {
			return err
		}
		result := evaluate(lib, questions, *lang)
		if err := t.showEvaluation(result, *asJSON, *failures); err != nil {
			return err
		}
		return floors.check(result.Languages)
	}
}

// labelled is a question with what is known about it.
type labelled struct {
	Q      string   `json:"q"`
	Lang   string   `json:"lang"`
	Kind   string   `json:"kind"` // in: a release answers it; near: it only sounds so; far: about something else
	Style  string   `json:"style"`
	Quotes []string `json:"quotes"` // passages that answer it, any of them; of kind in alone
}

func (q labelled) inScope() bool { return q.Kind == "in" }

// problem is what keeps the label from being used, "" if nothing does.
func (q labelled) problem() string {
	switch {
	case strings.TrimSpace(q.Q) == "":
		return "no question: q is missing or empty"
	case q.Lang == "":
		return "lang is missing"
	case !slices.Contains([]string{"in", "near", "far"}, q.Kind):
		return fmt.Sprintf("kind is %q: it can be in, near, far", q.Kind)
	case q.inScope() && len(q.Quotes) == 0:
		return "a question of kind in needs quotes: the passages that answer it"
	}
	return ""
}

// readLabelled reads all files, or tells of every line that cannot be used.
func (t *terminal) readLabelled(files []string) ([]jsonLine[labelled], error) {
	var (
		questions []jsonLine[labelled]
		failed    error
	)
	for _, name := range files {
		in, err := t.openInput(name)
		if err != nil {
			return nil, err
		}
		for line, err := range jsonLines[labelled](name, in) {
			if problem := line.value.problem(); err == nil && problem != "" {
				err = fmt.Errorf("%s: %s", line.place, problem)
			}
			if err != nil {
				fmt.Fprintln(t.errs, "error:", err)
				failed = errTold
			}
			questions = append(questions, line)
		}
		in.Close()
	}
	if failed == nil && len(questions) == 0 {
		failed = errors.New("there are no questions in " + strings.Join(files, ", "))
	}
	return questions, failed
}

// outcome is what became of a question.
type outcome string

const (
	right     outcome = "right"     // answered at once with a passage that answers it
	offered   outcome = "offered"   // such an answer is among the suggestions
	wrong     outcome = "wrong"     // answered with another pair
	abstained outcome = "abstained" // in scope, and neither answered nor offered
	answered  outcome = "answered"  // out of scope, and answered all the same
	declined  outcome = "declined"  // out of scope, and not answered
)

func judge(q labelled, r answers.Reply) outcome {
	switch isAnswer := r.Kind == answers.KindAnswer; {
	case !q.inScope() && isAnswer:
		return answered
	case !q.inScope():
		return declined
	case isAnswer && tells(r.Pair, q.Quotes):
		return right
	case isAnswer:
		return wrong
	case slices.ContainsFunc(r.Suggestions, func(s answers.Suggestion) bool { return tells(s.Pair, q.Quotes) }):
		return offered
	}
	return abstained
}

// tells is whether one of the pair's quotes contains one of the passages, white space folded.
func tells(p *answers.Pair, passages []string) bool {
	return slices.ContainsFunc(p.Quotes, func(q answers.Quote) bool {
		quote := folded(q.Text)
		return slices.ContainsFunc(passages, func(passage string) bool { return strings.Contains(quote, folded(passage)) })
	})
}

func folded(text string) string { return strings.Join(strings.Fields(text), " ") }

// evaluation is what became of all questions.
type evaluation struct {
	Total     tally            `json:"total"`
	Languages map[string]tally `json:"languages"`
	Kinds     map[string]tally `json:"kinds"`
	Styles    map[string]tally `json:"styles"`
	Failures  []evalFailure    `json:"failures,omitempty"`
}

// evalFailure is a question that was not answered rightly at once, or was answered and should not have been.
type evalFailure struct {
	Place    string  `json:"place"`
	Outcome  outcome `json:"outcome"`
	Lang     string  `json:"lang"`
	Kind     string  `json:"kind"`
	Style    string  `json:"style"`
	Question string  `json:"question"`
	Came     string  `json:"came"`
}

// tally counts outcomes: of the questions in scope how many are right, useful (right or offered), wrong, abstained; of the others how many were
// answered.
type tally struct {
	Right     share `json:"right"`
	Useful    share `json:"useful"`
	Wrong     share `json:"wrong"`
	Abstained share `json:"abstained"`
	Answered  share `json:"answered"`
}

func (t tally) with(o outcome) tally {
	if o == answered || o == declined {
		t.Answered = t.Answered.with(o == answered)
		return t
	}
	t.Right = t.Right.with(o == right)
	t.Useful = t.Useful.with(o == right || o == offered)
	t.Wrong = t.Wrong.with(o == wrong)
	t.Abstained = t.Abstained.with(o == abstained)
	return t
}

// share is a count of some questions among all of their sort.
type share struct {
	Count int `json:"count"`
	Of    int `json:"of"`
}

func (s share) with(hit bool) share {
	s.Of++
	if hit {
		s.Count++
	}
	return s
}

func (s share) percent() float64 {
	return 100 * float64(s.Count) / float64(max(s.Of, 1))
}

// String is the count and the percentage, eleven letters wide.
func (s share) String() string {
	if s.Of == 0 {
		return "          -"
	}
	return fmt.Sprintf("%4d %5.1f%%", s.Count, s.percent())
}

func evaluate(lib *answers.Library, questions []jsonLine[labelled], lang string) evaluation {
	e := evaluation{Languages: map[string]tally{}, Kinds: map[string]tally{}, Styles: map[string]tally{}}
	for _, line := range questions {
		q := line.value
		reply := lib.Ask(q.Q, lang)
		o := judge(q, reply)
		e.Total = e.Total.with(o)
		e.Languages[q.Lang] = e.Languages[q.Lang].with(o)
		e.Kinds[q.Kind] = e.Kinds[q.Kind].with(o)
		style := cmp.Or(q.Style, "none")
		e.Styles[style] = e.Styles[style].with(o)
		if o != right && o != declined {
			e.Failures = append(e.Failures, evalFailure{line.place.String(), o, q.Lang, q.Kind, q.Style, q.Q, cameOf(reply)})
		}
	}
	return e
}

// cameOf is a reply in a few words.
func cameOf(r answers.Reply) string {
	came := []string{string(r.Kind)}
	switch {
	case r.Pair != nil:
		came = append(came, r.Pair.ID)
	case r.Gap != nil:
		came = append(came, r.Gap.ID)
	}
	for _, s := range r.Suggestions {
		came = append(came, "?"+s.Pair.ID)
	}
	return fmt.Sprintf("%s %.2f", strings.Join(came, " "), r.Confidence)
}

func (t *terminal) showEvaluation(e evaluation, asJSON, failures bool) error {
	if !failures {
		e.Failures = nil
	}
	if asJSON {
		return t.encode(e)
	}
	if len(e.Failures) > 0 {
		fmt.Fprintln(t.out, failed(e.Failures))
	}
	t.out.WriteString(table(e))
	return nil
}
