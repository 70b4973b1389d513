package telegram

import (
	"strconv"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// What Telegram takes at most.
const (
	MaxText    = 4096 // code points of a message after parsing, see Length
	MaxData    = 64   // bytes of a button's data
	MaxCopy    = 256  // characters of a button's text to copy
	MaxResults = 50   // results of an inline query
)

// Screen is what a message shows.
type Screen struct {
	Text       string     // HTML, everything in it escaped
	Keyboard   [][]Button // rows of buttons; empty rows are left out
	ForceReply string     // opens the reply box of the person answered, with this placeholder; Send alone, and only without a keyboard
}

// Button is one button of a screen. Exactly one of Data, URL, Copy and Inline is set.
type Button struct {
	Text   string
	Data   string // comes back as a Callback
	URL    string // opens
	Copy   string // goes to the clipboard
	Inline string // is typed after the bot's name in a chat the person picks
}

// Target is where a message goes.
type Target struct {
	Chat    int64
	Thread  int // forum topic, 0 for none
	ReplyTo int // message to answer, 0 for none; sent without if it is gone
	// Only is the one member of a group who sees it, 0 for everyone. Telegram takes that from a bot that is an
	// administrator there, does not promise delivery, and shows it for a while only.
	Only int64
}

// Ref is a message that exists: Chat and Message, or Inline for one sent in inline mode.
type Ref struct {
	Chat    int64
	Message int
	Inline  string
	Only    int64 // who alone sees it, 0 for everyone; Message then counts among those
}

// InlineAnswer is the answer to an inline query.
type InlineAnswer struct {
	Results  []InlineResult
	Cache    time.Duration // how long Telegram may give the same answer, in whole seconds; 0 is not at all
	Personal bool          // cached for this person alone
	Next     string        // the Offset of the query for more, "" if this is all
	Button   string        // a button above the results that opens the private chat, "" for none
	Start    string        // its /start payload: 1-64 of A-Za-z0-9_-
}

// InlineResult is one result, and the message it becomes.
type InlineResult struct {
	ID          string // 1-64 bytes, unique in an answer
	Title       string
	Description string
	Screen      Screen
}

func textParams(s Screen) tgbotapi.Params {
	return tgbotapi.Params{
		"text":                 s.Text,
		"parse_mode":           tgbotapi.ModeHTML,
		"link_preview_options": encode(noPreview),
	}
}

func (t Target) write(p tgbotapi.Params) {
	p["chat_id"] = number(t.Chat)
	p.AddNonZero("message_thread_id", t.Thread)
}

func (r Ref) write(p tgbotapi.Params) {
	if r.Inline != "" {
		p["inline_message_id"] = r.Inline
		return
	}
	p["chat_id"] = number(r.Chat)
	if r.Only != 0 {
		p["receiver_user_id"], p["ephemeral_message_id"] = number(r.Only), strconv.Itoa(r.Message)
		return
	}
	p["message_id"] = strconv.Itoa(r.Message)
}

// markup is the reply_markup of a new message, "" for none.
func (s Screen) markup() string {
	if keyboard := s.keyboard(); keyboard != nil {
		return encode(keyboard)
	}
	if s.ForceReply == "" {
		return ""
	}
	return encode(tgbotapi.ForceReply{ForceReply: true, InputFieldPlaceholder: s.ForceReply, Selective: true})
}

// keyboard is nil where there are no buttons: Telegram refuses an empty one.
func (s Screen) keyboard() *keyboard {
	var k keyboard
	for _, buttons := range s.Keyboard {
		var row []button
		for _, b := range buttons {
			row = append(row, b.wire())
		}
		if row != nil {
			k.Rows = append(k.Rows, row)
		}
	}
	if k.Rows == nil {
		return nil
	}
	return &k
}

// What follows is the JSON of parameters, the library's types where they have all that is needed.

type keyboard struct {
	Rows [][]button `json:"inline_keyboard"`
}

type button struct {
	tgbotapi.InlineKeyboardButton
	Copy *copyText `json:"copy_text,omitempty"`
}

type copyText struct {
	Text string `json:"text"`
}

func (b Button) wire() button {
	w := button{InlineKeyboardButton: tgbotapi.InlineKeyboardButton{Text: b.Text}}
	switch {
	case b.Data != "":
		w.CallbackData = &b.Data
	case b.URL != "":
		w.URL = &b.URL
	case b.Copy != "":
		w.Copy = &copyText{b.Copy}
	case b.Inline != "":
		w.SwitchInlineQuery = &b.Inline
	}
	return w
}

type linkPreview struct {
	Disabled bool `json:"is_disabled"`
}

var noPreview = linkPreview{Disabled: true}

type replyParameters struct {
	Message int  `json:"message_id"`
	Without bool `json:"allow_sending_without_reply"`
}

type ephemeralParameters struct {
	Receiver int64 `json:"receiver_user_id"`
}

type inlineButton struct {
	Text  string `json:"text"`
	Start string `json:"start_parameter,omitempty"`
}

type inlineResult struct {
	Type        string      `json:"type"`
	ID          string      `json:"id"`
	Title       string      `json:"title"`
	Description string      `json:"description,omitempty"`
	Content     textContent `json:"input_message_content"`
	Keyboard    *keyboard   `json:"reply_markup,omitempty"`
}

type textContent struct {
	Text    string      `json:"message_text"`
	Mode    string      `json:"parse_mode"`
	Preview linkPreview `json:"link_preview_options"`
}

func (r InlineResult) wire() inlineResult {
	return inlineResult{
		Type:        "article",
		ID:          r.ID,
		Title:       r.Title,
		Description: r.Description,
		Content:     textContent{r.Screen.Text, tgbotapi.ModeHTML, noPreview},
		Keyboard:    r.Screen.keyboard(),
	}
}
