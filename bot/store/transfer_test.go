package store

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// lived is a file in which every table has rows, and a number of subscriptions has been skipped.
func lived(t *testing.T) (file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "bot.db")
	s := open(t, "sqlite:"+file)
	save(t, s, Chat{ID: -1007, Lang: "kk", Commands: Administrators, Brief: true})
	for i := range 3 {
		do(t, s.Subscribe(t.Context(), Subscription{Chat: int64(i + 1), Lang: "ru", Topics: []string{"a", "b"}, Corrections: true, Digest: true, Hour: 9, Zone: "Asia/Almaty"}, now))
	}
	do(t, s.Unsubscribe(t.Context(), 2, 0))
	release, pair := Item{Release: "r"}, Item{Release: "r", Pair: "p", Topic: "a", Revision: "1", Content: "Қазақстан"}
	do(t, s.Settle(t.Context(), []Item{release, pair}))
	pair.Revision = "2"
	proposed, err := s.Propose(t.Context(), []Item{release, pair}, now)
	do(t, err)
	do(t, s.Schedule(t.Context(), proposed[0].ID, now))
	do(t, s.Start(t.Context(), proposed[0].ID, now))
	sending, err := s.Bulletins(t.Context(), Sending)
	do(t, err)
	do(t, s.Claim(t.Context(), sending[0], 10, now))
	do(t, s.GiveUp(t.Context(), Owed{Subscription: Subscription{Seq: 1}, Bulletins: []int64{sending[0].ID}, Reason: "blocked"}))
	do(t, s.SaveCard(t.Context(), Card{Bulletin: sending[0].ID, Chat: 7, Message: 8, Lang: "en"}))
	do(t, s.Once(t.Context(), 99, now, func() error { return nil }))
	_, err = s.db.Exec(`
		with recursive n(i) as (select 1 union all select i + 1 from n where i < 10001)
		insert into ledger (chat, message, question, pair, revision, lang, sent) select 7, i, i, 'p', '1', 'en', 1 from n`)
	do(t, err)
	do(t, s.Close())
	return file
}

// edit changes a file behind the store's back.
func edit(t *testing.T, file, statement string) {
	t.Helper()
	db, err := openSQLite(file, usual)
	do(t, err)
	defer db.Close()
	_, err = db.ExecContext(t.Context(), statement)
	do(t, err)
}

// dump is every row of every table.
func dump(t *testing.T, s *Store, tables []string) (rows []string) {
	t.Helper()
	for _, table := range tables {
		found, err := s.db.QueryContext(t.Context(), "select * from "+table)
		if err != nil {
			t.Fatal(err)
		}
		source, err := newRowsOf(found, func(int64) {})
		do(t, err)
		for found.Next() {
			values, err := source.Values()
			do(t, err)
			rows = append(rows, table+fmt.Sprint(source.columns, values))
		}
		do(t, found.Err())
		found.Close()
	}
	slices.Sort(rows)
	return rows
}

func TestTransferCopiesEveryRowOfEveryTable(t *testing.T) {
	file, address := lived(t), newDatabase(t)
	var told []string
	do(t, Transfer(t.Context(), file, address, func(table string, rows, of int64) {
		told = append(told, fmt.Sprintf("%s %d/%d", table, rows, of))
	}))
	for _, want := range []string{"ledger 10000/10001", "ledger 10001/10001", "subscriptions 2/2", "owed 2/2", "lease 1/1"} {
		if !slices.Contains(told, want) {
			t.Errorf("told %q, not %q", told, want)
		}
	}

	from, to := open(t, "sqlite:"+file), open(t, address)
	tables, err := query(t.Context(), to.db, func(name *string) []any { return []any{name} },
		`select tablename from pg_tables where schemaname = current_schema()`)
	do(t, err)
	want, got := dump(t, from, tables), dump(t, to, tables)
	if !slices.Equal(got, want) {
		t.Errorf("%d rows in PostgreSQL, %d in the file, and they are not the same", len(got), len(want))
	}
	for _, table := range tables {
		if !slices.ContainsFunc(want, func(row string) bool { return strings.HasPrefix(row, table+"[") }) {
			t.Errorf("%s has no rows, so that nothing is shown of it", table)
		}
	}

	// The next subscription gets a number that none has had.
	do(t, to.Subscribe(t.Context(), Subscription{Chat: 4}, now))
	if subs, err := to.Subscriptions(t.Context(), 4); err != nil || subs[0].Seq != 5 {
		t.Errorf("the next number: %+v, %v", subs, err)
	}
}

func TestTransferRefusesWhatCouldLoseSomething(t *testing.T) {
	quiet := func(string, int64, int64) {}
	file, address := lived(t), newDatabase(t)

	bot := open(t, "sqlite:"+file)
	if err := Transfer(t.Context(), file, address, quiet); !errors.Is(err, ErrInUse) {
		t.Errorf("a file that a bot has open: %v", err)
	}
	do(t, bot.Close())

	old := filepath.Join(t.TempDir(), "old.db")
	do(t, open(t, "sqlite:"+old).Close())
	edit(t, old, `delete from migrations where name like '005%'`)
	if err := Transfer(t.Context(), old, address, quiet); !errors.Is(err, ErrVersion) || !strings.Contains(err.Error(), "005_lease.sql") {
		t.Errorf("an older file: %v", err)
	}
	edit(t, old, `insert into migrations (name) values ('005_lease.sql'), ('999_later.sql')`)
	if err := Transfer(t.Context(), old, address, quiet); !errors.Is(err, ErrVersion) || !strings.Contains(err.Error(), "999_later.sql") {
		t.Errorf("a newer file: %v", err)
	}

	if err := Transfer(t.Context(), "none.db", address, quiet); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}

	// PostgreSQL takes no zero byte, which stands here for whatever goes wrong at the last moment.
	edit(t, file, `update lease set holder = 'a' || char(0)`)
	if err := Transfer(t.Context(), file, address, quiet); err == nil || !strings.HasPrefix(err.Error(), "lease: ") {
		t.Errorf("a row that cannot be copied: %v", err)
	}
	edit(t, file, `update lease set holder = ''`)

	// After all this the database is as new.
	do(t, Transfer(t.Context(), file, address, quiet))
	if err := Transfer(t.Context(), file, address, quiet); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("a database that is filled: %v", err)
	}
}
