// Package telegram is the one place that speaks to Telegram.
package telegram

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

var errTODO = errors.New("not built yet")

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
type Client struct{}

// New makes a client. It sends nothing.
func New(o Options) *Client { return &Client{} }

// Call sends one request.
func (c *Client) Call(ctx context.Context, method string, params tgbotapi.Params, result any) error {
	return errTODO
}
