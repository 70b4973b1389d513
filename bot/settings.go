package bot

import (
	"context"

	"releasebot/bot/store"
	"releasebot/bot/telegram"
)

// The settings of a group, as they stand in a button's data.
const (
	settingLanguage = "l"
	settingCommands = "c"
	settingBrief    = "b"
	settingAlone    = "a"
)

// settings shows a group's settings. Each button changes one to its next value.
func (v view) settings(c store.Chat) telegram.Screen {
	button := func(key, value, setting string) []telegram.Button {
		return row(telegram.Button{Text: v.plain(key, slots{"value": value}), Data: v.data(verbSettings, setting)})
	}
	text, answers, seen := v.html("settings", nil), "answers_full", "everyone"
	if c.Brief {
		answers = "answers_brief"
	}
	if c.Alone {
		seen = "asker"
		text += "\n" + v.html("settings_alone", nil)
	}
	return telegram.Screen{Text: text, Keyboard: [][]telegram.Button{
		button("settings_language", v.choice(c.Lang), settingLanguage),
		button("settings_commands", v.audience(c.Commands), settingCommands),
		button("settings_answers", v.plain(answers, nil), settingBrief),
		button("settings_seen", v.plain(seen, nil), settingAlone),
	}}
}

func (v view) audience(a store.Audience) string {
	if a == store.Administrators {
		return v.plain("administrators", nil)
	}
	return v.plain("everyone", nil)
}

func (b *Bot) settingsCommand(ctx context.Context, t turn, _ *telegram.Message, _ string) error {
	return b.send(ctx, t, t.view.settings(t.chat))
}

// pressSettings changes one setting and shows them all again. Who may is asked
// of Telegram at the press: the message stays after an administrator is demoted.
func (b *Bot) pressSettings(ctx context.Context, t *turn, c *telegram.Callback, arguments []string) (bool, error) {
	if len(arguments) != 1 {
		return false, nil
	}
	switch arguments[0] {
	case settingLanguage:
		t.chat.Lang = t.after(t.chat.Lang)
	case settingCommands:
		t.chat.Commands = other(t.chat.Commands, store.Everyone, store.Administrators)
	case settingBrief:
		t.chat.Brief = !t.chat.Brief
	case settingAlone:
		t.chat.Alone = !t.chat.Alone
	default:
		return false, nil
	}
	if err := b.store.SaveChat(ctx, t.chat); err != nil {
		return true, err
	}
	t.speak(t.chat.Lang, t.client)
	return true, b.client.Edit(ctx, c.Ref(), t.view.settings(t.chat))
}

// after is the choice of language that follows another: each language, then none.
func (v view) after(lang string) string {
	choices := append([]string{""}, v.spokenLanguages()...)
	for i, choice := range choices {
		if choice == lang {
			return choices[(i+1)%len(choices)]
		}
	}
	return ""
}

func other[T comparable](present, one, two T) T {
	if present == one {
		return two
	}
	return one
}
