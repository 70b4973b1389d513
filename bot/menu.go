package bot

import (
	"context"
	"slices"

	"releasebot/bot/telegram"
)

// Present sets the bot's menus, name and descriptions, in each language, where
// they differ from what Telegram has.
func (b *Bot) Present(ctx context.Context) error {
	lib := b.library.Load()
	for _, lang := range slices.Concat(tongues, []string{""}) {
		v := view{voice: voiceOf(lang), lib: lib}
		if lang == "" {
			v.voice = voiceOf(lib.Languages[0])
		}
		for _, m := range v.menus() {
			m.Lang = lang
			if err := b.client.SetMenu(ctx, m); err != nil {
				return err
			}
		}
		profile := v.profile()
		profile.Lang = lang
		if err := b.client.SetProfile(ctx, profile); err != nil {
			return err
		}
	}
	return nil
}

// menus are the commands that each kind of chat offers.
func (v view) menus() []telegram.Menu {
	private := telegram.Menu{Scope: "all_private_chats"}
	groups := telegram.Menu{Scope: "all_group_chats"}
	admins := telegram.Menu{Scope: "all_chat_administrators"}
	for _, c := range commands() {
		if !c.listed() {
			continue
		}
		entry := telegram.Command{Name: c.name, Description: v.plain("command_"+c.name, nil)}
		if c.private {
			private.Commands = append(private.Commands, entry)
		}
		if c.groups && !c.admins {
			groups.Commands = append(groups.Commands, entry)
		}
		if c.groups {
			admins.Commands = append(admins.Commands, entry)
		}
	}
	return []telegram.Menu{private, groups, admins}
}

// profile is how the bot presents itself, within Telegram's limits.
func (v view) profile() telegram.Profile {
	office := slots{"office": v.in(v.lib.Office.Name)}
	return telegram.Profile{
		Name:        cut(office["office"], 64),
		Description: cut(v.plain("profile_description", office), 512),
		Short:       cut(v.plain("profile_short", office), 120),
	}
}

// cut keeps a text to a number of characters.
func cut(s string, most int) string {
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return s
}
