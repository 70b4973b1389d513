package telegram

import "time"

// Update is one thing that happened; exactly one of the pointers is set, or none where it is of a kind this package does not read.
type Update struct {
	ID         int
	Message    *Message // also a post in a channel
	Edited     *Message // a message or a channel's post in its new version
	Callback   *Callback
	Inline     *InlineQuery
	Chosen     *ChosenInline
	Membership *Membership
	Guest      *Message // a question in a chat the bot is not in; GuestQuery is set
}

// lane is whose turn the update belongs to: its chat's, or its sender's where there is none.
func (u Update) lane() int64 {
	switch {
	case u.Message != nil:
		return u.Message.Chat.ID
	case u.Edited != nil:
		return u.Edited.Chat.ID
	case u.Guest != nil:
		return u.Guest.Chat.ID
	case u.Membership != nil:
		return u.Membership.Chat.ID
	case u.Callback != nil && u.Callback.Message != nil:
		return u.Callback.Message.Chat.ID
	case u.Callback != nil:
		return u.Callback.From.ID
	case u.Inline != nil:
		return u.Inline.From.ID
	case u.Chosen != nil:
		return u.Chosen.From.ID
	}
	return 0
}

// Kind is what happened, in Telegram's words for it; "other" for what this package does not read.
func (u Update) Kind() string {
	switch {
	case u.Message != nil:
		return "message"
	case u.Edited != nil:
		return "edited_message"
	case u.Guest != nil:
		return "guest_message"
	case u.Membership != nil:
		return "my_chat_member"
	case u.Callback != nil:
		return "callback_query"
	case u.Inline != nil:
		return "inline_query"
	case u.Chosen != nil:
		return "chosen_inline_result"
	}
	return "other"
}

// Message is a message as far as the bot reads it. Zero values stand for what Telegram left out.
type Message struct {
	ID         int
	Date       time.Time // zero for a message that Telegram no longer shows
	EditDate   time.Time // zero unless edited
	Chat       Chat
	From       User // ID 0 for a channel's post; an anonymous administrator is GroupAnonymousBot, see SenderChat
	SenderChat Chat // the chat that wrote it: a channel, or the group itself for an anonymous administrator; ID 0 if a person did
	Thread     int  // the forum topic, and 0 outside topics (a plain reply thread is none)
	Kind       Kind

	Text     string // of the message, or the caption of its media
	Entities []Entity

	ReplyTo *Message // the message it answers, without a ReplyTo of its own; nil for the head of a forum topic
	Quote   string   // the part of that message its sender picked out, "" if none

	ViaBot           User // the bot it was sent through in inline mode; ID 0 if none
	Forwarded        bool
	AutomaticForward bool // a channel's post that Telegram copied into the discussion group

	NewMembers             []User
	LeftMember             User  // ID 0 if none
	MigrateTo, MigrateFrom int64 // a group that became a supergroup: the new id, in the new chat the old one
	GuestQuery             string
	Ephemeral              int    // its id where one person alone sees it, whose ID is then 0
	Album                  string // what the photos and files that were sent together have in common, "" for others
}

// Kind is what a message is made of: KindText, a medium, or KindService.
type Kind string

// The kinds of messages. KindOther is everything people see as content and this package has no name for;
// KindService is what Telegram itself reports in a chat (members, pins, titles) and everything unknown.
const (
	KindText      Kind = "text"
	KindPhoto     Kind = "photo"
	KindVideo     Kind = "video"
	KindAnimation Kind = "animation"
	KindSticker   Kind = "sticker"
	KindVoice     Kind = "voice"
	KindVideoNote Kind = "video_note"
	KindAudio     Kind = "audio"
	KindDocument  Kind = "document"
	KindLocation  Kind = "location"
	KindContact   Kind = "contact"
	KindPoll      Kind = "poll"
	KindOther     Kind = "other"
	KindService   Kind = "service"
)

// Chat is where messages are.
type Chat struct {
	ID       int64
	Type     string // "private", "group", "supergroup" or "channel"
	Title    string // of a group or channel
	Username string // without @
	Forum    bool   // a supergroup with topics
}

// Private tells whether it is the chat of one person with the bot.
func (c Chat) Private() bool { return c.Type == "private" }

// Group tells whether it is a group or a supergroup.
func (c Chat) Group() bool { return c.Type == "group" || c.Type == "supergroup" }

// Channel tells whether it is a channel.
func (c Chat) Channel() bool { return c.Type == "channel" }

// User is a person or a bot.
type User struct {
	ID        int64
	Bot       bool
	FirstName string
	LastName  string
	Username  string // without @
	Lang      string // the client's language, an IETF tag such as "ru" or "pt-br"; "" if unknown
}

// AnonymousAdmin is the user that Telegram names as the sender when an administrator writes as the group.
const AnonymousAdmin int64 = 1087968824

// Entity marks a part of a message's text. Offset and Length count UTF-16 units.
type Entity struct {
	Type           string
	Offset, Length int
	URL            string // of a text_link
	User           User   // of a text_mention
}

// Callback is a pressed button. Every one wants an AnswerCallback, or the button spins.
type Callback struct {
	ID      string
	From    User
	Message *Message // nil for a message sent in inline mode
	Inline  string   // the id of a message sent in inline mode, else ""
	Data    string
}

// Ref is the message whose button was pressed.
func (c Callback) Ref() Ref {
	if c.Message == nil {
		return Ref{Inline: c.Inline}
	}
	if c.Message.Ephemeral != 0 {
		return Ref{Chat: c.Message.Chat.ID, Message: c.Message.Ephemeral, Only: c.From.ID}
	}
	return Ref{Chat: c.Message.Chat.ID, Message: c.Message.ID}
}

// InlineQuery is what a person has typed after the bot's name in any chat.
type InlineQuery struct {
	ID       string
	From     User
	Query    string
	Offset   string // the Next of the answer before, "" for the first
	ChatType string // "sender", "private", "group", "supergroup", "channel" or ""
}

// ChosenInline is the inline result a person sent.
type ChosenInline struct {
	Result string // the result's ID
	From   User
	Inline string // the id of the sent message, "" if it has no keyboard
	Query  string
}

// Membership is a change of the bot's own place in a chat.
type Membership struct {
	Chat     Chat
	From     User // who changed it
	Date     time.Time
	Old, New Member
}

// Member is somebody's place in a chat.
type Member struct {
	User    User
	Status  string // "creator", "administrator", "member", "restricted", "left" or "kicked"
	Present bool   // is in the chat; "restricted" people may be or not
	CanSend bool   // may write in a group
	CanPost bool   // may post in a channel
}

// Admin tells whether the member runs the chat.
func (m Member) Admin() bool { return m.Status == "creator" || m.Status == "administrator" }
