package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// Bot is the bot's own account, with its switches in BotFather.
type Bot struct {
	User
	JoinsGroups bool // can be added to groups
	ReadsAll    bool // privacy mode is off: it sees every message of its groups
	Inline      bool // takes inline queries
	Guest       bool // answers in chats it is not in
}

// Me returns the bot's own account.
func (c *Client) Me(ctx context.Context) (Bot, error) {
	var me struct {
		tgbotapi.User
		Guest bool `json:"supports_guest_queries"`
	}
	if err := c.Call(ctx, "getMe", nil, &me); err != nil {
		return Bot{}, err
	}
	return Bot{
		User:        user(&me.User),
		JoinsGroups: me.CanJoinGroups,
		ReadsAll:    me.CanReadAllGroupMessages,
		Inline:      me.SupportsInlineQueries,
		Guest:       me.Guest,
	}, nil
}

// Send sends a message and returns its id, 0 for one that only one person sees. A reply to a message that is gone is sent without it.
func (c *Client) Send(ctx context.Context, to Target, s Screen) (int, error) {
	p := textParams(s)
	to.write(p)
	if to.ReplyTo != 0 {
		p["reply_parameters"] = encode(replyParameters{to.ReplyTo, true})
	}
	if to.Only != 0 {
		p["ephemeral_message_parameters"] = encode(ephemeralParameters{to.Only})
	}
	if markup := s.markup(); markup != "" {
		p["reply_markup"] = markup
	}
	var sent tgbotapi.MessageID
	err := c.Call(ctx, "sendMessage", p, &sent)
	return sent.MessageID, err
}

// Edit replaces what a message shows; one that shows it already is a success.
func (c *Client) Edit(ctx context.Context, at Ref, s Screen) error {
	p := textParams(s)
	at.write(p)
	if keyboard := s.keyboard(); keyboard != nil {
		p["reply_markup"] = encode(keyboard)
	}
	method := "editMessageText"
	if at.Only != 0 {
		method = "editEphemeralMessageText"
	}
	return unless(c.Call(ctx, method, p, nil), "message is not modified")
}

// AnswerCallback ends the waiting of a pressed button, with a text of at most 200 characters (as an alert to be closed, or in passing)
// or none. A press that has waited too long to be answered is a success.
func (c *Client) AnswerCallback(ctx context.Context, id, text string, alert bool) error {
	p := tgbotapi.Params{"callback_query_id": id}
	p.AddNonEmpty("text", text)
	p.AddBool("show_alert", alert)
	return unless(c.Call(ctx, "answerCallbackQuery", p, nil), tooOld)
}

// AnswerInline answers an inline query. One that has waited too long to be answered is a success.
func (c *Client) AnswerInline(ctx context.Context, id string, a InlineAnswer) error {
	results := make([]inlineResult, 0, len(a.Results))
	for _, r := range a.Results {
		results = append(results, r.wire())
	}
	p := tgbotapi.Params{
		"inline_query_id": id,
		"results":         encode(results),
		"cache_time":      strconv.Itoa(int(a.Cache / time.Second)),
	}
	p.AddBool("is_personal", a.Personal)
	p.AddNonEmpty("next_offset", a.Next)
	if a.Button != "" {
		p["button"] = encode(inlineButton{a.Button, a.Start})
	}
	return unless(c.Call(ctx, "answerInlineQuery", p, nil), tooOld)
}

// AnswerGuest answers a guest message, which can be done once, and returns the inline id of the message the answer became.
func (c *Client) AnswerGuest(ctx context.Context, query string, r InlineResult) (inline string, err error) {
	var sent struct {
		Inline string `json:"inline_message_id"`
	}
	p := tgbotapi.Params{"guest_query_id": query, "result": encode(r.wire())}
	err = c.Call(ctx, "answerGuestQuery", p, &sent)
	return sent.Inline, err
}

// Member returns somebody's place in a chat. Of others than itself the bot learns it reliably only where it is an administrator.
func (c *Client) Member(ctx context.Context, chat, user int64) (Member, error) {
	var m tgbotapi.ChatMember
	p := tgbotapi.Params{"chat_id": number(chat), "user_id": number(user)}
	if err := c.Call(ctx, "getChatMember", p, &m); err != nil {
		return Member{}, err
	}
	return member(m), nil
}

// Chat returns a chat by its id.
func (c *Client) Chat(ctx context.Context, id int64) (Chat, error) {
	var found wireChat
	if err := c.Call(ctx, "getChat", tgbotapi.Params{"chat_id": number(id)}, &found); err != nil {
		return Chat{}, err
	}
	return found.chat(), nil
}

// tooOld is Telegram's word on a callback or an inline query that it no longer waits for.
const tooOld = "query is too old"

// unless takes a refusal in these words for a success.
func unless(err error, words string) error {
	var refused *Error
	if errors.As(err, &refused) && refused.says(words) {
		return nil
	}
	return err
}

// encode writes a parameter as JSON. It takes types of this package alone, all of which JSON can hold.
func encode(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func number(n int64) string { return strconv.FormatInt(n, 10) }
