package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"releasebot/answers"
	"releasebot/content"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

const (
	writers  = 20_000 // people who write at once, in turn: so nobody writes more often than the bot answers one person
	warmUp   = 2 * time.Second
	measured = 5 * time.Second
	far      = 50 * time.Millisecond // between the bot and Telegram, there and back
)

// candidate is a bot that answers updates.
type candidate struct {
	name  string
	start func(dir string, t *telegram) (*process, error)
}

func candidates(o options) []candidate {
	return []candidate{
		{"the library's loop, one handler at a time", func(_ string, t *telegram) (*process, error) { return startBot("library", t) }},
		{"our polling, the same handler", func(_ string, t *telegram) (*process, error) { return startBot("polling", t) }},
		{"**releasebot**, a question answered and noted", func(dir string, t *telegram) (*process, error) { return startReleasebot(o.program, dir, t) }},
	}
}

// updates measures how many updates a second are taken in, answered and confirmed.
func updates(out, progress io.Writer, o options) error {
	people, err := askers()
	if err != nil {
		return err
	}
	decoded := decodes(people)
	taken := candidate{"our polling, updates taken in and confirmed, none answered", func(_ string, t *telegram) (*process, error) { return startBot("idle", t) }}
	rows := [][]string{{"updates a second, two cores", "loopback", "of the bare decode", "50 ms away", "to the library's loop"}}
	var inLine float64
	for _, c := range append(candidates(o), taken) {
		fmt.Fprintln(progress, "updates:", c.name)
		near, err := rate(c, 0, people)
		if err != nil {
			return err
		}
		distant, err := rate(c, far, people)
		if err != nil {
			return err
		}
		if inLine == 0 {
			inLine = distant
		}
		rows = append(rows, []string{
			c.name, fmt.Sprintf("%.0f", near), fmt.Sprintf("%.0f %%", 100*near/decoded), fmt.Sprintf("%.0f", distant), fmt.Sprintf("%.0f ×", distant/inLine),
		})
	}
	rows = append(rows, []string{"`json.Unmarshal` of the same updates, nothing else", fmt.Sprintf("%.0f", decoded), "", "", ""})
	fmt.Fprint(out, table(rows))
	return nil
}

// rate is how many updates a bot confirms in a second.
func rate(c candidate, latency time.Duration, p people) (float64, error) {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	t, err := openTelegram(latency, p)
	if err != nil {
		return 0, err
	}
	defer t.Close()
	bot, err := c.start(dir, t)
	if err != nil {
		return 0, err
	}
	<-t.polled
	t.speak()
	time.Sleep(warmUp)
	before, began := t.oldest.Load(), time.Now()
	time.Sleep(measured)
	confirmed, took := t.oldest.Load()-before, time.Since(began)
	return float64(confirmed) / took.Seconds(), bot.stop()
}

// askers are people who ask the shipped content's questions, in turn and each in a chat of their own.
func askers() (people, error) {
	library, err := answers.Load(content.Files, time.Now())
	if err != nil {
		return nil, err
	}
	var tails [][]byte
	for _, release := range library.Releases {
		for _, pair := range release.Pairs {
			for _, lang := range library.Languages {
				question, _ := pair.Question.In(lang, library.Languages[0])
				tail, err := message(question)
				if err != nil {
					return nil, err
				}
				tails = append(tails, tail)
			}
		}
	}
	return func(id int) []byte {
		chat := 5_000_000_000 + id%writers
		head := fmt.Appendf(nil, `,"message":{"message_id":%d,"from":{"id":%d,"is_bot":false,"first_name":"Aliya","username":"aliya_%[2]d",`+
			`"language_code":"en"},"chat":{"id":%[2]d,"first_name":"Aliya","username":"aliya_%[2]d","type":"private"},`, id, chat)
		return append(head, tails[id%len(tails)]...)
	}, nil
}

// message is the end of an update with a message.
func message(text string) ([]byte, error) {
	quoted, err := json.Marshal(text)
	return fmt.Appendf(nil, `"date":1536710400,"text":%s}}`, quoted), err
}

// decodes is how many updates a second the library's types can be filled with, on one core.
func decodes(p people) float64 {
	hundred := batch(1, 101, p)
	start, n := time.Now(), 0
	for ; time.Since(start) < measured; n += 100 {
		var response tgbotapi.APIResponse
		var updates []tgbotapi.Update
		if json.Unmarshal(hundred, &response) != nil || json.Unmarshal(response.Result, &updates) != nil {
			panic("what this program writes can be read")
		}
	}
	return float64(n) / time.Since(start).Seconds()
}
