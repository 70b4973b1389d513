package main

import (
	"bytes"
	"context"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"releasebot/answers"
	"releasebot/bot/sandbox"
	"releasebot/content"
)

// process is the real program, `releasebot run`, which is killed and started again.
type process struct {
	t   *testing.T
	env []string
	out printed
	cmd *exec.Cmd
}

// startProcess starts one with the settings that it needs at least, and others.
func startProcess(t *testing.T, telegram *sandbox.Server, server *httptest.Server, database string, others ...string) *process {
	t.Helper()
	p := &process{t: t, env: append(others,
		"TELEGRAM_BOT_TOKEN="+telegram.Token(), "TELEGRAM_API_URL="+server.URL, "DATABASE_URL="+database,
	)}
	p.start()
	t.Cleanup(func() {
		p.kill()
		if strings.Contains(p.out.String(), telegram.Token()) {
			t.Error("the token is shown")
		}
		if t.Failed() {
			t.Log(p.out.String())
		}
	})
	return p
}

func (p *process) start() {
	p.t.Helper()
	self, err := os.Executable()
	if err != nil {
		p.t.Fatal(err)
	}
	p.cmd = exec.Command(self, "run")
	p.cmd.Args[0] = "releasebot" // the name under which the test binary is the program itself
	p.cmd.Env = append(os.Environ(), p.env...)
	p.cmd.Dir = p.t.TempDir()
	p.cmd.Stdout, p.cmd.Stderr = &p.out, &p.out
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
}

func (p *process) kill() {
	p.cmd.Process.Kill()
	p.cmd.Wait()
}

// stop ends the process as systemd and Kubernetes do, and waits until it has.
func (p *process) stop() {
	p.t.Helper()
	p.cmd.Process.Signal(syscall.SIGTERM)
	if err := p.cmd.Wait(); err != nil {
		p.t.Errorf("the end of a process: %v", err)
	}
}

// postgres is the address of a new schema where RELEASEBOT_TEST_POSTGRES has that of a server.
func postgres(t *testing.T) string {
	t.Helper()
	if os.Getenv(postgresServer) == "" {
		t.Skip("RELEASEBOT_TEST_POSTGRES is not set, so replicas are not tested on PostgreSQL")
	}
	address, drop, err := newSchema()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(drop)
	return address
}

// printed is what a process writes; it may be read meanwhile.
type printed struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *printed) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(b)
}

func (o *printed) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// The whole program, killed at random moments while Telegram fails in its many ways, loses no question and shows the token nowhere.
func TestAKilledProcessLosesNoQuestion(t *testing.T) {
	if testing.Short() {
		t.Skip("kills and restarts the program for half a minute")
	}
	library, err := answers.Load(content.Files, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	telegram := sandbox.New(sandbox.Options{})
	server := httptest.NewServer(telegram)
	t.Cleanup(server.Close)
	p := startProcess(t, telegram, server, "sqlite:"+filepath.Join(t.TempDir(), "bot.db"))

	random := rand.New(rand.NewPCG(1, 2))
	faults := []sandbox.Fault{
		{Kind: sandbox.Flood, RetryAfter: 1, Method: "sendMessage", Times: 1},
		{Kind: sandbox.ServerError, Times: 2},
		{Kind: sandbox.Cut, Method: "sendMessage", Times: 1},
		{Kind: sandbox.Garbage, Method: "sendMessage", Times: 1},
		{Kind: sandbox.Cut, Method: "getUpdates", Times: 1},
		{Kind: sandbox.Garbage, Method: "getUpdates", Times: 1},
		{Kind: sandbox.Hang, Method: "sendMessage", Times: 1},
	}
	asked := map[string]*sandbox.Chat{}
	for i, pair := range library.Releases[0].Pairs {
		lang := library.Languages[i%len(library.Languages)]
		person := telegram.Person("Reader", lang)
		chat := telegram.Private(person)
		person.Say(chat, pair.Question[lang])
		asked[pair.Question[lang]] = chat
		if i%6 == 0 {
			telegram.PushMalformed()
			telegram.Inject(faults[i/6%len(faults)])
		}
		if i%10 == 9 {
			time.Sleep(time.Duration(random.IntN(1500)) * time.Millisecond)
			p.kill()
			p.start()
		}
	}
	for question, chat := range asked {
		ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
		if _, err := chat.Next(ctx); err != nil {
			t.Errorf("%q is never answered", question)
		}
		cancel()
		if said := chat.FromBot(); len(said) > 0 && !strings.Contains(said[0].Text, question) {
			t.Errorf("%q is answered with %q", question, said[0].Text)
		}
	}
}
