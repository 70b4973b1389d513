package store

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// onEach runs a test on a new SQLite file and, where RELEASEBOT_TEST_POSTGRES
// holds the address of a server, on a new PostgreSQL schema.
func onEach(t *testing.T, test func(t *testing.T, s *Store)) {
	t.Run("sqlite", func(t *testing.T) {
		test(t, open(t, "sqlite:"+filepath.Join(t.TempDir(), "bot.db")))
	})
	t.Run("postgres", func(t *testing.T) { test(t, onPostgres(t)) })
}

func onPostgres(t testing.TB) *Store {
	t.Helper()
	return open(t, newDatabase(t))
}

func newDatabase(t testing.TB) (address string) {
	t.Helper()
	server := os.Getenv("RELEASEBOT_TEST_POSTGRES")
	if server == "" {
		t.Skip("RELEASEBOT_TEST_POSTGRES is not set, so nothing is tested on PostgreSQL")
	}
	return newSchema(t, server)
}

func open(t testing.TB, address string) *Store {
	t.Helper()
	s, err := Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func newSchema(t testing.TB, address string) string {
	t.Helper()
	server, err := connect(address)
	if err != nil {
		t.Fatal(err)
	}
	name := "test_" + strings.ToLower(strings.NewReplacer("/", "_", "-", "_").Replace(t.Name()))
	statements := []string{"drop schema if exists " + name + " cascade", "create schema " + name}
	for _, statement := range statements {
		if _, err := server.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		server.Exec("drop schema " + name + " cascade")
		server.Close()
	})
	separator := "?"
	if strings.Contains(address, "?") {
		separator = "&"
	}
	return address + separator + "search_path=" + name
}

func TestAChatHasDefaultsUntilItChooses(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		got := chat(t, s, 7)
		if want := (Chat{ID: 7, Commands: Everyone}); got != want {
			t.Fatalf("unknown chat: got %+v, want %+v", got, want)
		}
		want := Chat{ID: 7, Lang: "kk", Commands: Administrators, Brief: true, Alone: true}
		save(t, s, want)
		save(t, s, want)
		if got := chat(t, s, 7); got != want {
			t.Errorf("saved chat: got %+v, want %+v", got, want)
		}
	})
}

func TestForgettingErasesTheChatAndItsLedger(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		save(t, s, Chat{ID: 7, Lang: "ru", Commands: Everyone})
		save(t, s, Chat{ID: 8, Lang: "ru", Commands: Everyone})
		record(t, s, Sent{Chat: 7, Message: 1, Question: 2, Pair: "p", At: now})
		do(t, s.SaveCard(t.Context(), Card{Bulletin: 1, Chat: 7, Message: 2}))
		if err := s.ForgetChat(t.Context(), 7); err != nil {
			t.Fatal(err)
		}
		if got := chat(t, s, 7); got.Lang != "" {
			t.Errorf("chat 7 is remembered: %+v", got)
		}
		if got := chat(t, s, 8); got.Lang != "ru" {
			t.Errorf("chat 8 was forgotten too: %+v", got)
		}
		if _, ok := replyTo(t, s, 7, 2); ok {
			t.Error("the ledger still has chat 7")
		}
		if cards, err := s.Cards(t.Context()); err != nil || len(cards) > 0 {
			t.Errorf("cards are left: %v, %v", cards, err)
		}
	})
}

func TestAMigratedChatKeepsItsSettings(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		save(t, s, Chat{ID: -7, Lang: "kk", Commands: Administrators, Alone: true})
		record(t, s, Sent{Chat: -7, Message: 1, Question: 2, Pair: "p", At: now})
		for range 2 {
			if err := s.MoveChat(t.Context(), -7, -1007); err != nil {
				t.Fatal(err)
			}
		}
		if got, want := chat(t, s, -1007), (Chat{ID: -1007, Lang: "kk", Commands: Administrators, Alone: true}); got != want {
			t.Errorf("supergroup: got %+v, want %+v", got, want)
		}
		if got := chat(t, s, -7); got.Lang != "" {
			t.Errorf("the old group is remembered: %+v", got)
		}
		if _, ok := replyTo(t, s, -1007, 2); ok {
			t.Error("the ledger claims a message id of the old group for the supergroup")
		}
	})
}

