package bot

import (
	"context"
	"strings"
	"time"
	"unicode"

	"releasebot/answers"
	"releasebot/bot/store"
	"releasebot/bot/telegram"
)

// private answers a message in a private chat, where any text is a question.
func (b *Bot) private(ctx context.Context, m *telegram.Message) error {
	if m.Kind == telegram.KindService {
		return nil
	}
	t := b.turn(ctx, m, m.From)
	if t.chat.Dead {
		if err := b.store.Revive(ctx, m.Chat.ID); err != nil {
			b.log.Error("a chat that is open again could not be marked as such", "chat", m.Chat.ID, "error", err)
		}
	}
	if name, arguments, ok := m.Command(b.me.Username); ok {
		return b.command(ctx, t, m, name, arguments)
	}
	if m.Text == "" {
		return b.send(ctx, t, t.notText())
	}
	return b.replied(ctx, t, m)
}

// replied answers what a prompt of the bot's asked for; anything else is a question.
func (b *Bot) replied(ctx context.Context, t turn, m *telegram.Message) error {
	if b.isPrompt(m.ReplyTo, "verify_prompt") {
		return b.send(ctx, t, t.verify(m.Text))
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
	if _, answered, err := b.store.ReplyTo(ctx, t.to.Chat, question); err == nil && answered {
		return nil
	}
	reply := t.ask(text)
	b.observe(reply.Kind, t.lang, reply.Confidence)
	if done, err := b.repeated(ctx, t, reply.Pair); done || err != nil {
		return err
	}
	message, err := b.client.Send(ctx, t.to, t.screen(reply, text))
	if err != nil {
		return err
	}
	b.record(ctx, t, message, question, reply.Pair)
	return nil
}

// edited answers an edited question: in the message that answered it, if there is one.
func (b *Bot) edited(ctx context.Context, m *telegram.Message) error {
	sent, answered, err := b.store.ReplyTo(ctx, m.Chat.ID, m.ID)
	if err != nil {
		return err
	}
	if !answered {
		return b.private(ctx, m)
	}
	if m.Text == "" {
		return nil
	}
	return b.editAnswer(ctx, b.turn(ctx, m, m.From), sent, m.Text)
}

// editAnswer puts the answer to a question's new words in place of the old one.
func (b *Bot) editAnswer(ctx context.Context, t turn, sent store.Sent, question string) error {
	reply := t.ask(question)
	b.observe(reply.Kind, t.lang, reply.Confidence)
	if err := b.client.Edit(ctx, telegram.Ref{Chat: sent.Chat, Message: sent.Message}, t.screen(reply, question)); err != nil {
		return err
	}
	b.record(ctx, t, sent.Message, sent.Question, reply.Pair)
	return nil
}

// ask asks the library, and turns to the language of the question where the chat chose none.
func (t *turn) ask(text string) answers.Reply {
	reply := t.lib.Ask(text, t.chat.Lang)
	t.speak(t.chat.Lang, reply.Reading.Lang, t.client)
	return reply
}

// screen is what a turn shows of a reply to a text.
func (t *turn) screen(reply answers.Reply, text string) telegram.Screen {
	if !strings.ContainsFunc(text, isWordRune) {
		return t.noWords()
	}
	return t.reply(reply)
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// send sends a screen that answers no question.
func (b *Bot) send(ctx context.Context, t turn, s telegram.Screen) error {
	_, err := b.client.Send(ctx, t.to, s)
	return err
}

// record enters an answer in the ledger. The answer has been sent by then, so
// a database in trouble is logged and does not send it again.
func (b *Bot) record(ctx context.Context, t turn, message, question int, p *answers.Pair) {
	sent := store.Sent{Chat: t.to.Chat, Thread: t.to.Thread, Message: message, Question: question, Lang: t.lang, At: b.now()}
	if p != nil {
		sent.Pair, sent.Revision = p.ID, p.Revision
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := b.store.Record(ctx, sent); err != nil {
		b.log.Error("an answer could not be recorded", "chat", t.to.Chat, "message", message, "error", err)
	}
}
