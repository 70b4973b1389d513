package answers

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// reader reads one YAML text strictly. It notes every problem where it stands and goes on, so that one run reports them all.
// Its methods take nil for what is not there.
type reader struct {
	file     string
	above    int // lines of the file above the YAML text
	problems *Problems
	broken   bool // the text is not YAML, so what it would say is not known
}

func (r *reader) position(n *yaml.Node) Position {
	return Position{File: r.file, Line: n.Line + r.above, Column: n.Column}
}

func (r *reader) fail(n *yaml.Node, hint, format string, args ...any) {
	r.note(r.position(n), false, hint, format, args...)
}

func (r *reader) warn(n *yaml.Node, hint, format string, args ...any) {
	r.note(r.position(n), true, hint, format, args...)
}

func (r *reader) note(at Position, warning bool, hint, format string, args ...any) {
	*r.problems = append(*r.problems, Problem{
		File: at.File, Line: at.Line, Column: at.Column, Warning: warning, Message: fmt.Sprintf(format, args...), Hint: hint,
	})
}

// parse is the root of the only document in data, nil if it is empty or broken. Empty is a problem if a hint says what should be there.
func (r *reader) parse(data []byte, hint string) *yaml.Node {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var document, second yaml.Node
	if err := decoder.Decode(&document); err != nil && !errors.Is(err, io.EOF) {
		r.syntax(data, err)
		return nil
	}
	if len(document.Content) == 0 || present(document.Content[0]) == nil {
		if hint != "" {
			r.note(Position{File: r.file, Line: 1}, false, hint, "nothing stands here")
		}
		return nil
	}
	if err := decoder.Decode(&second); err == nil {
		r.fail(&second, "remove the line ---", "a second document begins here")
	} else if !errors.Is(err, io.EOF) {
		r.syntax(data, err)
	}
	return present(document.Content[0])
}

// syntax reports the parser's error where it is. The parser tells, in its text alone, where the pair or list began that it could not read to its
// end, or nothing.
func (r *reader) syntax(data []byte, err error) {
	r.broken = true
	message, begun := strings.TrimPrefix(err.Error(), "yaml: "), 1
	if _, err := fmt.Sscanf(message, "line %d:", &begun); err == nil {
		_, message, _ = strings.Cut(message, ": ")
	}
	r.note(Position{File: r.file, Line: brokenLine(data, begun) + r.above}, false,
		`look at the indentation, and put texts into double quotes that hold ": ", " #" or, between braces, a question mark`, "not YAML: %s", message)
}

// brokenLine is the first line from which on no beginning of data is YAML; begun is a line that is not after it.
func brokenLine(data []byte, begun int) int {
	lines := bytes.SplitAfter(data, []byte("\n"))
	good, broken := max(begun-2, 0), len(lines)
	for broken-good > 1 {
		middle := (good + broken) / 2
		// A text in quotes may go over some lines: cut there it is not YAML, but whole it is.
		n := middle
		for n < min(middle+8, broken) && !isYAML(bytes.Join(lines[:n], nil)) {
			n++
		}
		if n < min(middle+8, broken) {
			good = n
		} else {
			broken = middle
		}
	}
	return broken
}

func isYAML(data []byte) bool {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	for {
		if err := decoder.Decode(new(yaml.Node)); err != nil {
			return errors.Is(err, io.EOF)
		}
	}
}

// present is the node that n stands for: an alias' target, and nil for null.
func present(n *yaml.Node) *yaml.Node {
	if n != nil && n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n == nil || n.Tag == "!!null" {
		return nil
	}
	return n
}

// entries calls each for the keys and values of a mapping. A key that stands twice is a problem.
func (r *reader) entries(n *yaml.Node, each func(key, value *yaml.Node)) {
	if n == nil {
		return
	}
	if n.Kind != yaml.MappingNode {
		r.fail(n, "write it as `key: value` lines", "expected keys with values, found %s", kindOf(n))
		return
	}
	lines := make(map[string]int, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if line, twice := lines[key.Value]; twice {
			r.fail(key, fmt.Sprintf("it stands in line %d already; keep one", line+r.above), "the key %q stands twice", key.Value)
			continue
		}
		lines[key.Value] = key.Line
		each(key, present(n.Content[i+1]))
	}
}

// fields are a mapping's values by key, nil if it is none. A key that is not among the known ones is a problem.
func (r *reader) fields(n *yaml.Node, known ...string) map[string]*yaml.Node {
	if n.Kind != yaml.MappingNode {
		r.entries(n, nil)
		return nil
	}
	values := make(map[string]*yaml.Node, len(known))
	r.entries(n, func(key, value *yaml.Node) {
		if !slices.Contains(known, key.Value) {
			r.fail(key, oneOf(key.Value, known), "unknown key %q", key.Value)
			return
		}
		values[key.Value] = value
	})
	return values
}

// valueOf is the value of a key that the mapping has.
func valueOf(n *yaml.Node, key string) *yaml.Node {
	i := 0
	for n.Content[i].Value != key {
		i += 2
	}
	return n.Content[i+1]
}

// list is a list's items, without the empty ones.
func (r *reader) list(n *yaml.Node) []*yaml.Node {
	if n == nil {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		r.fail(n, "write it as a list, each item on a line that begins with `- `", "expected a list, found %s", kindOf(n))
		return nil
	}
	items := make([]*yaml.Node, 0, len(n.Content))
	for _, item := range n.Content {
		if value := present(item); value != nil && (value.Kind != yaml.ScalarNode || strings.TrimSpace(value.Value) != "") {
			items = append(items, value)
		} else {
			r.warn(item, "remove the `-`, or write something after it", "an item of the list is empty")
		}
	}
	return items
}

// scalar is a text as it is written, so that `120` and `yes` are texts too. Space around it is dropped.
func (r *reader) scalar(n *yaml.Node) string {
	if n == nil {
		return ""
	}
	if n.Kind != yaml.ScalarNode {
		r.fail(n, "write it as one text, in double quotes if it holds special characters", "expected a text, found %s", kindOf(n))
		return ""
	}
	return strings.TrimSpace(n.Value)
}

// required is the text of a field that owner must have.
func (r *reader) required(owner *yaml.Node, values map[string]*yaml.Node, name string) string {
	n := values[name]
	text := r.scalar(n)
	switch {
	case n == nil:
		r.fail(owner, fmt.Sprintf("add `%s: ...`", name), "%s is missing", name)
	case n.Kind == yaml.ScalarNode && text == "":
		r.fail(n, "write it out", "%s is empty", name)
	}
	return text
}

func kindOf(n *yaml.Node) string {
	switch n.Kind {
	case yaml.SequenceNode:
		return "a list"
	case yaml.MappingNode:
		return "keys with values"
	}
	return "a text"
}

// oneOf is the hint for a name that is none of the known ones.
func oneOf(name string, known []string) string {
	if nearest, ok := Closest(name, known); ok {
		return fmt.Sprintf("did you mean %q?", nearest)
	}
	if len(known) == 0 {
		return "there is none yet"
	}
	if len(known) > 12 {
		return fmt.Sprintf("there are %d, such as %s", len(known), strings.Join(known[:5], ", "))
	}
	return "it can be: " + strings.Join(known, ", ")
}
