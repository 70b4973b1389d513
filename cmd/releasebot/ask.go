package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"strings"

	"releasebot/answers"
)

// asker answers questions in the terminal.
type asker struct {
	terminal *terminal
	source   source
	library  *answers.Library
	lang     string // the asker's choice, "" for the question's own
	json     bool
	explain  bool
}

func askCommand(flags *flag.FlagSet) action {
	var a asker
	dir := contentFlag(flags)
	flags.StringVar(&a.lang, "lang", "", "answer in this `LANGUAGE`, such as en (default: the question's)")
	flags.BoolVar(&a.json, "json", false, "print a JSON object a question, on a line of its own")
	flags.BoolVar(&a.explain, "explain", false, "say how the question was read, what came nearest, and why")
	batch := flags.String("batch", "", "answer the questions of `FILE`: on each line a JSON object with q and, if wanted, lang; - is standard input")
	return func(_ context.Context, t *terminal, args []string) error {
		question := strings.Join(args, " ")
		if (strings.TrimSpace(question) == "") == (*batch == "") {
			return &failure{"ask wants a question, or else --batch FILE", moreHelp("ask"), exitUsage}
		}
		var (
			in  io.ReadCloser
			err error
		)
		if *batch != "" {
			if in, err = t.openInput(*batch); err != nil {
				return err
			}
			defer in.Close()
		}
		if a.source, err = openSource(*dir); err != nil {
			return err
		}
		if a.library, err = a.source.load(); err != nil {
			return err
		}
		if err := needLanguage(a.library, a.lang); err != nil {
			return err
		}
		a.terminal = t
		if in != nil {
			return a.batch(*batch, in)
		}
		return a.ask(question, a.lang)
	}
}

func (a *asker) ask(question, lang string) error {
	reply := a.library.Ask(question, lang)
	reply.Lang = cmp.Or(reply.Lang, a.library.Languages[0])
	if a.json {
		return a.terminal.encode(a.replyJSON(reply))
	}
	a.show(reply)
	return nil
}

// batchQuestion is a line of a batch.
type batchQuestion struct {
	Q    string `json:"q"`
	Lang string `json:"lang"`
}

// batch answers a file's questions in order. A line that cannot be answered is reported, and the others are answered all the same.
func (a *asker) batch(name string, in io.Reader) error {
	var failed error
	for line, err := range jsonLines[batchQuestion](name, in) {
		if err == nil {
			err = a.askLine(line)
		}
		if err != nil {
			fmt.Fprintln(a.terminal.errs, "error:", err)
			failed = errTold
		}
	}
	return failed
}

// askLine flushes its answer, so that a program at the other end of the pipe can wait for it.
func (a *asker) askLine(line jsonLine[batchQuestion]) error {
	if strings.TrimSpace(line.value.Q) == "" {
		return fmt.Errorf("%s: no question: q is missing or empty", line.place)
	}
	if err := needLanguage(a.library, line.value.Lang); err != nil {
		return fmt.Errorf("%s: %w: the content is in %s", line.place, err, strings.Join(a.library.Languages, ", "))
	}
	if !a.json {
		a.terminal.paragraph("? ", dim, line.value.Q)
		fmt.Fprintln(a.terminal.out)
	}
	if err := a.ask(line.value.Q, cmp.Or(line.value.Lang, a.lang)); err != nil {
		return err
	}
	if !a.json {
		fmt.Fprintln(a.terminal.out)
	}
	return a.terminal.out.Flush()
}
