// Command bench measures what Releasebot promises of speed and size: each figure beside one it can be held against, in the same run.
//
//	go run . [flags] [match | updates | delivery | start ...]
//
// Without a name it measures everything, in about a quarter of an hour, and prints Markdown tables. It is a module of its own, so that what is
// compared with is not needed to build the bot.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// options of the measurements.
type options struct {
	data    string // folder of the public sets of questions
	sample  int    // questions that slow methods are asked
	large   bool
	program string // the releasebot that is measured, built for the purpose
}

// benchmark measures one thing and prints its tables to out.
type benchmark struct {
	name string
	run  func(out, progress io.Writer, o options) error
}

var benchmarks = []benchmark{
	{"match", matching},
	{"updates", updates},
	{"delivery", deliveries},
	{"start", starting},
}

func main() {
	if bot := os.Getenv(botVariable); bot != "" {
		runBot(bot)
		return
	}
	var o options
	flag.StringVar(&o.data, "data", "../../../shared/matching", "`folder` of the public sets of questions")
	flag.IntVar(&o.sample, "sample", 500, "ask slow methods at most so many `questions` of each kind, answerable and not")
	flag.BoolVar(&o.large, "large", false, "measure 100,000 phrasings, too; takes minutes")
	flag.Parse()
	if err := run(o, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(o options, names []string) error {
	for _, name := range names {
		if !slices.ContainsFunc(benchmarks, func(b benchmark) bool { return b.name == name }) {
			return fmt.Errorf("there is no benchmark %q; there are match, updates, delivery and start", name)
		}
	}
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if o.program, err = build(dir); err != nil {
		return err
	}
	var failed []error
	for _, b := range benchmarks {
		if len(names) == 0 || slices.Contains(names, b.name) {
			failed = append(failed, b.run(os.Stdout, os.Stderr, o))
			fmt.Println()
		}
	}
	return errors.Join(failed...)
}

// table writes rows as a Markdown table; the first is its head.
func table(rows [][]string) string {
	var b strings.Builder
	for i, row := range rows {
		fmt.Fprintf(&b, "| %s |\n", strings.Join(row, " | "))
		if i == 0 {
			fmt.Fprintf(&b, "|---%s|\n", strings.Repeat("|---:", len(row)-1))
		}
	}
	return b.String()
}
