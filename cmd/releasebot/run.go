package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"releasebot/bot"
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
		if s.webhookURL != "" {
			return &failure{message: "WEBHOOK_URL is set, and updates by webhook are not built yet", hint: "leave it out: then releasebot fetches the updates"}
		}
		s.content = cmp.Or(*dir, s.content)
		ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
		defer stop()
		context.AfterFunc(ctx, stop) // a second signal ends the process at once
		return serve(ctx, s, s.logger(t.errs))
	}
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
	db, err := store.Open(ctx, s.database)
	if err != nil {
		return err
	}
	defer db.Close()
	client := telegram.New(telegram.Options{Token: s.token, URL: s.apiURL, Log: log})
	b := bot.New(bot.Options{Client: client, Store: db, Log: log, Admins: s.admins}, library)
	log.Info("starting", "content", library.Version(), "releases", len(library.Releases))

	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return answer(ctx, client, b, log) })
	group.Go(func() error { k.keep(ctx, b.SetLibrary, b.Tell); return nil })
	group.Go(func() error { tidy(ctx, b, log); return nil })
	if s.listen != "" {
		group.Go(func() error { return serveHTTP(ctx, s.listen, health(db.Ping, log)) })
	}
	err = group.Wait()
	log.Info("stopped")
	return err
}

// answer answers what people send, once Telegram has said who the bot is.
func answer(ctx context.Context, client *telegram.Client, b *bot.Bot, log *slog.Logger) error {
	if err := b.Start(ctx); err != nil {
		return startFailure(ctx, err)
	}
	log.Info("answering on Telegram")
	return client.Poll(ctx, telegram.PollOptions{}, b.Handle)
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
func tidy(ctx context.Context, b *bot.Bot, log *slog.Logger) {
	hour := time.NewTicker(time.Hour)
	defer hour.Stop()
	for {
		if err := b.Tidy(ctx); err != nil && ctx.Err() == nil {
			log.Error("what was kept long enough could not be erased", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-hour.C:
		}
	}
}
