package telegram

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// The wire types are the library's, with newer fields added. A field of theirs takes the place of the library's with the same
// JSON name.

type wireUpdate struct {
	tgbotapi.Update
	Message           *wireMessage    `json:"message"`
	EditedMessage     *wireMessage    `json:"edited_message"`
	ChannelPost       *wireMessage    `json:"channel_post"`
	EditedChannelPost *wireMessage    `json:"edited_channel_post"`
	GuestMessage      *wireMessage    `json:"guest_message"`
	CallbackQuery     *wireCallback   `json:"callback_query"`
	MyChatMember      *wireMembership `json:"my_chat_member"`
}

type wireMessage struct {
	tgbotapi.Message
	Chat              wireChat     `json:"chat"`
	ReplyTo           *wireMessage `json:"reply_to_message"`
	Thread            int          `json:"message_thread_id"`
	TopicMessage      bool         `json:"is_topic_message"`
	ForumTopicCreated present      `json:"forum_topic_created"`
	ForwardOrigin     present      `json:"forward_origin"`
	GuestQuery        string       `json:"guest_query_id"`
	Ephemeral         int          `json:"ephemeral_message_id"`
	Quote             struct {
		Text string `json:"text"`
	} `json:"quote"`
	LivePhoto   present `json:"live_photo"`
	PaidMedia   present `json:"paid_media"`
	Story       present `json:"story"`
	Checklist   present `json:"checklist"`
	RichMessage present `json:"rich_message"`
}

type wireCallback struct {
	tgbotapi.CallbackQuery
	Message *wireMessage `json:"message"`
}

type wireMembership struct {
	tgbotapi.ChatMemberUpdated
	Chat wireChat `json:"chat"`
}

type wireChat struct {
	tgbotapi.Chat
	Forum bool `json:"is_forum"`
}

// present is a field of which it matters only that it is there.
type present bool

// UnmarshalJSON implements json.Unmarshaler.
func (p *present) UnmarshalJSON(data []byte) error {
	*p = string(data) != "null"
	return nil
}

// updateKinds are the kinds of updates that decode reads, for allowed_updates.
var updateKinds = []string{
	"message", "edited_message", "channel_post", "edited_channel_post", "guest_message",
	"callback_query", "inline_query", "chosen_inline_result", "my_chat_member",
}

// updateID reads the one field that everything else depends on. Telegram writes it first: then nothing else need be looked at, which matters for
// updates that come again and again while they are being handled.
func updateID(raw json.RawMessage) (int, error) {
	if rest, first := bytes.CutPrefix(raw, []byte(`{"update_id":`)); first {
		digits := rest[:max(0, bytes.IndexAny(rest, ",}"))]
		if id, err := strconv.Atoi(string(digits)); err == nil && id > 0 {
			return id, nil
		}
	}
	var head struct {
		ID int `json:"update_id"`
	}
	err := json.Unmarshal(raw, &head)
	if err == nil && head.ID <= 0 {
		err = errNoID
	}
	return head.ID, err
}

// decode reads an update; one of a kind that is not read is empty but for its ID.
func decode(raw json.RawMessage) (Update, error) {
	var w wireUpdate
	if err := json.Unmarshal(raw, &w); err != nil {
		return Update{}, err
	}
	u := Update{ID: w.UpdateID}
	if err := w.fill(&u); err != nil {
		return Update{}, err
	}
	return u, nil
}

var (
	errNoID     = errors.New("an update without an id")
	errNoChat   = errors.New("a message without a chat")
	errNoSender = errors.New("a query without an id or a sender")
)

func (w *wireUpdate) fill(u *Update) (err error) {
	switch {
	case w.Message != nil:
		u.Message, err = w.Message.read()
	case w.ChannelPost != nil:
		u.Message, err = w.ChannelPost.read()
	case w.EditedMessage != nil:
		u.Edited, err = w.EditedMessage.read()
	case w.EditedChannelPost != nil:
		u.Edited, err = w.EditedChannelPost.read()
	case w.GuestMessage != nil:
		u.Guest, err = w.GuestMessage.read()
	case w.CallbackQuery != nil:
		u.Callback, err = w.CallbackQuery.read()
	case w.InlineQuery != nil:
		u.Inline, err = inlineQuery(w.InlineQuery)
	case w.ChosenInlineResult != nil:
		u.Chosen, err = chosenInline(w.ChosenInlineResult)
	case w.MyChatMember != nil:
		u.Membership, err = w.MyChatMember.read()
	}
	return err
}

func (w *wireMessage) read() (*Message, error) {
	if w.Chat.ID == 0 {
		return nil, errNoChat
	}
	m := w.message()
	if w.ReplyTo != nil && !w.headOfTopic() {
		m.ReplyTo = w.ReplyTo.message()
	}
	return m, nil
}

// headOfTopic: every message of a forum topic that answers nothing in particular is sent as an answer to the service message that
// made the topic.
func (w *wireMessage) headOfTopic() bool { return bool(w.ReplyTo.ForumTopicCreated) }

