package bot

import (
	"context"
	"strings"

	"releasebot/bot/store"
	"releasebot/bot/telegram"
)

// turn is one message or button being answered: where, for whom and in which language.
type turn struct {
	view
	chat   store.Chat
	to     telegram.Target
	client string // the language of the asker's client; "" if the bot does not speak it
	notice string // shown in passing to who pressed a button
}

// turn begins the answer to a message of somebody's.
func (b *Bot) turn(ctx context.Context, m *telegram.Message, from telegram.User) turn {
	t := turn{
		chat:   b.settings(ctx, m.Chat.ID),
		to:     telegram.Target{Chat: m.Chat.ID, Thread: m.Thread},
		client: spoken(from.Lang),
	}
	group := m.Chat.Group()
	t.view = view{lib: b.library.Load(), username: b.me.Username, group: group, brief: group && t.chat.Brief}
	t.speak(t.chat.Lang, t.client)
	return t
}

// sayTo has one person alone see what is said from here on, or everyone for 0.
func (t *turn) sayTo(person int64) { t.to.Only, t.alone = person, person != 0 }

// speak sets the language to the first of the choices that there is.
func (t *turn) speak(choices ...string) {
	for _, lang := range append(choices, t.lib.Languages[0]) {
		if lang != "" {
			t.voice = voiceOf(lang)
			return
		}
	}
}

// settings reads a chat's choices. An answer does not wait for a database in
// trouble: without it the chat has the defaults.
func (b *Bot) settings(ctx context.Context, chat int64) store.Chat {
	c, err := b.store.Chat(ctx, chat)
	if err != nil {
		b.log.ErrorContext(ctx, "the chat's settings could not be read", "chat", chat, "error", err)
	}
	return c
}

// spoken is the language of an IETF tag such as "pt-br" if the bot speaks it, else "".
func spoken(tag string) string {
	lang, _, _ := strings.Cut(strings.ToLower(tag), "-")
	if _, ok := voices[lang]; ok {
		return lang
	}
	return ""
}
