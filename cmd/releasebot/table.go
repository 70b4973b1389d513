package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// table shows an evaluation: all questions first, then by language, kind and style.
func table(e evaluation) string {
	var b strings.Builder
	b.WriteString("                   in      right     useful      wrong  abstained  outside  answered\n")
	b.WriteString(row("all", e.Total))
	for _, group := range []struct {
		name    string
		tallies map[string]tally
	}{{"language", e.Languages}, {"kind", e.Kinds}, {"style", e.Styles}} {
		b.WriteString(group.name + "\n")
		for _, name := range slices.Sorted(maps.Keys(group.tallies)) {
			b.WriteString(row("  "+name, group.tallies[name]))
		}
	}
	return b.String()
}

func row(name string, t tally) string {
	return fmt.Sprintf("%-16s %4d%s%s%s%s  %7d%s\n", name, t.Right.Of, t.Right, t.Useful, t.Wrong, t.Abstained, t.Answered.Of, t.Answered)
}

// failed lists the questions that failed, each with what came.
func failed(failures []evalFailure) string {
	var b strings.Builder
	for _, f := range failures {
		fmt.Fprintf(&b, "%s: %s, %s %s %s: %q\n    %s\n", f.Place, f.Outcome, f.Lang, f.Kind, f.Style, f.Question, f.Came)
	}
	return b.String()
}
