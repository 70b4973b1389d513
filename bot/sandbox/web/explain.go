package web

import (
	"net/http"
	"strconv"
	"strings"

	"releasebot/bot/sandbox"
)

// Explanation is how a question was understood, for those who curate the content.
type Explanation struct {
	Question    string       `json:"question"`
	Read        string       `json:"read"` // the question as it was read
	How         string       `json:"how"`  // "as typed", "keyboard layout" or "transliteration"
	Lang        string       `json:"lang"` // "" if unsure
	Corrections []Correction `json:"corrections"`
	Kind        string       `json:"kind"` // "answer", "suggest", "gap" or "none"
	Confidence  float64      `json:"confidence"`
	Answer      float64      `json:"answer"`  // the confidence from which on there is an answer
	Suggest     float64      `json:"suggest"` // the confidence from which on there are suggestions
	Ranking     []Ranked     `json:"ranking"` // best first
}

// Correction is a word that was taken for another.
type Correction struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Ranked is a pair or a gap, and how near it is to the question.
type Ranked struct {
	ID         string   `json:"id"`
	Question   string   `json:"question"`
	Gap        bool     `json:"gap"`
	File       string   `json:"file"`
	Line       int      `json:"line"`
	Confidence float64  `json:"confidence"`
	Why        []Reason `json:"why"` // the parts of the confidence, largest first
}

// Reason is a part of a score.
type Reason struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
}

// Content is the content that the bot answers from.
type Content struct {
	Folder   string    `json:"folder"` // "" for what is built in
	Pairs    int       `json:"pairs"`
	Gaps     int       `json:"gaps"`
	Releases int       `json:"releases"`
	Stale    bool      `json:"stale"`    // the files cannot be used, so the bot keeps to what they were
	Problems []Problem `json:"problems"` // of the files as they are now
	Checking bool      `json:"checking"` // the problems are still those of before
	Changes  []Change  `json:"changes"`  // that the last saving made
	Loaded   int       `json:"loaded"`   // how often it was loaded; tells browsers that there are new answers
}

// Problem is something wrong in a content file.
type Problem struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Warning bool   `json:"warning"`
	Message string `json:"message"`
	Hint    string `json:"hint"`
}

// Change is a pair that was changed.
type Change struct {
	Kind     string `json:"kind"` // "new", "changed" or "removed"
	Question string `json:"question"`
}

// explain answers with the explanation of a message; with nothing if it asks nothing.
func (p *Page) explain(w http.ResponseWriter, r *http.Request) {
	question := p.asked(r)
	if strings.TrimSpace(question) == "" || !p.options.Asks(question) {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	writeJSON(w, http.StatusOK, p.options.Explain(question))
}

func (p *Page) asked(r *http.Request) string {
	chat, _ := strconv.ParseInt(r.FormValue("chat"), 10, 64) // what is no number is no chat
	id, _ := strconv.Atoi(r.FormValue("message"))
	world := p.World()
	for _, c := range world.chats {
		if c.ID != chat {
			continue
		}
		m, _ := c.Message(id)
		to, _ := c.Message(m.ReplyTo)
		return question(m, to)
	}
	return ""
}

// question is what a message asks the bot: its text without the command or the mention, or with nothing else in it that
// of the message it replies to.
func question(m, to sandbox.Message) string {
	if m.FromBot || m.ViaBot {
		return ""
	}
	first, rest, _ := strings.Cut(strings.TrimSpace(m.Text), " ")
	command, bot, named := strings.Cut(first, "@")
	switch {
	case named && !strings.EqualFold(bot, BotUsername):
		return m.Text
	case command == "/ask", command == "":
		text := strings.TrimSpace(rest)
		if text == "" && to.FromBot {
			return ""
		}
		if text == "" {
			return to.Text
		}
		return text
	case strings.HasPrefix(first, "/"):
		return ""
	}
	return m.Text
}
