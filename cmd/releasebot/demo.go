package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"sync/atomic"
	"syscall"
	"time"

	"releasebot/answers"
	"releasebot/bot"
	"releasebot/bot/sandbox/web"
	"releasebot/bot/store"
	"releasebot/bot/telegram"

	"golang.org/x/sync/errgroup"
)

// Where the demo is served. If that is taken and nobody asked for it, one of the ports that follow does as well.
const (
	demoAddr  = "localhost:8080"
	demoPorts = 10
)

func demoCommand(flags *flag.FlagSet) action {
	dir := contentFlag(flags)
	addr := flags.String("addr", demoAddr, "serve the page at `HOST:PORT`; without a host, for other computers too")
	open := flags.Bool("open", false, "open the page in the browser")
	return func(ctx context.Context, t *terminal, _ []string) error {
		env, err := environment()
		if err != nil {
			return err
		}
		folder := cmp.Or(*dir, env("CONTENT_DIR"))
		src, err := sourceAt(folder)
		if err != nil {
			return err
		}
		ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
		defer stop()
		d := &demo{source: src, watched: folder != "", log: slog.New(slog.NewTextHandler(t.errs, &slog.HandlerOptions{Level: slog.LevelWarn}))}
		return d.serve(ctx, t, *addr, *open)
	}
}

// demo is the bot on a Telegram of its own, with its page.
type demo struct {
	source  source
	watched bool // the files can change
	log     *slog.Logger

	page    *web.Page
	bot     atomic.Pointer[bot.Bot]
	library atomic.Pointer[answers.Library]
	content web.Content
	loaded  time.Time // in the world's time
}

