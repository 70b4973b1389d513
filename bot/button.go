package bot

import (
	"context"
	"errors"
	"strconv"
	"time"

	"releasebot/answers"
	"releasebot/bot/telegram"
)

// pressed answers a button. Whatever its data, the button stops spinning: it
// may be years old, or made up. Only one that is pressed again and again spins
// until Telegram ends it.
func (b *Bot) pressed(ctx context.Context, c *telegram.Callback) error {
	if c.Message == nil {
		return b.client.AnswerCallback(ctx, c.ID, "", false)
	}
	wait, notice := b.limitPress(c)
	if wait > 0 && !notice {
		return nil
	}
	p := parseData(c.Data)
	t := b.turn(ctx, c.Message, c.From)
	t.speak(t.chat.Lang, p.lang, t.client)
	if wait > 0 {
		return b.client.AnswerCallback(ctx, c.ID, t.patience(wait), false)
	}
	if c.Message.Ephemeral != 0 {
		t.sayTo(c.From.ID)
	}
	reason, err := b.barred(ctx, c, p)
	if err == nil && reason == "" {
		var done bool
		if done, err = b.press(ctx, &t, c, p); err == nil && !done {
			reason = "stale"
		}
	}
	var refusal *telegram.Error
	if err != nil && !errors.As(err, &refusal) {
		return err
	}
	if reason != "" {
		reader := t.voice
		if t.group && t.client != "" { // they alone read it, whatever the group speaks
			reader = voiceOf(t.client)
		}
		t.notice = reader.plain(reason, nil)
	}
	return errors.Join(err, b.client.AnswerCallback(ctx, c.ID, t.notice, false))
}

// limitPress counts a pressed button as a message of the person's, or in a group as one of the group's buttons.
func (b *Bot) limitPress(c *telegram.Callback) (wait time.Duration, notice bool) {
	if c.Message.Chat.Private() {
		return b.limits.takeFrom(c.From.ID, b.now())
	}
	return b.limits.take(key{c.Message.Chat.ID, presses}, pressRate, b.now())
}

// barred is the text that says why a button is not for who pressed it: settings
// and subscriptions of groups and channels are for their administrators, and an
// answer's buttons in a group for who asked, as far as the message it replies
// to shows that. It is "" if they may.
func (b *Bot) barred(ctx context.Context, c *telegram.Callback, p press) (reason string, err error) {
	chat, ok := p.managed(c.Message.Chat)
	if !ok {
		return "stale", nil
	}
	if chat != 0 {
		admin, err := b.runs(ctx, chat, c.From.ID)
		if !admin {
			return "admins_only", err
		}
		return "", err
	}
	if c.Message.Chat.Private() {
		return "", nil
	}
	if made := p.verb == verbLanguage || p.verb == verbForget || p.verb == verbFollow; made || !c.Message.Chat.Group() {
		return "stale", nil // made up: there is no such button
	}
	asked := c.Message.ReplyTo
	if asked == nil || asked.From.ID == c.From.ID || asked.From.ID == telegram.AnonymousAdmin {
		return "", nil
	}
	_, _, command := asked.Command(b.me.Username)
	_, mention := asked.Mentions(b.me.Username)
	if command || mention {
		return "not_yours", nil
	}
	return "", nil
}

// managed is the chat whose administrators alone may press a button, 0 if
// everyone may. It is not ok where the button names a chat that cannot be.
func (p press) managed(in telegram.Chat) (chat int64, ok bool) {
	switch p.verb {
	case verbSubscribe:
		if channel := p.argument(0); channel != "" {
			chat, err := strconv.ParseInt(channel, 10, 64)
			return chat, err == nil && chat != 0
		}
	case verbSettings, verbSwitches, verbStop:
	default:
		return 0, true
	}
	if in.Private() {
		return 0, true
	}
	return in.ID, true
}

