package main

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"strings"

	"releasebot/answers"
)

func checkCommand(flags *flag.FlagSet) action {
	dir := contentFlag(flags)
	return func(_ context.Context, t *terminal, _ []string) error {
		src, err := openSource(*dir)
		if err != nil {
			return err
		}
		summary, problems := answers.Check(src.files)
		problems = src.locate(problems)
		if len(problems) > 0 {
			fmt.Fprintf(t.out, "%s\n\n", listing(problems))
		}
		fmt.Fprint(t.out, summed(summary, problems))
		if len(problems.Errors()) > 0 {
			return errTold
		}
		return nil
	}
}

// summed says what was checked and how much is wrong.
func summed(s answers.Summary, problems answers.Problems) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %s, %s\n", count(s.Releases, "release"), count(s.Pairs, "pair"), count(s.Gaps, "gap"))
	fmt.Fprintf(&b, "quoted: %d of %s\n", s.Quoted, count(s.Paragraphs, "paragraph"))
	for _, lang := range s.Languages {
		state := "complete"
		if !slices.Contains(s.Complete, lang) {
			state = "incomplete"
		}
		fmt.Fprintf(&b, "%s: %s, %s\n", lang, count(s.Phrasings[lang], "phrasing"), state)
	}
	errors := len(problems.Errors())
	fmt.Fprintf(&b, "%s, %s\n", count(errors, "error"), count(len(problems)-errors, "warning"))
	return b.String()
}

func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

// listing shows each problem on a line that editors can jump from, its hint below it.
func listing(problems answers.Problems) string {
	var b strings.Builder
	for i, p := range problems {
		if i > 0 {
			b.WriteByte('\n')
		}
		hint := p.Hint
		p.Hint = ""
		b.WriteString(p.String())
		if hint != "" {
			b.WriteString("\n    hint: " + hint)
		}
	}
	return b.String()
}