func TestTheLedgerFindsRepliesAndRecentAnswers(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		first := Sent{Chat: 7, Message: 11, Thread: 3, Question: 10, Pair: "p", Revision: "r1", Lang: "en", At: now}
		record(t, s, first)
		record(t, s, Sent{Chat: 7, Message: 13, Thread: 3, Question: 12, Pair: "p", Revision: "r1", Lang: "en", At: now.Add(time.Minute)})

		if got, ok := replyTo(t, s, 7, 10); !ok || got != first {
			t.Errorf("reply to 10: got %+v, %v, want %+v", got, ok, first)
		}
		if _, ok := replyTo(t, s, 8, 10); ok {
			t.Error("a question of one chat finds the reply of another")
		}
		if got, ok := lastAnswer(t, s, 3, "r1", "en", now); !ok || got.Message != 11 {
			t.Errorf("recent answer: got %+v, %v, want message 11", got, ok)
		}
		if got, ok := lastAnswer(t, s, 3, "r1", "en", now.Add(time.Second)); !ok || got.Message != 13 {
			t.Errorf("answer since a second later: got %+v, %v, want message 13", got, ok)
		}
		if _, ok := lastAnswer(t, s, 4, "r1", "en", now); ok {
			t.Error("an answer in one topic counts in another")
		}
		if _, ok := lastAnswer(t, s, 3, "r1", "ru", now); ok {
			t.Error("an answer in one language counts for another")
		}
		if _, ok := lastAnswer(t, s, 3, "r2", "en", now); ok {
			t.Error("an answer counts although its pair was corrected since")
		}
	})
}

func TestRecordingAgainReplacesWhatAMessageCarries(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		record(t, s, Sent{Chat: 7, Message: 11, Question: 10, At: now})
		record(t, s, Sent{Chat: 7, Message: 11, Pair: "p", Revision: "r", Lang: "ru", At: now.Add(time.Hour)})
		want := Sent{Chat: 7, Message: 11, Question: 10, Pair: "p", Revision: "r", Lang: "ru", At: now.Add(time.Hour)}
		if got, ok := replyTo(t, s, 7, 10); !ok || got != want {
			t.Errorf("got %+v, %v, want %+v", got, ok, want)
		}
	})
}

// A database from before a message had parts keeps its ledger.
func TestALedgerOfMessagesBecomesOneOfParts(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		for _, statement := range []string{
			`delete from migrations where name = '007_ledger.sql'`,
			`alter table bulletins drop column missed`,
			`drop table ledger`,
			`create table ledger (chat bigint not null, message bigint not null, inline text not null default '', thread bigint not null default 0,
			question bigint not null default 0, pair text not null default '', revision text not null default '', lang text not null default '',
			sent bigint not null, primary key (chat, message, inline))`,
			`insert into ledger values (7, 11, '', 3, 10, 'p', 'r1', 'kk', 1800000000)`,
		} {
			if _, err := s.db.Exec(statement); err != nil {
				t.Fatal(err)
			}
		}
		do(t, s.migrate(t.Context()))
		want := Sent{Chat: 7, Message: 11, Thread: 3, Question: 10, Pair: "p", Revision: "r1", Lang: "kk", At: now}
		if got, ok := replyTo(t, s, 7, 10); !ok || got != want {
			t.Errorf("got %+v, %v, want %+v", got, ok, want)
		}
	})
}

