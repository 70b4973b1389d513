package bot

import (
	"cmp"
	"context"
	"strings"

	"releasebot/answers"
	"releasebot/bot/telegram"
)

// command is something people call by name.
type command struct {
	name            string
	private, groups bool // where it is there
	admins          bool // in groups for administrators only
	run             runner
}

// listed tells whether menus and the help show the command. Telegram shows a button for /start.
func (c command) listed() bool { return c.name != "start" }

type runner func(b *Bot, ctx context.Context, t turn, m *telegram.Message, arguments string) error

func commandNamed(name string) (command, bool) {
	for _, c := range commands() {
		if c.name == name {
			return c, true
		}
	}
	return command{}, false
}

// commands are all commands, in the order in which menus and the help show them.
func commands() []command {
	return []command{
		{name: "ask", private: true, groups: true, run: (*Bot).askCommand},
		{name: "topics", private: true, groups: true, run: shows(view.topics)},
		{name: "quotes", private: true, run: shows(view.speakers)},
		{name: "quote", groups: true, run: shows(view.speakers)},
		{name: "sources", private: true, groups: true, run: shows(view.sources)},
		{name: "release", private: true, groups: true, run: shows(view.latest)},
		{name: "releases", private: true, groups: true, run: shows(view.releases)},
		{name: "verify", private: true, groups: true, run: (*Bot).verifyCommand},
		{name: "subscribe", private: true, groups: true, admins: true, run: (*Bot).subscribeCommand},
		{name: "unsubscribe", private: true, groups: true, admins: true, run: (*Bot).unsubscribeCommand},
		{name: "language", private: true, run: (*Bot).languageCommand},
		{name: "settings", groups: true, admins: true, run: (*Bot).settingsCommand},
		{name: "privacy", private: true, run: shows(view.privacy)},
		{name: "forget", private: true, run: shows(view.forget)},
		{name: "help", private: true, groups: true, run: shows(view.help)},
		{name: "start", private: true, groups: true, run: (*Bot).startCommand},
	}
}

// shows is a command that shows the same screen to everyone.
func shows(screen func(view) telegram.Screen) runner {
	return func(b *Bot, ctx context.Context, t turn, _ *telegram.Message, _ string) error {
		return b.send(ctx, t, screen(t.view))
	}
}

func (b *Bot) command(ctx context.Context, t turn, m *telegram.Message, name, arguments string) error {
	if name == "publish" && b.isOfficer(m.From.ID) {
		return b.publishCommand(ctx, t)
	}
	if c, ok := commandNamed(name); ok && c.private {
		return c.run(b, ctx, t, m, arguments)
	}
	return b.send(ctx, t, t.unknownCommand(name))
}

// askCommand answers the question behind /ask, or that of the message it replies
// to, or asks for one.
func (b *Bot) askCommand(ctx context.Context, t turn, m *telegram.Message, question string) error {
	if question = b.about(&t, m, question); question == "" {
		return b.prompt(ctx, t, m, "ask")
	}
	return b.answer(ctx, t, m.ID, question)
}

// about is the text behind a command or else, unless it is the bot's own, that of the message it replies to, which is then answered.
func (b *Bot) about(t *turn, m *telegram.Message, text string) string {
	if r := m.ReplyTo; text == "" && r != nil && r.From.ID != b.me.ID {
		t.to.ReplyTo = r.ID
		return cmp.Or(m.Quote, r.Text)
	}
	return text
}

// prompt asks everyone for what a command was sent without: to what one person alone sees, nobody can reply.
func (b *Bot) prompt(ctx context.Context, t turn, m *telegram.Message, of string) error {
	t.sayTo(0)
	t.to.ReplyTo = m.ID
	return b.send(ctx, t, t.view.prompt(of))
}

// startCommand greets, or shows what a deep link points to.
func (b *Bot) startCommand(ctx context.Context, t turn, m *telegram.Message, payload string) error {
	if t.group {
		return b.send(ctx, t, t.help())
	}
	kind, id, _ := strings.Cut(payload, "_")
	if p := t.lib.Pair(id); kind == "q" && p != nil {
		return b.show(ctx, t, p)
	}
	if r := t.lib.Release(id); kind == "r" && r != nil {
		return b.send(ctx, t, t.view.release(r))
	}
	if topic := t.lib.Topic(id); kind == "s" && topic != nil {
		return b.send(ctx, t, t.topic(topic, 0))
	}
	return b.send(ctx, t, t.start())
}

// show sends a pair that was chosen, not asked for in words.
func (b *Bot) show(ctx context.Context, t turn, p *answers.Pair) error {
	message, err := b.say(ctx, &t, func(v view) telegram.Screen { return v.answer(p, nil) })
	if err != nil {
		return err
	}
	b.record(ctx, t, message, t.to.ReplyTo, p)
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
		if c.private {
			names = append(names, c.name)
		}
	}
	if meant, ok := answers.Closest(name, names); ok {
		return telegram.Screen{Text: v.html("unknown_command", slots{"command": "/" + meant})}
	}
	return telegram.Screen{Text: v.html("unknown_command_none", nil)}
}
