// Package telegram is the one place that speaks to Telegram. It stands on the telegram-bot-api library's types and its
// MakeRequest, and replaces what that library lacks: contexts, time-outs, repeated requests, polling that loses nothing,
// the fields that are newer than it, and a token that stays out of errors and logs.
//
// Start with New. Client.Call sends any request; Send, Edit and the others are thin over it. Poll brings updates in.
package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

const (
	// timeLimit is how long one request may take. Telegram answers within a second; what takes longer is lost.
	timeLimit = 15 * time.Second
	// pollMargin is added to the time that getUpdates asks Telegram to hold the answer.
	pollMargin = 10 * time.Second
	// maxAnswer bounds an answer in bytes. A hundred updates of the longest messages, each with what it replies to, are some 10 MB.
	maxAnswer = 16 << 20
)

// Options of a Client.
type Options struct {
	Token   string
	URL     string            // of the Bot API; requests go to <URL>/bot<token>/<method>
	Log     *slog.Logger      // nil: slog.Default()
	HTTP    http.RoundTripper // nil: a pooled transport
	Observe func(Request)     // told of every request, repeated ones too; nil for nobody. Called from many goroutines
}

// Request is one request as it went, for metrics and for holding back floods.
type Request struct {
	Method string
	Chat   int64 // the chat it was for, 0 if none
	Code   int   // 200, Telegram's error code, or 0 where no readable answer came
	Took   time.Duration
	Wait   time.Duration // it is repeated after this; 0 if it is not
}

// Client sends requests to the Bot API. It is safe for concurrent use.
type Client struct {
	api       tgbotapi.BotAPI // a template: every request is made with a copy that has its own HTTPClient
	http      *http.Client
	secrets   *strings.Replacer
	log       *slog.Logger
	observe   func(Request)
	malformed atomic.Int64
}

// New makes a client. It sends nothing.
func New(o Options) *Client {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.HTTP == nil {
		o.HTTP = transport()
	}
	if o.Observe == nil {
		o.Observe = func(Request) {}
	}
	token := url.PathEscape(o.Token) // whatever it is, it is in addresses, and in errors that quote them, as it stands here
	c := &Client{
		api:     tgbotapi.BotAPI{Token: token},
		http:    &http.Client{Transport: o.HTTP, CheckRedirect: noRedirect},
		secrets: strings.NewReplacer(),
		log:     o.Log,
		observe: o.Observe,
	}
	if token != "" {
		c.secrets = strings.NewReplacer(o.Token, "<token>", token, "<token>")
	}
	base := strings.ReplaceAll(strings.TrimRight(o.URL, "/"), "%", "%%")
	c.api.SetAPIEndpoint(base + "/bot%s/%s")
	return c
}

// transport keeps a connection for each request at a time: with the default of two idle ones most requests shake hands anew,
// at a fifth of the speed.
func transport() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConns = 0
	t.MaxIdleConnsPerHost = 512
	// All requests share one HTTP/2 connection. When it dies without a word, only pings find out.
	t.HTTP2 = &http.HTTP2Config{SendPingTimeout: 20 * time.Second, PingTimeout: 10 * time.Second}
	return t
}

// noRedirect: the Bot API has no redirects, and following one would carry the token in a header.
func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// Malformed is how many updates could not be read and were skipped.
func (c *Client) Malformed() int64 { return c.malformed.Load() }

// skip counts and logs an update that cannot be read: its id alone, 0 if not even that can be, for the rest is what somebody wrote.
func (c *Client) skip(id int) {
	c.malformed.Add(1)
	c.log.Error("an update from Telegram could not be read and is skipped", "update", id)
}

// Call sends one request and decodes its result into result, unless that is nil. It repeats the request until ctx ends:
// after the wait that Telegram asks for (429), and with growing pauses while no readable answer comes (5xx, a cut connection,
// a time-out, a page of HTML). Since such a request may have been accepted all the same, what it does can happen twice.
//
// Any other refusal is returned at once as an *Error, and so is a 429 to a handler of Poll's or Webhook's whose chat is flooded.
// Where ctx is bound to end before a wait does, Call does not sit it out: it returns what it would have waited for, such as the
// *Error of a 429.
func (c *Client) Call(ctx context.Context, method string, params tgbotapi.Params, result any) error {
	return c.call(ctx, method, params, nil, result)
}

