package bot

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"releasebot/answers"
	"releasebot/bot/sandbox"
	"releasebot/bot/store"
	"releasebot/bot/telegram"
)

// Whatever the library replies, people see nothing that Telegram would refuse,
// and no block quote that is not, white space folded, in the release.
func TestEveryScreenFitsAndQuotesItsReleaseOnly(t *testing.T) {
	lib := shipped()
	for lang := range voices {
		for _, group := range []bool{false, true} {
			v := view{voice: voiceOf(lang), lib: lib, username: "press_bot", group: group}
			for name, s := range everyScreen(v) {
				fits(t, lang+" "+name, s)
				quotesOnly(t, lang+" "+name, s, lib)
			}
		}
	}
}

// everyScreen are the screens that show content.
func everyScreen(v view) map[string]telegram.Screen {
	screens := map[string]telegram.Screen{
		"start": v.start(), "topics": v.topics(), "none": v.none(), "sources": v.sources(), "releases": v.releases(), "speakers": v.speakers(),
	}
	for _, r := range v.lib.Releases {
		screens["release "+r.ID] = v.release(r)
		text := strings.Join(r.Paragraphs, "\n")
		screens["verify all of "+r.ID] = v.verify(text)
		screens["verify all of "+r.ID+", altered"] = v.verify(strings.NewReplacer(" the ", " a ", ".", "").Replace(text))
		for _, p := range r.Pairs {
			screens["answer "+p.ID] = v.answer(p, r.Pairs)
			screens["suggest "+p.ID] = v.suggest(append([]*answers.Pair{p}, p.Related...))
			for _, q := range p.Quotes {
				screens["verify "+p.ID] = v.verify(q.Text)
			}
		}
		for _, g := range r.Gaps {
			screens["gap "+g.ID] = v.gap(g, g.Nearest)
		}
	}
	for _, topic := range v.lib.Topics {
		for page := range 1 + len(topic.Pairs)/pageSize {
			screens["topic "+topic.ID+" "+number(page)] = v.topic(topic, page)
		}
	}
	for _, name := range speakersOf(v.lib) {
		for page := range quotesOf(v.lib, name) {
			screens["speaker "+name+" "+number(page)] = v.speaker(name, page)
		}
	}
	return screens
}

func fits(t *testing.T, name string, s telegram.Screen) {
	t.Helper()
	text, _, err := sandbox.ParseHTML(s.Text)
	if err != nil {
		t.Errorf("%s: %v:\n%s", name, err, s.Text)
	}
	if n := len([]rune(text)); n == 0 || n > telegram.MaxText {
		t.Errorf("%s has %d characters", name, n)
	}
	for _, row := range s.Keyboard {
		for _, button := range row {
			if button.Text == "" || len(button.Data) > telegram.MaxData || len([]rune(button.Copy)) > telegram.MaxCopy {
				t.Errorf("%s: Telegram does not take the button %+v", name, button)
			}
		}
	}
}

// quotesOnly fails if a block quote of a screen is not in a release.
func quotesOnly(t *testing.T, name string, s telegram.Screen, lib *answers.Library) {
	t.Helper()
	text, entities, _ := sandbox.ParseHTML(s.Text)
	units := utf16.Encode([]rune(text))
	for _, e := range entities {
		if e.Type != "blockquote" && e.Type != "expandable_blockquote" {
			continue
		}
		quote := string(utf16.Decode(units[e.Offset : e.Offset+e.Length]))
		if !slices.ContainsFunc(lib.Releases, func(r *answers.Release) bool { return holds(r, quote) }) {
			t.Errorf("%s quotes what no release says: %q", name, quote)
		}
	}
}

func holds(r *answers.Release, quote string) bool {
	folded := strings.Join(strings.Fields(quote), " ")
	return strings.Contains(r.Title, folded) ||
		slices.ContainsFunc(r.Paragraphs, func(p string) bool { return strings.Contains(p, folded) })
}

// Nobody's words, whatever they are, break a screen or come back as markup.
func FuzzQuestion(f *testing.F) {
	for _, seed := range []string{
		"how many soldiers", "сколько солдат", "қанша сарбаз", "", " ", "🤷", "<b>", "a < b & c", "\x00\xff", "\u202eabc",
		strings.Repeat("long ", 2000), "rnj fdnjh", "10,000 servicemen from 43 countries are serving in the UN peacekeeping mission",
	} {
		f.Add(seed)
	}
	lib := shipped()
	f.Fuzz(func(t *testing.T, text string) {
		for lang := range voices {
			u := turn{view: view{voice: voiceOf(lang), lib: lib, username: "press_bot"}}
			reply := u.ask(text)
			screen := u.screen(reply, text)
			fits(t, "reply", screen)
			quotesOnly(t, "reply", screen, u.lib)
			checked := u.verify(text)
			fits(t, "verify", checked)
			quotesOnly(t, "verify", checked, u.lib)
		}
	})
}

// A button's data may be years old or made up by anyone.
func FuzzPress(f *testing.F) {
	v := view{voice: voiceOf("en"), lib: shipped()}
	for _, screen := range everyScreen(v) {
		for _, row := range screen.Keyboard {
			for _, button := range row {
				f.Add(button.Data)
			}
		}
	}
	for _, seed := range []string{"", ":", "a", "a:", "n:xx:::", "q:en:xATcabVc:999999999999999999999", "p:en:QIH3IJ-3:-1", "s:en:l", "l:xx:yy"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data string) {
		p := parseData(data)
		if p.lang != "" && spoken(p.lang) == "" {
			t.Errorf("%q has the language %q, which the bot does not speak", data, p.lang)
		}
		fits(t, "next", v.next(p.arguments))
		if topic := topicOf(v.lib, p.argument(0)); topic != nil {
			fits(t, "topic", v.topic(topic, p.page()))
		}
		if name := speakerOf(v.lib, p.argument(0)); name != "" {
			fits(t, "speaker", v.speaker(name, p.page()))
		}
	})
}