func (d *demo) serve(ctx context.Context, t *terminal, addr string, open bool) error {
	listener, err := listen(addr)
	if err != nil {
		return err
	}
	defer listener.Close()
	d.loaded = time.Now()
	library, err := d.load(d.loaded)
	if err != nil {
		return err
	}
	d.library.Store(library)
	d.page, err = web.New(web.Options{Hosts: hostsOf(listener.Addr()), Start: d.start, Explain: d.explain, Examples: d.examples})
	if err != nil {
		return err
	}
	defer d.page.Close()
	d.show(library, nil)
	fmt.Fprintln(t.out, where(addr, listener.Addr()))
	t.out.Flush()
	if open {
		openBrowser("http://" + pageHost(listener.Addr()))
	}

	server := &http.Server{Handler: d.page, ReadHeaderTimeout: 10 * time.Second}
	group, ctx := errgroup.WithContext(ctx)
	server.BaseContext = func(net.Listener) context.Context { return ctx } // ends the streams of events
	group.Go(func() error {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	group.Go(func() error { d.watch(ctx); return nil })
	group.Go(func() error { <-ctx.Done(); return server.Close() })
	return group.Wait()
}

// start starts the bot of a new world, with a database that goes away with it.
func (d *demo) start(w *web.World) (func(), error) {
	dir, err := os.MkdirTemp("", "releasebot-demo-")
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	db, err := store.Open(ctx, "sqlite:"+filepath.Join(dir, "demo.db"))
	if err != nil {
		cancel()
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	client := telegram.New(telegram.Options{Token: w.Telegram.Token(), HTTP: w.Telegram.Transport(), Log: d.log})
	b := bot.New(bot.Options{Client: client, Store: db, Log: d.log, Admins: []int64{w.Officer}, Now: w.Clock.Now}, d.library.Load())
	ended := make(chan struct{})
	stop := func() {
		cancel()
		<-ended
		db.Close()
		os.RemoveAll(dir)
	}
	if err := b.Start(ctx); err != nil {
		close(ended)
		stop()
		return nil, err
	}
	d.bot.Store(b)
	go func() {
		defer close(ended)
		if err := client.Poll(ctx, telegram.PollOptions{}, b.Handle); err != nil && ctx.Err() == nil {
			d.log.Error("the bot has stopped", "error", err)
		}
	}()
	return stop, nil
}

func (d *demo) load(now time.Time) (*answers.Library, error) {
	library, err := answers.Load(d.source.files, now)
	var problems answers.Problems
	if errors.As(err, &problems) {
		return nil, d.source.locate(problems)
	}
	return library, err
}

// demoLookEvery is how often the files are looked at: whoever saves one sees at once what comes of it.
const demoLookEvery = 250 * time.Millisecond

// watch loads the content anew once a saved file has settled, and when the world's clock passes the end of an embargo or
// goes back with a new world.
func (d *demo) watch(ctx context.Context) {
	tick := time.NewTicker(demoLookEvery)
	defer tick.Stop()
	used := fingerprint(d.source.files)
	seen := used
	d.checkContent()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		before := seen
		if d.watched {
			seen = fingerprint(d.source.files)
		}
		if saved := seen != used; saved && seen == before || d.outdated() {
			used = seen
			d.reload()
		}
	}
}

func (d *demo) outdated() bool {
	now, expires := d.page.World().Clock.Now(), d.library.Load().Expires()
	return now.Before(d.loaded) || !expires.IsZero() && !now.Before(expires)
}

// reload uses the content as it is now, or keeps the old one and shows why.
func (d *demo) reload() {
	d.loaded = d.page.World().Clock.Now()
	library, err := d.load(d.loaded)
	var problems answers.Problems
	switch {
	case errors.As(err, &problems):
		d.content.Stale, d.content.Problems = true, viewProblems(problems)
		d.page.SetContent(d.content)
		return
	case err != nil:
		d.content.Stale, d.content.Problems = true, []web.Problem{{File: d.source.name, Message: err.Error()}}
		d.page.SetContent(d.content)
		return
	}
	old := d.library.Swap(library)
	d.bot.Load().SetLibrary(library)
	d.show(library, changes(old, library))
	d.checkContent()
}

// show shows the library that the bot answers from.
func (d *demo) show(library *answers.Library, changed []web.Change) {
	c := web.Content{Releases: len(library.Releases), Changes: changed, Loaded: d.content.Loaded + 1}
	if d.watched {
		c.Folder = d.source.name
	}
	for _, r := range library.Releases {
		c.Pairs += len(r.Pairs)
		c.Gaps += len(r.Gaps)
	}
	d.content = c
	d.page.SetContent(c)
}

// checkContent shows the warnings, which take longer to find than the content takes to load.
func (d *demo) checkContent() {
	if !d.watched {
		return
	}
	_, problems := answers.Check(d.source.files)
	d.content.Problems = viewProblems(d.source.locate(problems))
	d.page.SetContent(d.content)
}

func viewProblems(problems answers.Problems) []web.Problem {
	views := make([]web.Problem, len(problems))
	for i, p := range problems {
		views[i] = web.Problem{File: p.File, Line: p.Line, Warning: p.Warning, Message: p.Message, Hint: p.Hint}
	}
	return views
}

// changes are the pairs in which two libraries differ, in the order of the files.
func changes(old, library *answers.Library) []web.Change {
	var changed []web.Change
	for _, p := range pairs(library) {
		switch before := old.Pair(p.ID); {
		case before == nil:
			changed = append(changed, web.Change{Kind: "new", Question: p.Question[library.Languages[0]]})
		case before.Revision != p.Revision:
			changed = append(changed, web.Change{Kind: "changed", Question: p.Question[library.Languages[0]]})
		}
	}
	for _, p := range pairs(old) {
		if library.Pair(p.ID) == nil {
			changed = append(changed, web.Change{Kind: "removed", Question: p.Question[old.Languages[0]]})
		}
	}
	return changed
}

func pairs(library *answers.Library) []*answers.Pair {
	var all []*answers.Pair
	for _, r := range library.Releases {
		all = append(all, r.Pairs...)
	}
	return all
}

// examples are the first questions of the first topics, in each language.
func (d *demo) examples() map[string][]string {
	const most = 3
	library := d.library.Load()
	examples := map[string][]string{}
	for _, topic := range library.Topics[:min(most, len(library.Topics))] {
		for _, lang := range library.Languages {
			if q := topic.Pairs[0].Question[lang]; q != "" {
				examples[lang] = append(examples[lang], q)
			}
		}
	}
	return examples
}

// explain asks the library as the bot does, and shows how it came to its answer.
func (d *demo) explain(question string) web.Explanation {
	library := d.library.Load()
	r := library.Ask(question, "")
	e := web.Explanation{
		Question: question, Read: r.Reading.Text, How: r.Reading.How, Lang: r.Reading.Lang, Corrections: []web.Correction{},
		Kind: string(r.Kind), Confidence: r.Confidence,
	}
	for _, c := range r.Reading.Corrections {
		e.Corrections = append(e.Corrections, web.Correction(c))
	}
	for _, ranked := range r.Ranking {
		e.Ranking = append(e.Ranking, d.ranked(library, ranked, cmp.Or(r.Lang, library.Languages[0])))
	}
	return e
}

func (d *demo) ranked(library *answers.Library, r answers.Ranked, lang string) web.Ranked {
	view := web.Ranked{ID: r.ID, Confidence: r.Confidence, Why: []web.Reason{}}
	for _, reason := range r.Why {
		view.Why = append(view.Why, web.Reason(reason))
	}
	var question answers.Text
	var at answers.Position
	if p := library.Pair(r.ID); p != nil {
		question, at = p.Question, p.Position
	} else if g := library.Gap(r.ID); g != nil {
		question, at, view.Gap = g.Question, g.Position, true
	}
	view.Question, _ = question.In(lang, library.Languages[0])
	view.File, view.Line = d.source.path(at.File), at.Line
	return view
}

// listen listens at addr. Where the demo's own port is taken it takes one of those that follow.
func listen(addr string) (net.Listener, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, &failure{fmt.Sprintf("--addr %s is not an address", addr), "want HOST:PORT or :PORT, such as " + demoAddr, exitUsage}
	}
	listener, err := net.Listen("tcp", addr)
	for next := 1; addr == demoAddr && errors.Is(err, syscall.EADDRINUSE) && next < demoPorts; next++ {
		number, _ := net.LookupPort("tcp", port) // the port of demoAddr is a number
		listener, err = net.Listen("tcp", net.JoinHostPort(host, fmt.Sprint(number+next)))
	}
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, &failure{fmt.Sprintf("%s is taken by another program", addr), "name another port, as in --addr localhost:9000", exitFailed}
	}
	if err != nil {
		return nil, &failure{err.Error(), "want HOST:PORT or :PORT, such as " + demoAddr, exitFailed}
	}
	return listener, nil
}

