package sandbox

// The objects that the server sends. Field names are the specification's.

type user struct {
	ID            int64  `json:"id"`
	IsBot         bool   `json:"is_bot"`
	FirstName     string `json:"first_name"`
	LastName      string `json:"last_name,omitempty"`
	Username      string `json:"username,omitempty"`
	LanguageCode  string `json:"language_code,omitempty"`
	JoinsGroups   bool   `json:"can_join_groups,omitempty"`
	SeesAll       bool   `json:"can_read_all_group_messages,omitempty"`
	GuestQueries  bool   `json:"supports_guest_queries,omitempty"`
	InlineQueries bool   `json:"supports_inline_queries,omitempty"`
}

type chat struct {
	ID        int64  `json:"id"`
	Type      Kind   `json:"type"`
	Title     string `json:"title,omitempty"`
	Username  string `json:"username,omitempty"`
	FirstName string `json:"first_name,omitempty"`
	IsForum   bool   `json:"is_forum,omitempty"`
}

type fullChat struct {
	chat
	AccentColor   int   `json:"accent_color_id"`
	MaxReactions  int   `json:"max_reaction_count"`
	AcceptedGifts gifts `json:"accepted_gift_types"`
	LinkedChat    int64 `json:"linked_chat_id,omitempty"`
}

type gifts struct {
	Unlimited    bool `json:"unlimited_gifts"`
	Limited      bool `json:"limited_gifts"`
	Unique       bool `json:"unique_gifts"`
	Premium      bool `json:"premium_subscription"`
	FromChannels bool `json:"gifts_from_channels"`
}

type message struct {
	ID              int             `json:"message_id"`
	Ephemeral       int             `json:"ephemeral_message_id,omitempty"`
	Thread          int             `json:"message_thread_id,omitempty"`
	From            *user           `json:"from,omitempty"`
	SenderChat      *chat           `json:"sender_chat,omitempty"`
	Date            int64           `json:"date"`
	GuestQuery      string          `json:"guest_query_id,omitempty"`
	Chat            chat            `json:"chat"`
	Forward         *origin         `json:"forward_origin,omitempty"`
	IsTopic         bool            `json:"is_topic_message,omitempty"`
	IsAutoForward   bool            `json:"is_automatic_forward,omitempty"`
	ReplyTo         *message        `json:"reply_to_message,omitempty"`
	ViaBot          *user           `json:"via_bot,omitempty"`
	Caller          *user           `json:"guest_bot_caller_user,omitempty"`
	EditDate        int64           `json:"edit_date,omitempty"`
	Protected       bool            `json:"has_protected_content,omitempty"`
	Text            string          `json:"text,omitempty"`
	Entities        []Entity        `json:"entities,omitempty"`
	Preview         *previewOptions `json:"link_preview_options,omitempty"`
	Album           string          `json:"media_group_id,omitempty"`
	Caption         string          `json:"caption,omitempty"`
	CaptionEntities []Entity        `json:"caption_entities,omitempty"`
	Markup          *markup         `json:"reply_markup,omitempty"`
	media
	*service
}

// media is what a message that is not text shows.
type media struct {
	Photo    []file    `json:"photo,omitempty"`
	Sticker  *file     `json:"sticker,omitempty"`
	Voice    *file     `json:"voice,omitempty"`
	Video    *file     `json:"video,omitempty"`
	Document *file     `json:"document,omitempty"`
	Location *location `json:"location,omitempty"`
}

type file struct {
	ID       string `json:"file_id"`
	UniqueID string `json:"file_unique_id"`
	Width    int    `json:"width,omitempty"`
	Height   int    `json:"height,omitempty"`
	Duration int    `json:"duration,omitempty"`
	Type     string `json:"type,omitempty"`
	Animated *bool  `json:"is_animated,omitempty"`
	Video    *bool  `json:"is_video,omitempty"`
}

type location struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
}

// service is what a message that tells of an event says.
type service struct {
	NewMembers    []user     `json:"new_chat_members,omitempty"`
	LeftMember    *user      `json:"left_chat_member,omitempty"`
	MigrateTo     int64      `json:"migrate_to_chat_id,omitempty"`
	MigrateFrom   int64      `json:"migrate_from_chat_id,omitempty"`
	TopicCreated  *topicMade `json:"forum_topic_created,omitempty"`
	TopicClosed   *struct{}  `json:"forum_topic_closed,omitempty"`
	TopicReopened *struct{}  `json:"forum_topic_reopened,omitempty"`
}

type topicMade struct {
	Name  string `json:"name"`
	Color int    `json:"icon_color"`
}

// origin tells where a forwarded message is from.
type origin struct {
	Type       string `json:"type"`
	Date       int64  `json:"date"`
	SenderUser *user  `json:"sender_user,omitempty"`
	SenderName string `json:"sender_user_name,omitempty"`
	Chat       *chat  `json:"chat,omitempty"`
	MessageID  int    `json:"message_id,omitempty"`
}

type previewOptions struct {
	Disabled    bool   `json:"is_disabled,omitempty"`
	URL         string `json:"url,omitempty"`
	PreferSmall bool   `json:"prefer_small_media,omitempty"`
	PreferLarge bool   `json:"prefer_large_media,omitempty"`
	AboveText   bool   `json:"show_above_text,omitempty"`
}

// update holds one of its optional fields.
type update struct {
	ID                int64          `json:"update_id"`
	Message           *message       `json:"message,omitempty"`
	EditedMessage     *message       `json:"edited_message,omitempty"`
	ChannelPost       *message       `json:"channel_post,omitempty"`
	EditedChannelPost *message       `json:"edited_channel_post,omitempty"`
	GuestMessage      *message       `json:"guest_message,omitempty"`
	InlineQuery       *inlineQuery   `json:"inline_query,omitempty"`
	Chosen            *chosenResult  `json:"chosen_inline_result,omitempty"`
	Callback          *callbackQuery `json:"callback_query,omitempty"`
	MyChatMember      *memberChange  `json:"my_chat_member,omitempty"`
	ChatMember        *memberChange  `json:"chat_member,omitempty"`
}

type inlineQuery struct {
	ID       string `json:"id"`
	From     user   `json:"from"`
	Query    string `json:"query"`
	Offset   string `json:"offset"`
	ChatType string `json:"chat_type,omitempty"`
}

type chosenResult struct {
	ResultID string `json:"result_id"`
	From     user   `json:"from"`
	InlineID string `json:"inline_message_id,omitempty"`
	Query    string `json:"query"`
}

type callbackQuery struct {
	ID       string   `json:"id"`
	From     user     `json:"from"`
	Message  *message `json:"message,omitempty"`
	InlineID string   `json:"inline_message_id,omitempty"`
	Instance string   `json:"chat_instance"`
	Data     string   `json:"data,omitempty"`
}

type memberChange struct {
	Chat chat       `json:"chat"`
	From user       `json:"from"`
	Date int64      `json:"date"`
	Old  chatMember `json:"old_chat_member"`
	New  chatMember `json:"new_chat_member"`
}
