package sandbox_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"testing"

	"releasebot/bot/sandbox"
)

// field goes down into an object, nil if there is nothing.
func (o object) field(path ...string) any {
	var at any = map[string]any(o)
	for _, name := range path {
		m, _ := at.(map[string]any)
		at = m[name]
	}
	return at
}

func TestTheBotComesAndGoes(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	owner := w.Person("Owner", "")
	group := w.Group("Group", owner)
	for _, c := range []struct {
		name     string
		act      func()
		kinds    []string
		old, now string
	}{
		{"added", func() { owner.AddBot(group) }, []string{"my_chat_member", "message"}, "left", "member"},
		{"promoted", func() { owner.PromoteBot(group) }, []string{"my_chat_member"}, "member", "administrator"},
		{"demoted", func() { owner.DemoteBot(group) }, []string{"my_chat_member"}, "administrator", "member"},
		{"muted", func() { owner.MuteBot(group) }, []string{"my_chat_member"}, "member", "restricted"},
		{"removed", func() { owner.RemoveBot(group) }, []string{"my_chat_member", "message"}, "restricted", "kicked"},
		{"removed again", func() { owner.RemoveBot(group) }, []string{}, "", ""},
	} {
		w.drain()
		c.act()
		got := w.updates(0)
		if !slices.Equal(kinds(got), c.kinds) {
			t.Errorf("%s: the updates are %q, want %q", c.name, kinds(got), c.kinds)
			continue
		}
		if len(got) == 0 {
			continue
		}
		old, now := got[0].field("my_chat_member", "old_chat_member", "status"), got[0].field("my_chat_member", "new_chat_member", "status")
		if old != c.old || now != c.now {
			t.Errorf("%s: from %v to %v, want %s to %s", c.name, old, now, c.old, c.now)
		}
	}
}

func TestTheBotLeaves(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	owner := w.Person("Owner", "")
	group := w.Group("Group", owner)
	owner.AddBot(group)
	w.ok("leaveChat", params{"chat_id": itoa(group.ID)}, nil)
	if got := group.Status(w.BotID()); got != sandbox.Left {
		t.Errorf("its status is %s", got)
	}
	if got := w.call("sendMessage", params{"chat_id": itoa(group.ID), "text": "x"}); got.Description != "Forbidden: bot is not a member of the group chat" {
		t.Errorf("writing gives %q", got.Description)
	}
}

func TestBotFathersSwitches(t *testing.T) {
	w := newWorld(t, sandbox.Options{NoGroups: true, NoInline: true, NoGuest: true})
	owner := w.Person("Owner", "")
	group := w.Group("Group", owner)
	w.drain()
	owner.AddBot(group)
	w.aida.Inline("x")
	owner.Say(group, "@sandbox_bot why?")
	if got := w.updates(0); len(got) != 0 || group.Status(w.BotID()) != sandbox.Left {
		t.Errorf("with everything off there are %v", got)
	}
	var me map[string]any
	w.ok("getMe", nil, &me)
	for _, name := range []string{"can_join_groups", "supports_inline_queries", "supports_guest_queries", "can_read_all_group_messages"} {
		if me[name] == true {
			t.Errorf("getMe says %s", name)
		}
	}
}

func TestMembers(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	owner, admin, member, outsider := w.Person("Owner", ""), w.Person("Admin", ""), w.Person("Member", ""), w.Person("Outsider", "")
	super := w.Supergroup("Super", owner, admin, member)
	super.SetUsername("super_chat")
	owner.AddBot(super)
	owner.Promote(super, admin)
	admin.SetAnonymous(super, true)
	for id, want := range map[int64]string{
		owner.ID: "creator", admin.ID: "administrator", member.ID: "member", outsider.ID: "left", w.BotID(): "member",
	} {
		var got struct{ Status string }
		w.ok("getChatMember", params{"chat_id": "@Super_Chat", "user_id": itoa(id)}, &got)
		if got.Status != want {
			t.Errorf("%d is %s, want %s", id, got.Status, want)
		}
	}
	var admins []object
	w.ok("getChatAdministrators", params{"chat_id": itoa(super.ID)}, &admins)
	if len(admins) != 2 || admins[0]["status"] != "creator" || admins[1].field("is_anonymous") != true {
		t.Errorf("the administrators are %v", admins)
	}
	var count int
	w.ok("getChatMemberCount", params{"chat_id": itoa(super.ID)}, &count)
	if count != 4 {
		t.Errorf("there are %d members, want 4", count)
	}
	owner.Kick(super, member)
	if got := super.Status(member.ID); got != sandbox.Kicked {
		t.Errorf("the member is %s", got)
	}
	var full object
	w.ok("getChat", params{"chat_id": itoa(super.ID)}, &full)
	if full["title"] != "Super" || full["type"] != "supergroup" || full["username"] != "super_chat" {
		t.Errorf("the chat is %v", full)
	}
}

