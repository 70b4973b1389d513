package sandbox

import "context"

// method is one method of the Bot API. Its fields are those that the sandbox honours; others are refused.
type method struct {
	call   func(*Server, context.Context, args) (any, error)
	fields fields
}

// locked makes a method of one that needs the world to itself.
func locked(f func(*Server, args) (any, error)) func(*Server, context.Context, args) (any, error) {
	return func(s *Server, _ context.Context, a args) (any, error) {
		s.mu.Lock()
		defer s.release()
		return f(s, a)
	}
}

const (
	anyMarkup = "InlineKeyboardMarkup|ReplyKeyboardMarkup|ReplyKeyboardRemove|ForceReply"
	chatID    = "Integer|String"
)

// methods are checked in the order of their fields: sendMessage looks at the text before the chat, as Telegram does.
var methods = map[string]method{
	"getMe": {locked((*Server).getMe), nil},
	"getUpdates": {(*Server).getUpdates, fields{
		opt("offset", "Integer"),
		opt("limit", "Integer").between(1, 100),
		opt("timeout", "Integer").between(0, 50),
		opt("allowed_updates", "Array of String"),
	}},
	"setWebhook": {locked((*Server).setWebhook), fields{
		req("url", "String"),
		opt("certificate", "InputFile"),
		opt("max_connections", "Integer").between(1, 100),
		opt("allowed_updates", "Array of String"),
		opt("drop_pending_updates", "Boolean"),
		opt("secret_token", "String"),
	}},
	"deleteWebhook":  {locked((*Server).deleteWebhook), fields{opt("drop_pending_updates", "Boolean")}},
	"getWebhookInfo": {locked((*Server).getWebhookInfo), nil},
	"sendMessage": {locked((*Server).sendMessage), fields{
		req("text", "String").missing("message text is empty"),
		req("chat_id", chatID).missing("chat_id is empty"),
		opt("message_thread_id", "Integer").between(1, maxInt32),
		opt("parse_mode", "String"),
		opt("entities", "Array of MessageEntity"),
		opt("link_preview_options", "LinkPreviewOptions").named("link preview options"),
		opt("disable_notification", "Boolean"),
		opt("protect_content", "Boolean"),
		opt("allow_paid_broadcast", "Boolean"),
		opt("reply_parameters", "ReplyParameters").named("reply parameters"),
		opt("reply_markup", anyMarkup).named("reply keyboard markup"),
		opt("ephemeral_message_parameters", "EphemeralMessageParameters").newer(),
	}},
	"editMessageText": {locked((*Server).editMessageText), fields{
		opt("text", "String").missing("message text is empty"),
		opt("chat_id", chatID),
		opt("message_id", "Integer").between(1, maxInt32),
		opt("inline_message_id", "String"),
		opt("parse_mode", "String"),
		opt("entities", "Array of MessageEntity"),
		opt("link_preview_options", "LinkPreviewOptions").named("link preview options"),
		opt("reply_markup", "InlineKeyboardMarkup").named("reply keyboard markup"),
	}},
	"editEphemeralMessageText": {locked((*Server).editEphemeralMessageText), fields{
		req("chat_id", chatID),
		req("receiver_user_id", "Integer").between(1, maxID),
		req("ephemeral_message_id", "Integer").between(1, maxInt32),
		req("text", "String").missing("message text is empty"),
		opt("parse_mode", "String"),
		opt("entities", "Array of MessageEntity"),
		opt("link_preview_options", "LinkPreviewOptions").named("link preview options"),
		opt("reply_markup", "InlineKeyboardMarkup").named("reply keyboard markup"),
	}},
	"editMessageReplyMarkup": {locked((*Server).editMessageReplyMarkup), fields{
		opt("chat_id", chatID),
		opt("message_id", "Integer").between(1, maxInt32),
		opt("inline_message_id", "String"),
		opt("reply_markup", "InlineKeyboardMarkup").named("reply keyboard markup"),
	}},
	"deleteMessage": {locked((*Server).deleteMessage), fields{
		req("chat_id", chatID).missing("chat identifier is not specified"),
		req("message_id", "Integer").between(1, maxInt32).missing("message identifier is not specified"),
	}},
	"answerCallbackQuery": {locked((*Server).answerCallbackQuery), fields{
		req("callback_query_id", "String"),
		opt("text", "String"),
		opt("show_alert", "Boolean"),
		opt("url", "String"),
		opt("cache_time", "Integer").between(0, 30*24*3600),
	}},
	"answerInlineQuery": {locked((*Server).answerInlineQuery), fields{
		req("inline_query_id", "String"),
		req("results", "Array of InlineQueryResult"),
		opt("cache_time", "Integer").between(0, 24*3600),
		opt("is_personal", "Boolean"),
		opt("next_offset", "String"),
		opt("button", "InlineQueryResultsButton").named("inline query results button"),
	}},
	"answerGuestQuery": {locked((*Server).answerGuestQuery), fields{
		req("guest_query_id", "String"),
		req("result", "InlineQueryResult").missing("result isn't specified"),
	}},
	"sendChatAction": {locked((*Server).sendChatAction), fields{
		req("chat_id", chatID).missing("chat_id is empty"),
		opt("message_thread_id", "Integer").between(1, maxInt32),
		req("action", "String").missing("wrong parameter action in request"),
	}},
	"getChat":            {locked((*Server).getChat), fields{req("chat_id", chatID).missing("chat_id is empty")}},
	"getChatMemberCount": {locked((*Server).getChatMemberCount), fields{req("chat_id", chatID).missing("chat_id is empty")}},
	"leaveChat":          {locked((*Server).leaveChat), fields{req("chat_id", chatID).missing("chat_id is empty")}},
	"getChatMember": {locked((*Server).getChatMember), fields{
		req("chat_id", chatID).missing("chat_id is empty"),
		req("user_id", "Integer").between(1, maxID).missing("invalid user_id specified"),
	}},
	"getChatAdministrators": {locked((*Server).getChatAdministrators), fields{
		req("chat_id", chatID).missing("chat_id is empty"),
	}},
	"setMyCommands": {locked((*Server).setMyCommands), fields{
		req("commands", "Array of BotCommand").named("commands"),
		opt("scope", "BotCommandScope").named("BotCommandScope"),
		opt("language_code", "String"),
	}},
	"getMyCommands":         {locked((*Server).getMyCommands), scopeFields},
	"deleteMyCommands":      {locked((*Server).deleteMyCommands), scopeFields},
	"setMyName":             {locked((*Server).setMyName), fields{opt("name", "String"), opt("language_code", "String")}},
	"getMyName":             {locked((*Server).getMyName), languageFields},
	"setMyDescription":      {locked((*Server).setMyDescription), fields{opt("description", "String"), opt("language_code", "String")}},
	"getMyDescription":      {locked((*Server).getMyDescription), languageFields},
	"setMyShortDescription": {locked((*Server).setMyShortDescription), fields{opt("short_description", "String"), opt("language_code", "String")}},
	"getMyShortDescription": {locked((*Server).getMyShortDescription), languageFields},
}

