package bot

import (
	"context"
	"errors"
	"net/http"
	"time"

	"releasebot/answers"
	"releasebot/bot/store"
	"releasebot/bot/telegram"
)

// private answers a message in a private chat, where any text is a question.
func (b *Bot) private(ctx context.Context, m *telegram.Message) error {
	if m.Kind == telegram.KindService {
		return nil
	}
	t, allowed, err := b.privateTurn(ctx, m)
	if err != nil || !allowed {
		return err
	}
	more := m.Album != "" && b.albums.seen(m.Album)
	if name, arguments, ok := m.Command(b.me.Username); ok {
		return b.command(ctx, t, m, name, arguments)
	}
	switch {
	case m.Text != "":
		return b.replied(ctx, t, m)
	case more: // one word for all photos of an album, and none where one of them asked
		return nil
	}
	return b.send(ctx, t, t.notText())
}

// revive: a chat that writes to the bot is open to it, whatever Telegram said when a bulletin was sent.
func (b *Bot) revive(ctx context.Context, chat store.Chat) {
	if !chat.Dead {
		return
	}
	if err := b.store.Revive(ctx, chat.ID); err != nil {
		b.log.ErrorContext(ctx, "a chat that is open again could not be marked as such", "chat", chat.ID, "error", err)
	}
}

// privateTurn begins a turn in a private chat unless the person there writes too much.
func (b *Bot) privateTurn(ctx context.Context, m *telegram.Message) (t turn, allowed bool, err error) {
	wait, notice := b.limits.takeFrom(m.Chat.ID, b.now())
	return b.limitedTurn(ctx, m, wait, notice)
}

// replied answers what a prompt of the bot's asked for. Anything else is a question, but for the plain words that mean a command.
func (b *Bot) replied(ctx context.Context, t turn, m *telegram.Message) error {
	if b.isPrompt(m.ReplyTo, "verify_prompt") {
		return b.send(ctx, t, t.verify(m.Text))
	}
	if name, lang := commandSaid(m.Text, t.lang); name != "" && !m.Forwarded {
		t.speak(t.chat.Lang, lang)
		return b.command(ctx, t, m, name, "")
	}
	return b.answer(ctx, t, m.ID, m.Text)
}

// isPrompt tells whether a message is this prompt of the bot's, in any language.
// Its words are the only memory of what was asked for.
func (b *Bot) isPrompt(m *telegram.Message, key string) bool {
	if m == nil || m.From.ID != b.me.ID {
		return false
	}
	for _, v := range voices {
		if m.Text == v.plain(key, nil) {
			return true
		}
	}
	return false
}

// answer asks the library and sends what it replied. After a crash Telegram
// brings the same message again; the ledger shows whether it was answered.
func (b *Bot) answer(ctx context.Context, t turn, question int, text string) error {
	if _, answered, err := b.store.ReplyTo(ctx, t.to.Chat, question); err == nil && answered && question != 0 {
		return nil
	}
	reply := t.ask(text)
	b.heard(ctx, reply, t.lang)
	if done, err := b.repeated(ctx, t, reply.Pair); done || err != nil {
		return err
	}
	message, err := b.say(ctx, &t, func(v view) telegram.Screen { return v.screen(reply, text) })
	if err != nil {
		return err
	}
	b.record(ctx, t, message, question, reply.Pair)
	return nil
}

// edited answers an edited question: in the message that answered it, if there
// is one. What is not text changes by itself, as a live location does.
func (b *Bot) edited(ctx context.Context, m *telegram.Message) error {
	if m.Text == "" {
		return nil
	}
	sent, answered, err := b.store.ReplyTo(ctx, m.Chat.ID, m.ID)
	if err != nil {
		return err
	}
	name, question, command := m.Command(b.me.Username)
	if !command {
		question = m.Text
	}
	if !answered || command && (name != "ask" || question == "") {
		return b.private(ctx, m)
	}
	t, allowed, err := b.privateTurn(ctx, m)
	if err != nil || !allowed {
		return err
	}
	return b.editAnswer(ctx, t, sent, question)
}

// editAnswer puts the answer to a question's new words in place of the old one.
func (b *Bot) editAnswer(ctx context.Context, t turn, sent store.Sent, question string) error {
	t.sayTo(0) // what is in the ledger everyone sees
	reply := t.ask(question)
	b.heard(ctx, reply, t.lang)
	if err := b.client.Edit(ctx, telegram.Ref{Chat: sent.Chat, Message: sent.Message}, t.screen(reply, question)); err != nil {
		return err
	}
	b.record(ctx, t, sent.Message, sent.Question, reply.Pair)
	return nil
}

// ask asks the library, and turns to the language of the question where the chat chose none.
func (t *turn) ask(text string) answers.Reply {
	if lang := courtesyIn(text, t.lang); lang != "" {
		t.speak(t.chat.Lang, lang)
		return answers.Reply{Kind: answers.KindNone}
	}
	reply := t.lib.Ask(text, t.chat.Lang)
	t.speak(t.chat.Lang, reply.Reading.Lang, t.client)
	return reply
}

// screen is what is shown of a reply to a text.
func (v view) screen(reply answers.Reply, text string) telegram.Screen {
	switch {
	case len(words(text)) == 0:
		return v.noWords()
	case courtesyIn(text, v.lang) != "":
		return telegram.Screen{Text: v.html("courtesy", nil)}
	}
	return v.reply(reply)
}

// send sends a screen that answers no question.
func (b *Bot) send(ctx context.Context, t turn, s telegram.Screen) error {
	_, err := b.say(ctx, &t, func(view) telegram.Screen { return s })
	return err
}

// say sends a screen and returns the message's id, 0 for one that only one
// person sees. Where Telegram does not take that (the bot must be an
// administrator there), everyone sees it; where the group has become a
// supergroup meanwhile, it goes there.
func (b *Bot) say(ctx context.Context, t *turn, show func(view) telegram.Screen) (message int, err error) {
	message, err = b.client.Send(ctx, t.to, show(t.view))
	var refusal *telegram.Error
	switch {
	case !errors.As(err, &refusal):
		return message, err
	case refusal.MigrateTo != 0:
		if err := b.store.MoveChat(ctx, t.to.Chat, refusal.MigrateTo); err != nil {
			return 0, err
		}
		t.to = telegram.Target{Chat: refusal.MigrateTo, Only: t.to.Only}
	case t.to.Only != 0 && refusal.Code != http.StatusTooManyRequests:
		t.sayTo(0)
	default:
		return 0, err
	}
	return b.client.Send(ctx, t.to, show(t.view))
}

// record enters an answer in the ledger, unless one person alone sees it.
func (b *Bot) record(ctx context.Context, t turn, message, question int, p *answers.Pair) {
	if message == 0 {
		return
	}
	sent := store.Sent{Chat: t.to.Chat, Thread: t.to.Thread, Message: message, Question: question, Lang: t.lang, At: b.now()}
	if p != nil {
		sent.Pair, sent.Revision = p.ID, p.Revision
	}
	b.enter(ctx, sent)
}

// enter enters an answer that has been sent in the ledger. A database in trouble
// is logged: to handle the update again would send the answer again.
func (b *Bot) enter(ctx context.Context, sent store.Sent) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := b.store.Record(ctx, sent); err != nil {
		b.log.ErrorContext(ctx, "an answer could not be recorded", "chat", sent.Chat, "message", sent.Message, "error", err)
	}
}
