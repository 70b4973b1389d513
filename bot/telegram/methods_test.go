package telegram

import (
	"context"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"
)

const (
	htmlMode    = "HTML"
	previewsOff = `{"is_disabled":true}`
	articleBody = `"input_message_content":{"message_text":"A","parse_mode":"HTML","link_preview_options":{"is_disabled":true}}`
)

func TestParametersOfRequests(t *testing.T) {
	every := Screen{Text: "<b>A</b>", Keyboard: [][]Button{
		{{Text: "d", Data: "q:1"}, {Text: "u", URL: "https://a.test/?x=1&y"}},
		{},
		{{Text: "c", Copy: "words"}, {Text: "i", Inline: "troops"}},
	}}
	keyboard := `{"inline_keyboard":[[{"text":"d","callback_data":"q:1"},{"text":"u","url":"https://a.test/?x=1\u0026y"}],` +
		`[{"text":"c","copy_text":{"text":"words"}},{"text":"i","switch_inline_query":"troops"}]]}`

	for name, test := range map[string]struct {
		do   func(context.Context, *Client) error
		want map[string]string
	}{
		"send": {
			func(ctx context.Context, c *Client) error {
				_, err := c.Send(ctx, Target{Chat: -1001, Thread: 7, ReplyTo: 9}, every)
				return err
			},
			map[string]string{
				"chat_id": "-1001", "message_thread_id": "7", "text": "<b>A</b>", "parse_mode": htmlMode, "link_preview_options": previewsOff,
				"reply_parameters": `{"message_id":9,"allow_sending_without_reply":true}`, "reply_markup": keyboard,
			},
		},
		"send without anything more": {
			func(ctx context.Context, c *Client) error {
				_, err := c.Send(ctx, Target{Chat: 5}, Screen{Text: "A", Keyboard: [][]Button{{}, nil}})
				return err
			},
			map[string]string{"chat_id": "5", "text": "A", "parse_mode": htmlMode, "link_preview_options": previewsOff},
		},
		"send a prompt": {
			func(ctx context.Context, c *Client) error {
				_, err := c.Send(ctx, Target{Chat: 5}, Screen{Text: "A", ForceReply: "Your question"})
				return err
			},
			map[string]string{
				"chat_id": "5", "text": "A", "parse_mode": htmlMode, "link_preview_options": previewsOff,
				"reply_markup": `{"force_reply":true,"input_field_placeholder":"Your question","selective":true}`,
			},
		},
		"edit": {
			func(ctx context.Context, c *Client) error { return c.Edit(ctx, Ref{Chat: 5, Message: 6}, every) },
			map[string]string{
				"chat_id": "5", "message_id": "6", "text": "<b>A</b>", "parse_mode": htmlMode, "link_preview_options": previewsOff,
				"reply_markup": keyboard,
			},
		},
		"send to one alone": {
			func(ctx context.Context, c *Client) error {
				_, err := c.Send(ctx, Target{Chat: -5, Only: 8}, Screen{Text: "A"})
				return err
			},
			map[string]string{
				"chat_id": "-5", "text": "A", "parse_mode": htmlMode, "link_preview_options": previewsOff,
				"ephemeral_message_parameters": `{"receiver_user_id":8}`,
			},
		},
		"edit what one alone sees": {
			func(ctx context.Context, c *Client) error {
				return c.Edit(ctx, Ref{Chat: -5, Message: 6, Only: 8}, Screen{Text: "A"})
			},
			map[string]string{
				"chat_id": "-5", "receiver_user_id": "8", "ephemeral_message_id": "6", "text": "A", "parse_mode": htmlMode,
				"link_preview_options": previewsOff,
			},
		},
		"edit inline": {
			func(ctx context.Context, c *Client) error {
				return c.Edit(ctx, Ref{Inline: "in"}, Screen{Text: "A", ForceReply: "not for edits"})
			},
			map[string]string{"inline_message_id": "in", "text": "A", "parse_mode": htmlMode, "link_preview_options": previewsOff},
		},
		"answer a press": {
			func(ctx context.Context, c *Client) error { return c.AnswerCallback(ctx, "id", "Done", true) },
			map[string]string{"callback_query_id": "id", "text": "Done", "show_alert": "true"},
		},
		"answer a press in silence": {
			func(ctx context.Context, c *Client) error { return c.AnswerCallback(ctx, "id", "", false) },
			map[string]string{"callback_query_id": "id"},
		},
		"answer an inline query": {
			func(ctx context.Context, c *Client) error {
				return c.AnswerInline(ctx, "id", InlineAnswer{
					Results:  []InlineResult{{ID: "1", Title: "T", Description: "D", Screen: Screen{Text: "A", Keyboard: [][]Button{{{Text: "d", Data: "x"}}}}}},
					Cache:    90 * time.Second,
					Personal: true, Next: "2", Button: "Ask me", Start: "q_1",
				})
			},
			map[string]string{
				"inline_query_id": "id", "cache_time": "90", "is_personal": "true", "next_offset": "2",
				"button": `{"text":"Ask me","start_parameter":"q_1"}`,
				"results": `[{"type":"article","id":"1","title":"T","description":"D",` + articleBody +
					`,"reply_markup":{"inline_keyboard":[[{"text":"d","callback_data":"x"}]]}}]`,
			},
		},
		"answer an inline query with nothing": {
			func(ctx context.Context, c *Client) error { return c.AnswerInline(ctx, "id", InlineAnswer{}) },
			map[string]string{"inline_query_id": "id", "cache_time": "0", "results": "[]"},
		},
		"answer a guest": {
			func(ctx context.Context, c *Client) error {
				inline, err := c.AnswerGuest(ctx, "g", InlineResult{ID: "1", Title: "T", Screen: Screen{Text: "A"}})
				if inline != "in" {
					t.Errorf("inline id %q", inline)
				}
				return err
			},
			map[string]string{"guest_query_id": "g", "result": `{"type":"article","id":"1","title":"T",` + articleBody + `}`},
		},
		"set a webhook": {
			func(ctx context.Context, c *Client) error { return c.SetWebhook(ctx, "https://a.test/x", "s", nil) },
			map[string]string{
				"url": "https://a.test/x", "secret_token": "s", "max_connections": "100", "drop_pending_updates": "false",
				"allowed_updates": encode(updateKinds),
			},
		},
		"delete a webhook": {
			func(ctx context.Context, c *Client) error { return c.DeleteWebhook(ctx) },
			map[string]string{"drop_pending_updates": "false"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := &answers{give: []answer{ok(`{"message_id":3,"inline_message_id":"in"}`)}}
			if err := test.do(t.Context(), client(a)); err != nil {
				t.Fatal(err)
			}
			got := map[string]string{}
			for key, values := range a.requests[0] {
				got[key] = values[0]
			}
			if !maps.Equal(got, test.want) {
				t.Errorf("sent %v\nwant %v", got, test.want)
			}
		})
	}
}

