package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// PollOptions of Poll. Zero values stand for the defaults.
type PollOptions struct {
	Workers int           // handlers at once; 100. More are never busy: Telegram sends no more before it is told that some are handled
	Timeout time.Duration // how long Telegram holds an empty answer, in whole seconds; 50 s
	Allowed []string      // kinds of updates, by Telegram's names; all that Update holds
	Grace   time.Duration // how long handlers at work may go on once ctx has ended; 10 s
}

const (
	batchSize = 100 // updates in an answer, the most there can be

	// While updates are being handled Telegram answers at once, with the same ones. These are the rests between fetches that bring
	// nothing new: the first keeps another chat's question from waiting, the last keeps a slow handler from costing requests.
	shortestRest = 50 * time.Millisecond
	longestRest  = 500 * time.Millisecond

	// confirmTime is what the last request, which only saves repetitions, may take.
	confirmTime = 5 * time.Second
)

// ErrReplaced, as the cause of the end of Poll's context, says that another process may be fetching by now: any request for updates would cut
// that one's off.
var ErrReplaced = errors.New("updates are fetched elsewhere from now on")

func (o PollOptions) withDefaults() PollOptions {
	if o.Workers <= 0 {
		o.Workers = batchSize
	}
	if o.Timeout <= 0 {
		o.Timeout = 50 * time.Second
	}
	if o.Allowed == nil {
		o.Allowed = updateKinds
	}
	if o.Grace <= 0 {
		o.Grace = 10 * time.Second
	}
	return o
}

// Poll fetches updates until ctx ends, and then returns nil. It calls handle for the updates of one chat in their order, and for
// those of different chats side by side; an inline query is its sender's.
//
// An update is confirmed to Telegram only once its handle has returned nil: after a crash, updates that were handled last may
// come again. An error is logged and handle called again after a pause, while the chat waits; so let it stand for what will pass, such as
// a database that is away. Telegram gives out a hundred updates past the oldest that is not confirmed, and then all chats wait for that one;
// so an answer that Telegram refuses as too many (429) is given up in a chat of which more than floodLength updates wait. No more updates than
// these hundred are in memory.
//
// Once ctx has ended, handlers at work have the grace to finish; the ctx they are given ends after that. Poll ends by itself
// only where Telegram does not know the token. Its last request confirms what has been handled since the one before, unless the cause
// of ctx's end is ErrReplaced.
func (c *Client) Poll(ctx context.Context, o PollOptions, handle func(context.Context, Update) error) error {
	open, stop := context.WithCancel(ctx)
	defer stop()
	o = o.withDefaults()
	p := &poller{
		client:   c,
		options:  o,
		window:   newWindow(),
		dispatch: newDispatcher(open, o.Workers, c.log, handle),
	}
	err := p.run(ctx)
	stop()
	p.dispatch.close(o.Grace)
	if err == nil && !errors.Is(context.Cause(ctx), ErrReplaced) {
		p.confirm(context.WithoutCancel(ctx))
	}
	return err
}

type poller struct {
	client   *Client
	options  PollOptions
	window   *window
	dispatch *dispatcher
	asked    int // the offset of the last fetch, 0 for none or where it was refused
}

func (p *poller) run(ctx context.Context) error {
	rest, failures := shortestRest, 0
	for ctx.Err() == nil {
		start := time.Now()
		offset, _, pending := p.window.state()
		batch, err := p.fetch(ctx, p.ask(offset, pending), batchSize, p.options.Timeout)
		if err != nil {
			if err := p.trouble(ctx, err, failures); err != nil {
				return err
			}
			failures++
			p.asked = 0
			continue
		}
		failures = 0
		took := time.Since(start)
		switch fresh := p.accept(offset, batch); {
		case fresh == 0:
			rest = min(2*rest, longestRest)
			p.settle(ctx, offset, rest-took, 0)
		case len(batch) == batchSize: // more is waiting, and so Telegram has held nothing back: this is how long a fetch takes
			rest = shortestRest
			p.settle(ctx, offset, rest+2*took, took/8)
		default:
			rest = shortestRest
			p.settle(ctx, offset, rest, 0)
		}
	}
	return nil
}

// ask is how to ask for the updates from an offset on. Whoever asks for the same again within half a second is given one update alone; without
// an offset Telegram begins at the same place, and gives them all.
func (p *poller) ask(offset, pending int) int {
	if pending > 0 && offset == p.asked {
		offset = 0
	}
	p.asked = offset
	return offset
}

func (p *poller) fetch(ctx context.Context, offset, limit int, hold time.Duration) (batch []json.RawMessage, err error) {
	err = p.client.Call(ctx, "getUpdates", tgbotapi.Params{
		"offset":          strconv.Itoa(offset),
		"limit":           strconv.Itoa(limit),
		"timeout":         strconv.Itoa(int(hold / time.Second)),
		"allowed_updates": encode(p.options.Allowed),
	}, &batch)
	return batch, err
}

// trouble waits after a refused fetch, or returns the error that ends Poll.
func (p *poller) trouble(ctx context.Context, err error, failures int) error {
	if ctx.Err() != nil {
		return nil
	}
	message := "fetching updates was refused"
	var refused *Error
	if errors.As(err, &refused) {
		switch refused.Code {
		case http.StatusUnauthorized, http.StatusNotFound:
			return fmt.Errorf("the bot's token or the API's address is wrong: %w", err)
		case http.StatusConflict:
			message = "updates of this bot are also fetched elsewhere: another copy of it runs with the same token, or it has a webhook"
		}
	}
	wait := backoff(failures)
	p.client.log.ErrorContext(ctx, message, "error", err, "wait", wait)
	sleep(ctx, wait)
	return nil
}

// accept hands on what is new in the answer to a fetch, and returns how much that is. What cannot be read is skipped.
func (p *poller) accept(offset int, batch []json.RawMessage) int {
	byID := make(map[int]json.RawMessage, len(batch))
	ids := make([]int, 0, len(batch))
	for _, raw := range batch {
		id, err := updateID(raw)
		if err != nil {
			p.client.skip(0)
			continue
		}
		ids, byID[id] = append(ids, id), raw
	}
	fresh := p.window.take(offset, ids)
	for _, id := range fresh {
		handled := func() { p.window.finish(id) }
		u, err := decode(byID[id])
		if err != nil {
			p.client.skip(id)
			handled()
			continue
		}
		p.dispatch.submit(u, handled)
	}
	return len(fresh)
}

// settle waits until another fetch is worth it: all that was fetched has been handled, or half of what Telegram gives out at a time and no more
// within the lull, or the rest is over.
func (p *poller) settle(ctx context.Context, fetched int, rest, lull time.Duration) {
	timer := time.NewTimer(rest)
	defer timer.Stop()
	for half := false; ; {
		offset, confirms, pending := p.window.state()
		if pending == 0 && offset != fetched {
			return
		}
		if confirms >= batchSize/2 && !half {
			half = true
			timer.Reset(lull)
		}
		select {
		case <-p.window.changed:
		case <-timer.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

// confirm tells Telegram what was handled since the last fetch, so that it does not come again.
func (p *poller) confirm(ctx context.Context) {
	offset, confirms, _ := p.window.state()
	if confirms == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, confirmTime)
	defer cancel()
	if _, err := p.fetch(ctx, offset, 1, 0); err != nil {
		p.client.log.WarnContext(ctx, "the last updates that were handled could not be confirmed and will come again", "error", err)
	}
}
