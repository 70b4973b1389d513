package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
)

// place is a line of an input file.
type place struct {
	file string
	line int
}

func (p place) String() string { return fmt.Sprintf("%s:%d", p.file, p.line) }

// openInput opens a file to read; "-" is the standard input.
func (t *terminal) openInput(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(t.in), nil
	}
	return os.Open(name)
}

// jsonLine is a line of JSON.
type jsonLine[T any] struct {
	place
	value T
}

// jsonLines yields the lines of in as they arrive; blank ones are skipped. A line that is not a JSON object of the wanted kind comes with an
// error that names it, and reading goes on; an error of reading itself is the last.
func jsonLines[T any](name string, in io.Reader) iter.Seq2[jsonLine[T], error] {
	return func(yield func(jsonLine[T], error) bool) {
		reader := bufio.NewReader(in)
		for at := (place{name, 1}); ; at.line++ {
			data, err := reader.ReadBytes('\n')
			if at.line == 1 {
				data = bytes.TrimPrefix(data, []byte("\uFEFF"))
			}
			if data = bytes.TrimSpace(data); len(data) > 0 {
				line := jsonLine[T]{place: at}
				bad := json.Unmarshal(data, &line.value)
				if bad != nil {
					bad = fmt.Errorf("%s: %s", at, unreadable(bad))
				}
				if !yield(line, bad) {
					return
				}
			}
			if err == io.EOF {
				return
			}
			if err != nil {
				yield(jsonLine[T]{place: at}, fmt.Errorf("%s: %w", at, err))
				return
			}
		}
	}
}

// unreadable says in plain words why a line is not JSON of the wanted kind.
func unreadable(err error) string {
	var other *json.UnmarshalTypeError
	switch {
	case !errors.As(err, &other):
		return "not JSON: " + err.Error()
	case other.Field == "":
		return "not a JSON object: it is " + other.Value
	}
	return fmt.Sprintf("%s is a JSON %s; want %s", other.Field, other.Value, other.Type)
}