func TestSuccessesThatTelegramCallsErrors(t *testing.T) {
	edit := func(ctx context.Context, c *Client) error {
		return c.Edit(ctx, Ref{Chat: 1, Message: 2}, Screen{Text: "A"})
	}
	press := func(ctx context.Context, c *Client) error { return c.AnswerCallback(ctx, "id", "", false) }
	inline := func(ctx context.Context, c *Client) error { return c.AnswerInline(ctx, "id", InlineAnswer{}) }
	const (
		same = "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message"
		old  = "Bad Request: query is too old and response timeout expired or query ID is invalid"
	)
	for _, test := range []struct {
		do      func(context.Context, *Client) error
		says    string
		success bool
	}{
		{edit, same, true},
		{edit, "Bad Request: message to edit not found", false},
		{press, old, true},
		{press, "Bad Request: MESSAGE_TOO_LONG", false},
		{inline, old, true},
		{inline, "Bad Request: too many inline query results specified", false},
	} {
		err := test.do(t.Context(), client(&answers{give: []answer{refusal(400, test.says)}}))
		if (err == nil) != test.success {
			t.Errorf("%s: error %v", test.says, err)
		}
	}
}

func TestWhatTelegramTells(t *testing.T) {
	ctx := t.Context()
	me, err := client(&answers{give: []answer{ok(`{"id":9,"is_bot":true,"first_name":"Press","username":"press_bot","can_join_groups":true,
		"can_read_all_group_messages":true,"supports_inline_queries":true,"supports_guest_queries":true}`)}}).Me(ctx)
	want := Bot{User: User{ID: 9, Bot: true, FirstName: "Press", Username: "press_bot"}, JoinsGroups: true, ReadsAll: true, Inline: true, Guest: true}
	if err != nil || me != want {
		t.Errorf("me %+v, %v", me, err)
	}
	chat, err := client(&answers{give: []answer{ok(`{"id":-1001,"type":"supergroup","title":"T","username":"u","is_forum":true}`)}}).Chat(ctx, -1001)
	if wantChat := (Chat{ID: -1001, Type: "supergroup", Title: "T", Username: "u", Forum: true}); err != nil || chat != wantChat {
		t.Errorf("chat %+v, %v", chat, err)
	}
	_, err = client(&answers{give: []answer{refusal(400, "Bad Request: chat not found")}}).Chat(ctx, 1)
	if refused := (*Error)(nil); !errors.As(err, &refused) || !refused.Gone() {
		t.Errorf("error %v", err)
	}
}

