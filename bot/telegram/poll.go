package telegram

import (
	"context"
	"time"
)

// PollOptions of Poll. Zero values stand for the defaults.
type PollOptions struct {
	Workers int           // handlers at once; 64
	Timeout time.Duration // how long Telegram holds an empty answer, in whole seconds; 50 s
	Allowed []string      // kinds of updates as Telegram names them; all that Update holds
	Grace   time.Duration // how long handlers may go on once ctx has ended; 10 s
}

// Poll fetches updates until ctx ends.
func (c *Client) Poll(ctx context.Context, o PollOptions, handle func(context.Context, Update) error) error {
	return errTODO
}
