// Package bot is what the releasebot says and does on Telegram.
//
// An update comes in at Bot.Handle, is answered by the library's Ask, and goes
// out as a screen. Screens are pure functions of a view (a language and a
// library): screen.go and the files named for what they show. What the bot
// does with an update is in the files named for where it came from.
package bot

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"releasebot/answers"
	"releasebot/bot/store"
	"releasebot/bot/telegram"
)

// Options of a Bot. Client and Store are required.
type Options struct {
	Client *telegram.Client
	Store  *store.Store
	Log    *slog.Logger     // nil: slog.Default()
	Admins []int64          // the people who are told of trouble, and decide on bulletins
	Now    func() time.Time // nil: time.Now
	Zone   *time.Location   // the press office's: of schedules, and of digests until another is chosen; nil: UTC
	// Observe is told of every question's reply, and nothing of its words: for metrics. nil for nobody.
	Observe func(kind answers.Kind, lang string, confidence float64)
}

// Bot answers updates. It is safe for concurrent use once Start has returned.
type Bot struct {
	client  *telegram.Client
	store   *store.Store
	log     *slog.Logger
	admins  []int64
	now     func() time.Time
	zone    *time.Location
	observe func(kind answers.Kind, lang string, confidence float64)
	me      telegram.Bot
	library atomic.Pointer[answers.Library]
	limits  *limits
	roster  *roster
	albums  albums
}

// LedgerDays is how long the ledger remembers which message carries which answer.
const LedgerDays = 30

// New makes a bot that answers from a library.
func New(o Options, library *answers.Library) *Bot {
	b := &Bot{
		client: o.Client, store: o.Store, log: o.Log, admins: o.Admins, now: o.Now, zone: o.Zone, observe: o.Observe,
		limits: newLimits(), roster: newRoster(),
	}
	if b.log == nil {
		b.log = slog.Default()
	}
	if b.now == nil {
		b.now = time.Now
	}
	if b.zone == nil {
		b.zone = time.UTC
	}
	if b.observe == nil {
		b.observe = func(answers.Kind, string, float64) {}
	}
	b.SetLibrary(library)
	return b
}

// Start learns who the bot is on Telegram. It must have succeeded before the first Handle.
func (b *Bot) Start(ctx context.Context) error {
	me, err := b.client.Me(ctx)
	b.me = me
	return err
}

// SetLibrary makes the bot answer from another library from now on. Updates
// that are being answered keep the one they began with.
func (b *Bot) SetLibrary(library *answers.Library) { b.library.Store(library) }

// Tell sends a text of plain words to every administrator. What cannot be sent is logged.
func (b *Bot) Tell(ctx context.Context, text string) {
	for _, admin := range b.admins {
		if _, err := b.client.Send(ctx, telegram.Target{Chat: admin}, telegram.Screen{Text: escape(text)}); err != nil {
			b.log.WarnContext(ctx, "an administrator could not be told", "admin", admin, "error", err)
		}
	}
}

// Tidy erases what the ledger has kept for longer than LedgerDays, and the updates that do not come again.
func (b *Bot) Tidy(ctx context.Context) error {
	_, err := b.store.Prune(ctx, b.now().AddDate(0, 0, -LedgerDays))
	return errors.Join(err, b.store.PruneUpdates(ctx, b.now().Add(-store.UpdateMemory)))
}

// heard tells whoever observes the bot of a reply, and nothing of the question.
func (b *Bot) heard(ctx context.Context, r answers.Reply, lang string) {
	b.observe(r.Kind, lang, r.Confidence)
	id := ""
	if r.Pair != nil {
		id = r.Pair.ID
	}
	b.log.DebugContext(ctx, "a question", "reply", r.Kind, "lang", lang, "confidence", r.Confidence, "pair", id)
}

// Handle answers one update. An error means that it was not handled and should
// be tried again; a refusal by Telegram is logged and counts as handled, for
// trying again would be refused again.
func (b *Bot) Handle(ctx context.Context, u telegram.Update) error {
	err := b.route(ctx, u)
	var refusal *telegram.Error
	if errors.As(err, &refusal) {
		b.log.WarnContext(ctx, "telegram refused an answer", "error", refusal)
		return nil
	}
	return err
}

func (b *Bot) route(ctx context.Context, u telegram.Update) error {
	switch {
	case u.Message != nil && u.Message.Chat.Private():
		return b.private(ctx, u.Message)
	case u.Edited != nil && u.Edited.Chat.Private():
		return b.edited(ctx, u.Edited)
	case u.Message != nil && u.Message.Chat.Group():
		return b.group(ctx, u.Message)
	case u.Edited != nil && u.Edited.Chat.Group():
		return b.groupEdited(ctx, u.Edited)
	case u.Callback != nil:
		return b.pressed(ctx, u.Callback)
	case u.Inline != nil:
		return b.inline(ctx, u.Inline)
	case u.Chosen != nil:
		return b.chosen(ctx, u.Chosen)
	case u.Guest != nil:
		return b.guest(ctx, u.Guest)
	case u.Membership != nil:
		return b.membership(ctx, u.Membership)
	}
	return nil
}
