package bot

import (
	"context"
	"strconv"
	"strings"
	"time"

	"releasebot/answers"
	"releasebot/bot/store"
	"releasebot/bot/telegram"
)

// repeatWindow is how long an answer in a group stands for the same question asked again.
const repeatWindow = 10 * time.Minute

// group answers what is addressed to the bot in a group, and nothing else.
func (b *Bot) group(ctx context.Context, m *telegram.Message) error {
	switch {
	case m.MigrateTo != 0:
		return b.store.MoveChat(ctx, m.Chat.ID, m.MigrateTo)
	case m.MigrateFrom != 0:
		return b.store.MoveChat(ctx, m.MigrateFrom, m.Chat.ID)
	case !b.writtenHere(m):
		return nil
	}
	if c, arguments, ok := b.addressed(m); ok {
		return b.groupCommand(ctx, m, c, arguments)
	}
	return nil
}

// addressed reads what a message in a group asks of the bot: a command of its own (other bots may share the group), a
// mention with a question, or a reply to one of its messages, which is a question too unless it was asked for a passage.
// Thanks are left alone.
func (b *Bot) addressed(m *telegram.Message) (c command, arguments string, ok bool) {
	name, arguments, ok := m.Command(b.me.Username)
	if !ok && !m.Commands() {
		name = "ask"
		if arguments, ok = m.Mentions(b.me.Username); !ok && m.ReplyTo != nil && m.ReplyTo.From.ID == b.me.ID {
			arguments, ok = m.Text, true
			if b.isPrompt(m.ReplyTo, "verify_prompt") {
				name = "verify"
			}
		}
		ok = ok && (arguments == "" || name == "verify" || !asksNothing(arguments))
	}
	c, known := commandNamed(name)
	return c, arguments, ok && known && c.groups
}

// writtenHere tells a person's own words in this group from everything that
// only passes through it: forwarded messages, posts of channels, other bots.
func (b *Bot) writtenHere(m *telegram.Message) bool {
	fromElsewhere := m.SenderChat.ID != 0 && m.SenderChat.ID != m.Chat.ID
	fromBot := m.From.Bot && m.From.ID != telegram.AnonymousAdmin
	return m.Text != "" && !m.Forwarded && !m.AutomaticForward && m.ViaBot.ID == 0 && !fromElsewhere && !fromBot
}

// groupCommand runs a command for those whom the group lets.
func (b *Bot) groupCommand(ctx context.Context, m *telegram.Message, c command, arguments string) error {
	t, allowed, err := b.groupTurn(ctx, m)
	if err != nil || !allowed {
		return err
	}
	if c.admins || t.chat.Commands == store.Administrators {
		if admin, err := b.isAdmin(ctx, m); err != nil || !admin {
			return b.refuse(ctx, t, m, err)
		}
	}
	t.to.ReplyTo = m.ID
	return c.run(b, ctx, t, m, arguments)
}

// groupEdited edits the answer to an edited question. A message that only
// becomes a question by its edit is left alone, and so is the answer to one that
// is none any more: people correct old messages without wanting the group's
// attention for it.
func (b *Bot) groupEdited(ctx context.Context, m *telegram.Message) error {
	c, question, ok := b.addressed(m)
	if !ok || c.name != "ask" || question == "" {
		return nil
	}
	sent, answered, err := b.store.ReplyTo(ctx, m.Chat.ID, m.ID)
	if err != nil || !answered {
		return err
	}
	t, allowed, err := b.groupTurn(ctx, m)
	if err != nil || !allowed {
		return err
	}
	return b.editAnswer(ctx, t, sent, question)
}

// groupTurn begins a turn in a group unless somebody there asks too much.
func (b *Bot) groupTurn(ctx context.Context, m *telegram.Message) (t turn, allowed bool, err error) {
	wait, notice := b.limits.takeInGroup(m.Chat.ID, m.From.ID, b.now())
	return b.limitedTurn(ctx, m, wait, notice)
}

// limitedTurn begins a turn if there is nothing to wait for; else there is one
// notice, and silence until the limit has passed.
func (b *Bot) limitedTurn(ctx context.Context, m *telegram.Message, wait time.Duration, notice bool) (t turn, allowed bool, err error) {
	if wait > 0 && !notice {
		return t, false, nil
	}
	t = b.turn(ctx, m, m.From)
	if (t.chat.Alone || m.Ephemeral != 0) && !m.From.Bot { // an anonymous administrator is one to Telegram
		t.sayTo(m.From.ID)
	}
	if wait == 0 {
		b.revive(ctx, t.chat)
		return t, true, nil
	}
	t.to.ReplyTo = m.ID
	return t, false, b.send(ctx, t, t.slowDown(wait))
}

// repeated sends a link to an answer that was given a moment ago, in place of the same answer.
func (b *Bot) repeated(ctx context.Context, t turn, p *answers.Pair) (done bool, err error) {
	if !t.group || p == nil {
		return false, nil
	}
	first, ok, err := b.store.LastAnswer(ctx, t.to.Chat, t.to.Thread, p.ID, p.Revision, t.lang, b.now().Add(-repeatWindow))
	if err != nil || !ok {
		return false, nil
	}
	address := messageLink(t.to.Chat, t.to.Thread, first.Message)
	if address == "" {
		t.to.ReplyTo = first.Message
	}
	return true, b.send(ctx, t, t.again(p, address))
}

// again points to the answer given a moment ago.
func (v view) again(p *answers.Pair, address string) telegram.Screen {
	text := v.plain("already", slots{"question": v.in(p.Question)})
	if address == "" {
		return telegram.Screen{Text: escape(text)}
	}
	return telegram.Screen{Text: link(address, text)}
}

func (v view) slowDown(wait time.Duration) telegram.Screen {
	return telegram.Screen{Text: v.patience(wait)}
}

func (v view) patience(wait time.Duration) string {
	return v.count("slow_down", int(wait.Round(time.Second)/time.Second))
}

func (v view) adminsOnly() telegram.Screen { return telegram.Screen{Text: v.html("admins_only", nil)} }

// messageLink is a message's address in a supergroup; basic groups have none.
func messageLink(chat int64, thread, message int) string {
	id, ok := strings.CutPrefix(strconv.FormatInt(chat, 10), "-100")
	if !ok {
		return ""
	}
	address := "https://t.me/c/" + id
	if thread != 0 {
		address += "/" + number(thread)
	}
	return address + "/" + number(message)
}

// membership greets a group that the bot was added to, subscribes a channel that
// it may post in, and forgets a chat that removed it.
func (b *Bot) membership(ctx context.Context, m *telegram.Membership) error {
	switch {
	case m.Old.Present && !m.New.Present:
		b.limits.forget(m.Chat.ID)
		return b.store.ForgetChat(ctx, m.Chat.ID)
	case m.Chat.Channel() && !m.Old.CanPost && m.New.CanPost:
		return b.channelOpened(ctx, m)
	case m.Chat.Group() && !m.Old.Present && m.New.Present && m.New.CanSend:
		t := b.turn(ctx, &telegram.Message{Chat: m.Chat}, m.From)
		return b.send(ctx, t, t.welcome())
	}
	return nil
}