// call is Call with files to upload.
func (c *Client) call(ctx context.Context, method string, params tgbotapi.Params, files []tgbotapi.RequestFile, result any) error {
	for try := 0; ; try++ {
		start := time.Now()
		raw, err := c.once(ctx, method, params, files)
		wait := repeat(err, try)
		if ctx.Value(onceKey{}) != nil {
			wait = 0
		}
		sent := request(method, params, err, time.Since(start), wait)
		c.observe(sent)
		c.log.DebugContext(ctx, "a request to Telegram", "method", method, "chat", sent.Chat, "code", sent.Code, "took", sent.Took)
		switch {
		case err == nil:
			return unmarshal(method, raw, result)
		case wait == 0:
			return err
		}
		c.log.WarnContext(ctx, "a request to Telegram failed and is repeated", "error", err, "wait", wait)
		if err := pause(ctx, wait, err); err != nil {
			return err
		}
	}
}

type onceKey struct{}

// Once returns a context with which Call sends its request a single time and returns whatever came of it, for those who keep
// what is to be repeated themselves.
func Once(ctx context.Context) context.Context { return context.WithValue(ctx, onceKey{}, true) }

func request(method string, params tgbotapi.Params, err error, took, wait time.Duration) Request {
	r := Request{Method: method, Took: took, Wait: wait}
	r.Chat, _ = strconv.ParseInt(params["chat_id"], 10, 64)
	var refused *Error
	switch {
	case err == nil:
		r.Code = http.StatusOK
	case errors.As(err, &refused):
		r.Code = refused.Code
	}
	return r
}

func unmarshal(method string, raw json.RawMessage, result any) error {
	if result == nil {
		return nil
	}
	if err := json.Unmarshal(raw, result); err != nil {
		return fmt.Errorf("telegram: %s: result: %w", method, err)
	}
	return nil
}

// once sends a request a single time. Its error is an *Error where Telegram answered, a *lost where nothing readable came,
// and ctx's own where that ended.
func (c *Client) once(ctx context.Context, method string, params tgbotapi.Params, files []tgbotapi.RequestFile) (json.RawMessage, error) {
	limit := limit(params)
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	x := &exchange{ctx: limited, http: c.http}
	api := c.api
	api.Client = x
	send := api.MakeRequest
	if len(files) > 0 {
		send = func(method string, params tgbotapi.Params) (*tgbotapi.APIResponse, error) {
			return api.UploadFiles(method, params, files)
		}
	}
	answer, err := send(method, params)

	var refused *tgbotapi.Error
	if errors.As(err, &refused) && len(files) > 0 && x.status != http.StatusOK {
		refused.Code = x.status // which UploadFiles leaves out
	}
	switch {
	case err == nil:
		return answer.Result, nil
	case errors.As(err, &refused) && refused.Code != 0:
		return nil, c.refusal(method, refused)
	case ctx.Err() != nil:
		return nil, fmt.Errorf("telegram: %s: %w", method, ctx.Err())
	case limited.Err() != nil:
		return nil, &lost{method, fmt.Sprintf("no answer within %s", limit)}
	case x.status != 0:
		return nil, &lost{method, fmt.Sprintf("an answer that is not Telegram's (HTTP %d)", x.status)}
	}
	return nil, &lost{method, c.secrets.Replace(err.Error())}
}

func limit(params tgbotapi.Params) time.Duration {
	if held, err := strconv.Atoi(params["timeout"]); err == nil {
		return time.Duration(held)*time.Second + pollMargin
	}
	return timeLimit
}

func (c *Client) refusal(method string, e *tgbotapi.Error) *Error {
	return &Error{
		Method:      method,
		Code:        e.Code,
		Description: c.secrets.Replace(e.Message),
		RetryAfter:  time.Duration(e.RetryAfter) * time.Second,
		MigrateTo:   e.MigrateToChatID,
	}
}

// exchange is the tgbotapi.HTTPClient of one request: MakeRequest takes no context and hides the answer's status, so both live here.
type exchange struct {
	ctx    context.Context
	http   *http.Client
	status int // of the answer, once it has been read
}

// Do reads the whole answer, so that the connection can be used again and a cut in the answer shows as what it is.
func (x *exchange) Do(req *http.Request) (*http.Response, error) {
	resp, err := x.http.Do(req.WithContext(x.ctx))
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return nil, err
	}
	x.status = resp.StatusCode
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}
