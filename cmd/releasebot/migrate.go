package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"

	"releasebot/bot/store"
)

const migrateHelp = `FILE is the SQLite database. DATABASE_URL names the PostgreSQL database, which must be new. Stop the bot first; FILE stays as it is.`

func migrateCommand(*flag.FlagSet) action {
	return func(ctx context.Context, t *terminal, args []string) error {
		if len(args) != 1 {
			return &failure{"migrate wants the file of one SQLite database", moreHelp("migrate"), exitUsage}
		}
		file, _ := store.SQLiteFile(args[0])
		s, err := presentSettings()
		if err != nil {
			return err
		}
		if _, isFile := s.databaseFile(); isFile {
			return &failure{message: "DATABASE_URL is not a PostgreSQL database", hint: "set it to the new database, as the bot is to use it: postgres://USER:PASSWORD@HOST/NAME"}
		}
		err = store.Transfer(ctx, file, s.database, func(table string, rows, of int64) {
			t.redraw(fmt.Sprintf("%-14s %d of %d", table, rows, of))
			if t.tty && rows == of {
				fmt.Fprintln(t.out)
			}
		})
		if err != nil {
			return migrateFailure(file, err)
		}
		fmt.Fprintf(t.out, "Everything is copied. Start the bot with this DATABASE_URL, and put %s away, so that no bot is started with it any more.\n", file)
		return nil
	}
}

// migrateFailure says what to do about a copy that was not made. Nothing of it is left.
func migrateFailure(file string, err error) error {
	var hint string
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &failure{message: "there is no database " + file, hint: "name the file of the DATABASE_URL that the bot has had until now"}
	case errors.Is(err, store.ErrInUse):
		hint = "stop the bot, so that nothing is written to the file while it is copied"
	case errors.Is(err, store.ErrVersion):
		hint = `run "releasebot run" of this version on the file once, then stop it`
	case errors.Is(err, store.ErrNotEmpty):
		hint = "make a new PostgreSQL database, and start no bot with it before this is done"
	}
	return &failure{message: file + " is not copied: " + err.Error(), hint: hint}
}