func TestMigration(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	owner := w.Person("Owner", "")
	old := w.Group("Group", owner)
	owner.AddBot(old)
	id := w.sent(params{"chat_id": itoa(old.ID), "text": "x"})
	w.drain()
	super := owner.Migrate(old)
	got := w.updates(0)
	if len(got) != 2 || got[0].field("message", "migrate_to_chat_id") != float64(super.ID) ||
		got[1].field("message", "migrate_from_chat_id") != float64(old.ID) {
		t.Errorf("the updates are %v", got)
	}
	lost := w.call("editMessageText", params{"chat_id": itoa(super.ID), "message_id": itoa(id), "text": "y"})
	if lost.Description != "Bad Request: message to edit not found" {
		t.Errorf("editing an old message in the new chat gives %q", lost.Description)
	}
	moved := w.call("editMessageText", params{"chat_id": itoa(old.ID), "message_id": itoa(id), "text": "y"})
	if moved.Parameters.MigrateTo != super.ID {
		t.Errorf("editing in the old chat gives %q", moved.Description)
	}
	if super.Status(w.BotID()) != sandbox.Member || super.Status(owner.ID) != sandbox.Creator {
		t.Error("the members have not moved")
	}
}

func TestBlocking(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	w.drain()
	w.aida.Block()
	w.aida.Block()
	w.aida.Say(w.chat, "I am back")
	got := w.updates(0)
	if !slices.Equal(kinds(got), []string{"my_chat_member", "my_chat_member", "message"}) {
		t.Fatalf("the updates are %q", kinds(got))
	}
	if got[0].field("my_chat_member", "new_chat_member", "status") != "kicked" || got[1].field("my_chat_member", "new_chat_member", "status") != "member" {
		t.Errorf("the changes are %v and %v", got[0], got[1])
	}
	w.sent(params{"chat_id": itoa(w.chat.ID), "text": "welcome"})
}

func TestWhatPeopleSend(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	w.drain()
	first := w.aida.Post(w.chat, sandbox.Post{Text: "first /x"})
	w.aida.Reply(w.chat, first.ID, "second")
	w.aida.Edit(w.chat, first.ID, "changed")
	w.aida.Post(w.chat, sandbox.Post{Forward: &first})
	for _, media := range []string{"photo", "sticker", "voice", "video", "document", "location"} {
		w.aida.Post(w.chat, sandbox.Post{Media: media, Text: "caption"})
	}
	got := w.updates(0)
	if len(got) != 10 {
		t.Fatalf("there are %d updates, want 10", len(got))
	}
	if got[1].field("message", "reply_to_message", "text") != "first /x" {
		t.Errorf("the reply is %v", got[1])
	}
	if got[2].field("edited_message", "text") != "changed" || got[2].field("edited_message", "edit_date") == nil {
		t.Errorf("the edit is %v", got[2])
	}
	if got[3].field("message", "forward_origin", "sender_user", "id") != float64(w.aida.ID) {
		t.Errorf("the forward is %v", got[3])
	}
	for i, media := range []string{"photo", "sticker", "voice", "video", "document", "location"} {
		if got[4+i].field("message", media) == nil || got[4+i].field("message", "caption") != "caption" || got[4+i].field("message", "text") != nil {
			t.Errorf("the %s is %v", media, got[4+i])
		}
	}
}

