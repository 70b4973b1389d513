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
	p := &process{t: t, env: []string{
		"TELEGRAM_BOT_TOKEN=" + telegram.Token(), "TELEGRAM_API_URL=" + server.URL,
		"DATABASE_URL=sqlite:" + filepath.Join(t.TempDir(), "bot.db"),
	}}
	p.start()
	t.Cleanup(func() { p.kill() })

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
	if strings.Contains(p.out.String(), telegram.Token()) {
		t.Errorf("the token is shown:\n%s", &p.out)
	}
	if t.Failed() {
		t.Log(p.out.String())
	}
}
