package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// floors are the shares, in percent, that each language must keep to. One that is not given is not checked.
type floors map[string]struct {
	Right    *float64 // at least
	Useful   *float64 // at least
	Wrong    *float64 // at most
	Answered *float64 // of the questions out of scope, at most
}

// readFloors reads a YAML file such as `en: {right: 85, useful: 95, wrong: 3, answered: 5}`; without a name there are no floors.
func readFloors(name string) (floors, error) {
	if name == "" {
		return nil, nil
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var f floors
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	if err := decoder.Decode(&f); err != nil && !errors.Is(err, io.EOF) {
		return nil, &failure{
			message: fmt.Sprintf("%s: %v", name, err),
			hint:    "write a line a language, such as `en: {right: 85, useful: 95, wrong: 3, answered: 5}`",
		}
	}
	return f, nil
}

// check is an error that names every floor that is not kept.
func (f floors) check(languages map[string]tally) error {
	var broken []string
	for _, lang := range slices.Sorted(maps.Keys(f)) {
		floor, got := f[lang], languages[lang]
		bound := func(what string, got share, atLeast, atMost *float64) {
			switch {
			case atLeast != nil && (got.Of == 0 || got.percent() < *atLeast):
				broken = append(broken, fmt.Sprintf("%s: %s %d of %d, %.1f%%; at least %g%%", lang, what, got.Count, got.Of, got.percent(), *atLeast))
			case atMost != nil && (got.Of == 0 || got.percent() > *atMost):
				broken = append(broken, fmt.Sprintf("%s: %s %d of %d, %.1f%%; at most %g%%", lang, what, got.Count, got.Of, got.percent(), *atMost))
			}
		}
		bound("right", got.Right, floor.Right, nil)
		bound("useful", got.Useful, floor.Useful, nil)
		bound("wrong", got.Wrong, nil, floor.Wrong)
		bound("answered out of scope", got.Answered, nil, floor.Answered)
	}
	if len(broken) == 0 {
		return nil
	}
	return &failure{message: "below the floors:\n  " + strings.Join(broken, "\n  "), hint: "--failures lists the questions"}
}
