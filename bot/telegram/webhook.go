package telegram

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// WebhookOptions of Webhook. Zero values stand for the defaults; the secret has none.
type WebhookOptions struct {
	Secret  string        // as given to SetWebhook; without one every request is refused
	Workers int           // handlers at once; 100, as many as Telegram sends at once, so that none waits for another chat's
	Timeout time.Duration // how long a request is held while its update is being handled; 30 s, before proxies give up
	Grace   time.Duration // how long handlers at work may go on after Close; 10 s
}

const (
	// maxUpdate bounds an update in bytes. The longest message and the one it replies to are some 100 kB.
	maxUpdate = 1 << 20
	// maxWaiting is how many updates wait to be handled at most; Telegram keeps the rest and sends them later. Those of one chat it sends
	// one after the other, so no chat fills this.
	maxWaiting = 1000
	// maxConnections is the most requests that Telegram sends at once, as it allows. A chat that waits takes one up.
	maxConnections = 100

	secretHeader = "X-Telegram-Bot-Api-Secret-Token"
)

func (o WebhookOptions) withDefaults() WebhookOptions {
	if o.Workers <= 0 {
		o.Workers = maxConnections
	}
	if o.Timeout <= 0 {
		o.Timeout = 30 * time.Second
	}
	if o.Grace <= 0 {
		o.Grace = 10 * time.Second
	}
	return o
}

// Webhook takes in the updates that Telegram sends. It is an http.Handler.
type Webhook struct {
	client   *Client
	options  WebhookOptions
	dispatch *dispatcher
	stop     context.CancelFunc
	closed   chan struct{} // closed when nothing is handled any more

	mu      sync.Mutex
	closing bool
	waiting map[int]chan struct{} // by the id of the update; closed once that has been handled
}

// Webhook returns the handler of the requests that Telegram sends to the address of SetWebhook. It calls handle as Poll does: for the
// updates of one chat in their order, for those of different chats side by side, and again after an error.
//
// A request is answered with 200 only once its update has been handled; with any other answer Telegram sends the update again. While the first is
// still at work, such a repetition waits with it. One that comes later is handled again: handle must know what it has seen.
// An update that cannot be read is counted and answered with 200, for it would only come again.
func (c *Client) Webhook(o WebhookOptions, handle func(context.Context, Update) error) *Webhook {
	open, stop := context.WithCancel(context.Background())
	o = o.withDefaults()
	return &Webhook{
		client:   c,
		options:  o,
		dispatch: newDispatcher(open, o.Workers, c.log, handle),
		stop:     stop,
		closed:   make(chan struct{}),
		waiting:  map[int]chan struct{}{},
	}
}

// Close gives handlers at work the grace to finish. Updates that no handler has begun with are refused, and so is what comes later:
// Telegram keeps them.
func (h *Webhook) Close() {
	h.mu.Lock()
	h.closing = true
	h.mu.Unlock()
	h.stop()
	h.dispatch.close(h.options.Grace)
	close(h.closed)
}

// ServeHTTP takes one update. Whoever does not know the secret learns nothing else.
func (h *Webhook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		refuse(w, http.StatusMethodNotAllowed)
		return
	}
	if !h.authentic(r) {
		refuse(w, http.StatusUnauthorized)
		return
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		refuse(w, http.StatusUnsupportedMediaType)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxUpdate))
	if err != nil {
		refuse(w, unread(err))
		return
	}
	u, err := h.read(body)
	if err == nil && !h.handled(r.Context(), u) {
		w.Header().Set("Retry-After", "1")
		refuse(w, http.StatusServiceUnavailable)
	}
}

// authentic compares hashes, so that the time it takes tells neither the secret nor its length.
func (h *Webhook) authentic(r *http.Request) bool {
	want, got := sha256.Sum256([]byte(h.options.Secret)), sha256.Sum256([]byte(r.Header.Get(secretHeader)))
	return subtle.ConstantTimeCompare(want[:], got[:]) == 1 && h.options.Secret != ""
}

