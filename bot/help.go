package bot

import (
	"slices"
	"strings"

	"releasebot/bot/store"
	"releasebot/bot/telegram"
)

// start greets and says what to do.
func (v view) start() telegram.Screen {
	s := slots{"office": v.in(v.lib.Office.Name)}
	if len(v.lib.Releases) == 0 {
		return telegram.Screen{Text: v.html("start_empty", s)}
	}
	s["release"] = v.lib.Releases[0].Title
	subscribe := row(telegram.Button{Text: v.plain("subscribe", nil), Data: v.data(verbSwitches, switchOn)})
	return telegram.Screen{Text: v.html("start", s), Keyboard: append(v.topicButtons(), subscribe)}
}

// help says how to ask and lists the commands.
func (v view) help() telegram.Screen {
	var lines []string
	for _, c := range commands() {
		if c.listed() && (v.group && c.groups || !v.group && c.private) {
			lines = append(lines, "/"+c.name+" — "+v.html("command_"+c.name, nil))
		}
	}
	text := v.html("help", nil)
	if v.group {
		text = v.html("help_group", nil)
	}
	text = strings.ReplaceAll(text, "{commands}", strings.Join(lines, "\n"))
	return telegram.Screen{Text: text, Keyboard: [][]telegram.Button{v.allQuestions()}}
}

// welcome greets a group that the bot was added to.
func (v view) welcome() telegram.Screen {
	return telegram.Screen{Text: v.html("welcome_group", slots{"office": v.in(v.lib.Office.Name)})}
}

// prompt asks for what a command was sent without: a question or a passage.
func (v view) prompt(of string) telegram.Screen {
	return telegram.Screen{Text: v.html(of+"_prompt", nil), ForceReply: v.plain(of+"_placeholder", nil)}
}

// notText answers what is not text.
func (v view) notText() telegram.Screen { return telegram.Screen{Text: v.html("not_text", nil)} }

// noWords answers what holds no word to look for.
func (v view) noWords() telegram.Screen {
	if v.example() == "" {
		return v.notText()
	}
	return telegram.Screen{Text: v.html("no_words", slots{"example": v.example()})}
}

// example is a question that the bot can answer; "" while there is none.
func (v view) example() string {
	for _, topic := range v.lib.Topics {
		return v.in(topic.Pairs[0].Question)
	}
	return ""
}

// privacy says what is kept.
func (v view) privacy() telegram.Screen {
	return telegram.Screen{Text: v.html("privacy", slots{
		"days": v.count("days", LedgerDays), "hours": v.count("hours", int(store.UpdateMemory.Hours())),
	})}
}

// forget asks whether to erase what is kept.
func (v view) forget() telegram.Screen {
	return telegram.Screen{Text: v.html("forget_confirm", nil), Keyboard: [][]telegram.Button{{
		{Text: v.plain("forget_yes", nil), Data: v.data(verbForget, "yes")},
		{Text: v.plain("forget_no", nil), Data: v.data(verbForget, "no")},
	}}}
}

// languages offers the languages; chosen is the present one, "" for that of each question.
func (v view) languages(chosen string) telegram.Screen {
	var rows [][]telegram.Button
	for _, lang := range append(v.spokenLanguages(), "") {
		text := v.choice(lang)
		if lang == chosen {
			text = "✓ " + text
		}
		rows = append(rows, row(telegram.Button{Text: text, Data: v.data(verbLanguage, lang)}))
	}
	return telegram.Screen{Text: v.html("language_choose", nil), Keyboard: rows}
}

// spokenLanguages are the library's languages that the bot speaks.
func (v view) spokenLanguages() []string {
	return slices.DeleteFunc(slices.Clone(v.lib.Languages), func(lang string) bool { return spoken(lang) == "" })
}

// choice is a language's own name, or the name of choosing none.
func (v view) choice(lang string) string {
	if lang == "" {
		return v.plain("language_auto", nil)
	}
	return languageName(lang)
}

// languageSet confirms a choice.
func (v view) languageSet(lang string) telegram.Screen {
	if lang == "" {
		return telegram.Screen{Text: v.html("language_set_auto", nil)}
	}
	return telegram.Screen{Text: v.html("language_set", nil)}
}
