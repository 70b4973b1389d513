// Command releasebot answers questions about a press office's releases: on Telegram, and in the terminal.
//
// Start at the table of commands below; each has a file of its own. This package alone wires the others together.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"releasebot/answers"
)

var commands = []command{
	{"demo", "", "try the bot in the browser: no token, no network", demoCommand, ""},
	{"run", "", "answer on Telegram", runCommand, ""},
	{"ask", "QUESTION", "answer a question here", askCommand, ""},
	{"check", "", "check the content", checkCommand, ""},
	{"eval", "FILE...", "measure the answers to labelled questions", evalCommand, ""},
	{"publish", "[ACTION ID]", "list bulletins, or preview, send, schedule or watch one", publishCommand, "actions:\n" + deedList()},
	{"backup", "FILE", "copy the database, also while the bot runs", backupCommand, ""},
	{"migrate", "FILE", "copy an SQLite database into a new PostgreSQL one", migrateCommand, migrateHelp},
	{"doctor", "", "find what is wrong with a bot, and what to change", doctorCommand, ""},
}

// command is one of the things releasebot can do.
type command struct {
	name, args string
	short      string
	define     func(*flag.FlagSet) action
	more       string // what its usage says below the flags
}

// action does a command's work. define has made it, and with it the flags whose values it reads.
type action func(ctx context.Context, t *terminal, args []string) error

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// failure is an error with advice for the person at the terminal.
type failure struct {
	message string
	hint    string // what to do about it; may be empty
	code    int    // the exit code; 0 stands for exitFailed
}

func (f *failure) Error() string { return f.message }

// errTold ends a command that failed and has said why.
var errTold = errors.New("failed")

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run carries out the command line args and returns the exit code.
func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	t := newTerminal(in, out, errs)
	err := dispatch(ctx, t, args)
	if flushed := t.out.Flush(); err == nil && flushed != nil {
		err = fmt.Errorf("writing the output: %w", flushed)
	}
	return t.report(err)
}

func dispatch(ctx context.Context, t *terminal, args []string) error {
	if len(args) == 0 {
		t.out.WriteString(overview())
		return &failure{message: "no command", code: exitUsage}
	}
	name, args := args[0], args[1:]
	switch name {
	case "help", "-h", "-help", "--help":
		return help(t.out, args)
	}
	c, err := find(name)
	if err != nil {
		return err
	}
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	act := c.define(flags)
	rest, err := parse(flags, args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		t.out.WriteString(usage(c, flags))
		return nil
	case err != nil:
		return &failure{err.Error(), flagHint(err, flags), exitUsage}
	case c.args == "" && len(rest) > 0:
		return &failure{fmt.Sprintf("%s takes no arguments: %q", name, rest[0]), moreHelp(name), exitUsage}
	}
	return act(ctx, t, rest)
}

func find(name string) (command, error) {
	names := make([]string, len(commands))
	for i, c := range commands {
		if c.name == name {
			return c, nil
		}
		names[i] = c.name
	}
	hint := `"releasebot help" lists the commands`
	if near, ok := answers.Closest(name, names); ok {
		hint = fmt.Sprintf("did you mean %q? %s", "releasebot "+near, hint)
	}
	return command{}, &failure{fmt.Sprintf("unknown command %q", name), hint, exitUsage}
}

// parse reads flags before, between and after the other arguments, as in `ask QUESTION --json`. After "--" nothing is a flag.
func parse(flags *flag.FlagSet, args []string) (rest []string, err error) {
	for {
		if err := flags.Parse(args); err != nil {
			return nil, err
		}
		left := flags.Args()
		if len(left) == 0 {
			return rest, nil
		}
		if read := len(args) - len(left); read > 0 && args[read-1] == "--" {
			return append(rest, left...), nil
		}
		rest, args = append(rest, left[0]), left[1:]
	}
}

// flagHint names the flag that was meant, if err is about one that there is not.
func flagHint(err error, flags *flag.FlagSet) string {
	name, unknown := strings.CutPrefix(err.Error(), "flag provided but not defined: -")
	if !unknown {
		return moreHelp(flags.Name())
	}
	var known []string
	flags.VisitAll(func(f *flag.Flag) { known = append(known, f.Name) })
	if near, ok := answers.Closest(strings.TrimLeft(name, "-"), known); ok {
		return fmt.Sprintf("did you mean --%s? %s", near, moreHelp(flags.Name()))
	}
	return moreHelp(flags.Name())
}

func moreHelp(name string) string {
	return fmt.Sprintf(`"releasebot help %s" says how to use it`, name)
}

func help(out *bufio.Writer, args []string) error {
	if len(args) == 0 {
		out.WriteString(overview())
		return nil
	}
	c, err := find(args[0])
	if err != nil {
		return err
	}
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	c.define(flags)
	out.WriteString(usage(c, flags))
	return nil
}

func overview() string {
	var b strings.Builder
	b.WriteString("Releasebot answers questions about a press office's releases.\n\nusage: releasebot COMMAND [--flags]\n\n")
	for _, c := range commands {
		fmt.Fprintf(&b, "  %-20s %s\n", strings.TrimSpace(c.name+" "+c.args), c.short)
	}
	fmt.Fprintf(&b, "  %-20s %s\n", "help COMMAND", "how to use a command")
	return b.String()
}

func usage(c command, flags *flag.FlagSet) string {
	var b strings.Builder
	fmt.Fprintf(&b, "usage: %s\n\n%s\n\n", strings.Join(strings.Fields("releasebot "+c.name+" [--flags] "+c.args), " "), sentence(c.short))
	flags.VisitAll(func(f *flag.Flag) {
		value, text := flag.UnquoteUsage(f)
		fmt.Fprintf(&b, "  %-18s %s\n", strings.TrimSpace("--"+f.Name+" "+value), text)
	})
	if c.more != "" {
		b.WriteString("\n" + c.more + "\n")
	}
	return b.String()
}

func sentence(text string) string {
	return strings.ToUpper(text[:1]) + text[1:] + "."
}
