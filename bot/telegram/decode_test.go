package telegram

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"
)

var (
	aida  = User{ID: 1, FirstName: "Aida", LastName: "S", Username: "aida", Lang: "ru"}
	group = Chat{ID: -1001, Type: "supergroup", Title: "News", Forum: true}
)

const (
	aidaJSON  = `{"id":1,"is_bot":false,"first_name":"Aida","last_name":"S","username":"aida","language_code":"ru"}`
	botJSON   = `{"id":9,"is_bot":true,"first_name":"Press","username":"press_bot"}`
	groupJSON = `{"id":-1001,"type":"supergroup","title":"News","is_forum":true}`
)

func TestDecode(t *testing.T) {
	bot := User{ID: 9, Bot: true, FirstName: "Press", Username: "press_bot"}
	noon := time.Date(2018, 9, 12, 12, 0, 0, 0, time.UTC)
	private := Chat{ID: 1, Type: "private", Username: "aida"}
	// in is Aida's message in the group with more fields, and message what it is read as before change.
	in := func(more string) string {
		return `{"update_id":5,"message":{"message_id":3,"date":1536753600,"chat":` + groupJSON + `,"from":` + aidaJSON + more + `}}`
	}
	message := func(change func(*Message)) Update {
		m := &Message{ID: 3, Date: noon, Chat: group, From: aida, Kind: KindService}
		change(m)
		return Update{ID: 5, Message: m}
	}

	for name, test := range map[string]struct {
		raw  string
		want Update
	}{
		"text with entities in a topic": {
			in(`,"text":"/ask x","entities":[{"type":"bot_command","offset":0,"length":4},{"type":"text_mention","offset":5,"length":1,"user":` + aidaJSON + `}],"message_thread_id":7,"is_topic_message":true`),
			message(func(m *Message) {
				m.Kind, m.Text, m.Thread = KindText, "/ask x", 7
				m.Entities = []Entity{{Type: "bot_command", Length: 4}, {Type: "text_mention", Offset: 5, Length: 1, User: aida}}
			}),
		},
		"reply thread that is no topic": {
			in(`,"text":"x","message_thread_id":7,"reply_to_message":{"message_id":2,"date":1536753600,"chat":` + groupJSON + `,"from":` + botJSON + `,"text":"Answer"},"quote":{"text":"swer","position":2}`),
			message(func(m *Message) {
				m.Kind, m.Text, m.Quote = KindText, "x", "swer"
				m.ReplyTo = &Message{ID: 2, Date: noon, Chat: group, From: bot, Kind: KindText, Text: "Answer"}
			}),
		},
		"head of a topic is not replied to": {
			in(`,"text":"x","message_thread_id":7,"is_topic_message":true,"reply_to_message":{"message_id":7,"date":1536753600,"chat":` + groupJSON + `,"from":` + aidaJSON + `,"forum_topic_created":{"name":"T","icon_color":1}}`),
			message(func(m *Message) { m.Kind, m.Text, m.Thread = KindText, "x", 7 }),
		},
		"caption of a photo": {
			in(`,"photo":[{"file_id":"f","file_unique_id":"u","width":1,"height":1}],"caption":"/ask","caption_entities":[{"type":"bot_command","offset":0,"length":4}]`),
			message(func(m *Message) {
				m.Kind, m.Text, m.Entities = KindPhoto, "/ask", []Entity{{Type: "bot_command", Length: 4}}
			}),
		},
		"forwarded, by its new field": {
			in(`,"text":"x","forward_origin":{"type":"hidden_user","sender_user_name":"Z","date":1536753600}`),
			message(func(m *Message) { m.Kind, m.Text, m.Forwarded = KindText, "x", true }),
		},
		"forwarded, by its old field": {
			in(`,"text":"x","forward_date":1536753600`),
			message(func(m *Message) { m.Kind, m.Text, m.Forwarded = KindText, "x", true }),
		},
		"anonymous administrator, edited, through a bot": {
			in(`,"text":"x","sender_chat":` + groupJSON + `,"via_bot":` + botJSON + `,"edit_date":1536753600`),
			message(func(m *Message) {
				m.Kind, m.Text, m.ViaBot, m.EditDate = KindText, "x", bot, noon
				m.SenderChat = Chat{ID: -1001, Type: "supergroup", Title: "News"}
			}),
		},
		"post copied into its discussion": {
			in(`,"text":"x","is_automatic_forward":true`),
			message(func(m *Message) { m.Kind, m.Text, m.AutomaticForward = KindText, "x", true }),
		},
		"people who come": {in(`,"new_chat_members":[` + botJSON + `,` + aidaJSON + `]`), message(func(m *Message) { m.NewMembers = []User{bot, aida} })},
		"one who goes":    {in(`,"left_chat_member":` + botJSON), message(func(m *Message) { m.LeftMember = bot })},
		"migration to":    {in(`,"migrate_to_chat_id":-1009`), message(func(m *Message) { m.MigrateTo = -1009 })},
		"migration from":  {in(`,"migrate_from_chat_id":-9`), message(func(m *Message) { m.MigrateFrom = -9 })},
		"pinned message":  {in(`,"pinned_message":{"message_id":1,"date":0,"chat":` + groupJSON + `}`), message(func(*Message) {})},
		"animation":       {in(`,"animation":{"file_id":"f"},"document":{"file_id":"f"}`), message(func(m *Message) { m.Kind = KindAnimation })},
		"venue":           {in(`,"venue":{"title":"V"},"location":{"longitude":1,"latitude":2}`), message(func(m *Message) { m.Kind = KindLocation })},
		"sticker":         {in(`,"sticker":{"file_id":"f","type":"regular"}`), message(func(m *Message) { m.Kind = KindSticker })},
		"checklist":       {in(`,"checklist":{"title":"C","tasks":[]}`), message(func(m *Message) { m.Kind = KindOther })},
		"unknown medium":  {in(`,"hologram":{"file_id":"f"}`), message(func(*Message) {})},
		"channel's post":  {`{"update_id":5,"channel_post":{"message_id":3,"date":0,"chat":{"id":-1002,"type":"channel"},"text":"x"}}`, Update{ID: 5, Message: &Message{ID: 3, Chat: Chat{ID: -1002, Type: "channel"}, Kind: KindText, Text: "x"}}},
		"edited":          {`{"update_id":5,"edited_message":{"message_id":3,"chat":{"id":1,"type":"private"},"text":"x"}}`, Update{ID: 5, Edited: &Message{ID: 3, Chat: Chat{ID: 1, Type: "private"}, Kind: KindText, Text: "x"}}},
		"edited post":     {`{"update_id":5,"edited_channel_post":{"message_id":3,"chat":{"id":1,"type":"channel"},"text":"x"}}`, Update{ID: 5, Edited: &Message{ID: 3, Chat: Chat{ID: 1, Type: "channel"}, Kind: KindText, Text: "x"}}},
		"guest":           {`{"update_id":5,"guest_message":{"message_id":3,"chat":{"id":1,"type":"private"},"text":"x","guest_query_id":"g"}}`, Update{ID: 5, Guest: &Message{ID: 3, Chat: Chat{ID: 1, Type: "private"}, Kind: KindText, Text: "x", GuestQuery: "g"}}},
		"for one alone": {
			`{"update_id":5,"callback_query":{"id":"c","from":` + aidaJSON + `,"data":"d","message":{"message_id":0,"ephemeral_message_id":7,"chat":{"id":-1,"type":"group"},"text":"x"}}}`,
			Update{ID: 5, Callback: &Callback{ID: "c", From: aida, Data: "d", Message: &Message{Ephemeral: 7, Chat: Chat{ID: -1, Type: "group"}, Kind: KindText, Text: "x"}}},
		},
		"album":             {in(`,"photo":[{"file_id":"f"}],"media_group_id":"m"`), message(func(m *Message) { m.Kind, m.Album = KindPhoto, "m" })},
		"inline query":      {`{"update_id":5,"inline_query":{"id":"q","from":` + aidaJSON + `,"query":"tro","offset":"10","chat_type":"group"}}`, Update{ID: 5, Inline: &InlineQuery{ID: "q", From: aida, Query: "tro", Offset: "10", ChatType: "group"}}},
		"chosen result":     {`{"update_id":5,"chosen_inline_result":{"result_id":"r","from":` + aidaJSON + `,"query":"tro","inline_message_id":"in"}}`, Update{ID: 5, Chosen: &ChosenInline{Result: "r", From: aida, Query: "tro", Inline: "in"}}},
		"press inline":      {`{"update_id":5,"callback_query":{"id":"c","from":` + aidaJSON + `,"inline_message_id":"in","chat_instance":"1","data":"d"}}`, Update{ID: 5, Callback: &Callback{ID: "c", From: aida, Inline: "in", Data: "d"}}},
		"press on old":      {`{"update_id":5,"callback_query":{"id":"c","from":` + aidaJSON + `,"message":{"message_id":3,"date":0,"chat":{"id":1,"type":"private","username":"aida"}},"data":"d"}}`, Update{ID: 5, Callback: &Callback{ID: "c", From: aida, Data: "d", Message: &Message{ID: 3, Chat: private, Kind: KindService}}}},
		"something unknown": {`{"update_id":5,"managed_bot":{"user":{}}}`, Update{ID: 5}},
		"own membership": {
			`{"update_id":5,"my_chat_member":{"chat":` + groupJSON + `,"from":` + aidaJSON + `,"date":1536753600,"old_chat_member":{"status":"left","user":` + botJSON + `},"new_chat_member":{"status":"administrator","user":` + botJSON + `,"can_post_messages":true}}}`,
			Update{ID: 5, Membership: &Membership{
				Chat: group, From: aida, Date: noon, Old: Member{User: bot, Status: "left"},
				New: Member{User: bot, Status: "administrator", Present: true, CanSend: true, CanPost: true},
			}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := decode(json.RawMessage(test.raw))
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("read %s\nwant %s", show(got), show(test.want))
			}
		})
	}
}

