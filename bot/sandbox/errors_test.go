package sandbox_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"releasebot/bot/sandbox"
)

// refusalCase is a request and the exact error that Telegram gives.
type refusalCase struct {
	name   string
	method string
	params params
	code   int
	text   string
	misuse bool // the bot is to blame: a violation
}

func (w *world) refuses(c refusalCase) {
	w.t.Helper()
	before := len(w.Violations())
	got := w.call(c.method, c.params)
	if got.Code != c.code || got.Description != c.text {
		w.t.Errorf("answers %d %q,\nwant %d %q", got.Code, got.Description, c.code, c.text)
	}
	if violated := len(w.Violations()) > before; violated != c.misuse {
		w.t.Errorf("records a violation: %v, want %v", violated, c.misuse)
	}
}

func button(fields string) string { return `{"inline_keyboard":[[{` + fields + `}]]}` }

// contentCases are refused wherever they are sent.
func contentCases() []refusalCase {
	const parse = "Bad Request: can't parse entities: "
	return []refusalCase{
		{"no text", "", params{"text": ""}, 400, "Bad Request: message text is empty", true},
		{"only spaces", "", params{"text": " \n "}, 400, "Bad Request: text must be non-empty", true},
		{"only tags", "", params{"text": "<b></b>", "parse_mode": "HTML"}, 400, "Bad Request: text must be non-empty", true},
		{"4097 characters", "", params{"text": strings.Repeat("қ", 4097)}, 400, "Bad Request: message is too long", true},
		{"32769 bytes", "", params{"text": strings.Repeat("a", 32769)}, 400, "Bad Request: text is too long", true},
		{"parse mode", "", params{"text": "x", "parse_mode": "Html5"}, 400, "Bad Request: unsupported parse_mode", true},
		{
			"no end tag", "",
			params{"text": "<b>x", "parse_mode": "HTML"},
			400, parse + `Can't find end tag corresponding to start tag "b"`, true,
		},
		{
			"unknown tag", "",
			params{"text": "<x>", "parse_mode": "HTML"},
			400, parse + `Unsupported start tag "x" at byte offset 0`, true,
		},
		{
			"less-than", "",
			params{"text": "a < b", "parse_mode": "HTML"},
			400, parse + `Unsupported start tag "" at byte offset 2`, true,
		},
		{
			"wrong end tag", "",
			params{"text": "<b>a</i>", "parse_mode": "HTML"},
			400, parse + `Unmatched end tag at byte offset 4, expected "</b>", found "</i>"`, true,
		},
		{
			"broken markup", "",
			params{"text": "x", "reply_markup": `{"inline_keyboard":`},
			400, "Bad Request: can't parse reply keyboard markup JSON object", true,
		},
		{
			"empty button", "",
			params{"text": "x", "reply_markup": button(`"text":"","callback_data":"a"`)},
			400, "Bad Request: inline keyboard button text must be non-empty", true,
		},
		{
			"65 bytes of data", "",
			params{"text": "x", "reply_markup": button(`"text":"a","callback_data":"` + strings.Repeat("қ", 32) + `x"`)},
			400, "Bad Request: BUTTON_DATA_INVALID", true,
		},
		{
			"no action", "",
			params{"text": "x", "reply_markup": button(`"text":"a"`)},
			400, "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard", true,
		},
		{
			"bad address", "",
			params{"text": "x", "reply_markup": button(`"text":"a","url":"nowhere"`)},
			400, "Bad Request: inline keyboard button URL 'nowhere' is invalid: Wrong HTTP URL", true,
		},
		{
			"257 to copy", "",
			params{"text": "x", "reply_markup": button(`"text":"a","copy_text":{"text":"` + strings.Repeat("қ", 257) + `"}`)},
			400, "Bad Request: BUTTON_COPY_TEXT_INVALID", true,
		},
	}
}

func TestContentIsRefusedInTelegramsWords(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	id := w.sent(params{"chat_id": itoa(w.chat.ID), "text": "A message to edit"})
	for _, c := range contentCases() {
		t.Run("send/"+c.name, func(t *testing.T) {
			w.t = t
			c.method, c.params = "sendMessage", c.params.with(params{"chat_id": itoa(w.chat.ID)})
			w.refuses(c)
		})
		t.Run("edit/"+c.name, func(t *testing.T) {
			w.t = t
			c.method = "editMessageText"
			c.params = c.params.with(params{"chat_id": itoa(w.chat.ID), "message_id": itoa(id)})
			w.refuses(c)
		})
	}
}

