package bot

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"releasebot/bot/telegram"
)

var slot = regexp.MustCompile(`\{[a-z]+\}`)

func TestEveryLanguageHasEveryText(t *testing.T) {
	english := voices["en"]
	for lang, v := range voices {
		for key := range english.texts {
			if v.texts[key]["other"] == "" {
				t.Errorf("%s has no text %q", lang, key)
			}
		}
		for key, forms := range v.texts {
			if _, ok := english.texts[key]; !ok {
				t.Errorf("%s has a text %q that English has not", lang, key)
			}
			want := slotsOf(english.texts[key]["other"])
			for form, text := range forms {
				if got := slotsOf(text); !slices.Equal(got, want) {
					t.Errorf("%s: %s (%s) has the slots %v, English has %v", lang, key, form, got, want)
				}
			}
		}
	}
}

func slotsOf(text string) []string {
	return slices.Compact(slices.Sorted(slices.Values(slot.FindAllString(text, -1))))
}

// The keys stand in the code as strings, so a typo would show as an empty message.
func TestEveryTextIsUsedAndEveryUsedTextIsThere(t *testing.T) {
	texts := voices["en"].texts
	written := map[string]bool{"months": true}
	asked := regexp.MustCompile(`\.(?:plain|html|count)\("([a-z_]+)"[,)]`)
	literal := regexp.MustCompile(`"([a-z_]+)"`)
	for _, file := range must(filepath.Glob("*.go")) {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source := string(must(os.ReadFile(file)))
		for _, key := range asked.FindAllStringSubmatch(source, -1) {
			if _, ok := texts[key[1]]; !ok {
				t.Errorf("%s uses the text %q, which there is not", file, key[1])
			}
		}
		for _, key := range literal.FindAllStringSubmatch(source, -1) {
			written[key[1]] = true
		}
	}
	for lang := range voices {
		if _, ok := texts["lang_"+lang]; !ok {
			t.Errorf("the language %s has no name", lang)
		}
		written["lang_"+lang] = true
	}
	for _, c := range commands() {
		written["said_"+c.name] = true
		if !c.listed() {
			continue
		}
		key := "command_" + c.name
		if _, ok := texts[key]; !ok {
			t.Errorf("the command %s has no text %q", c.name, key)
		}
		written[key] = true
	}
	for _, of := range []string{"ask", "verify"} {
		written[of+"_prompt"], written[of+"_placeholder"] = true, true
	}
	for key := range texts {
		if !written[key] {
			t.Errorf("the text %q is not used", key)
		}
	}
}

func TestNumbersTakeTheirPluralForm(t *testing.T) {
	for _, test := range []struct {
		lang string
		n    int
		want string
	}{
		{"en", 1, "1 question"},
		{"en", 2, "2 questions"},
		{"ru", 1, "1 вопрос"},
		{"ru", 3, "3 вопроса"},
		{"ru", 5, "5 вопросов"},
		{"ru", 11, "11 вопросов"},
		{"ru", 21, "21 вопрос"},
		{"kk", 1, "1 сұрақ"},
		{"kk", 5, "5 сұрақ"},
	} {
		if got := voiceOf(test.lang).count("questions", test.n); got != test.want {
			t.Errorf("%s, %d: got %q, want %q", test.lang, test.n, got, test.want)
		}
	}
}

func TestDatesAreWrittenAsPeopleWriteThem(t *testing.T) {
	day := time.Date(2018, 9, 12, 0, 0, 0, 0, time.UTC)
	for lang, want := range map[string]string{"en": "12 Sep 2018", "ru": "12 сентября 2018 г.", "kk": "2018 ж. 12 қыркүйек"} {
		if got := voiceOf(lang).date(day); got != want {
			t.Errorf("%s: got %q, want %q", lang, got, want)
		}
	}
}

func TestWhatFillsASlotCannotBecomeMarkup(t *testing.T) {
	got := voiceOf("en").html("topic", slots{"topic": `<a href="x">&`})
	if want := `<b>&lt;a href=&#34;x&#34;&gt;&amp;</b>`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestProfilesAndCommandsFitTelegramsLimits(t *testing.T) {
	for lang, v := range voices {
		if n := len([]rune(v.plain("profile_short", nil))); n > 120 {
			t.Errorf("%s: profile_short has %d characters, Telegram takes 120", lang, n)
		}
		for key, forms := range v.texts {
			if n := telegram.Length(forms["other"]); n > telegram.MaxText/2 {
				t.Errorf("%s: %s has %d characters, which leaves too little of a message", lang, key, n)
			}
		}
	}
}

// In no language does a saying mean two commands.
func TestSayingsMeanOneCommand(t *testing.T) {
	for _, v := range voices {
		for _, c := range commands() {
			for saying := range strings.SplitSeq(v.plain("said_"+c.name, nil), ",") {
				if got, _ := commandSaid(saying, v.lang); got != c.name && saying != "" {
					t.Errorf("%q means %s in %s, and is taken for %q", saying, c.name, v.lang, got)
				}
			}
		}
	}
}