func TestMember(t *testing.T) {
	for told, want := range map[string]Member{
		`{"status":"creator","user":{"id":1},"is_anonymous":true}`:            {Status: "creator", Present: true, CanSend: true, CanPost: true},
		`{"status":"administrator","user":{"id":1},"can_post_messages":true}`: {Status: "administrator", Present: true, CanSend: true, CanPost: true},
		`{"status":"administrator","user":{"id":1}}`:                          {Status: "administrator", Present: true, CanSend: true},
		`{"status":"member","user":{"id":1}}`:                                 {Status: "member", Present: true, CanSend: true},
		`{"status":"restricted","user":{"id":1},"is_member":true}`:            {Status: "restricted", Present: true},
		`{"status":"restricted","user":{"id":1},"can_send_messages":true}`:    {Status: "restricted"},
		`{"status":"left","user":{"id":1}}`:                                   {Status: "left"},
		`{"status":"kicked","user":{"id":1},"until_date":0}`:                  {Status: "kicked"},
	} {
		want.User.ID = 1
		a := &answers{give: []answer{ok(told)}}
		got, err := client(a).Member(t.Context(), -5, 1)
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v", told, got, err)
		}
		if admin := strings.HasPrefix(got.Status, "c") || strings.HasPrefix(got.Status, "a"); got.Admin() != admin {
			t.Errorf("%s: admin %v", told, got.Admin())
		}
	}
}

func TestSetMenuAndProfileWriteOnlyWhatDiffers(t *testing.T) {
	menu := Menu{Scope: "all_private_chats", Lang: "ru", Commands: []Command{{"help", "Помощь"}}}
	profile := Profile{Lang: "ru", Name: "Пресса", Short: "Ответы"}
	set := func(ctx context.Context, c *Client) error { return c.SetMenu(ctx, menu) }
	present := func(ctx context.Context, c *Client) error { return c.SetProfile(ctx, profile) }
	for name, test := range map[string]struct {
		do    func(context.Context, *Client) error
		found []string
		want  []map[string]string
	}{
		"menu that is set": {
			set,
			[]string{`[{"command":"help","description":"Помощь"}]`},
			[]map[string]string{{"scope": `{"type":"all_private_chats"}`, "language_code": "ru"}},
		},
		"menu that differs": {
			set,
			[]string{`[{"command":"help","description":"Help"}]`, `true`},
			[]map[string]string{
				{"scope": `{"type":"all_private_chats"}`, "language_code": "ru"},
				{"scope": `{"type":"all_private_chats"}`, "language_code": "ru", "commands": `[{"command":"help","description":"Помощь"}]`},
			},
		},
		"profile of which the name differs": {
			present,
			[]string{`{"name":"Press"}`, `true`, `{"short_description":"Ответы"}`},
			[]map[string]string{{"language_code": "ru"}, {"language_code": "ru", "name": "Пресса"}, {"language_code": "ru"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := &answers{}
			for _, found := range test.found {
				a.give = append(a.give, ok(found))
			}
			if err := test.do(t.Context(), client(a)); err != nil {
				t.Fatal(err)
			}
			if len(a.requests) != len(test.want) {
				t.Fatalf("%d requests, want %d", len(a.requests), len(test.want))
			}
			for i, want := range test.want {
				got := map[string]string{}
				for key, values := range a.requests[i] {
					got[key] = values[0]
				}
				if !maps.Equal(got, want) {
					t.Errorf("request %d: %v, want %v", i, got, want)
				}
			}
		})
	}
}

func TestLength(t *testing.T) {
	for text, want := range map[string]int{
		"":                           0,
		"plain":                      5,
		"Қазақстан":                  9,
		"<b>bold</b>":                4,
		"a &lt; b &amp;&quot;&#39;c": 10,
		`<a href="https://a.test/?a=1&amp;b=2#:~:text=x,y">link</a>`: 4,
		`<a href="a>b">x</a>y`:                   2,
		"<blockquote expandable>q</blockquote>":  1,
		"\U0001F469\u200d\U0001F680":             3, // a woman astronaut
		"5 > 3":                                  5,
		strings.Repeat("<i>я</i>&#34;", MaxText): 2 * MaxText,
	} {
		if got := Length(text); got != want {
			t.Errorf("%.60q: %d, want %d", text, got, want)
		}
	}
}