var (
	scopeFields    = fields{opt("scope", "BotCommandScope").named("BotCommandScope"), opt("language_code", "String")}
	languageFields = fields{opt("language_code", "String")}
)

// objects are the types that occur in parameters, with the fields that the sandbox honours.
var objects = map[string]fields{
	"MessageEntity": {
		req("type", "String"), req("offset", "Integer"), req("length", "Integer"), opt("url", "String"),
		opt("language", "String"),
	},
	"LinkPreviewOptions": {
		opt("is_disabled", "Boolean"), opt("url", "String"), opt("prefer_small_media", "Boolean"),
		opt("prefer_large_media", "Boolean"), opt("show_above_text", "Boolean"),
	},
	"ReplyParameters": {
		req("message_id", "Integer").between(1, maxInt32), opt("chat_id", chatID),
		opt("allow_sending_without_reply", "Boolean"),
	},
	"EphemeralMessageParameters": {
		req("receiver_user_id", "Integer").between(1, maxID), opt("callback_query_id", "String"),
	},
	"InlineKeyboardMarkup": {req("inline_keyboard", "Array of Array of InlineKeyboardButton")},
	"InlineKeyboardButton": {
		req("text", "String"), opt("url", "String"), opt("callback_data", "String"),
		opt("switch_inline_query", "String"), opt("switch_inline_query_current_chat", "String"),
		opt("copy_text", "CopyTextButton"),
	},
	"CopyTextButton": {req("text", "String")},
	"ReplyKeyboardMarkup": {
		req("keyboard", "Array of Array of KeyboardButton"), opt("is_persistent", "Boolean"),
		opt("resize_keyboard", "Boolean"), opt("one_time_keyboard", "Boolean"),
		opt("input_field_placeholder", "String"), opt("selective", "Boolean"),
	},
	"KeyboardButton":      {req("text", "String")},
	"ReplyKeyboardRemove": {req("remove_keyboard", "Boolean"), opt("selective", "Boolean")},
	"ForceReply": {
		req("force_reply", "Boolean"), opt("input_field_placeholder", "String"), opt("selective", "Boolean"),
	},
	"InlineQueryResultArticle": {
		req("type", "String"), req("id", "String"), req("title", "String"),
		req("input_message_content", "InputMessageContent"), opt("reply_markup", "InlineKeyboardMarkup"),
		opt("url", "String"), opt("description", "String"), opt("thumbnail_url", "String"),
		opt("thumbnail_width", "Integer"), opt("thumbnail_height", "Integer"),
	},
	"InputTextMessageContent": {
		req("message_text", "String"), opt("parse_mode", "String"), opt("entities", "Array of MessageEntity"),
		opt("link_preview_options", "LinkPreviewOptions"),
	},
	"InlineQueryResultsButton":             {req("text", "String"), opt("start_parameter", "String")},
	"BotCommand":                           {req("command", "String"), req("description", "String")},
	"BotCommandScopeDefault":               {req("type", "String")},
	"BotCommandScopeAllPrivateChats":       {req("type", "String")},
	"BotCommandScopeAllGroupChats":         {req("type", "String")},
	"BotCommandScopeAllChatAdministrators": {req("type", "String")},
	"BotCommandScopeChat":                  {req("type", "String"), req("chat_id", chatID)},
	"BotCommandScopeChatAdministrators":    {req("type", "String"), req("chat_id", chatID)},
	"BotCommandScopeChatMember": {
		req("type", "String"), req("chat_id", chatID), req("user_id", "Integer").between(1, maxID),
	},
}

// variants tell by the value of "type" which object is meant.
var variants = map[string]map[string]string{
	"InlineQueryResult": {"article": "InlineQueryResultArticle"},
	"BotCommandScope": {
		"default":                 "BotCommandScopeDefault",
		"all_private_chats":       "BotCommandScopeAllPrivateChats",
		"all_group_chats":         "BotCommandScopeAllGroupChats",
		"all_chat_administrators": "BotCommandScopeAllChatAdministrators",
		"chat":                    "BotCommandScopeChat",
		"chat_administrators":     "BotCommandScopeChatAdministrators",
		"chat_member":             "BotCommandScopeChatMember",
	},
}

// aliases are types of several forms, of which the sandbox knows one.
var aliases = map[string]string{"InputMessageContent": "InputTextMessageContent"}