func TestTheLargestContentIsAccepted(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	for name, p := range map[string]params{
		"4096 characters beyond the BMP": {"text": strings.Repeat("😀", 4096)},
		"4096 characters after parsing":  {"text": "<b>" + strings.Repeat("қ", 4096) + "</b>", "parse_mode": "html"},
		"64 bytes of data":               {"text": "x", "reply_markup": button(`"text":"a","callback_data":"` + strings.Repeat("қ", 32) + `"`)},
		"256 to copy":                    {"text": "x", "reply_markup": button(`"text":"a","copy_text":{"text":"` + strings.Repeat("қ", 256) + `"}`)},
		"a deep link":                    {"text": "x", "reply_markup": button(`"text":"a","url":"https://t.me/x_bot?start=` + strings.Repeat("a", 64) + `"`)},
	} {
		t.Run(name, func(t *testing.T) {
			w.t = t
			w.sent(p.with(params{"chat_id": itoa(w.chat.ID)}))
		})
	}
	w.t = t
	w.noViolations()
}

func TestChatsAreRefusedInTelegramsWords(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	owner, stranger, met, blocking, gone := w.Person("Owner", ""), w.Person("Stranger", ""), w.Person("Met", ""),
		w.Person("Blocking", ""), w.Person("Gone", "")
	blocking.Start("")
	blocking.Block()
	gone.Start("")
	gone.Delete()
	group, super, channel := w.Group("Group", owner, met), w.Supergroup("Super", owner), w.Channel("Channel", owner)
	muted, never := w.Supergroup("Muted", owner), w.Group("Never", owner)
	for _, c := range []*sandbox.Chat{group, super, channel, muted} {
		owner.AddBot(c)
	}
	met.Say(group, "/ask@sandbox_bot")
	owner.MuteBot(muted)
	demoted, foreign := w.Channel("Demoted", owner), w.Channel("Foreign", owner)
	owner.AddBot(demoted)
	owner.DemoteBot(demoted)
	for _, c := range []*sandbox.Chat{group, super, channel} {
		owner.RemoveBot(c)
	}
	old := w.Group("Old", owner)
	owner.AddBot(old)
	upgraded := owner.Migrate(old)

	for _, c := range []struct {
		name string
		chat int64
		code int
		text string
	}{
		{"unknown", 77, 400, "Bad Request: chat not found"},
		{"stranger", stranger.ID, 400, "Bad Request: chat not found"},
		{"met in a group", met.ID, 403, "Forbidden: bot can't initiate conversation with a user"},
		{"blocked", blocking.ID, 403, "Forbidden: bot was blocked by the user"},
		{"account gone", gone.ID, 403, "Forbidden: user is deactivated"},
		{"kicked from a group", group.ID, 403, "Forbidden: bot was kicked from the group chat"},
		{"kicked from a supergroup", super.ID, 403, "Forbidden: bot was kicked from the supergroup chat"},
		{"kicked from a channel", channel.ID, 403, "Forbidden: bot was kicked from the channel chat"},
		{"never in a group", never.ID, 403, "Forbidden: bot is not a member of the group chat"},
		{"never in a channel", foreign.ID, 403, "Forbidden: bot is not a member of the channel chat"},
		{"muted", muted.ID, 400, "Bad Request: not enough rights to send text messages to the chat"},
		{"no administrator", demoted.ID, 400, "Bad Request: need administrator rights in the channel chat"},
		{"migrated", old.ID, 400, "Bad Request: group chat was upgraded to a supergroup chat"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.t = t
			w.refuses(refusalCase{"", "sendMessage", params{"chat_id": itoa(c.chat), "text": "x"}, c.code, c.text, false})
		})
	}
	w.t = t
	got := w.call("sendMessage", params{"chat_id": itoa(old.ID), "text": "x"})
	if got.Parameters.MigrateTo != upgraded.ID {
		t.Errorf("migrate_to_chat_id is %d, want %d", got.Parameters.MigrateTo, upgraded.ID)
	}
	w.sent(params{"chat_id": itoa(upgraded.ID), "text": "x"})
}