func show(u Update) string {
	text, err := json.MarshalIndent(u, "", " ")
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func TestDecodeRefusesWhatCannotBeHandled(t *testing.T) {
	for _, raw := range []string{
		`{"update_id":5,"message":{"message_id":3}}`,
		`{"update_id":5,"message":{"message_id":3,"chat":{"id":"text"}}}`,
		`{"update_id":5,"message":{"message_id":3,"chat":{"id":1},"text":7}}`,
		`{"update_id":5,"message":"text"}`,
		`{"update_id":5,"callback_query":{"id":"c","data":"d"}}`,
		`{"update_id":5,"callback_query":{"id":"c","from":{"id":1},"message":{"message_id":3}}}`,
		`{"update_id":5,"inline_query":{"from":{"id":1}}}`,
		`{"update_id":5,"chosen_inline_result":{"result_id":"r"}}`,
		`{"update_id":5,"my_chat_member":{}}`,
		`[]`,
	} {
		if u, err := decode(json.RawMessage(raw)); err == nil {
			t.Errorf("%s was read as %s", raw, show(u))
		}
	}
	for _, raw := range []string{`{}`, `{"update_id":"5"}`, `{"update_id":0}`, `{"update_id":-1}`, `5`, `null`} {
		if id, err := updateID(json.RawMessage(raw)); err == nil {
			t.Errorf("%s has id %d", raw, id)
		}
	}
}

func TestLaneIsTheChatOrElseTheSender(t *testing.T) {
	m := &Message{Chat: Chat{ID: -1}, From: User{ID: 2}}
	for _, test := range []struct {
		update Update
		lane   int64
	}{
		{Update{Message: m}, -1},
		{Update{Edited: m}, -1},
		{Update{Guest: m}, -1},
		{Update{Membership: &Membership{Chat: Chat{ID: -1}, From: User{ID: 2}}}, -1},
		{Update{Callback: &Callback{Message: m, From: User{ID: 2}}}, -1},
		{Update{Callback: &Callback{Inline: "in", From: User{ID: 2}}}, 2},
		{Update{Inline: &InlineQuery{From: User{ID: 2}}}, 2},
		{Update{Chosen: &ChosenInline{From: User{ID: 2}}}, 2},
		{Update{}, 0},
	} {
		if got := test.update.lane(); got != test.lane {
			t.Errorf("%s: %d, want %d", show(test.update), got, test.lane)
		}
	}
}

func TestRefOfACallback(t *testing.T) {
	if got := (Callback{Inline: "in"}).Ref(); got != (Ref{Inline: "in"}) {
		t.Errorf("inline: %+v", got)
	}
	if got := (Callback{Message: &Message{ID: 3, Chat: Chat{ID: 1}}}).Ref(); got != (Ref{Chat: 1, Message: 3}) {
		t.Errorf("message: %+v", got)
	}
}

func FuzzDecode(f *testing.F) {
	seeds, err := filepath.Glob("testdata/updates/*.json")
	if err != nil || len(seeds) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, name := range seeds {
		raw, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		u, err := decode(raw)
		if err != nil {
			if u != (Update{}) {
				t.Errorf("an error and an update: %s", show(u))
			}
			return
		}
		if id, err := updateID(raw); err == nil && id != u.ID {
			t.Errorf("id %d and %d", id, u.ID)
		}
		kinds := 0
		fields := reflect.ValueOf(u)
		for i := range fields.NumField() {
			if f := fields.Field(i); f.Kind() == reflect.Pointer && !f.IsNil() {
				kinds++
			}
		}
		if kinds > 1 {
			t.Errorf("more than one thing happened: %s", show(u))
		}
		u.lane()
		for _, m := range []*Message{u.Message, u.Edited, u.Guest} {
			if m == nil {
				continue
			}
			m.Command("press_bot")
			m.Mentions("press_bot")
			if m.Chat.ID == 0 || m.ReplyTo != nil && m.ReplyTo.ReplyTo != nil {
				t.Errorf("broken message: %s", show(u))
			}
		}
		if u.Callback != nil && u.Callback.Ref() == (Ref{}) && u.Callback.Message != nil {
			t.Errorf("a press nowhere: %s", show(u))
		}
	})
}
