package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"

	"releasebot/bot"
	"releasebot/bot/delivery"
	"releasebot/bot/store"
	"releasebot/bot/telegram"

	"golang.org/x/sync/errgroup"
)

func runCommand(flags *flag.FlagSet) action {
	dir := contentFlag(flags)
	return func(ctx context.Context, t *terminal, _ []string) error {
		env, err := environment()
		if err != nil {
			return err
		}
		s, err := readSettings(env)
		if err != nil {
			return err
		}
		s.content = cmp.Or(*dir, s.content)
		ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
		defer stop()
		context.AfterFunc(ctx, stop) // a second signal ends the process at once
		return serve(ctx, s, s.logger(t.errs))
	}
}

// service is the bot at work, with what it works with.
type service struct {
	settings settings
	log      *slog.Logger
	client   *telegram.Client
	db       *store.Store
	bot      *bot.Bot
	limiter  *delivery.Limiter
	metrics  *metrics
	pulse    pulse
	leading  atomic.Bool
	learnt   atomic.Bool    // the content's index has, so that nobody waits for it
	mux      *http.ServeMux // what is served at LISTEN_ADDR

	certificate *certificate // of what is served; nil where TLS is somebody else's
}

// serve answers on Telegram until ctx ends; what it is about by then it finishes.
func serve(ctx context.Context, s settings, log *slog.Logger) error {
	src, err := sourceAt(s.content)
	if err != nil {
		return err
	}
	k := &keeper{source: src, watched: s.content != "", log: log}
	library, err := k.load()
	if err != nil {
		return err
	}
	own, err := s.certificate(log)
	if err != nil {
		return err
	}
	db, err := store.Open(ctx, s.database)
	if err != nil {
		return startFailure(ctx, err)
	}
	defer db.Close()

	v := &service{settings: s, log: log, db: db, certificate: own, limiter: delivery.NewLimiter(delivery.Telegram), metrics: newMetrics()}
	v.client = telegram.New(telegram.Options{Token: s.token, URL: s.apiURL, Log: log, Observe: v.observe})
	v.bot = bot.New(bot.Options{Client: v.client, Store: db, Log: log, Admins: s.admins, Zone: s.zone, Observe: v.metrics.reply}, library)
	v.metrics.watch(v.client)
	v.use(library)
	v.mux = operatorPages(v.ready, v.metrics.page())
	log.Info("starting", "content", library.Version(), "releases", len(library.Releases))

	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return v.answer(ctx) })
	group.Go(func() error { k.keep(ctx, v.use, v.tell); return nil })
	group.Go(func() error { v.patrol(ctx); return nil })
	if s.listen != "" {
		group.Go(func() error { return serveHTTP(ctx, s.listen, own, v.mux, log) })
	}
	err = group.Wait()
	log.Info("stopped")
	return err
}

// answer answers what people send, once Telegram has said who the bot is, and does this replica's part of what is done for all.
func (v *service) answer(ctx context.Context) error {
	if err := v.bot.Start(ctx); err != nil {
		return startFailure(ctx, err)
	}
	go present(ctx, v.bot, v.log)
	handle := v.metrics.handled(v.bot.Handle)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		return newLeader(v.db, v.log, v.led).lead(ctx, func(ctx context.Context, held store.Lease) error { return v.lead(ctx, held, handle) })
	})
	switch {
	case v.settings.webhookURL != "":
		group.Go(func() error { return v.receive(ctx, handle) })
	case !v.shared():
		group.Go(func() error { return v.fetch(ctx, handle) })
	default:
		v.pulse.beat()
	}
	return group.Wait()
}

// lead does what one replica alone may do, under its lease. Telegram lets but one fetch updates.
func (v *service) lead(ctx context.Context, held store.Lease, handle handler) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		deliver(ctx, v.bot, delivery.Options{Client: v.client, Store: v.db, Limiter: v.limiter, Lease: held, Log: v.log})
		return nil
	})
	group.Go(func() error { v.tidy(ctx); return nil })
	if v.settings.webhookURL == "" && v.shared() {
		group.Go(func() error { return v.fetch(ctx, v.onceLeading(held, handle)) })
	}
	return group.Wait()
}

// shared tells whether other replicas may work on the database. An SQLite file has one process, and that fetches updates without waiting for a lease,
// also after a crash, and without a note of each in the database. Should there be a second one by mistake, the lease still keeps it from sending
// bulletins.
func (v *service) shared() bool {
	_, isFile := v.settings.databaseFile()
	return !isFile
}

// led hears which replica leads, and notes whether this one does what one alone may do, such as telling administrators of trouble.
func (v *service) led(lease store.Lease, leads bool) {
	v.metrics.epoch.Set(float64(lease.Epoch))
	v.metrics.leading.Set(oneIf(leads))
	v.leading.Store(leads)
}

// tell tells the administrators, once for all replicas.
func (v *service) tell(ctx context.Context, text string) {
	if v.leading.Load() {
		v.bot.Tell(ctx, text)
	}
}

// present sets the bot's menus and profile while it already answers. Telegram may ask to wait for hours before a name changes; then the
// next start tries again.
func present(ctx context.Context, b *bot.Bot, log *slog.Logger) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	if err := b.Present(ctx); err != nil && !errors.Is(err, context.Canceled) {
		log.Warn("the menus or the profile could not be set", "error", err)
	}
}

// startFailure says what to do about a bot that cannot start; one that was told to stop before it had started has not failed.
func startFailure(ctx context.Context, err error) error {
	var refused *telegram.Error
	switch {
	case ctx.Err() != nil:
		return nil
	case errors.As(err, &refused):
		return &failure{message: err.Error(), hint: "look at " + tokenName + " and TELEGRAM_API_URL; @BotFather shows the token"}
	}
	return err
}

// tidy has the bot erase what it has kept long enough: now, and once an hour.
func (v *service) tidy(ctx context.Context) {
	tidy := func() {
		if err := v.bot.Tidy(ctx); err != nil && ctx.Err() == nil {
			v.log.Error("what was kept long enough could not be erased", "error", err)
		}
	}
	tidy()
	every(ctx, time.Hour, tidy)
}

// every calls f each time d has passed, until ctx ends.
func every(ctx context.Context, d time.Duration, f func()) {
	tick := time.NewTicker(d)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			f()
		}
	}
}