// message is the message without the one it answers.
func (w *wireMessage) message() *Message {
	m := &Message{
		ID:               w.MessageID,
		Date:             moment(w.Date),
		EditDate:         moment(w.EditDate),
		Chat:             w.Chat.chat(),
		From:             user(w.From),
		Kind:             w.kind(),
		Text:             w.Text,
		Entities:         entities(w.Entities),
		Quote:            w.Quote.Text,
		ViaBot:           user(w.ViaBot),
		Forwarded:        bool(w.ForwardOrigin) || w.ForwardDate != 0,
		AutomaticForward: w.IsAutomaticForward,
		LeftMember:       user(w.LeftChatMember),
		MigrateTo:        w.MigrateToChatID,
		MigrateFrom:      w.MigrateFromChatID,
		GuestQuery:       w.GuestQuery,
		Ephemeral:        w.Ephemeral,
		Album:            w.MediaGroupID,
	}
	if w.SenderChat != nil {
		m.SenderChat = chat(*w.SenderChat)
	}
	if w.TopicMessage {
		m.Thread = w.Thread
	}
	if w.Caption != "" {
		m.Text, m.Entities = w.Caption, entities(w.CaptionEntities)
	}
	for i := range w.NewChatMembers {
		m.NewMembers = append(m.NewMembers, user(&w.NewChatMembers[i]))
	}
	return m
}

// kind asks for an animation before a document and for a venue with a location, since Telegram sends both.
func (w *wireMessage) kind() Kind {
	switch {
	case w.Text != "":
		return KindText
	case w.Photo != nil, bool(w.LivePhoto):
		return KindPhoto
	case w.Video != nil:
		return KindVideo
	case w.Animation != nil:
		return KindAnimation
	case w.Sticker != nil:
		return KindSticker
	case w.Voice != nil:
		return KindVoice
	case w.VideoNote != nil:
		return KindVideoNote
	case w.Audio != nil:
		return KindAudio
	case w.Document != nil:
		return KindDocument
	case w.Location != nil:
		return KindLocation
	case w.Contact != nil:
		return KindContact
	case w.Poll != nil:
		return KindPoll
	case w.Dice != nil, w.Game != nil, bool(w.PaidMedia), bool(w.Story), bool(w.Checklist), bool(w.RichMessage):
		return KindOther
	}
	return KindService
}

func (w *wireCallback) read() (*Callback, error) {
	if w.ID == "" || w.From == nil {
		return nil, errNoSender
	}
	c := &Callback{ID: w.ID, From: user(w.From), Inline: w.InlineMessageID, Data: w.Data}
	if w.Message == nil {
		return c, nil
	}
	var err error
	c.Message, err = w.Message.read()
	return c, err
}

func (w *wireMembership) read() (*Membership, error) {
	if w.Chat.ID == 0 {
		return nil, errNoChat
	}
	return &Membership{
		Chat: w.Chat.chat(),
		From: user(&w.From),
		Date: moment(w.Date),
		Old:  member(w.OldChatMember),
		New:  member(w.NewChatMember),
	}, nil
}

func inlineQuery(q *tgbotapi.InlineQuery) (*InlineQuery, error) {
	if q.ID == "" || q.From == nil {
		return nil, errNoSender
	}
	return &InlineQuery{ID: q.ID, From: user(q.From), Query: q.Query, Offset: q.Offset, ChatType: q.ChatType}, nil
}

func chosenInline(r *tgbotapi.ChosenInlineResult) (*ChosenInline, error) {
	if r.ResultID == "" || r.From == nil {
		return nil, errNoSender
	}
	return &ChosenInline{Result: r.ResultID, From: user(r.From), Inline: r.InlineMessageID, Query: r.Query}, nil
}

func user(u *tgbotapi.User) User {
	if u == nil {
		return User{}
	}
	return User{
		ID:        u.ID,
		Bot:       u.IsBot,
		FirstName: u.FirstName,
		LastName:  u.LastName,
		Username:  u.UserName,
		Lang:      u.LanguageCode,
	}
}

func chat(c tgbotapi.Chat) Chat {
	return Chat{ID: c.ID, Type: c.Type, Title: c.Title, Username: c.UserName}
}

func (w wireChat) chat() Chat {
	c := chat(w.Chat)
	c.Forum = w.Forum
	return c
}

func member(m tgbotapi.ChatMember) Member {
	out := Member{User: user(m.User), Status: m.Status, CanPost: m.CanPostMessages}
	switch m.Status {
	case "creator":
		out.Present, out.CanSend, out.CanPost = true, true, true
	case "administrator", "member":
		out.Present, out.CanSend = true, true
	case "restricted":
		out.Present, out.CanSend = m.IsMember, m.IsMember && m.CanSendMessages
	}
	return out
}

func entities(in []tgbotapi.MessageEntity) []Entity {
	var out []Entity
	for _, e := range in {
		out = append(out, Entity{Type: e.Type, Offset: e.Offset, Length: e.Length, URL: e.URL, User: user(e.User)})
	}
	return out
}

func moment(unix int) time.Time {
	if unix == 0 {
		return time.Time{}
	}
	return time.Unix(int64(unix), 0).UTC()
}
