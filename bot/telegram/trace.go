package telegram

import (
	"context"
	"log/slog"
)

// updateKey is, in the context of a handler, the id of its update.
type updateKey struct{}

// Trace returns a log handler that adds to each record the id of the update in whose handling it was made, as "update". With it the log tells an
// update's way through the bot.
func Trace(h slog.Handler) slog.Handler { return trace{h} }

type trace struct{ slog.Handler }

func (t trace) Handle(ctx context.Context, r slog.Record) error {
	if id, ok := ctx.Value(updateKey{}).(int); ok {
		r = r.Clone()
		r.AddAttrs(slog.Int("update", id))
	}
	return t.Handler.Handle(ctx, r)
}

func (t trace) WithAttrs(attrs []slog.Attr) slog.Handler { return trace{t.Handler.WithAttrs(attrs)} }

func (t trace) WithGroup(name string) slog.Handler { return trace{t.Handler.WithGroup(name)} }
