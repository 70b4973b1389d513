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
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"releasebot/answers"
	"releasebot/bot"
	"releasebot/bot/delivery"
	"releasebot/bot/sandbox/web"
	"releasebot/bot/store"
	"releasebot/bot/telegram"

	"golang.org/x/sync/errgroup"
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
	d.page = web.New(web.Options{Hosts: hostsOf(listener.Addr()), Start: d.start, Asks: bot.Asks, Explain: d.explain, Examples: d.examples})
	defer d.page.Close()
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
	group.Go(func() error {
		seen := fingerprint(d.source.files)
		if err := d.begin(); err != nil {
			return err
		}
		d.watch(ctx, seen)
		return nil
	})
	group.Go(func() error { <-ctx.Done(); return server.Close() })
	return group.Wait()
}

// begin loads the content, while browsers load the page, and begins the world.
func (d *demo) begin() error {
	d.loaded = time.Now()
	library, err := d.load(d.loaded)
	if err != nil {
		return err
	}
	d.library.Store(library)
	d.show(library, nil)
	return d.page.Begin()
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
	limiter := delivery.NewLimiter(delivery.Telegram)
	client := telegram.New(telegram.Options{Token: w.Telegram.Token(), HTTP: w.Telegram.Transport(), Log: d.log, Observe: limiter.Observe})
	b := bot.New(bot.Options{Client: client, Store: db, Log: d.log, Admins: []int64{w.Officer}, Now: w.Clock.Now}, d.library.Load())
	var work sync.WaitGroup
	stop := func() {
		cancel()
		work.Wait()
		db.Close()
		os.RemoveAll(dir)
	}
	if err := b.Start(ctx); err != nil {
		stop()
		return nil, err
	}
	d.bot.Store(b)
	go present(ctx, b, d.log)
	work.Go(func() {
		deliver(ctx, b, delivery.Options{Client: client, Store: db, Limiter: limiter, Log: d.log, Now: w.Clock.Now})
	})
	work.Go(func() {
		if err := client.Poll(ctx, telegram.PollOptions{}, b.Handle); err != nil && ctx.Err() == nil {
			d.log.Error("the bot has stopped", "error", err)
		}
	})
	return stop, nil
}

// openBrowser opens an address in the browser, where there is one: the line with the address has been printed.
func openBrowser(address string) {
	opener := map[string][]string{"darwin": {"open"}, "windows": {"rundll32", "url.dll,FileProtocolHandler"}}[runtime.GOOS]
	if opener == nil {
		opener = []string{"xdg-open"}
	}
	_ = exec.Command(opener[0], append(opener[1:], address)...).Start()
}