// where is the line that says where the page is and who can see it.
func where(wanted string, addr net.Addr) string {
	line := "The demo is at http://" + pageHost(addr)
	if tcp := addr.(*net.TCPAddr); !tcp.IP.IsLoopback() {
		return line + " for everyone who can reach this computer. Ctrl+C ends it."
	}
	_, want, _ := net.SplitHostPort(wanted)
	_, got, _ := net.SplitHostPort(addr.String())
	if want != got && want != "0" {
		line += " (port " + want + " is taken)"
	}
	return line + ", for this computer alone. Ctrl+C ends it."
}

// pageHost is what a browser on this computer names as the host.
func pageHost(addr net.Addr) string {
	tcp := addr.(*net.TCPAddr)
	if tcp.IP.IsLoopback() || tcp.IP.IsUnspecified() {
		return fmt.Sprintf("localhost:%d", tcp.Port)
	}
	return tcp.String()
}

// hostsOf are the hosts that requests to a loopback address name; none for other addresses.
func hostsOf(addr net.Addr) []string {
	tcp := addr.(*net.TCPAddr)
	if !tcp.IP.IsLoopback() {
		return nil
	}
	var hosts []string
	for _, name := range []string{"localhost", "127.0.0.1", "[::1]", "[" + tcp.IP.String() + "]", tcp.IP.String()} {
		hosts = append(hosts, fmt.Sprintf("%s:%d", name, tcp.Port))
		if tcp.Port == 80 {
			hosts = append(hosts, name)
		}
	}
	return slices.Compact(hosts)
}

// openBrowser opens an address in the browser, where there is one: the line with the address has been printed.
func openBrowser(address string) {
	opener := map[string][]string{"darwin": {"open"}, "windows": {"rundll32", "url.dll,FileProtocolHandler"}}[runtime.GOOS]
	if opener == nil {
		opener = []string{"xdg-open"}
	}
	_ = exec.Command(opener[0], append(opener[1:], address)...).Start()
}