func TestTheWholeOfAMessage(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	id := w.sent(params{
		"chat_id": itoa(w.chat.ID), "text": "What?", "disable_notification": "true",
		"link_preview_options": `{"is_disabled":true}`, "reply_parameters": `{"message_id":1}`,
		"reply_markup": `{"force_reply":true,"input_field_placeholder":"Your question","selective":true}`,
	})
	m, ok := w.chat.Message(id)
	if !ok || !m.FromBot || !m.Silent || !m.NoPreview || m.ReplyTo != 1 || !m.ForceReply || m.Hint != "Your question" {
		t.Errorf("the message is %+v", m)
	}
	id = w.sent(params{"chat_id": itoa(w.chat.ID), "text": "x", "reply_markup": `{"keyboard":[[{"text":"a"}]],"resize_keyboard":true}`})
	if m, _ := w.chat.Message(id); m.Replies[0][0].Text != "a" || m.Keyboard != nil {
		t.Errorf("the message is %+v", m)
	}
	w.noViolations()
}

func TestInlineMessages(t *testing.T) {
	w := newWorld(t, sandbox.Options{Feedback: true})
	owner, other := w.Person("Owner", ""), w.Person("Other", "")
	elsewhere := w.Supergroup("Elsewhere", owner, other)
	id := owner.Inline("why")
	if got := w.updates(-1)[0]; got.field("inline_query", "query") != "why" || got.field("inline_query", "id") != id {
		t.Errorf("the query is %v", got)
	}
	withKeyboard := `{"type":"article","id":"k","title":"Title","input_message_content":{"message_text":"<i>x</i>","parse_mode":"HTML"},"reply_markup":` +
		button(`"text":"more","callback_data":"m"`) + `}`
	w.ok("answerInlineQuery", params{
		"inline_query_id": id, "results": "[" + withKeyboard + "," + article("p", "plain") + "]", "cache_time": "0",
		"is_personal": "true", "button": `{"text":"Ask","start_parameter":"q_1"}`,
	}, nil)
	got, err := w.AwaitInline(soon(t), id)
	if err != nil || len(got.Results) != 2 || got.Button.Start != "q_1" || !got.Personal || got.CacheTime != 0 || got.Results[0].HTML() != "<i>x</i>" {
		t.Fatalf("the answer is %+v, %v", got, err)
	}
	w.drain()
	m, err := owner.Choose(elsewhere, got, "k")
	if err != nil || !m.ViaBot || m.InlineID == "" || m.From != owner.ID {
		t.Fatalf("the message is %+v, %v", m, err)
	}
	if u := w.updates(0); len(u) != 1 || u[0].field("chosen_inline_result", "inline_message_id") != m.InlineID || u[0].field("chosen_inline_result", "query") != "why" {
		t.Errorf("the updates are %v", u)
	}
	if plain, _ := owner.Choose(elsewhere, got, "p"); plain.InlineID != "" {
		t.Error("the bot can edit a message without a keyboard")
	}
	if _, err := owner.Choose(elsewhere, got, "z"); !errors.Is(err, sandbox.ErrNoResult) {
		t.Errorf("choosing what is not there gives %v", err)
	}
	w.drain()
	if _, err := other.Press(m, "more"); err != nil {
		t.Fatal(err)
	}
	if u := w.updates(0); len(u) != 1 || u[0].field("callback_query", "inline_message_id") != m.InlineID ||
		u[0].field("callback_query", "from", "id") != float64(other.ID) || u[0].field("callback_query", "message") != nil {
		t.Errorf("the press is %v", u)
	}
	var done bool
	w.ok("editMessageText", params{"inline_message_id": m.InlineID, "text": "changed"}, &done)
	if m, _ := elsewhere.Message(m.ID); !done || m.Text != "changed" {
		t.Errorf("the edited message is %+v", m)
	}
	if _, err := other.Press(m, "more"); !errors.Is(err, sandbox.ErrNoButton) {
		t.Errorf("pressing a button that is gone gives %v", err)
	}
}

