package main

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"releasebot/answers"
	"releasebot/bot/sandbox"
	"releasebot/bot/store"
)

// desk is a terminal beside a bot's database.
type desk struct {
	t  *testing.T
	db *store.Store
}

// newDesk has a database in which a correction, a new answer and a withdrawal wait for a decision.
func newDesk(t *testing.T) desk {
	t.Helper()
	address := "sqlite:" + filepath.Join(t.TempDir(), "bot.db")
	t.Setenv(tokenName, "1:secret")
	t.Setenv("DATABASE_URL", address)
	t.Setenv("CONTENT_DIR", "testdata/office")
	t.Setenv("COLUMNS", "88")
	db, err := store.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	lib, err := answers.Load(os.DirFS("testdata/office"), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	release := lib.Releases[0].ID
	item := func(pair, revision, content string) store.Item {
		return store.Item{Release: release, Pair: pair, Topic: "bridge", Revision: revision, Content: content}
	}
	was, is := item("bridge-when", "1", `{"q":{"en":"When?"},"a":{"en":"On Monday."}}`), item("bridge-when", "2", `{"q":{"en":"When?"},"a":{"en":"On Sunday."}}`)
	old := item("bridge-cost", "1", `{"q":{"en":"What does it cost?"},"a":{"en":"Nothing."}}`)
	head := store.Item{Release: release}
	if err := db.Settle(t.Context(), []store.Item{head, was, old}); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Propose(t.Context(), []store.Item{head, is, item("bridge-wide", "1", "")}, time.Now()); err != nil {
		t.Fatal(err)
	}
	return desk{t, db}
}

// run runs releasebot publish and returns what it prints, with the exit code behind it unless that is 0.
func (d desk) run(args ...string) string {
	d.t.Helper()
	var out bytes.Buffer
	if code := run(d.t.Context(), append([]string{"publish"}, args...), strings.NewReader(""), &out, &out); code != 0 {
		out.WriteString("exit " + string(rune('0'+code)))
	}
	return out.String()
}

// says runs releasebot publish and wants all of the words in what it prints.
func (d desk) says(args string, words ...string) {
	d.t.Helper()
	got := d.run(strings.Fields(args)...)
	for _, word := range words {
		if !strings.Contains(got, word) {
			d.t.Errorf("releasebot publish %s prints\n%s\nwithout %q", args, got, word)
		}
	}
}

func TestPublishDecidesOnBulletins(t *testing.T) {
	d := newDesk(t)
	if err := d.db.Subscribe(t.Context(), store.Subscription{Chat: 7, Releases: true, Answers: true, Corrections: true}, time.Now()); err != nil {
		t.Fatal(err)
	}
	d.says("", "1 correction · The new bridge opens on Sunday", "waits for a decision; 1 subscriber", "1 new answer", "1 withdrawal")
	pending, err := d.db.Bulletins(t.Context(), store.Pending)
	if err != nil || len(pending) != 3 {
		t.Fatal(pending, err)
	}
	numbers := map[store.Kind]string{}
	for _, b := range pending {
		numbers[b.Kind] = string(rune('0' + b.ID))
	}
	correction, added, withdrawn := numbers[store.Correction], numbers[store.NewAnswers], numbers[store.Withdrawal]
	d.says("preview "+correction, "--- en", "It said: On Monday.", "It says now: On Sunday.", "--- ru", "Исправление", "[Unsubscribe]")
	d.says("preview --lang ru "+withdrawn, "What does it cost?", "отозвала")
	d.says("schedule "+correction+" --at tomorrow", "no time", "exit 2")
	d.says("schedule "+correction+" --at 9:00", "goes out on", "Asia/Almaty")
	d.says("send "+correction, "is scheduled, so that cannot be done", "exit 1")
	d.says("cancel "+correction, "is cancelled")
	d.says("dismiss "+withdrawn, "nobody is told")
	d.says("watch "+withdrawn, "dismissed: sent 0")
	d.says("send "+added, "goes out as soon as the bot runs")
	d.says("", "goes out on")
	d.says("pause "+added, "is scheduled, so that cannot be done", "exit 1")
}

func TestPublishSaysWhatWouldBeRight(t *testing.T) {
	d := newDesk(t)
	d.says("sned 1", `did you mean "releasebot publish send 1"?`, "exit 2")
	d.says("send", "wants an action and the number", "exit 2")
	d.says("send one", `"one" is not the number of a bulletin`, "exit 2")
	d.says("send 99", "there is no bulletin 99", "exit 1")
	d.says("preview 1 --lang kk", "unknown language", "exit 2")
	d.says("sample 1", "ADMIN_IDS is not set", "exit 1")
	t.Setenv("DATABASE_URL", "sqlite:"+filepath.Join(t.TempDir(), "none.db"))
	d.says("", "there is no database", "exit 1")
}

func TestNextTime(t *testing.T) {
	almaty, err := time.LoadLocation("Asia/Almaty")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 2, 15, 0, 0, 0, almaty)
	for text, want := range map[string]string{
		"9:00": "2026-03-03 09:00", "15:01": "2026-03-02 15:01", "15:00": "2026-03-03 15:00", "2026-03-05 08:30": "2026-03-05 08:30",
		"2026-03-01 08:30": "", "nine": "", "": "", "25:00": "",
	} {
		at, err := nextTime(text, now)
		if got := at.Format("2006-01-02 15:04"); err == nil && got != want || (err != nil) != (want == "") {
			t.Errorf("%q: %s, %v, want %q", text, got, err, want)
		}
	}
}

