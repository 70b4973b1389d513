package bot

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"releasebot/answers"
	"releasebot/bot/store"
	"releasebot/bot/telegram"
)

const (
	// tendEvery is how often cards follow their bulletins: fast enough to watch, and a tenth of what may be edited in a chat.
	tendEvery = 3 * time.Second
	// proposeEvery is how soon a schedule that was cancelled is proposed again.
	proposeEvery = time.Minute
)

// tended is what Tend remembers between two looks.
type tended struct {
	library  *answers.Library // that was proposed from last; nil before the first time
	proposed time.Time
	shown    map[store.Card]telegram.Screen
	silent   map[store.Card]bool // administrators who could not be shown a bulletin, until the bot starts again
}

// Tend proposes bulletins for what has changed in the library, shows them to the administrators and keeps what they
// have been shown up to date, until ctx ends. What the library has at the bot's very first start is news to nobody.
// Start must have succeeded before; of several replicas on one database one is to tend.
func (b *Bot) Tend(ctx context.Context) {
	tick := time.NewTicker(tendEvery)
	defer tick.Stop()
	known := tended{shown: map[store.Card]telegram.Screen{}, silent: map[store.Card]bool{}}
	for {
		if err := b.tend(ctx, &known); err != nil && ctx.Err() == nil {
			b.log.ErrorContext(ctx, "the administrators do not see what becomes of bulletins", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (b *Bot) tend(ctx context.Context, known *tended) error {
	if err := b.propose(ctx, known); err != nil {
		return err
	}
	cards, err := b.store.Cards(ctx)
	if err != nil {
		return err
	}
	if err := b.announce(ctx, known, cards); err != nil {
		return err
	}
	for _, c := range cards {
		if err := b.renew(ctx, known, c); err != nil {
			return err
		}
	}
	return nil
}

func (b *Bot) propose(ctx context.Context, known *tended) error {
	library := b.library.Load()
	if library == known.library && time.Since(known.proposed) < proposeEvery {
		return nil
	}
	current := items(library)
	if known.library == nil {
		if err := b.store.Settle(ctx, current); err != nil {
			return err
		}
	}
	if _, err := b.store.Propose(ctx, current, b.now()); err != nil {
		return err
	}
	known.library, known.proposed = library, time.Now()
	return nil
}

// announce shows pending bulletins to the administrators who have no card of them.
func (b *Bot) announce(ctx context.Context, known *tended, cards []store.Card) error {
	pending, err := b.store.Bulletins(ctx, store.Pending)
	if err != nil {
		return err
	}
	for _, bulletin := range pending {
		for _, admin := range b.admins {
			has := slices.ContainsFunc(cards, func(c store.Card) bool { return c.Bulletin == bulletin.ID && c.Chat == admin })
			if has || known.silent[store.Card{Bulletin: bulletin.ID, Chat: admin}] {
				continue
			}
			err := b.showCard(ctx, bulletin, admin)
			var refusal *telegram.Error
			if errors.As(err, &refusal) {
				known.silent[store.Card{Bulletin: bulletin.ID, Chat: admin}] = true
				b.log.WarnContext(ctx, "an administrator cannot be shown a bulletin", "admin", admin, "bulletin", bulletin.ID, "error", err)
			} else if err != nil {
				return err
			}
		}
	}
	return nil
}

// showCard sends an administrator a card that follows the bulletin from now on.
func (b *Bot) showCard(ctx context.Context, bulletin store.Bulletin, admin int64) error {
	v := b.viewFor(admin, b.settings(ctx, admin).Lang)
	screen, err := b.card(ctx, v, bulletin, v.lang, cardShow)
	if err != nil {
		return err
	}
	message, err := b.client.Send(ctx, telegram.Target{Chat: admin}, screen)
	if err != nil {
		return err
	}
	return b.store.SaveCard(ctx, store.Card{Bulletin: bulletin.ID, Chat: admin, Message: message, Lang: v.lang})
}

// renew brings a card up to date. One that waits for a decision stays as the administrator has turned it, and so does
// that of somebody who is an administrator no more.
func (b *Bot) renew(ctx context.Context, known *tended, c store.Card) error {
	if !b.isOfficer(c.Chat) {
		return b.store.DropCard(ctx, c)
	}
	bulletin, ok, err := b.store.Bulletin(ctx, c.Bulletin)
	if err != nil || bulletin.State == store.Pending {
		return err
	}
	v := b.viewFor(c.Chat, c.Lang)
	screen, over := v.outdated(), true
	if ok {
		if screen, err = b.card(ctx, v, bulletin, c.Lang, cardShow); err != nil {
			return err
		}
		over = !bulletin.Ended.IsZero()
	}
	if screen.Text != known.shown[c].Text {
		err := b.client.Edit(ctx, telegram.Ref{Chat: c.Chat, Message: c.Message}, screen)
		var refusal *telegram.Error
		if over = over || errors.As(err, &refusal); err != nil && !over { // a card that was deleted is followed no more
			return err
		}
	}
	known.shown[c] = screen
	if over {
		delete(known.shown, c)
		return b.store.DropCard(ctx, c)
	}
	return nil
}

// card is the screen of a bulletin's card.
func (b *Bot) card(ctx context.Context, v view, bulletin store.Bulletin, preview, asks string) (telegram.Screen, error) {
	progress, err := b.Progress(ctx, bulletin)
	c := card{view: v, Bulletin: bulletin, Progress: progress, now: b.now().In(b.zone), preview: preview, asks: asks}
	return c.screen(b.Preview(bulletin, preview)), err
}

// Preview is a bulletin as a reader of a language who is subscribed to everything sees it.
func (b *Bot) Preview(bulletin store.Bulletin, lang string) telegram.Screen {
	return b.Message(b.everything(1, 0, lang), []store.Bulletin{bulletin}).Screen
}

// Sample sends a bulletin to one person alone, as a reader of a language gets it.
func (b *Bot) Sample(ctx context.Context, bulletin store.Bulletin, to int64, lang string) error {
	screen := b.Preview(bulletin, lang)
	if screen.Text == "" {
		return nil // what it tells of is gone, and a newer bulletin is on its way
	}
	_, err := b.client.Send(ctx, telegram.Target{Chat: to}, screen)
	return err
}

// Progress reads how far a bulletin has come.
func (b *Bot) Progress(ctx context.Context, bulletin store.Bulletin) (p Progress, err error) {
	if bulletin.Ended.IsZero() {
		if p.Left, err = b.store.Audience(ctx, bulletin); err != nil {
			return p, err
		}
	}
	if p.Waiting, err = b.store.Waiting(ctx, bulletin.ID); err != nil {
		return p, err
	}
	p.Failures, err = b.store.Failures(ctx, bulletin.ID)
	return p, err
}

// outdated is left of a card whose bulletin a newer one has replaced.
func (v view) outdated() telegram.Screen { return telegram.Screen{Text: v.html("card_outdated", nil)} }

// publishCommand shows an administrator everything that is not over, below the messages of meanwhile.
func (b *Bot) publishCommand(ctx context.Context, t turn) error {
	none := true
	for _, state := range []store.State{store.Pending, store.Scheduled, store.Sending, store.Paused} {
		bulletins, err := b.store.Bulletins(ctx, state)
		if err != nil {
			return err
		}
		for _, bulletin := range bulletins {
			none = false
			if err := b.showCard(ctx, bulletin, t.to.Chat); err != nil {
				return err
			}
		}
	}
	if none {
		return b.send(ctx, t, telegram.Screen{Text: t.html("card_none", nil)})
	}
	return nil
}

func (b *Bot) isOfficer(person int64) bool { return slices.Contains(b.admins, person) }

// pressCard does what an administrator decides on a card. The store lets one decision through, so that two
// administrators who press at once do not publish twice.
func (b *Bot) pressCard(ctx context.Context, t *turn, c *telegram.Callback, p press) (bool, error) {
	id, err := strconv.ParseInt(p.argument(0), 10, 64)
	if err != nil || !b.isOfficer(c.From.ID) || !c.Message.Chat.Private() {
		return false, nil
	}
	bulletin, ok, err := b.store.Bulletin(ctx, id)
	if err != nil {
		return true, err
	}
	if !ok {
		return true, b.client.Edit(ctx, c.Ref(), t.outdated())
	}
	preview := spoken(p.argument(1))
	known, err := b.decide(ctx, t, bulletin, preview, p)
	if errors.Is(err, store.ErrState) {
		t.notice, err = t.plain("decided", nil), nil
	}
	if err != nil || !known {
		return known, err
	}
	return true, b.refresh(ctx, t, c, id, preview, p)
}

// decide does what a card's button is for.
func (b *Bot) decide(ctx context.Context, t *turn, bulletin store.Bulletin, preview string, p press) (known bool, err error) {
	id, now := bulletin.ID, b.now()
	switch p.argument(2) {
	case cardShow:
		return true, nil
	case cardSample:
		return true, b.Sample(ctx, bulletin, t.to.Chat, preview)
	case cardPublish:
		err = b.store.Schedule(ctx, id, now)
	case cardSchedule:
		i := slices.IndexFunc(scheduleTimes, func(t scheduleTime) bool { return t.key == p.argument(3) })
		if i < 0 {
			return false, nil
		}
		err = b.store.Schedule(ctx, id, scheduleTimes[i].at(now.In(b.zone)))
	case cardDismiss:
		err = b.store.Dismiss(ctx, id, now)
	case cardPause:
		err = b.store.Pause(ctx, id)
	case cardResume:
		err = b.store.Resume(ctx, id)
	case cardCancel:
		err = b.store.Cancel(ctx, id, now)
	default:
		return false, nil
	}
	b.log.InfoContext(ctx, "an administrator decides on a bulletin", "bulletin", id, "admin", t.to.Chat, "decision", p.argument(2), "error", err)
	return true, err
}

// refresh shows the card as it is after a press; it follows its bulletin from now on.
func (b *Bot) refresh(ctx context.Context, t *turn, c *telegram.Callback, id int64, preview string, p press) error {
	bulletin, ok, err := b.store.Bulletin(ctx, id)
	if err != nil || !ok {
		return err
	}
	asks := ""
	if p.argument(2) == cardShow {
		asks = p.argument(3)
	}
	screen, err := b.card(ctx, t.view, bulletin, preview, asks)
	if err != nil {
		return err
	}
	if err := b.store.SaveCard(ctx, store.Card{Bulletin: id, Chat: t.to.Chat, Message: c.Message.ID, Lang: t.lang}); err != nil {
		return err
	}
	return b.client.Edit(ctx, c.Ref(), screen)
}
