package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"

	"releasebot/bot/store"
)

func backupCommand(*flag.FlagSet) action {
	return func(ctx context.Context, t *terminal, args []string) error {
		if len(args) != 1 {
			return &failure{"backup wants the name of one new file", moreHelp("backup"), exitUsage}
		}
		s, err := presentSettings()
		if err != nil {
			return err
		}
		if _, isFile := s.databaseFile(); !isFile {
			return &failure{message: "DATABASE_URL is a PostgreSQL database", hint: "back it up with pg_dump; deploy/README.md shows how"}
		}
		if _, err := os.Stat(args[0]); err == nil {
			return &failure{message: fmt.Sprintf("%s is there already", args[0]), hint: "name a new file: a backup is written over nothing"}
		}
		db, err := openDatabase(ctx, s)
		if err != nil {
			return err
		}
		defer db.Close()
		if err := backup(ctx, db, args[0]); err != nil {
			return fmt.Errorf("backup: %w", err)
		}
		fmt.Fprintf(t.out, "The database is copied to %s.\n", args[0])
		return nil
	}
}

// backup gives the file its name once it is whole, so that nobody takes half of one for a backup.
func backup(ctx context.Context, db *store.Store, name string) error {
	partial := name + ".partial"
	if err := os.Remove(partial); err != nil && !errors.Is(err, fs.ErrNotExist) { // what a backup that was killed has left
		return err
	}
	if err := db.Backup(ctx, partial); err != nil {
		os.Remove(partial)
		return err
	}
	return os.Rename(partial, name)
}

// presentSettings are those of the bot that runs here.
func presentSettings() (settings, error) {
	env, err := environment()
	if err != nil {
		return settings{}, err
	}
	return readSettings(env)
}

// openDatabase opens the bot's database for a command beside it. It makes none where there is none.
func openDatabase(ctx context.Context, s settings) (*store.Store, error) {
	if file, isFile := s.databaseFile(); isFile {
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			return nil, &failure{message: fmt.Sprintf("there is no database %s", file), hint: `"releasebot run" makes it; run this in the same folder, with the same DATABASE_URL`}
		}
	}
	return store.Open(ctx, s.database)
}
