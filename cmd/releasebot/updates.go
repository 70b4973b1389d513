package main

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"runtime/debug"
	"sync/atomic"
	"time"

	"releasebot/answers"
	"releasebot/bot/store"
	"releasebot/bot/telegram"
)

type handler = func(context.Context, telegram.Update) error

// fetch has updates handled as they are fetched from Telegram. A webhook that was set before would keep them from coming.
func (v *service) fetch(ctx context.Context, handle handler) error {
	v.pulse.begin()
	defer v.pulse.end()
	info, err := v.client.WebhookInfo(ctx)
	if err != nil {
		return startFailure(ctx, err)
	}
	if info.URL != "" {
		v.log.Info("removing the webhook that is set at Telegram; updates are fetched from now on", "waiting", info.Pending)
		if err := v.client.DeleteWebhook(ctx); err != nil {
			return startFailure(ctx, err)
		}
	}
	v.log.Info("answering on Telegram", "updates", "fetched")
	return v.client.Poll(ctx, telegram.PollOptions{}, handle)
}

// receive has updates handled as Telegram sends them. The webhook stays set at the end: what is sent meanwhile waits at Telegram.
func (v *service) receive(ctx context.Context, handle handler) error {
	address, err := url.Parse(v.settings.webhookURL)
	if err != nil {
		return err
	}
	hook := v.client.Webhook(telegram.WebhookOptions{Secret: v.settings.webhookSecret}, v.once(handle))
	defer hook.Close()
	v.mux.Handle(webhookPath(address), hook)
	own := v.certificate.selfSigned()
	if err := v.client.SetWebhook(ctx, v.settings.webhookURL, v.settings.webhookSecret, own); err != nil {
		return hookFailure(ctx, err)
	}
	v.pulse.beat()
	v.log.Info("answering on Telegram", "updates", "by webhook")
	v.keepWebhook(ctx, own)
	return nil
}

// webhookPath is a pattern for the path of the webhook's address.
func webhookPath(address *url.URL) string {
	if address.Path == "" || address.Path == "/" {
		return "/{$}"
	}
	return address.Path
}

func hookFailure(ctx context.Context, err error) error {
	var refused *telegram.Error
	if ctx.Err() == nil && errors.As(err, &refused) {
		return &failure{message: err.Error(), hint: "look at WEBHOOK_URL: Telegram wants an https address at port 443, 80, 88 or 8443"}
	}
	return startFailure(ctx, err)
}

// once handles an update that comes twice, here or at another replica, once.
func (v *service) once(handle handler) handler {
	return func(ctx context.Context, u telegram.Update) error {
		return v.db.Once(ctx, u.ID, time.Now(), func() error { return handle(ctx, u) })
	}
}

// onceLeading handles an update unless this or another replica has, and none once another leads. An update that could not be noted as handled is not
// handled again, for Telegram will be told as well.
func (v *service) onceLeading(held store.Lease, handle handler) handler {
	return func(ctx context.Context, u telegram.Update) error {
		if handled, err := v.db.Handled(ctx, held, u.ID, time.Now()); err != nil || handled {
			return err
		}
		if err := handle(ctx, u); err != nil {
			return err
		}
		if err := v.db.NoteHandled(ctx, u.ID, time.Now()); err != nil {
			v.log.Warn("an update could not be noted as handled; should this replica die now, another handles it again", "update", u.ID, "error", err)
		}
		return nil
	}
}

// use answers from another library from now on. Loading one leaves behind as much garbage as the bot then needs, and a bot that nobody writes to
// would not collect it for hours.
func (v *service) use(library *answers.Library) {
	v.bot.SetLibrary(library)
	v.metrics.use(library)
	go func() {
		library.Wait()
		v.learnt.Store(true)
		debug.FreeOSMemory()
	}()
}

// observe hears of every request to Telegram.
func (v *service) observe(r telegram.Request) {
	v.metrics.request(r)
	v.limiter.Observe(r)
	if r.Method == "getUpdates" {
		v.pulse.fetched(r.Code)
	}
}

// pulse is how updates have come lately.
type pulse struct {
	last     atomic.Int64 // when they last could, in seconds since 1970; 0 for never
	fetching atomic.Bool  // this replica fetches them
	conflict atomic.Bool  // somebody else fetches them too
}

func (p *pulse) beat() {
	p.last.Store(time.Now().Unix())
	p.conflict.Store(false)
}

// begin is of fetching, which may take as long to succeed as it may fail later.
func (p *pulse) begin() {
	p.beat()
	p.fetching.Store(true)
}

// end is of fetching: that another replica may do it now is no conflict.
func (p *pulse) end() {
	p.fetching.Store(false)
	p.conflict.Store(false)
}

func (p *pulse) fetched(code int) {
	if code == http.StatusOK {
		p.beat()
	} else {
		p.conflict.Store(code == http.StatusConflict)
	}
}

// fresh is how old the last fetch may be: Telegram holds one for 50 seconds.
const fresh = 2 * time.Minute

// ready is nil while this replica does its part. Its error is for whoever asks.
//
// One that stands by is ready as soon as it could lead. With a webhook it answers people like any other; and without, a rollout waits for the new replica
// to be ready before it ends the old one, which until then leads. Whether any replica leads is not for this page but for the metrics to say, since no
// other replica could be asked instead.
func (v *service) ready(ctx context.Context) error {
	if err := v.db.Ping(ctx); err != nil {
		v.log.Warn("not ready", "error", err)
		return errors.New("the database does not answer")
	}
	switch last := time.Unix(v.pulse.last.Load(), 0); {
	case last.Unix() == 0:
		return errors.New("starting: Telegram has not answered yet")
	case !v.learnt.Load():
		return errors.New("starting: the content's index is still learning")
	case v.pulse.fetching.Load() && time.Since(last) > fresh:
		return errors.New("no updates can be fetched from Telegram")
	}
	return nil
}
