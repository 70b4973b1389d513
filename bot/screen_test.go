package bot

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"releasebot/answers"
	"releasebot/bot/store"
	"releasebot/bot/telegram"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The golden files show every screen as people see it, in each language.
func TestScreens(t *testing.T) {
	for lang := range voices {
		t.Run(lang, func(t *testing.T) {
			golden(t, "testdata/screens."+lang+".txt", album(shipped(), lang))
		})
	}
}

// album is every screen in a language, one after another.
func album(lib *answers.Library, lang string) string {
	v := view{voice: voiceOf(lang), lib: lib, username: "press_bot"}
	inGroup := v
	inGroup.group = true
	brief := inGroup
	brief.brief = true
	alone := inGroup
	alone.alone = true
	guest := turn{view: inGroup}
	pair, gap := lib.Pair("soldiers-how-many"), lib.Gap("gap-cost")
	others := []*answers.Pair{lib.Pair("unifil-size"), lib.Pair("soldiers-unit")}

	var b strings.Builder
	for _, page := range []struct {
		name   string
		screen telegram.Screen
	}{
		{"start", v.start()},
		{"help", v.help()},
		{"help in a group", inGroup.help()},
		{"welcome to a group", v.welcome()},
		{"answer", v.answer(pair, others)},
		{"answer with a long quote and its speaker", v.answer(lib.Pair("strategy-parts"), nil)},
		{"answer in a group", inGroup.answer(pair, others)},
		{"short answer in a group", brief.answer(pair, others)},
		{"answer that the asker alone sees", alone.answer(pair, others)},
		{"suggest", v.suggest(append(others, pair))},
		{"gap", v.gap(gap, gap.Nearest)},
		{"none", v.none()},
		{"none, where the bot is a guest", guest.guestScreen(answers.Reply{Kind: answers.KindNone}, "weather")},
		{"no words", v.noWords()},
		{"thanks", v.screen(answers.Reply{}, strings.Fields(v.plain("courtesies", nil))[0])},
		{"topics", v.topics()},
		{"topic, first page", v.topic(lib.Topic("reform"), 0)},
		{"topic, last page", v.topic(lib.Topic("reform"), 99)},
		{"speakers", v.speakers()},
		{"speaker", v.speaker("Kairat Umarov", 0)},
		{"sources", v.sources()},
		{"releases", v.releases()},
		{"release", v.latest()},
		{"verify: verbatim", v.verify("Currently, more than 10,000 servicemen from 42 countries are serving in the UN peacekeeping mission in Lebanon.")},
		{"verify: altered", v.verify("Currently, more than 12,000 servicemen from 42 countries are serving in the UN peacekeeping mission in Lebanon.")},
		{"verify: not found", v.verify("The price of bread in Astana rose by ten per cent last winter.")},
		{"verify: too short", v.verify("the UN")},
		{"verify: an article", v.verify(article)},
		{"verify: a translation", v.verify("Казахстан направит в Ливан миротворческую роту.")},
		{"languages", v.languages("")},
		{"language set", v.languageSet(lang)},
		{"language of each question", v.languageSet("")},
		{"settings", v.settings(store.Chat{Commands: store.Administrators, Brief: true, Alone: true, Lang: lang})},
		{"privacy", v.privacy()},
		{"forget", v.forget()},
		{"prompt for a question", v.prompt("ask")},
		{"prompt for a passage", v.prompt("verify")},
		{"not text", v.notText()},
		{"asked again in a group", inGroup.again(pair, "https://t.me/c/1/2")},
		{"too many questions", v.slowDown(21 * time.Second)},
		{"for administrators only", v.adminsOnly()},
		{"unknown command", v.unknownCommand("halp")},
		{"unknown command, nothing near", v.unknownCommand("xyzzy")},
	} {
		fmt.Fprintf(&b, "=== %s\n%s\n\n", page.name, rendered(page.screen))
	}
	for _, page := range publishing(lib, lang) {
		fmt.Fprintf(&b, "=== %s\n%s\n\n", page.name, rendered(page.screen))
	}
	for _, words := range []string{"", typed[lang]} {
		fmt.Fprintf(&b, "=== inline: %q\n", words)
		for _, r := range inGroup.results(words) {
			fmt.Fprintf(&b, "%s — %s\n", r.Title, r.Description)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// article is what a newspaper might make of the release.
const article = `Kazakhstan to send peacekeepers

Kazakhstan will send “a peacekeeping company of 150 servicemen” to Lebanon, it was announced on Wednesday.

“Kazakhstan intends to increase its contribution to UN peacekeeping operations through joint deployment with India”, Kairat Umarov told the Security Council. He urged countries with advanced military capabilities to send more peacekeepers.

Observers had expected the move.`

// typed are words as they stand half-way through typing.
var typed = map[string]string{"en": "how many sol", "ru": "сколько воен", "kk": "қанша сарб"}

// rendered is a screen with its keyboard below it, a row a line.
func rendered(s telegram.Screen) string {
	lines := []string{s.Text}
	for _, row := range s.Keyboard {
		var buttons []string
		for _, button := range row {
			kind := cmp.Or(button.Data, button.URL, button.Inline, "copy")
			buttons = append(buttons, "["+button.Text+"]("+kind+")")
		}
		lines = append(lines, strings.Join(buttons, " "))
	}
	return strings.Join(lines, "\n")
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v (make it with: go test ./bot -update)", err)
	}
	if got != string(want) {
		t.Errorf("%s differs at %s (if the change is meant: go test ./bot -update)", file, firstDifference(got, string(want)))
	}
}

func firstDifference(got, want string) string {
	gotLines, wantLines := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i, line := range gotLines {
		if i >= len(wantLines) || line != wantLines[i] {
			return fmt.Sprintf("line %d:\n got %s\nwant %s", i+1, line, wantLines[min(i, len(wantLines)-1)])
		}
	}
	return fmt.Sprintf("line %d: it ends too early", len(gotLines))
}
