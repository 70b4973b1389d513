package telegram

import (
	"strings"
	"testing"
	"unicode/utf16"
)

// entity marks the first place of part in text.
func entity(kind, text, part string) Entity {
	at := strings.Index(text, part)
	return Entity{Type: kind, Offset: len(utf16.Encode([]rune(text[:at]))), Length: len(utf16.Encode([]rune(part)))}
}

func TestCommand(t *testing.T) {
	for _, test := range []struct {
		text, marked    string
		name, arguments string
		ok              bool
	}{
		{"/start", "/start", "start", "", true},
		{"/start q_1", "/start", "start", "q_1", true},
		{"/ask\u00a0How many?", "/ask", "ask", "How many?", true},
		{"/ask\nHow many?\nWhen?", "/ask", "ask", "How many?\nWhen?", true},
		{"/ask@Press_Bot  how", "/ask@Press_Bot", "ask", "how", true},
		{"/ask@press_bot2 how", "/ask@press_bot2", "", "", false},
		{"/ask@press_bo how", "/ask@press_bo", "", "", false},
		{"/ask@other_bot how", "/ask@other_bot", "", "", false},
		{"/ASK how", "/ASK", "ask", "how", true},
		{"/ask сколько 👩‍🚀", "/ask", "ask", "сколько 👩‍🚀", true},
		{"see /ask", "/ask", "", "", false},
		{"👍 /ask", "/ask", "", "", false},
	} {
		m := &Message{Text: test.text, Entities: []Entity{{Type: "bold", Length: 1}, entity("bot_command", test.text, test.marked)}}
		name, arguments, ok := m.Command("press_bot")
		if name != test.name || arguments != test.arguments || ok != test.ok {
			t.Errorf("%q: %q, %q, %v", test.text, name, arguments, ok)
		}
	}
	if _, _, ok := (&Message{Text: "/ask how"}).Command("press_bot"); ok {
		t.Error("a command that Telegram did not mark is one")
	}
}

func TestMentions(t *testing.T) {
	for _, test := range []struct {
		text, marked, rest string
		ok                 bool
	}{
		{"@press_bot how many?", "@press_bot", "how many?", true},
		{"@Press_BOT how many?", "@Press_BOT", "how many?", true},
		{"сколько, @press_bot?", "@press_bot", "сколько, ?", true},
		{"👩‍🚀 how @press_bot", "@press_bot", "👩‍🚀 how", true},
		{"@press_bot", "@press_bot", "", true},
		{"@press_bot2 how", "@press_bot2", "", false},
		{"@press_bo how", "@press_bo", "", false},
	} {
		m := &Message{Text: test.text, Entities: []Entity{entity("mention", test.text, test.marked)}}
		if rest, ok := m.Mentions("press_bot"); rest != test.rest || ok != test.ok {
			t.Errorf("%q: %q, %v", test.text, rest, ok)
		}
	}
	twice := &Message{Text: "@press_bot or @press_bot", Entities: []Entity{{Type: "mention", Length: 10}, {Type: "mention", Offset: 14, Length: 10}}}
	if rest, ok := twice.Mentions("press_bot"); rest != "or" || !ok {
		t.Errorf("twice: %q, %v", rest, ok)
	}
	same := &Message{Text: "@press_bot how", Entities: []Entity{{Type: "mention", Length: 10}, {Type: "mention", Length: 10}}}
	if rest, ok := same.Mentions("press_bot"); rest != "how" || !ok {
		t.Errorf("marked twice: %q, %v", rest, ok)
	}
	if _, ok := (&Message{Text: "mail me@press_bot.test", Entities: []Entity{{Type: "email", Offset: 5, Length: 17}}}).Mentions("press_bot"); ok {
		t.Error("an address is a mention")
	}
}

func TestWhatIsQuotedIsSomebodyElses(t *testing.T) {
	const text = "/ask @press_bot how many?"
	words := []Entity{entity("bot_command", text, "/ask"), entity("mention", text, "@press_bot")}
	for _, quotation := range []string{"blockquote", "expandable_blockquote"} {
		m := &Message{Text: text, Entities: append(words, entity(quotation, text, text))}
		_, _, command := m.Command("press_bot")
		if _, mention := m.Mentions("press_bot"); command || mention || m.Commands() {
			t.Errorf("%s: command %v, mention %v, begins with one %v", quotation, command, mention, m.Commands())
		}
	}
	m := &Message{Text: text, Entities: append(words, entity("blockquote", text, "/ask"))}
	if rest, ok := m.Mentions("press_bot"); !ok || rest != "/ask  how many?" {
		t.Errorf("a mention below a quotation: %q, %v", rest, ok)
	}
}

func TestSpanRefusesWhatIsNotInTheText(t *testing.T) {
	for _, e := range []Entity{
		{Offset: -1, Length: 2},
		{Offset: 0, Length: 0},
		{Offset: 0, Length: -1},
		{Offset: 0, Length: 5},
		{Offset: 5, Length: 1},
		{Offset: 2, Length: 1}, // half of the emoji
		{Offset: 1<<63 - 1, Length: 1<<63 - 1},
	} {
		if start, end, ok := span("ab👍", e); ok {
			t.Errorf("%+v: %d to %d", e, start, end)
		}
	}
	if start, end, ok := span("ab👍", Entity{Offset: 2, Length: 2}); !ok || start != 2 || end != 6 {
		t.Errorf("%d to %d, %v", start, end, ok)
	}
}

func FuzzCommand(f *testing.F) {
	f.Add("/ask@press_bot how", "bot_command", 0, 14)
	f.Add("👍 @press_bot", "mention", 3, 10)
	f.Add("/ask\u00a0x", "bot_command", 0, 4)
	f.Add("\xff/ask", "bot_command", 0, 3)
	f.Fuzz(func(t *testing.T, text, kind string, offset, length int) {
		m := &Message{Text: text, Entities: []Entity{{Type: kind, Offset: offset, Length: length}}}
		name, arguments, ok := m.Command("press_bot")
		if ok && (!strings.HasSuffix(strings.TrimSpace(text), arguments) || len(name) > len(strings.ToLower(text))) {
			t.Errorf("command %q %q of %q", name, arguments, text)
		}
		rest, ok := m.Mentions("press_bot")
		if ok && len(rest) > len(text)-len("@press_bot") {
			t.Errorf("rest %q of %q", rest, text)
		}
	})
}
