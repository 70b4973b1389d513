package answers

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is something wrong in a content file, said so that whoever edits the file can put it right.
type Problem struct {
	File         string
	Line, Column int  // from 1; 0 where the problem has no place, such as a missing file
	Warning      bool // a warning does not keep the content from loading
	Message      string
	Hint         string // what would be right; may be empty
}

func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d", p.Line)
	}
	if p.Column > 0 {
		fmt.Fprintf(&b, ":%d", p.Column)
	}
	b.WriteString(": ")
	if p.Warning {
		b.WriteString("warning: ")
	}
	b.WriteString(p.Message)
	if p.Hint != "" {
		b.WriteString(" — " + p.Hint)
	}
	return b.String()
}

// Problems are all that was found in one run, in the order of files and lines.
type Problems []Problem

// Error is one problem a line.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.String()
	}
	return strings.Join(lines, "\n")
}

// Errors are the problems that keep the content from loading.
func (p Problems) Errors() Problems {
	return slices.DeleteFunc(slices.Clone(p), func(problem Problem) bool { return problem.Warning })
}

func (p Problems) sort() {
	slices.SortStableFunc(p, func(a, b Problem) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}