// press does what a button is for; done is false where the button no longer means anything.
func (b *Bot) press(ctx context.Context, t *turn, c *telegram.Callback, p press) (done bool, err error) {
	switch p.verb {
	case verbAnswer:
		return b.pressAnswer(ctx, t, c, p.arguments)
	case verbNotMine:
		return true, b.change(ctx, *t, c, t.next(p.arguments), nil)
	case verbRelated:
		if pairs := pairsOf(t.lib, p.arguments); len(pairs) > 0 {
			return true, b.show(ctx, *t, pairs[0])
		}
	case verbTopics:
		return true, b.client.Edit(ctx, c.Ref(), t.topics())
	case verbSpeakers:
		return true, b.client.Edit(ctx, c.Ref(), t.speakers())
	case verbSpeaker:
		if name := speakerOf(t.lib, p.argument(0)); name != "" {
			return true, b.client.Edit(ctx, c.Ref(), t.speaker(name, p.page()))
		}
	case verbRelease:
		if r := releaseOf(t.lib, p.argument(0)); r != nil {
			return true, b.client.Edit(ctx, c.Ref(), t.view.release(r))
		}
	case verbTopic:
		if topic := topicOf(t.lib, p.argument(0)); topic != nil {
			return true, b.client.Edit(ctx, c.Ref(), t.topic(topic, p.page()))
		}
	case verbLanguage:
		return b.pressLanguage(ctx, t, c, p.arguments)
	case verbSettings:
		return b.pressSettings(ctx, t, c, p.arguments)
	case verbPost:
		return b.pressPost(ctx, t, c, p.arguments)
	case verbForget:
		return b.pressForget(ctx, t, c, p.arguments)
	case verbSubscribe:
		return b.pressSubscription(ctx, t, c, p)
	case verbSwitches:
		return b.pressSwitches(ctx, t, p.argument(0))
	case verbStop:
		return b.pressStop(ctx, t)
	case verbFollow:
		return b.pressFollow(ctx, t, p.arguments)
	case verbCard:
		return b.pressCard(ctx, t, c, p)
	case verbNothing:
		return true, nil
	}
	return false, nil
}

// pressAnswer turns a list of suggestions into the answer to the chosen one.
func (b *Bot) pressAnswer(ctx context.Context, t *turn, c *telegram.Callback, arguments []string) (bool, error) {
	pairs := pairsOf(t.lib, arguments)
	if len(pairs) == 0 || ref(pairs[0].ID) != arguments[0] {
		return false, nil
	}
	return true, b.change(ctx, *t, c, t.view.answer(pairs[0], pairs[1:]), pairs[0])
}

// change shows another screen in a button's message, and another pair's answer or none.
func (b *Bot) change(ctx context.Context, t turn, c *telegram.Callback, s telegram.Screen, p *answers.Pair) error {
	if err := b.client.Edit(ctx, c.Ref(), s); err != nil {
		return err
	}
	b.record(ctx, t, c.Message.ID, 0, p)
	return nil
}

// pressPost shows everyone in a group an answer that one of them alone sees, once.
func (b *Bot) pressPost(ctx context.Context, t *turn, c *telegram.Callback, arguments []string) (bool, error) {
	pairs := pairsOf(t.lib, arguments)
	if len(pairs) == 0 || c.Message.Ephemeral == 0 {
		return false, nil
	}
	p, since := pairs[0], b.now().Add(-repeatWindow)
	t.notice = t.plain("posted", nil)
	if _, posted, err := b.store.LastAnswer(ctx, t.to.Chat, t.to.Thread, p.ID, p.Revision, t.lang, since); posted || err != nil {
		return true, err
	}
	everyone := *t
	everyone.sayTo(0)
	if c.Message.ReplyTo != nil {
		everyone.to.ReplyTo = c.Message.ReplyTo.ID
	}
	return true, b.show(ctx, everyone, p)
}

// next offers the candidates that are left, or says that nothing was found.
func (v view) next(arguments []string) telegram.Screen {
	if pairs := pairsOf(v.lib, arguments); len(pairs) > 0 {
		return v.suggest(pairs)
	}
	return v.none()
}

func (b *Bot) pressLanguage(ctx context.Context, t *turn, c *telegram.Callback, arguments []string) (bool, error) {
	if len(arguments) != 1 || arguments[0] != "" && spoken(arguments[0]) == "" {
		return false, nil
	}
	return true, b.chooseLanguage(ctx, t, arguments[0], func(s telegram.Screen) error {
		return b.client.Edit(ctx, c.Ref(), s)
	})
}

func (b *Bot) pressForget(ctx context.Context, t *turn, c *telegram.Callback, arguments []string) (bool, error) {
	if len(arguments) != 1 {
		return false, nil
	}
	if arguments[0] != "yes" {
		return true, b.client.Edit(ctx, c.Ref(), telegram.Screen{Text: t.html("kept", nil)})
	}
	if err := b.store.ForgetChat(ctx, t.to.Chat); err != nil {
		return true, err
	}
	return true, b.client.Edit(ctx, c.Ref(), telegram.Screen{Text: t.html("forgotten", nil)})
}
