package main

import (
	"crypto/rand"
	"database/sql"
	"errors"
	"flag"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"releasebot/bot/sandbox"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "write the output that the scripts compare with")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"releasebot": main})
}

// postgresServer is the address of a PostgreSQL server for tests.
const postgresServer = "RELEASEBOT_TEST_POSTGRES"

// TestScripts runs testdata/*.txtar. Each script has the folder office: a small press office's content, and commands of its own: telegram, postgres
// and await.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       *update,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"telegram": startTelegram, "postgres": makeDatabase, "await": awaitFile,
		},
		Condition: func(name string) (bool, error) { return name == "postgres" && os.Getenv(postgresServer) != "", nil },
		Setup: func(env *testscript.Env) error {
			return os.CopyFS(filepath.Join(env.WorkDir, "office"), os.DirFS("testdata/office"))
		},
	})
}

// startTelegram is `telegram [no-inline] [no-groups] [sees-all] [revoked] [late] [webhook=URL]`: a Telegram for the script, with the bot's switches so, and
// settings for it. The file polled appears once a bot fetches updates there.
func startTelegram(ts *testscript.TestScript, _ bool, args []string) {
	has := func(word string) bool { return slices.Contains(args, word) }
	telegram := sandbox.New(sandbox.Options{NoInline: has("no-inline"), NoGroups: has("no-groups"), SeesAll: has("sees-all")})
	polled := ts.MkAbs("polled")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/getUpdates") {
			os.WriteFile(polled, nil, 0o600)
		}
		if has("late") {
			w.Header().Set("Date", time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat))
		}
		telegram.ServeHTTP(w, r)
	}))
	ts.Defer(server.Close)
	for _, word := range args {
		if address, found := strings.CutPrefix(word, "webhook="); found {
			response, err := http.PostForm(server.URL+"/bot"+telegram.Token()+"/setWebhook", url.Values{"url": {address}})
			ts.Check(err)
			response.Body.Close()
		}
	}
	telegram.Revoke(has("revoked"))
	ts.Setenv("TELEGRAM_API_URL", server.URL)
	ts.Setenv("TELEGRAM_BOT_TOKEN", telegram.Token())
}

// makeDatabase is `postgres`: DATABASE_URL names a new PostgreSQL database, where the condition postgres holds.
func makeDatabase(ts *testscript.TestScript, _ bool, _ []string) {
	address, drop, err := newSchema()
	ts.Check(err)
	ts.Defer(drop)
	ts.Setenv("DATABASE_URL", address)
}

// newSchema makes a schema on the server for tests, which stands for a database.
func newSchema() (address string, drop func(), err error) {
	server := os.Getenv(postgresServer)
	db, err := sql.Open("pgx", server)
	if err != nil {
		return "", nil, err
	}
	schema := strings.ToLower("test_" + rand.Text())
	if _, err := db.Exec("create schema " + schema); err != nil {
		return "", nil, errors.Join(err, db.Close())
	}
	separator := "?"
	if strings.Contains(server, "?") {
		separator = "&"
	}
	return server + separator + "search_path=" + schema, func() {
		db.Exec("drop schema " + schema + " cascade")
		db.Close()
	}, nil
}

// awaitFile is `await FILE`: it waits until the file is there.
func awaitFile(ts *testscript.TestScript, _ bool, args []string) {
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if _, err := os.Stat(ts.MkAbs(args[0])); err == nil {
			return
		}
	}
	ts.Fatalf("%s does not appear", args[0])
}
