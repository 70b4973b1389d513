package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"releasebot/answers"
	"releasebot/bot"
	"releasebot/bot/store"
	"releasebot/bot/telegram"
)

// publisher decides on bulletins in the terminal. The bot that runs on the same database proposes and delivers them.
type publisher struct {
	*terminal
	settings settings
	db       *store.Store
	library  *answers.Library
	bot      *bot.Bot // not started, but for samples
	now      func() time.Time
	lang, at string // the flags
}

// deeds are what can be done with a bulletin, each by its number.
var deeds = []struct {
	name, short string
	do          func(*publisher, context.Context, store.Bulletin) error
}{
	{"preview", "as readers see it, in every language or that of --lang", (*publisher).preview},
	{"sample", "send it to the people of ADMIN_IDS first", (*publisher).sample},
	{"send", "publish it now", (*publisher).send},
	{"schedule", "publish it at the time of --at", (*publisher).schedule},
	{"dismiss", "count it as published and tell nobody", (*publisher).dismiss},
	{"pause", "stop sending for now", (*publisher).pause},
	{"resume", "go on sending", (*publisher).resume},
	{"cancel", "give up what is scheduled or paused", (*publisher).cancel},
	{"watch", "follow it to its end", (*publisher).watch},
}

func publishCommand(flags *flag.FlagSet) action {
	dir := contentFlag(flags)
	lang := flags.String("lang", "", "preview in the language `LANG` alone")
	at := flags.String("at", "", "schedule for `TIME`: 15:04 is the next such time, \"2006-01-02 15:04\" that day's, of TIME_ZONE")
	return func(ctx context.Context, t *terminal, args []string) error {
		if len(args) == 1 || len(args) > 2 {
			return &failure{"publish wants an action and the number of a bulletin, or neither to list them", moreHelp("publish"), exitUsage}
		}
		s, err := presentSettings()
		if err != nil {
			return err
		}
		p := &publisher{terminal: t, settings: s, now: time.Now, lang: *lang, at: *at}
		src, err := sourceAt(cmp.Or(*dir, s.content))
		if err != nil {
			return err
		}
		if p.library, err = src.load(); err != nil {
			return err
		}
		if err := needLanguage(p.library, *lang); err != nil {
			return err
		}
		if p.db, err = openDatabase(ctx, s); err != nil {
			return err
		}
		defer p.db.Close()
		client := telegram.New(telegram.Options{Token: s.token, URL: s.apiURL})
		p.bot = bot.New(bot.Options{Client: client, Store: p.db, Admins: s.admins, Zone: s.zone}, p.library)
		if len(args) == 0 {
			return p.list(ctx)
		}
		return p.act(ctx, args[0], args[1])
	}
}

func deedList() string {
	var b strings.Builder
	for _, d := range deeds {
		fmt.Fprintf(&b, "  %-9s %s\n", d.name, d.short)
	}
	return strings.TrimRight(b.String(), "\n")
}

// act does one deed with one bulletin.
func (p *publisher) act(ctx context.Context, name, number string) error {
	names := make([]string, len(deeds))
	for i, d := range deeds {
		names[i] = d.name
	}
	i := slices.Index(names, name)
	if i < 0 {
		hint := moreHelp("publish")
		if near, ok := answers.Closest(name, names); ok {
			hint = fmt.Sprintf("did you mean %q?", "releasebot publish "+near+" "+number)
		}
		return &failure{fmt.Sprintf("publish has no action %q", name), hint, exitUsage}
	}
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return &failure{fmt.Sprintf("%q is not the number of a bulletin", number), `"releasebot publish" lists them`, exitUsage}
	}
	b, ok, err := p.db.Bulletin(ctx, id)
	if err != nil {
		return err
	}
	if !ok {
		return &failure{message: fmt.Sprintf("there is no bulletin %d", id), hint: `"releasebot publish" lists them; one whose content has changed has a new number`}
	}
	err = deeds[i].do(p, ctx, b)
	if errors.Is(err, store.ErrState) {
		return &failure{message: fmt.Sprintf("bulletin %d is %s, so that cannot be done", id, p.stateOf(ctx, id)), hint: `"releasebot publish" lists what is open`}
	}
	return err
}

func (p *publisher) stateOf(ctx context.Context, id int64) store.State {
	b, _, err := p.db.Bulletin(ctx, id)
	if err != nil {
		return "in another state"
	}
	return b.State
}