func unread(err error) int {
	var long *http.MaxBytesError
	if errors.As(err, &long) {
		return http.StatusRequestEntityTooLarge
	}
	return http.StatusBadRequest
}

func refuse(w http.ResponseWriter, code int) { http.Error(w, http.StatusText(code), code) }

func (h *Webhook) read(body json.RawMessage) (Update, error) {
	id, err := updateID(body)
	if err != nil {
		h.client.skip(0)
		return Update{}, err
	}
	u, err := decode(body)
	if err != nil {
		h.client.skip(id)
	}
	return u, err
}

// handled waits until an update has been handled, and reports whether it has been within the time a request may take.
func (h *Webhook) handled(ctx context.Context, u Update) bool {
	ctx, cancel := context.WithTimeout(ctx, h.options.Timeout)
	defer cancel()
	done, accepted := h.accept(u)
	if !accepted {
		return false
	}
	select {
	case <-done:
		return true
	case <-h.closed:
	case <-ctx.Done():
	}
	select {
	case <-done:
		return true
	default:
		return false
	}
}

// accept queues an update that is not queued yet. What it returns is closed once that has been handled.
func (h *Webhook) accept(u Update) (done <-chan struct{}, accepted bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if done, repeated := h.waiting[u.ID]; repeated {
		return done, true
	}
	if h.closing || len(h.waiting) >= maxWaiting {
		return nil, false
	}
	handled := make(chan struct{})
	h.waiting[u.ID] = handled
	h.dispatch.submit(u, func() {
		h.mu.Lock()
		delete(h.waiting, u.ID)
		h.mu.Unlock()
		close(handled)
	})
	return handled, true
}

// SetWebhook has Telegram send updates of all kinds that Update holds to an https address, with a secret of 1-256 of A-Za-z0-9_-.
// What waits at Telegram is sent there. Poll does not work from then on. A self-signed certificate, as PEM, is what Telegram will trust there;
// with nil it trusts those that browsers do.
func (c *Client) SetWebhook(ctx context.Context, url, secret string, selfSigned []byte) error {
	p := tgbotapi.Params{
		"url":                  url,
		"secret_token":         secret,
		"max_connections":      number(maxConnections),
		"allowed_updates":      encode(updateKinds),
		"drop_pending_updates": "false",
	}
	if selfSigned == nil {
		return c.Call(ctx, "setWebhook", p, nil)
	}
	return c.call(ctx, "setWebhook", p, []tgbotapi.RequestFile{
		{Name: "certificate", Data: tgbotapi.FileBytes{Name: "certificate.pem", Bytes: selfSigned}},
	}, nil)
}

// DeleteWebhook has Telegram keep updates until they are fetched, those that wait already too.
func (c *Client) DeleteWebhook(ctx context.Context) error {
	return c.Call(ctx, "deleteWebhook", tgbotapi.Params{"drop_pending_updates": "false"}, nil)
}

// WebhookInfo is what Telegram says of the bot's webhook.
type WebhookInfo struct {
	URL      string // "" where there is none
	Pending  int    // updates that wait at Telegram
	Error    string // the last trouble of Telegram's with reaching it, "" if none
	FailedAt time.Time
	InStep   bool // Telegram sends every kind of update that this package reads, and no other
}

// WebhookInfo returns the state of the bot's webhook.
func (c *Client) WebhookInfo(ctx context.Context) (WebhookInfo, error) {
	var info tgbotapi.WebhookInfo
	if err := c.Call(ctx, "getWebhookInfo", nil, &info); err != nil {
		return WebhookInfo{}, err
	}
	return WebhookInfo{
		URL:      info.URL,
		Pending:  info.PendingUpdateCount,
		Error:    c.secrets.Replace(info.LastErrorMessage),
		FailedAt: moment(info.LastErrorDate),
		InStep:   sameKinds(info.AllowedUpdates, updateKinds),
	}, nil
}

func sameKinds(a, b []string) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}