func TestMessagesAreRefusedInTelegramsWords(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	chat := itoa(w.chat.ID)
	id := w.sent(params{"chat_id": chat, "text": "Same <i>text</i>", "parse_mode": "HTML", "reply_markup": button(`"text":"a","callback_data":"a"`)})
	same := "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as " +
		"a current content and reply markup of the message"
	for _, c := range []refusalCase{
		{"no chat", "sendMessage", params{"text": "x"}, 400, "Bad Request: chat_id is empty", true},
		{"text before chat", "sendMessage", nil, 400, "Bad Request: message text is empty", true},
		{
			"reply to a missing message", "sendMessage",
			params{"chat_id": chat, "text": "x", "reply_parameters": `{"message_id":999}`},
			400, "Bad Request: message to be replied not found", false,
		},
		{
			"edit a missing message", "editMessageText",
			params{"chat_id": chat, "message_id": "999", "text": "x"},
			400, "Bad Request: message to edit not found", false,
		},
		{
			"edit no message", "editMessageText",
			params{"chat_id": chat, "text": "x"},
			400, "Bad Request: message identifier is not specified", true,
		},
		{
			"edit another's message", "editMessageText",
			params{"chat_id": chat, "message_id": "1", "text": "x"},
			400, "Bad Request: message can't be edited", true,
		},
		{
			"delete a missing message", "deleteMessage",
			params{"chat_id": chat, "message_id": "999"},
			400, "Bad Request: message to delete not found", false,
		},
		{"delete nothing", "deleteMessage", params{"chat_id": chat}, 400, "Bad Request: message identifier is not specified", true},
		{"delete nowhere", "deleteMessage", params{"message_id": "1"}, 400, "Bad Request: chat identifier is not specified", true},
		{
			"edit to the same", "editMessageText",
			params{
				"chat_id": chat, "message_id": itoa(id), "text": "Same <em>text</em>", "parse_mode": "HTML",
				"reply_markup": button(`"callback_data":"a","text":"a"`),
			},
			400, same, false,
		},
		{
			"the same keyboard", "editMessageReplyMarkup",
			params{"chat_id": chat, "message_id": itoa(id), "reply_markup": button(`"text":"a","callback_data":"a"`)},
			400, same, false,
		},
		{
			"unknown inline message", "editMessageText",
			params{"inline_message_id": "AgAAA", "text": "x"},
			400, "Bad Request: MESSAGE_ID_INVALID", false,
		},
		{
			"wrong action", "sendChatAction",
			params{"chat_id": chat, "action": "dance"},
			400, "Bad Request: wrong parameter action in request", true,
		},
		{
			"administrators of a private chat", "getChatAdministrators",
			params{"chat_id": chat},
			400, "Bad Request: there are no administrators in the private chat", false,
		},
		{"unknown method", "sendMassage", nil, 404, "Not Found: method not found", true},
		{
			"bad webhook secret", "setWebhook",
			params{"url": "https://example.org/", "secret_token": "a b"},
			400, "Bad Request: secret token contains unallowed characters", true,
		},
		{
			"command", "setMyCommands",
			params{"commands": `[{"command":"Ask","description":"x"}]`},
			400, "Bad Request: BOT_COMMAND_INVALID", true,
		},
		{
			"command without description", "setMyCommands",
			params{"commands": `[{"command":"ask","description":""}]`},
			400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID", true,
		},
		{
			"language", "setMyName",
			params{"name": "x", "language_code": "rus"},
			400, "Bad Request: invalid language code specified", true,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.t = t
			w.refuses(c)
		})
	}
	w.t = t
	w.sent(params{"chat_id": chat, "text": "x", "reply_parameters": `{"message_id":999,"allow_sending_without_reply":true}`})
	w.clock.Move(49 * time.Hour)
	w.refuses(refusalCase{
		"", "deleteMessage",
		params{"chat_id": chat, "message_id": itoa(id)},
		400, "Bad Request: message can't be deleted", false,
	})
}

func TestTopicsAreRefusedInTelegramsWords(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	owner := w.Person("Owner", "")
	forum := w.Forum("Forum", owner)
	owner.AddBot(forum)
	thread := owner.OpenTopic(forum, "News")
	in := func(thread int) params {
		return params{"chat_id": itoa(forum.ID), "text": "x", "message_thread_id": itoa(thread)}
	}
	w.sent(in(thread))
	w.refuses(refusalCase{"", "sendMessage", in(999), 400, "Bad Request: message thread not found", false})
	owner.CloseTopic(forum, thread)
	w.refuses(refusalCase{"", "sendMessage", in(thread), 400, "Bad Request: TOPIC_CLOSED", false})
	owner.PromoteBot(forum)
	w.sent(in(thread))
	owner.DemoteBot(forum)
	owner.ReopenTopic(forum, thread)
	w.sent(in(thread))
	owner.DeleteTopic(forum, thread)
	w.refuses(refusalCase{"", "sendMessage", in(thread), 400, "Bad Request: message thread not found", false})
	if n := len(forum.FromBot()); n != 0 {
		t.Errorf("%d messages are left of the deleted topic", n)
	}
}