func TestGuests(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	owner := w.Person("Owner", "")
	elsewhere := w.Supergroup("Elsewhere", owner)
	w.drain()
	asked := owner.Post(elsewhere, sandbox.Post{Text: "@sandbox_bot why?"})
	owner.Say(elsewhere, "@other_bot why?")
	got := w.updates(0)
	if len(got) != 1 || got[0].field("guest_message", "guest_query_id") != asked.GuestQuery || asked.GuestQuery == "" {
		t.Fatalf("the updates are %v", got)
	}
	var sent struct {
		ID string `json:"inline_message_id"`
	}
	w.ok("answerGuestQuery", params{"guest_query_id": asked.GuestQuery, "result": article("1", "because")}, &sent)
	m, err := w.AwaitGuest(soon(t), asked.GuestQuery)
	if err != nil || m.Text != "because" || m.InlineID != sent.ID || m.ReplyTo != asked.ID || m.Caller != owner.ID {
		t.Errorf("the answer is %+v, %v", m, err)
	}
	w.ok("editMessageText", params{"inline_message_id": sent.ID, "text": "corrected"}, nil)
	if m, err := elsewhere.Next(soon(t)); err != nil || m.Text != "corrected" {
		t.Errorf("the corrected answer is %+v, %v", m, err)
	}
	owner.AddBot(elsewhere)
	w.drain()
	owner.Say(elsewhere, "@sandbox_bot why?")
	if got := w.updates(0); len(got) != 0 {
		t.Errorf("a member is asked as a guest: %v", got)
	}
}

func TestAMessageForOneAlone(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	owner := w.Person("Owner", "")
	group := w.Group("Group", owner)
	owner.AddBot(group)
	p := params{
		"chat_id": itoa(group.ID), "text": "psst", "ephemeral_message_parameters": `{"receiver_user_id":` + itoa(owner.ID) + `}`,
		"reply_markup": `{"inline_keyboard":[[{"text":"yes","callback_data":"y"}]]}`,
	}
	if got := w.call("sendMessage", p); got.Description != "Bad Request: BOT_NOT_ADMIN" {
		t.Errorf("of a bot that is no administrator it says %q", got.Description)
	}
	owner.PromoteBot(group)
	var sent struct {
		ID        int `json:"message_id"`
		Ephemeral int `json:"ephemeral_message_id"`
	}
	w.ok("sendMessage", p, &sent)
	m, _ := group.Message(sent.Ephemeral)
	if sent.ID != 0 || m.Receiver != owner.ID {
		t.Errorf("the message %d is for %d", sent.ID, m.Receiver)
	}
	if _, err := w.aida.Press(m, "yes"); err == nil {
		t.Error("somebody else sees its button")
	}
	edit := params{"chat_id": itoa(group.ID), "ephemeral_message_id": itoa(sent.Ephemeral), "text": "hush"}
	if got := w.call("editEphemeralMessageText", edit.with(params{"receiver_user_id": itoa(w.aida.ID)})); got.Code != 400 {
		t.Errorf("edited for somebody else it gives %d", got.Code)
	}
	w.ok("editEphemeralMessageText", edit.with(params{"receiver_user_id": itoa(owner.ID)}), nil)
	if m, _ := group.Message(sent.Ephemeral); m.Text != "hush" {
		t.Errorf("after the edit it says %q", m.Text)
	}
	outsider := `{"receiver_user_id":` + itoa(w.aida.ID) + `}`
	if got := w.call("sendMessage", p.with(params{"ephemeral_message_parameters": outsider})); got.Code != 400 {
		t.Errorf("for somebody outside it gives %d", got.Code)
	}
}

