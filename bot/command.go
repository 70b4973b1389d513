package bot

import (
	"context"
	"strings"

	"releasebot/answers"
	"releasebot/bot/telegram"
)

// command is something people call by name.
type command struct {
	name string
	run  func(b *Bot, ctx context.Context, t turn, m *telegram.Message, arguments string) error
}

// commands are all commands, in the order in which menus and the help show them.
func commands() []command {
	return []command{
		{"ask", (*Bot).askCommand},
		{"topics", shows(view.topics)},
		{"language", (*Bot).languageCommand},
		{"privacy", shows(view.privacy)},
		{"forget", shows(view.forget)},
		{"help", shows(view.help)},
		{"start", (*Bot).startCommand},
	}
}

// shows is a command that shows the same screen to everyone.
func shows(screen func(view) telegram.Screen) func(*Bot, context.Context, turn, *telegram.Message, string) error {
	return func(b *Bot, ctx context.Context, t turn, _ *telegram.Message, _ string) error {
		return b.send(ctx, t, screen(t.view))
	}
}

func (b *Bot) command(ctx context.Context, t turn, m *telegram.Message, name, arguments string) error {
	for _, c := range commands() {
		if c.name == name {
			return c.run(b, ctx, t, m, arguments)
		}
	}
	return b.send(ctx, t, t.unknownCommand(name))
}

// askCommand answers the question behind /ask, or asks for one.
func (b *Bot) askCommand(ctx context.Context, t turn, m *telegram.Message, question string) error {
	if question == "" {
		t.to.ReplyTo = m.ID
		return b.send(ctx, t, telegram.Screen{Text: t.html("ask_prompt", nil), ForceReply: t.plain("ask_placeholder", nil)})
	}
	return b.answer(ctx, t, m.ID, question)
}

// startCommand greets, or shows what a deep link points to.
func (b *Bot) startCommand(ctx context.Context, t turn, m *telegram.Message, payload string) error {
	kind, id, _ := strings.Cut(payload, "_")
	if kind == "q" {
		if p := t.lib.Pair(id); p != nil {
			return b.show(ctx, t, p)
		}
	}
	return b.send(ctx, t, t.start())
}

// show sends a pair that was chosen, not asked for in words.
func (b *Bot) show(ctx context.Context, t turn, p *answers.Pair) error {
	message, err := b.client.Send(ctx, t.to, t.view.answer(p, nil))
	if err != nil {
		return err
	}
	b.record(ctx, t, message, 0, p)
	return nil
}

// languageCommand offers the languages, or takes the one that was named.
func (b *Bot) languageCommand(ctx context.Context, t turn, _ *telegram.Message, name string) error {
	if lang := spoken(name); lang != "" {
		return b.chooseLanguage(ctx, &t, lang, func(s telegram.Screen) error { return b.send(ctx, t, s) })
	}
	return b.send(ctx, t, t.languages(t.chat.Lang))
}

// chooseLanguage keeps a chat's choice and confirms it in that language.
func (b *Bot) chooseLanguage(ctx context.Context, t *turn, lang string, confirm func(telegram.Screen) error) error {
	t.chat.Lang = lang
	if err := b.store.SaveChat(ctx, t.chat); err != nil {
		return err
	}
	t.speak(lang, t.client)
	return confirm(t.languageSet(lang))
}

func (v view) unknownCommand(name string) telegram.Screen {
	var names []string
	for _, c := range commands() {
		names = append(names, c.name)
	}
	if meant, ok := answers.Closest(name, names); ok {
		return telegram.Screen{Text: v.html("unknown_command", slots{"command": "/" + meant})}
	}
	return telegram.Screen{Text: v.html("unknown_command_none", nil)}
}