// list shows the bulletins that are not over.
func (p *publisher) list(ctx context.Context) error {
	none := true
	for _, state := range []store.State{store.Pending, store.Scheduled, store.Sending, store.Paused} {
		bulletins, err := p.db.Bulletins(ctx, state)
		if err != nil {
			return err
		}
		for _, b := range bulletins {
			progress, err := p.bot.Progress(ctx, b)
			if err != nil {
				return err
			}
			none = false
			p.paragraph("", "", fmt.Sprintf("%s · %s · %s", p.styled(bold, strconv.FormatInt(b.ID, 10)), p.kind(b), p.title(b)))
			p.paragraph("    ", dim, p.standing(b, progress))
		}
	}
	if none {
		fmt.Fprintln(p.out, "Nothing waits to be published. A running bot finds what has changed in the content.")
	}
	return nil
}

func (p *publisher) title(b store.Bulletin) string {
	if r := p.library.Release(b.Release); r != nil {
		return r.Title
	}
	return b.Release
}

// kind says what a bulletin tells of.
func (p *publisher) kind(b store.Bulletin) string {
	switch n := len(b.Items); b.Kind {
	case store.NewRelease:
		return "new release"
	case store.NewAnswers:
		return count(n, "new answer")
	case store.Correction:
		return count(n, "correction")
	default:
		return count(n, "withdrawal")
	}
}

// standing says how far a bulletin has come.
func (p *publisher) standing(b store.Bulletin, progress bot.Progress) string {
	switch takes := bot.Takes(progress.Left).Round(time.Second); b.State {
	case store.Pending:
		return fmt.Sprintf("waits for a decision; %s, %s to send", count(progress.Left, "subscriber"), takes)
	case store.Scheduled:
		return fmt.Sprintf("goes out on %s; %s", b.Starts.In(p.settings.zone).Format("2006-01-02 at 15:04"), count(progress.Left, "subscriber"))
	default:
		text := fmt.Sprintf("%s, %d%%: sent %d, to go %d, waiting for their hour %d, failed %d",
			b.State, int(100*progress.Share(b.Sent)), b.Sent, progress.Left, progress.Waiting, progress.Failed())
		if b.State == store.Sending && progress.Left > 0 {
			text += fmt.Sprintf(", about %s left", takes)
		}
		return text
	}
}

func (p *publisher) preview(_ context.Context, b store.Bulletin) error {
	for _, lang := range p.library.Languages {
		if p.lang != "" && p.lang != lang {
			continue
		}
		screen := p.bot.Preview(b, lang)
		fmt.Fprintln(p.out, p.styled(dim, "--- "+lang))
		for line := range strings.Lines(telegram.Plain(screen.Text)) {
			p.paragraph("", "", line)
			if strings.TrimSpace(line) == "" {
				fmt.Fprintln(p.out)
			}
		}
		for _, row := range screen.Keyboard {
			texts := make([]string, len(row))
			for i, button := range row {
				texts[i] = "[" + button.Text + "]"
			}
			p.paragraph("  ", dim, strings.Join(texts, " "))
		}
	}
	return nil
}

func (p *publisher) sample(ctx context.Context, b store.Bulletin) error {
	if len(p.settings.admins) == 0 {
		return &failure{message: "ADMIN_IDS is not set, so there is nobody to send it to", hint: "deploy/.env.example explains it"}
	}
	if err := p.bot.Start(ctx); err != nil {
		return startFailure(ctx, err)
	}
	for _, admin := range p.settings.admins {
		if err := p.bot.Sample(ctx, b, admin, cmp.Or(p.lang, p.library.Languages[0])); err != nil {
			return fmt.Errorf("%d cannot be sent it: %w", admin, err)
		}
	}
	fmt.Fprintf(p.out, "Bulletin %d is sent to %s alone.\n", b.ID, count(len(p.settings.admins), "administrator"))
	return nil
}

func (p *publisher) send(ctx context.Context, b store.Bulletin) error {
	return p.done(p.db.Schedule(ctx, b.ID, p.now()), "Bulletin %d goes out as soon as the bot runs. \"releasebot publish watch %[1]d\" follows it.", b)
}

