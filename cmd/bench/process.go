package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	own "releasebot/bot/telegram"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// botVariable names, in the environment of this program, the bot that it is to be, and urlVariable its Telegram.
const (
	botVariable = "BENCH_BOT"
	urlVariable = "TELEGRAM_API_URL"
)

// bots that do the least: they send back what they read. They stand for what can be written with the library in an afternoon, and with bot/telegram.
var bots = map[string]func(url string) error{
	"library": inLine,
	"polling": polling,
	"idle":    idle,
}

func runBot(name string) {
	log.Fatal(bots[name](os.Getenv(urlVariable)))
}

// inLine is the loop of the library's README.
func inLine(url string) error {
	bot, err := tgbotapi.NewBotAPIWithAPIEndpoint(token, url+"/bot%s/%s")
	if err != nil {
		return err
	}
	u := tgbotapi.NewUpdate(0)
	u.Timeout = 60
	for update := range bot.GetUpdatesChan(u) {
		if update.Message == nil {
			continue
		}
		message := tgbotapi.NewMessage(update.Message.Chat.ID, update.Message.Text)
		message.ReplyToMessageID = update.Message.MessageID
		if _, err := bot.Send(message); err != nil {
			return err
		}
	}
	return errors.New("no more updates")
}

func polling(url string) error {
	client := newClient(url)
	return client.Poll(context.Background(), own.PollOptions{}, func(ctx context.Context, u own.Update) error {
		_, err := client.Send(ctx, own.Target{Chat: u.Message.Chat.ID, ReplyTo: u.Message.ID}, own.Screen{Text: u.Message.Text})
		return err
	})
}

// idle takes updates in, hands each to its chat's handler and confirms it. Nothing is sent.
func idle(url string) error {
	return newClient(url).Poll(context.Background(), own.PollOptions{}, func(context.Context, own.Update) error { return nil })
}

func newClient(url string) *own.Client {
	return own.New(own.Options{Token: token, URL: url, Log: slog.New(slog.DiscardHandler)})
}

// process is a bot at work.
type process struct {
	cmd     *exec.Cmd
	started time.Time
	printed bytes.Buffer
}

// build builds the releasebot of this repository into a folder, without C as it is shipped.
func build(dir string) (program string, err error) {
	program = filepath.Join(dir, "releasebot")
	cmd := exec.Command("go", "build", "-o", program, ".")
	cmd.Dir = "../releasebot" // built by its own module, with the versions that it is released with
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	cmd.Stderr = os.Stderr
	return program, cmd.Run()
}

// startBot starts one of bots, in a process of its own.
func startBot(name string, t *telegram) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return start(exec.Command(self), botVariable+"="+name, urlVariable+"="+t.URL)
}

// startReleasebot starts `releasebot run` with the shipped content and a database in a folder.
func startReleasebot(program, dir string, t *telegram) (*process, error) {
	cmd := exec.Command(program, "run")
	cmd.Dir = dir
	return start(cmd, urlVariable+"="+t.URL, "TELEGRAM_BOT_TOKEN="+token, "DATABASE_URL=sqlite:"+filepath.Join(dir, "bot.db"))
}

func start(cmd *exec.Cmd, env ...string) (*process, error) {
	p := &process{cmd: cmd, started: time.Now()}
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = &p.printed, &p.printed
	return p, cmd.Start()
}

// stop ends the process, and fails if it has ended before.
func (p *process) stop() error {
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		p.cmd.Wait()
		return fmt.Errorf("%s: %w\n%s", p.cmd.Path, err, &p.printed)
	}
	p.cmd.Wait()
	return nil
}

// mebibytes reads a size from Linux' account of the process: VmRSS is what it has in memory, VmHWM the most that it ever had.
func (p *process) mebibytes(name string) (float64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, name+":"); ok {
			kilobytes, err := strconv.Atoi(strings.Fields(value)[0])
			return float64(kilobytes) / 1024, err
		}
	}
	return 0, fmt.Errorf("%s: no %s", p.cmd.Path, name)
}
