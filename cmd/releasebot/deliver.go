package main

import (
	"context"
	"sync"

	"releasebot/bot"
	"releasebot/bot/delivery"
)

// deliver sends bulletins, and shows administrators what becomes of them, until ctx ends. The bot must have started.
func deliver(ctx context.Context, b *bot.Bot, o delivery.Options) {
	o.Message, o.Copy = b.Message, b.Copy
	var wait sync.WaitGroup
	wait.Go(func() { b.Tend(ctx) })
	wait.Go(func() { delivery.New(o).Run(ctx) })
	wait.Wait()
}
