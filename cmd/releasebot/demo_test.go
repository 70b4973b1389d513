package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"releasebot/bot/sandbox/web"
)

// demoPatience is how long the tests wait for the demo, on a machine that is busy with other things.
const demoPatience = time.Minute

// output is what a command has printed so far.
type output struct {
	t    *testing.T
	text chan string
}

func (o output) Write(p []byte) (int, error) {
	o.text <- string(p)
	return len(p), nil
}

// demonstrated runs the demo on the files until the test ends, and returns the page's address.
func demonstrated(t *testing.T, files *folder) string {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	out := output{t, make(chan string, 1)}
	d := &demo{source: source{files, "office"}, watched: true, log: slog.New(slog.DiscardHandler)}
	ended := make(chan error, 1)
	go func() { ended <- d.serve(ctx, newTerminal(nil, out, io.Discard), "127.0.0.1:0", false) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	select {
	case line := <-out.text:
		if !strings.Contains(line, "for this computer alone") {
			t.Errorf("printed %q", line)
		}
		return regexp.MustCompile(`http://[^, ]+`).FindString(line)
	case err := <-ended:
		ended <- nil
		t.Fatal(err)
	case <-time.After(demoPatience):
		t.Fatal("the demo does not start")
	}
	return ""
}

// demoState is a part of what the page knows.
type demoState struct {
	People  []struct{ ID int64 }
	Content web.Content
}

func demoGet(t *testing.T, address string, result any) {
	t.Helper()
	response, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(result); err != nil {
		t.Fatal(err)
	}
}

// awaitContent waits until the page shows content of which ok is true.
func awaitContent(t *testing.T, address string, ok func(web.Content) bool) web.Content {
	t.Helper()
	var state demoState
	for end := time.Now().Add(demoPatience); time.Now().Before(end); {
		demoGet(t, address+"/state", &state)
		if ok(state.Content) {
			return state.Content
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("the page still shows %+v", state.Content)
	return web.Content{}
}

func TestTheDemoAnswersAndShowsWhatIsSaved(t *testing.T) {
	files := office(t)
	address := demonstrated(t, files)

	var state demoState
	demoGet(t, address+"/state", &state)
	john := state.People[2].ID
	body := fmt.Sprintf(`{"do":"say","as":%d,"chat":%[1]d,"text":"When does the bridge open?"}`, john)
	response, err := http.Post(address+"/act", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	var said struct{ Message int }
	if err := json.NewDecoder(response.Body).Decode(&said); err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	awaitAnswer(t, address, "The new bridge over the river opens on Sunday at noon.")

	var e web.Explanation
	demoGet(t, fmt.Sprintf("%s/explain?chat=%d&message=%d", address, john, said.Message), &e)
	if e.Kind != "answer" || len(e.Ranking) == 0 || e.Ranking[0].Line == 0 || !strings.HasPrefix(e.Ranking[0].File, "office/") {
		t.Errorf("explained as %+v", e)
	}

	for path := range files.files {
		if strings.HasSuffix(path, "pairs.yaml") {
			saved := files.read(path)
			files.write(path, "- broken")
			c := awaitContent(t, address, func(c web.Content) bool { return c.Stale })
			if len(c.Problems) == 0 || !strings.HasPrefix(c.Problems[0].File, "office/") {
				t.Errorf("the problems are %+v", c.Problems)
			}
			files.write(path, saved)
			awaitContent(t, address, func(c web.Content) bool { return !c.Stale })
			files.write(path, strings.ReplaceAll(saved, "On Sunday at noon.", "On Sunday at noon sharp."))
			awaitAnswer(t, address, "Waits for your decision.") // the press officer's
		}
	}
}

// awaitAnswer waits until a text has been said on the page.
func awaitAnswer(t *testing.T, address, text string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), demoPatience)
	defer cancel()
	var state struct{ World int64 }
	demoGet(t, address+"/state", &state)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("%s/events?since=%d-0", address, state.World), nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var heard bytes.Buffer
	for part := make([]byte, 4096); !strings.Contains(heard.String(), text); {
		n, err := response.Body.Read(part)
		heard.Write(part[:n])
		if err != nil {
			t.Fatalf("%q was not said: %v", text, err)
		}
	}
}

func TestListenTakesAPortThatIsFree(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, err = listen(taken.Addr().String())
	if f, ok := err.(*failure); !ok || !strings.Contains(f.message, "is taken") || f.hint == "" {
		t.Errorf("listening where another program does: %v", err)
	}
	for _, wrong := range []string{"8080", "localhost", ""} {
		if f, ok := errorOf(listen(wrong)).(*failure); !ok || f.code != exitUsage {
			t.Errorf("listen(%q) is not a mistake of usage", wrong)
		}
	}
}

func errorOf(_ net.Listener, err error) error { return err }

func TestWhereSaysWhoCanSeeThePage(t *testing.T) {
	for _, test := range []struct {
		wanted, ip string
		port       int
		want       string
	}{
		{"localhost:8080", "127.0.0.1", 8080, "http://localhost:8080, for this computer alone"},
		{"localhost:8080", "127.0.0.1", 8082, "http://localhost:8082 (port 8080 is taken), for this computer alone"},
		{"localhost:0", "::1", 4321, "http://localhost:4321, for this computer alone"},
		{":8080", "::", 8080, "http://localhost:8080 for everyone who can reach this computer"},
		{"192.168.1.7:80", "192.168.1.7", 80, "http://192.168.1.7:80 for everyone"},
	} {
		if got := where(test.wanted, &net.TCPAddr{IP: net.ParseIP(test.ip), Port: test.port}); !strings.Contains(got, test.want) {
			t.Errorf("where(%s, %s) = %q, want %q in it", test.wanted, test.ip, got, test.want)
		}
	}
}
