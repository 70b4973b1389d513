package main

import (
	"os"
	"strings"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	if bot := os.Getenv(botVariable); bot != "" {
		runBot(bot)
		return
	}
	os.Exit(m.Run())
}

// A bot that does not answer has no speed.
func TestEveryBotAnswers(t *testing.T) {
	program, err := build(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	people, err := askers()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range candidates(options{program: program}) {
		t.Run(c.name, func(t *testing.T) {
			telegram, err := openTelegram(time.Millisecond, people)
			if err != nil {
				t.Fatal(err)
			}
			defer telegram.Close()
			bot, err := c.start(t.TempDir(), telegram)
			if err != nil {
				t.Fatal(err)
			}
			telegram.speak()
			for end := time.Now().Add(2 * time.Minute); telegram.sent.Load() < 250 && time.Now().Before(end); {
				time.Sleep(10 * time.Millisecond)
			}
			if err := bot.stop(); err != nil || telegram.sent.Load() < 250 {
				t.Errorf("%d answers, %v; it printed:\n%s", telegram.sent.Load(), err, &bot.printed)
			}
		})
	}
}

func TestFigures(t *testing.T) {
	got := figures([]byte("goos: linux\nBenchmarkSend/sqlite-2 \t 5000\t 789 ns/op\t 1267 messages/s\t 3 MB\nPASS\n"))
	if len(got) != 1 || strings.Join(got[0], "; ") != "Send/sqlite-2; 1267 messages/s, 3 MB" {
		t.Errorf("figures %q", got)
	}
}
