package main

import (
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

// TestScripts runs testdata/*.txtar. Each script has the folder office: a small press office's content, and a command of its own: telegram.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       *update,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"telegram": startTelegram},
		Setup: func(env *testscript.Env) error {
			return os.CopyFS(filepath.Join(env.WorkDir, "office"), os.DirFS("testdata/office"))
		},
	})
}

// startTelegram is `telegram [no-inline] [no-groups] [sees-all] [revoked] [late] [webhook=URL]`: a Telegram for the script, with the bot's switches so, and
// settings for it.
func startTelegram(ts *testscript.TestScript, _ bool, args []string) {
	has := func(word string) bool { return slices.Contains(args, word) }
	telegram := sandbox.New(sandbox.Options{NoInline: has("no-inline"), NoGroups: has("no-groups"), SeesAll: has("sees-all")})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
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
