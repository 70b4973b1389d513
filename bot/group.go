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
	if name, arguments, ok := m.Command(b.me.Username); ok {
		return b.groupCommand(ctx, m, name, arguments)
	}
	if question, ok := m.Mentions(b.me.Username); ok {
		return b.groupQuestion(ctx, m, question)
	}
	if m.ReplyTo != nil && m.ReplyTo.From.ID == b.me.ID {
		return b.groupReply(ctx, m)
	}
	return nil
}

// writtenHere tells a person's own words in this group from everything that
// only passes through it: forwarded messages, posts of channels, other bots.
func (b *Bot) writtenHere(m *telegram.Message) bool {
	fromElsewhere := m.SenderChat.ID != 0 && m.SenderChat.ID != m.Chat.ID
	fromBot := m.From.Bot && m.From.ID != telegram.AnonymousAdmin
	return m.Text != "" && !m.Forwarded && !m.AutomaticForward && m.ViaBot.ID == 0 && !fromElsewhere && !fromBot
}

// groupCommand runs a command that is the bot's; other bots may share the group.
func (b *Bot) groupCommand(ctx context.Context, m *telegram.Message, name, arguments string) error {
	c, ok := commandNamed(name)
	if !ok || !c.groups {
		return nil
	}
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

// groupQuestion answers a mention; a bare one in reply to a message asks that message's question.
func (b *Bot) groupQuestion(ctx context.Context, m *telegram.Message, question string) error {
	t, allowed, err := b.groupTurn(ctx, m)
	if err != nil || !allowed {
		return err
	}
	t.to.ReplyTo = m.ID
	return b.askCommand(ctx, t, m, question)
}

// groupReply answers a reply to one of the bot's messages: what a prompt asked for, or a question.
func (b *Bot) groupReply(ctx context.Context, m *telegram.Message) error {
	t, allowed, err := b.groupTurn(ctx, m)
	if err != nil || !allowed {
		return err
	}
	t.to.ReplyTo = m.ID
	return b.replied(ctx, t, m)
}

// groupEdited edits the answer to an edited question. A message that only
// becomes a question by its edit is left alone: people correct old messages
// without wanting the group's attention for it.
func (b *Bot) groupEdited(ctx context.Context, m *telegram.Message) error {
	sent, answered, err := b.store.ReplyTo(ctx, m.Chat.ID, m.ID)
	if err != nil || !answered || m.Text == "" {
		return err
	}
	question := m.Text
	if _, arguments, ok := m.Command(b.me.Username); ok {
		question = arguments
	} else if rest, ok := m.Mentions(b.me.Username); ok {
		question = rest
	}
	if question == "" {
		return nil
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
	if wait == 0 {
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
	first, ok, err := b.store.LastAnswer(ctx, t.to.Chat, t.to.Thread, p.ID, p.Revision, b.now().Add(-repeatWindow))
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
