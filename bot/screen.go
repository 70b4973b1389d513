package bot

import (
	"html"
	"strconv"
	"strings"

	"releasebot/answers"
	"releasebot/bot/telegram"
)

// view makes screens in one language, about one library.
type view struct {
	voice
	lib      *answers.Library
	username string // the bot's, for links to it
	group    bool   // in a group, where buttons serve everyone and send nothing new
	brief    bool   // answers are the quote and its link only
	alone    bool   // who asked alone sees it, and can post it for everyone
}

func escape(s string) string { return html.EscapeString(s) }

func bold(s string) string { return "<b>" + escape(s) + "</b>" }

func link(url, text string) string {
	return `<a href="` + escape(url) + `">` + escape(text) + `</a>`
}

// longQuote is the length in characters from which a quote is folded: more
// than about eight lines on a phone hide the buttons below it.
const longQuote = 350

func blockquote(s string) string {
	if len([]rune(s)) > longQuote {
		return "<blockquote expandable>" + escape(s) + "</blockquote>"
	}
	return "<blockquote>" + escape(s) + "</blockquote>"
}

// maxLabel keeps a button's text to what a phone shows of it.
const maxLabel = 60

func label(s string) string {
	return cut(strings.Join(strings.Fields(s), " "), maxLabel)
}

// paragraphs joins a message's parts, leaving out empty ones.
func paragraphs(parts ...string) string {
	var kept []string
	for _, part := range parts {
		if part != "" {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, "\n\n")
}

// in is a content text in the view's language, or in the library's fall-back.
func (v view) in(t answers.Text) string {
	text, _ := t.In(v.lang, v.lib.Languages[0])
	return text
}

// deepLink opens the private chat with a payload; "" where the payload cannot be one.
func (v view) deepLink(kind, id string) string {
	payload := kind + "_" + id
	if len(payload) > 64 || strings.ContainsFunc(payload, notInPayload) {
		return ""
	}
	return "https://t.me/" + v.username + "?start=" + payload
}

// notInPayload tells the characters that Telegram does not allow in a deep link's payload.
func notInPayload(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-')
}

// pairButtons are a row for each pair, with the pair's question.
func (v view) pairButtons(pairs []*answers.Pair, dataOf func(i int) string) [][]telegram.Button {
	var rows [][]telegram.Button
	for i, p := range pairs {
		rows = append(rows, row(telegram.Button{Text: label(v.in(p.Question)), Data: dataOf(i)}))
	}
	return rows
}

func row(buttons ...telegram.Button) []telegram.Button { return buttons }

func number(n int) string { return strconv.Itoa(n) }