func TestStaleQueriesAreRefusedInTelegramsWords(t *testing.T) {
	const stale = "Bad Request: query is too old and response timeout expired or query ID is invalid"
	w := newWorld(t, sandbox.Options{})
	owner := w.Person("Owner", "")
	elsewhere := w.Group("Elsewhere", owner)
	w.sent(params{"chat_id": itoa(w.chat.ID), "text": "x", "reply_markup": button(`"text":"a","callback_data":"a"`)})
	m, err := w.chat.Next(soon(t))
	if err != nil {
		t.Fatal(err)
	}
	callback := func() string {
		press, err := w.aida.Press(m, "a")
		if err != nil {
			t.Fatal(err)
		}
		return press.ID
	}
	guest := func() string { return owner.Post(elsewhere, sandbox.Post{Text: "@sandbox_bot why?"}).GuestQuery }
	for _, c := range []struct {
		method, parameter string
		ask               func() string
		params            params
	}{
		{"answerCallbackQuery", "callback_query_id", callback, nil},
		{"answerInlineQuery", "inline_query_id", func() string { return w.aida.Inline("x") }, params{"results": "[]"}},
		{"answerGuestQuery", "guest_query_id", guest, params{"result": article("1", "x")}},
	} {
		t.Run(c.method, func(t *testing.T) {
			w.t = t
			id := c.ask()
			w.ok(c.method, c.params.with(params{c.parameter: id}), nil)
			w.refuses(refusalCase{"", c.method, c.params.with(params{c.parameter: id}), 400, stale, false})
			w.refuses(refusalCase{"", c.method, c.params.with(params{c.parameter: "12345"}), 400, stale, false})
			late := c.ask()
			w.clock.Move(16 * time.Second)
			w.refuses(refusalCase{"", c.method, c.params.with(params{c.parameter: late}), 400, stale, false})
		})
	}
}

// article is an inline result as JSON.
func article(id, text string) string {
	return fmt.Sprintf(`{"type":"article","id":%q,"title":"Title","input_message_content":{"message_text":%q,"parse_mode":"HTML"}}`, id, text)
}

func TestInlineResultsAreRefusedInTelegramsWords(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	many := func(n int) string {
		var all []string
		for i := range n {
			all = append(all, article(itoa(i), "x"))
		}
		return "[" + strings.Join(all, ",") + "]"
	}
	list := func(results ...string) string { return "[" + strings.Join(results, ",") + "]" }
	for _, c := range []struct{ name, results, text string }{
		{"51", many(51), "too many inline query results specified"},
		{"not JSON", "[", "can't parse JSON encoded inline query results"},
		{"no id", list(article("", "x")), "RESULT_ID_INVALID"},
		{"65 bytes of id", list(article(strings.Repeat("a", 65), "x")), "RESULT_ID_INVALID"},
		{"twice", list(article("a", "x"), article("a", "y")), "RESULT_ID_DUPLICATE"},
		{"no text", list(article("a", "")), "message text is empty"},
		{"only spaces", list(article("a", " ")), "text must be non-empty"},
		{"tags", list(article("a", "<b>x")), `can't parse entities: Can't find end tag corresponding to start tag "b"`},
		{"long", list(article("a", strings.Repeat("x", 4097))), "message is too long"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.t = t
			p := params{"inline_query_id": w.aida.Inline("x"), "results": c.results}
			w.refuses(refusalCase{"", "answerInlineQuery", p, 400, "Bad Request: " + c.text, true})
		})
	}
	w.t = t
	w.ok("answerInlineQuery", params{"inline_query_id": w.aida.Inline("x"), "results": many(50)}, nil)
}

func TestTokens(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	try := func(token string) answer {
		t.Helper()
		r, err := http.NewRequest(http.MethodGet, "https://api.telegram.org/bot"+token+"/getMe", nil)
		if err != nil {
			t.Fatal(err)
		}
		a, err := w.send(r)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	for token, want := range map[string]string{
		w.Token():           "",
		"nonsense":          "Unauthorized: invalid token specified",
		"x:sandbox":         "Unauthorized: invalid token specified",
		"7000000001:other":  "Unauthorized",
		"70000000011:other": "Unauthorized",
	} {
		if got := try(token); got.Description != want || got.OK != (want == "") || !got.OK && got.Code != 401 {
			t.Errorf("token %q: %d %q, want 401 %q", token, got.Code, got.Description, want)
		}
	}
	w.Revoke(true)
	if got := try(w.Token()); got.Code != 401 || got.Description != "Unauthorized" {
		t.Errorf("a revoked token: %d %q", got.Code, got.Description)
	}
	w.Revoke(false)
	if got := try(w.Token()); !got.OK {
		t.Errorf("a token that is valid again: %d %q", got.Code, got.Description)
	}
}

func TestViolationsSayWhatWasSent(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	w.call("sendMessage", params{"chat_id": itoa(w.chat.ID), "text": ""})
	got := w.Violations()
	if len(got) != 1 || got[0].String() != "sendMessage: message text is empty" || got[0].Parameters["chat_id"] != itoa(w.chat.ID) {
		t.Errorf("the violations are %+v", got)
	}
}