func TestProfile(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	owner := w.Person("Owner", "kk")
	group := w.Group("Group", owner)
	set := func(scope, language, command string) {
		t.Helper()
		p := params{"commands": `[{"command":"` + command + `","description":"Help"}]`, "language_code": language}
		if scope != "" {
			p["scope"] = scope
		}
		w.ok("setMyCommands", p, nil)
	}
	menu := func(p *sandbox.Person, c *sandbox.Chat) string {
		commands := w.Menu(p, c)
		if len(commands) == 0 {
			return ""
		}
		return commands[0].Command
	}
	owner.AddBot(group)
	set("", "", "all")
	set(`{"type":"all_private_chats"}`, "", "private")
	set(`{"type":"all_private_chats"}`, "ru", "private_ru")
	set(`{"type":"all_group_chats"}`, "", "group")
	set(`{"type":"all_chat_administrators"}`, "", "admin")
	if got := []string{menu(w.aida, w.chat), menu(owner, group), menu(w.aida, group)}; !slices.Equal(got, []string{"private_ru", "admin", "group"}) {
		t.Errorf("the menus are %q", got)
	}
	set(`{"type":"chat","chat_id":`+itoa(group.ID)+`}`, "", "chat")
	if got := menu(w.aida, group); got != "chat" {
		t.Errorf("the menu of the one group is %q", got)
	}
	w.ok("deleteMyCommands", params{"scope": `{"type":"all_private_chats"}`, "language_code": "ru"}, nil)
	if got := menu(w.aida, w.chat); got != "private" {
		t.Errorf("the menu is %q", got)
	}
	var commands []sandbox.Command
	w.ok("getMyCommands", params{"scope": `{"type":"all_private_chats"}`, "language_code": "ru"}, &commands)
	if len(commands) != 0 {
		t.Errorf("deleted commands are %v", commands)
	}
	for _, c := range []struct{ set, get, parameter string }{
		{"setMyName", "getMyName", "name"},
		{"setMyDescription", "getMyDescription", "description"},
		{"setMyShortDescription", "getMyShortDescription", "short_description"},
	} {
		w.ok(c.set, params{c.parameter: "For all"}, nil)
		w.ok(c.set, params{c.parameter: "По-русски", "language_code": "ru"}, nil)
		for language, want := range map[string]string{"": "For all", "ru": "По-русски", "kk": "For all"} {
			var got map[string]string
			w.ok(c.get, params{"language_code": language}, &got)
			if !reflect.DeepEqual(got, map[string]string{c.parameter: want}) {
				t.Errorf("%s in %q gives %v", c.get, language, got)
			}
		}
	}
	w.noViolations()
}

func TestTopicsOfAForum(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	owner := w.Person("Owner", "")
	forum := w.Forum("Forum", owner)
	owner.AddBot(forum)
	news, talk := owner.OpenTopic(forum, "News"), owner.OpenTopic(forum, "Talk")
	owner.CloseTopic(forum, talk)
	want := []sandbox.Topic{{Thread: news, Name: "News"}, {Thread: talk, Name: "Talk", Closed: true}}
	if got := forum.Topics(); !slices.Equal(got, want) {
		t.Errorf("the topics are %+v", got)
	}
	asked := owner.Post(forum, sandbox.Post{Text: "/ask@sandbox_bot", Thread: news})
	id := w.sent(params{"chat_id": itoa(forum.ID), "text": "x", "reply_parameters": `{"message_id":` + itoa(asked.ID) + `}`})
	if m, _ := forum.Message(id); m.Thread != news || !m.Topic {
		t.Errorf("a reply in a topic is %+v", m)
	}
	general := owner.Say(forum, "in general")
	reply := owner.Post(forum, sandbox.Post{Text: "x", ReplyTo: general})
	if reply.Thread != general || reply.Topic {
		t.Errorf("a reply in General is %+v", reply)
	}
	raw, err := json.Marshal(w.updates(-1))
	if err != nil || len(raw) == 0 {
		t.Error(err)
	}
}

func TestKeyboardsAlone(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	p := params{"chat_id": itoa(w.chat.ID), "text": "x", "reply_markup": button(`"text":"a","callback_data":"a"`)}
	id := w.sent(p)
	delete(p, "text")
	p["message_id"] = itoa(id)
	w.ok("editMessageReplyMarkup", p.with(params{"reply_markup": button(`"text":"b","callback_data":"b"`)}), nil)
	if m, _ := w.chat.Message(id); m.Keyboard[0][0].Data != "b" || m.Text != "x" || m.Edits != 1 {
		t.Errorf("the message is %+v", m)
	}
	w.ok("editMessageReplyMarkup", p.with(params{"reply_markup": `{"inline_keyboard":[]}`}), nil)
	if m, _ := w.chat.Message(id); len(m.Keyboard) != 0 {
		t.Errorf("the keyboard is still %v", m.Keyboard)
	}
	w.noViolations()
}