func (p *publisher) schedule(ctx context.Context, b store.Bulletin) error {
	at, err := nextTime(p.at, p.now().In(p.settings.zone))
	if err != nil {
		return err
	}
	when := at.Format("2006-01-02 at 15:04")
	return p.done(p.db.Schedule(ctx, b.ID, at), "Bulletin %d goes out on "+when+" ("+p.settings.zone.String()+").", b)
}

func (p *publisher) dismiss(ctx context.Context, b store.Bulletin) error {
	return p.done(p.db.Dismiss(ctx, b.ID, p.now()), "Bulletin %d counts as published, and nobody is told.", b)
}

func (p *publisher) pause(ctx context.Context, b store.Bulletin) error {
	return p.done(p.db.Pause(ctx, b.ID), "Bulletin %d is paused.", b)
}

func (p *publisher) resume(ctx context.Context, b store.Bulletin) error {
	return p.done(p.db.Resume(ctx, b.ID), "Bulletin %d goes on.", b)
}

func (p *publisher) cancel(ctx context.Context, b store.Bulletin) error {
	return p.done(p.db.Cancel(ctx, b.ID, p.now()), "Bulletin %d is cancelled.", b)
}

func (p *publisher) done(err error, says string, b store.Bulletin) error {
	if err == nil {
		fmt.Fprintf(p.out, says+"\n", b.ID)
	}
	return err
}

// nextTime reads a time of day, the next one, or a day and time.
func nextTime(text string, now time.Time) (time.Time, error) {
	if at, err := time.ParseInLocation("2006-01-02 15:04", text, now.Location()); err == nil {
		if at.Before(now) {
			return at, &failure{fmt.Sprintf("%s is over", text), `"releasebot publish send" publishes now`, exitUsage}
		}
		return at, nil
	}
	clock, err := time.Parse("15:04", text)
	if err != nil {
		return now, &failure{fmt.Sprintf("--at %q is no time", text), `write --at 9:00 for the next time it is nine, or --at "2026-03-02 9:00"`, exitUsage}
	}
	year, month, day := now.Date()
	at := time.Date(year, month, day, clock.Hour(), clock.Minute(), 0, 0, now.Location())
	if !at.After(now) {
		at = time.Date(year, month, day+1, clock.Hour(), clock.Minute(), 0, 0, now.Location())
	}
	return at, nil
}

// watchEvery is how often a watched bulletin is looked at.
const watchEvery = time.Second

// watch follows a bulletin to its end: with a bar on a terminal, else with a line for each change. It ends with Ctrl+C, and the bulletin goes on.
func (p *publisher) watch(ctx context.Context, b store.Bulletin) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	for last := ""; ; {
		progress, err := p.bot.Progress(ctx, b)
		if err != nil {
			return cmp.Or(ctx.Err(), err)
		}
		line := p.watched(b, progress)
		if line != last {
			p.redraw(line)
		}
		last = line
		if !b.Ended.IsZero() {
			return p.reportOn(progress)
		}
		select {
		case <-ctx.Done():
			fmt.Fprintln(p.out)
			return nil
		case <-time.After(watchEvery):
		}
		var ok bool
		if b, ok, err = p.db.Bulletin(ctx, b.ID); err != nil && ctx.Err() == nil || err == nil && !ok {
			return cmp.Or(err, error(&failure{message: "the bulletin is gone", hint: "its content has changed, and it has a new number now"}))
		}
	}
}

// watched is a bulletin's line.
func (p *publisher) watched(b store.Bulletin, progress bot.Progress) string {
	if !b.Ended.IsZero() {
		text := fmt.Sprintf("%s: sent %d, failed %d, copies corrected %d", b.State, b.Sent, progress.Failed(), b.Edited)
		if b.Missed > 0 {
			text += fmt.Sprintf(", copies that Telegram did not let correct %d", b.Missed)
		}
		return text
	}
	text := p.standing(b, progress)
	if b.Started.IsZero() || !p.tty {
		return text
	}
	const width = 20
	full := int(width * progress.Share(b.Sent))
	return p.styled(cyan, strings.Repeat("█", full)+strings.Repeat("░", width-full)) + " " + text
}

func (p *publisher) reportOn(progress bot.Progress) error {
	if p.tty {
		fmt.Fprintln(p.out)
	}
	for _, f := range progress.Failures {
		fmt.Fprintf(p.out, "  %d × %s\n", f.Count, f.Reason)
	}
	return nil
}
