package bot

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"releasebot/answers"
	"releasebot/bot/store"
	"releasebot/bot/telegram"
)

// subscribeCommand subscribes a chat, or the forum topic it is sent in, and shows the switches.
func (b *Bot) subscribeCommand(ctx context.Context, t turn, _ *telegram.Message, _ string) error {
	d, err := b.subscribe(ctx, t)
	if err != nil {
		return err
	}
	return b.send(ctx, t, d.switches())
}

// subscribe begins a turn's subscription if there is none.
func (b *Bot) subscribe(ctx context.Context, t turn) (*desk, error) {
	d, subscribed, err := b.desk(ctx, t, "")
	if err != nil || subscribed {
		return d, err
	}
	return d, b.store.Subscribe(ctx, d.sub, b.now())
}

func (b *Bot) unsubscribeCommand(ctx context.Context, t turn, _ *telegram.Message, _ string) error {
	d, _, err := b.desk(ctx, t, "")
	if err != nil {
		return err
	}
	if err := b.store.Unsubscribe(ctx, t.to.Chat, t.to.Thread); err != nil {
		return err
	}
	return b.send(ctx, t, d.unsubscribed())
}

// desk finds the subscription of a turn's chat and topic, or of a channel. Where there is none, or one to followed
// answers alone, the desk has what people begin with: everything, at once.
func (b *Bot) desk(ctx context.Context, t turn, channel string) (d *desk, subscribed bool, err error) {
	d = &desk{view: t.view, channel: channel}
	chat, thread := t.to.Chat, t.to.Thread
	if channel != "" {
		if chat, d.title, err = b.channelOf(ctx, channel); err != nil {
			return nil, false, err
		}
		thread = 0
	}
	old, _, err := b.store.Subscription(ctx, chat, thread)
	if err != nil || old.Corrections {
		d.sub = old
		return d, err == nil, err
	}
	d.sub = b.everything(chat, thread, t.lang)
	d.sub.Follows, d.sub.Channel = old.Follows, channel != ""
	return d, false, nil
}

// everything is the subscription that people begin with.
func (b *Bot) everything(chat int64, thread int, lang string) store.Subscription {
	return store.Subscription{
		Chat: chat, Thread: thread, Lang: lang, Releases: true, Answers: true, Corrections: true,
		Hour: digestHour, Zone: b.zone.String(),
	}
}

func (b *Bot) channelOf(ctx context.Context, id string) (chat int64, title string, err error) {
	chat, err = strconv.ParseInt(id, 10, 64)
	if err != nil {
		return 0, "", err
	}
	found, err := b.client.Chat(ctx, chat)
	return chat, found.Title, err
}

// pressSubscription turns a switch. One of a subscription that has ended meanwhile says so: only switchOn begins it again.
func (b *Bot) pressSubscription(ctx context.Context, t *turn, c *telegram.Callback, p press) (bool, error) {
	d, subscribed, err := b.desk(ctx, *t, p.argument(0))
	if err != nil {
		return true, err
	}
	change := p.argument(1)
	switch {
	case change == switchOff:
		if err := b.store.Unsubscribe(ctx, d.sub.Chat, d.sub.Thread); err != nil {
			return true, err
		}
		return true, b.client.Edit(ctx, c.Ref(), d.unsubscribed())
	case !subscribed && change != switchOn:
		return true, b.client.Edit(ctx, c.Ref(), d.resting())
	}
	screen, ok := d.turn(change, p.argument(2))
	if !ok {
		return false, nil
	}
	if err := b.store.Subscribe(ctx, d.sub, b.now()); err != nil {
		return true, err
	}
	return true, b.client.Edit(ctx, c.Ref(), screen)
}

// pressSwitches shows the switches in a message of their own: that with the button has something else to say.
func (b *Bot) pressSwitches(ctx context.Context, t *turn, change string) (bool, error) {
	d, subscribed, err := b.desk(ctx, *t, "")
	if err == nil && !subscribed && change == switchOn {
		d, err = b.subscribe(ctx, *t)
		subscribed = true
	}
	if err != nil {
		return true, err
	}
	if !subscribed {
		return true, b.send(ctx, *t, d.resting())
	}
	return true, b.send(ctx, *t, d.switches())
}

// pressStop ends the subscription that brought a bulletin.
func (b *Bot) pressStop(ctx context.Context, t *turn) (bool, error) {
	t.notice = t.plain("stopped", nil)
	return true, b.store.Unsubscribe(ctx, t.to.Chat, t.to.Thread)
}

// pressFollow begins to tell a person of corrections of an answer, or ends it.
func (b *Bot) pressFollow(ctx context.Context, t *turn, refs []string) (bool, error) {
	pairs := pairsOf(t.lib, refs)
	if len(pairs) == 0 {
		return false, nil
	}
	sub, _, err := b.store.Subscription(ctx, t.to.Chat, t.to.Thread)
	if err != nil {
		return true, err
	}
	if sub.Chat == 0 {
		sub = b.everything(t.to.Chat, t.to.Thread, t.lang)
		sub.Releases, sub.Answers, sub.Corrections = false, false, false
	}
	following := follow(&sub, pairs[0])
	t.notice = t.plain("unfollowed", nil)
	if following {
		t.notice = t.plain("following", nil)
	}
	if len(sub.Follows) == 0 && !sub.Corrections {
		return true, b.store.Unsubscribe(ctx, sub.Chat, sub.Thread)
	}
	return true, b.store.Subscribe(ctx, sub, b.now())
}

// follow takes a pair in or out, and tells whether it is in now.
func follow(sub *store.Subscription, p *answers.Pair) bool {
	if i := slices.Index(sub.Follows, p.ID); i >= 0 {
		sub.Follows = slices.Delete(sub.Follows, i, i+1)
		return false
	}
	sub.Follows = append(sub.Follows, p.ID)
	return true
}

// channelOpened subscribes a channel that the bot may post in from now on, and shows who let it in the switches, if the
// bot may write to them. A channel that had a subscription keeps it.
func (b *Bot) channelOpened(ctx context.Context, m *telegram.Membership) error {
	t := b.turn(ctx, &telegram.Message{Chat: m.Chat}, m.From)
	d, subscribed, err := b.desk(ctx, t, strconv.FormatInt(m.Chat.ID, 10))
	if err != nil {
		return err
	}
	if subscribed {
		err = b.store.Revive(ctx, m.Chat.ID)
	} else {
		err = b.store.Subscribe(ctx, d.sub, b.now())
	}
	if err != nil {
		return err
	}
	_, err = b.client.Send(ctx, telegram.Target{Chat: m.From.ID}, d.switches())
	var refusal *telegram.Error
	if errors.As(err, &refusal) {
		b.log.InfoContext(ctx, "who let the bot into a channel cannot be told how to set it up", "channel", m.Chat.ID, "error", err)
		return nil
	}
	return err
}