func TestOldButtons(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	m := w.aida.Post(w.chat, sandbox.Post{Text: "x"})
	w.drain()
	press := w.aida.PressData(m, "from an old version")
	if got := w.updates(0); len(got) != 1 || got[0].field("callback_query", "data") != "from an old version" {
		t.Errorf("the updates are %v", got)
	}
	w.ok("answerCallbackQuery", params{"callback_query_id": press.ID, "text": "gone", "show_alert": "true"}, nil)
	if got, err := w.AwaitAnswer(soon(t), press); err != nil || !got.Alert {
		t.Errorf("the answer is %+v, %v", got, err)
	}
	w.aida.Unsend(w.chat, m.ID)
	got := w.call("sendMessage", params{"chat_id": itoa(w.chat.ID), "text": "x", "reply_parameters": `{"message_id":` + itoa(m.ID) + `}`})
	if got.Description != "Bad Request: message to be replied not found" {
		t.Errorf("a reply to what was deleted gives %q", got.Description)
	}
}

func TestWhoMayLookWhere(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	owner, member := w.Person("Owner", ""), w.Person("Member", "")
	hidden, public, channel := w.Supergroup("Hidden", owner), w.Supergroup("Public", owner), w.Channel("Channel", owner, member)
	public.SetUsername("public_chat")
	group := w.Group("Group", owner)
	owner.AddBot(group)
	owner.Migrate(group)
	owner.AddBot(channel)
	owner.DemoteBot(channel)
	for _, c := range []struct {
		method string
		chat   string
		user   int64
		want   string
	}{
		{"getChat", itoa(hidden.ID), 0, "Forbidden: bot is not a member of the supergroup chat"},
		{"getChat", "@public_chat", 0, ""},
		{"getChat", "@nobody", 0, "Bad Request: chat not found"},
		{"getChat", "elsewhere", 0, "Bad Request: chat not found"},
		{"getChatMemberCount", "@public_chat", 0, "Forbidden: bot is not a member of the supergroup chat"},
		{"getChatMemberCount", itoa(w.chat.ID), 0, ""},
		{"getChatMember", itoa(w.chat.ID), w.aida.ID, ""},
		{"getChatMember", itoa(w.chat.ID), 12345, "Bad Request: PARTICIPANT_ID_INVALID"},
		{"getChatMember", itoa(group.ID), owner.ID, "Bad Request: group chat was upgraded to a supergroup chat"},
		{"getChatMember", itoa(channel.ID), member.ID, "Bad Request: member list is inaccessible"},
		{"getChatMember", itoa(hidden.ID), owner.ID, "Forbidden: bot is not a member of the supergroup chat"},
		{"leaveChat", itoa(w.chat.ID), 0, "Bad Request: chat member status can't be changed in private chats"},
	} {
		p := params{"chat_id": c.chat}
		if c.user != 0 {
			p["user_id"] = itoa(c.user)
		}
		if got := w.call(c.method, p); got.Description != c.want {
			t.Errorf("%s %v: %q, want %q", c.method, p, got.Description, c.want)
		}
	}
}

func TestAnonymousAdministratorsActAsTheGroup(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	owner := w.Person("Owner", "")
	owner.SetUsername("owner_of_it")
	super := w.Supergroup("Super", owner)
	owner.SetAnonymous(super, true)
	w.drain()
	owner.AddBot(super)
	got := w.updates(0)
	if got[0].field("my_chat_member", "from", "username") != "GroupAnonymousBot" || got[1].field("message", "sender_chat", "id") != float64(super.ID) {
		t.Errorf("the updates are %v", got)
	}
	owner.SetAnonymous(super, false)
	w.drain()
	owner.Say(super, "/ask@sandbox_bot")
	if got := w.updates(0); got[0].field("message", "from", "username") != "owner_of_it" || got[0].field("message", "sender_chat") != nil {
		t.Errorf("the updates are %v", got)
	}
}