// The bot finds what has changed in the content, the terminal publishes it, and the bot delivers.
func TestPublishBesideARunningBot(t *testing.T) {
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS("testdata/office")); err != nil {
		t.Fatal(err)
	}
	telegram := sandbox.New(sandbox.Options{})
	database := "sqlite:" + filepath.Join(t.TempDir(), "bot.db")
	aliya := telegram.Person("Aliya", "en")
	chat := aliya.Start("")
	stop, ended := served(t, telegram, slog.New(slog.DiscardHandler), func(s *settings) {
		s.database, s.content, s.admins = database, folder, []int64{aliya.ID}
	})
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	next := func(want string) {
		t.Helper()
		for {
			m, err := chat.Next(ctx)
			if err != nil {
				t.Fatalf("%q does not come: %v", want, err)
			}
			if strings.Contains(m.Text, want) {
				return
			}
		}
	}
	next("Ask me")
	aliya.Say(chat, "/subscribe")
	next("This chat is subscribed")
	file := filepath.Join(folder, "releases", "2020-05-04-bridge", "pairs.yaml")
	pairs, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, bytes.ReplaceAll(pairs, []byte("On Sunday at noon."), []byte("On Sunday at noon sharp.")), 0o600); err != nil {
		t.Fatal(err)
	}
	next("Waits for your decision")

	t.Setenv(tokenName, telegram.Token())
	t.Setenv("DATABASE_URL", database)
	t.Setenv("CONTENT_DIR", folder)
	d := desk{t: t}
	number := strings.Fields(d.run())[0]
	d.says("send "+number, "goes out as soon as the bot runs")
	d.says("watch "+number, "done: sent 1, failed 0, copies corrected 0")
	next("It says now: On Sunday at noon sharp.")
	stop()
	if err := ended(); err != nil {
		t.Error(err)
	}
}

func TestBackupBesideARunningBot(t *testing.T) {
	d := newDesk(t)
	file := filepath.Join(t.TempDir(), "copy.db")
	partial := file + ".partial"
	if err := os.WriteFile(partial, []byte("half of a backup that was killed"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if code := run(t.Context(), []string{"backup", file}, strings.NewReader(""), &out, &out); code != exitOK {
		t.Fatalf("exit %d: %s", code, &out)
	}
	if _, err := os.Stat(partial); err == nil {
		t.Error("a partial file is left")
	}
	if code := run(t.Context(), []string{"backup", file}, strings.NewReader(""), &out, &out); code != exitFailed || !strings.Contains(out.String(), "is there already") {
		t.Errorf("over another file: exit %d: %s", code, &out)
	}
	t.Setenv("DATABASE_URL", "sqlite:"+file)
	d.says("", "1 correction")
	t.Setenv("DATABASE_URL", "postgres://localhost/releasebot")
	if code := run(t.Context(), []string{"backup", file + "2"}, strings.NewReader(""), &out, &out); code != exitFailed || !strings.Contains(out.String(), "pg_dump") {
		t.Errorf("of PostgreSQL: exit %d: %s", code, &out)
	}
}