func TestPruningEndsOldRowsOnly(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		record(t, s, Sent{Chat: 7, Message: 1, Question: 1, At: now.Add(-time.Hour)})
		record(t, s, Sent{Chat: 7, Message: 2, Question: 2, At: now})
		if n, err := s.Prune(t.Context(), now); err != nil || n != 1 {
			t.Fatalf("pruned %d, %v, want 1", n, err)
		}
		if _, ok := replyTo(t, s, 7, 2); !ok {
			t.Error("a row that is not old was pruned")
		}
	})
}

func TestWhatWasSavedIsThereAfterOpeningAgain(t *testing.T) {
	address := "sqlite:" + filepath.Join(t.TempDir(), "a folder?#", "..", "bot 100%.db")
	os.Mkdir(filepath.Dir(strings.TrimPrefix(address, "sqlite:")), 0o700)
	s := open(t, address)
	save(t, s, Chat{ID: 7, Lang: "kk", Commands: Everyone})
	s.Close()
	if got := chat(t, open(t, address), 7); got.Lang != "kk" {
		t.Errorf("after opening again: %+v", got)
	}
}

func TestABackupIsADatabaseOfItsOwn(t *testing.T) {
	s := open(t, "sqlite:"+filepath.Join(t.TempDir(), "bot.db"))
	save(t, s, Chat{ID: 7, Lang: "kk", Commands: Everyone})
	file := filepath.Join(t.TempDir(), "copy.db")
	do(t, s.Backup(t.Context(), file))
	save(t, s, Chat{ID: 7, Lang: "ru", Commands: Everyone})
	if got := chat(t, open(t, "sqlite:"+file), 7); got.Lang != "kk" {
		t.Errorf("the copy has %+v, want what was there when it was made", got)
	}
	if s.Backup(t.Context(), file) == nil {
		t.Error("a backup was written over another")
	}
}

func TestReplicasMayOpenANewDatabaseAtOnce(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { openAtOnce(t, "sqlite:"+filepath.Join(t.TempDir(), "bot.db")) })
	t.Run("postgres", func(t *testing.T) { openAtOnce(t, newDatabase(t)) })
}

func openAtOnce(t *testing.T, address string) {
	const replicas = 8
	errs := make(chan error)
	for range replicas {
		go func() {
			s, err := Open(context.Background(), address)
			if err == nil {
				s.Close()
			}
			errs <- err
		}()
	}
	for range replicas {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}

func TestABadAddressSaysWhatWouldBeRight(t *testing.T) {
	for _, address := range []string{"", "sqlite:", "bot.db", "mysql://localhost/x"} {
		_, err := Open(t.Context(), address)
		if err == nil || !strings.Contains(err.Error(), "sqlite:FILE") {
			t.Errorf("Open(%q) = %v, want an error that names the two kinds of address", address, err)
		}
	}
}

func TestTheDatabasePasswordIsInNoError(t *testing.T) {
	_, err := Open(t.Context(), "postgres://bot:hunter2@127.0.0.1:1/none?connect_timeout=1")
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("got %v, want an error without the password", err)
	}
}

var now = time.Unix(1_800_000_000, 0)

func chat(t *testing.T, s *Store, id int64) Chat {
	t.Helper()
	c, err := s.Chat(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func save(t *testing.T, s *Store, c Chat) {
	t.Helper()
	if err := s.SaveChat(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

func record(t *testing.T, s *Store, sent Sent) {
	t.Helper()
	if err := s.Record(t.Context(), sent); err != nil {
		t.Fatal(err)
	}
}

func replyTo(t *testing.T, s *Store, chat int64, question int) (Sent, bool) {
	t.Helper()
	sent, ok, err := s.ReplyTo(t.Context(), chat, question)
	if err != nil {
		t.Fatal(err)
	}
	return sent, ok
}

func lastAnswer(t *testing.T, s *Store, thread int, revision, lang string, since time.Time) (Sent, bool) {
	t.Helper()
	sent, ok, err := s.LastAnswer(t.Context(), 7, thread, "p", revision, lang, since)
	if err != nil {
		t.Fatal(err)
	}
	return sent, ok
}