func FuzzInlineQuery(f *testing.F) {
	for _, seed := range []string{"", "how many", "ско", "қан", "\xff", strings.Repeat("x", 300)} {
		f.Add(seed)
	}
	v := view{voice: voiceOf("ru"), lib: shipped(), username: "press_bot", group: true}
	f.Fuzz(func(t *testing.T, words string) {
		seen := make(map[string]bool)
		for _, r := range v.results(words) {
			if seen[r.ID] || r.ID == "" || len(r.ID) > 64 || r.Title == "" {
				t.Errorf("the result %+v has no id of its own or no title", r)
			}
			seen[r.ID] = true
			fits(t, "result", r.Screen)
		}
		if len(seen) > telegram.MaxResults {
			t.Errorf("%d results, Telegram takes %d", len(seen), telegram.MaxResults)
		}
	})
}

// Whatever comes in, from whomever: nothing panics, nothing goes to a chat that had no part in it, and what is kept of that chat stays.
func FuzzUpdate(f *testing.F) {
	w := newWorld(f, sandbox.Options{SeesAll: true})
	owner, stranger := w.Person("Owner", "en"), w.Person("Stranger", "ru")
	group, elsewhere := w.Supergroup("Newsroom", owner, stranger), w.Supergroup("Elsewhere", owner)
	channel := w.Channel("News", owner)
	owner.AddBot(elsewhere)
	w.next(elsewhere)
	owner.AddBot(group)
	shown := w.next(group)
	greeting := w.next(stranger.Start(""))
	kept := store.Chat{ID: elsewhere.ID, Lang: "kk", Commands: store.Administrators, Brief: true}
	if err := w.store.SaveChat(f.Context(), kept); err != nil {
		f.Fatal(err)
	}
	id := strconv.FormatInt(elsewhere.ID, 10)
	topic, pair, speaker := ref("reform"), ref("soldiers-how-many"), ref("Kairat Umarov")
	for _, seed := range []string{
		"", ":", "a:en:" + pair, "n:en:" + pair, "r:en:" + pair, "o:en:" + pair, "v:en:" + pair, "t:en", "q:en:" + topic + ":-9", "w:en",
		"p:en:" + speaker + ":99", "e:en:x", "l:en:kk", "s:en:l", "s:en:c", "f:en:yes", "u:en:" + id + ":x", "u:en:" + id + ":r", "u:en:" + strconv.FormatInt(channel.ID, 10) + ":x", "x:en", "h:en:y",
		"c:en:1:en:p", "/start q_soldiers-how-many", "/start r_x", "/start s_", "/ask@press_bot who", "@press_bot how many",
		"/settings", "🇰🇿 @press_bot сколько солдат", strings.Repeat("“a b c d” ", 400), "\xff\x00", "/verify \u202e", "/forget",
	} {
		f.Add(seed, "bot_command", 0, 6)
	}
	f.Add("🇰🇿 @press_bot сколько солдат", "mention", 5, 10)
	f.Add("@press_bot how many soldiers", "mention", 0, 10)
	f.Fuzz(func(t *testing.T, text, entity string, offset, length int) {
		from := telegram.User{ID: stranger.ID, Lang: "ru"}
		m := telegram.Message{ID: 7, From: from, Kind: telegram.KindText, Text: text, Entities: []telegram.Entity{{Type: entity, Offset: offset, Length: length}}}
		private, inGroup := m, m
		private.Chat = telegram.Chat{ID: stranger.ID, Type: "private"}
		inGroup.Chat = telegram.Chat{ID: group.ID, Type: "supergroup"}
		button := telegram.Message{ID: shown.ID, Chat: inGroup.Chat, From: w.bot.me.User, ReplyTo: &inGroup}
		alone := button
		alone.Ephemeral = shown.ID
		for _, u := range []telegram.Update{
			{Message: &private},
			{Edited: &private},
			{Message: &inGroup},
			{Edited: &inGroup},
			{Guest: &inGroup},
			{Inline: &telegram.InlineQuery{ID: "1", From: from, Query: text}},
			{Chosen: &telegram.ChosenInline{Result: text, From: from, Inline: "2"}},
			{Callback: &telegram.Callback{ID: "3", From: from, Data: text, Inline: "2"}},
			{Callback: &telegram.Callback{ID: "4", From: from, Data: text, Message: &button}},
			{Callback: &telegram.Callback{ID: "5", From: from, Data: text, Message: &alone}},
			{Callback: &telegram.Callback{ID: "6", From: from, Data: text, Message: &telegram.Message{ID: greeting.ID, Chat: private.Chat}}},
		} {
			if err := w.bot.Handle(t.Context(), u); err != nil {
				t.Errorf("%s: %v", u.Kind(), err)
			}
		}
		if said := len(elsewhere.FromBot()) + len(channel.FromBot()); said != 1 {
			t.Errorf("%q makes the bot speak elsewhere", text)
		}
		if got := must(w.store.Chat(t.Context(), elsewhere.ID)); got != kept {
			t.Errorf("%q makes another group's settings %+v", text, got)
		}
		if got := must(w.store.Chat(t.Context(), group.ID)); got.Lang != "" || got.Brief || got.Alone {
			t.Errorf("%q lets a member who is no administrator change the settings to %+v", text, got)
		}
	})
}
