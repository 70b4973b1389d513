package telegram

import (
	"context"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
)

// dispatcher hands updates to a handler: those of one chat in the order they came, different chats side by side. It holds what it is given, and
// who gives it bounds that: Poll to what Telegram gives out past the oldest update, a hundred, and Webhook to maxWaiting.
type dispatcher struct {
	handle func(context.Context, Update) error
	log    *slog.Logger
	slots  chan struct{}   // one taken for every handler at work
	open   context.Context // once it ends no handler is started
	ctx    context.Context // the handlers' own; outlives open by the grace
	cancel context.CancelFunc
	lanes  sync.WaitGroup

	mu      sync.Mutex
	waiting map[int64][]job // by lane; a lane that is in here has a goroutine
}

// job is an update, and what to call once it has been handled.
type job struct {
	update Update
	done   func()
}

// floodLength is how many updates of one chat may wait before it counts as flooded. An answer there that Telegram refuses as too many is then
// given up: Telegram gives out a hundred updates, and if those wait to be answered one by one, so do the updates of all other chats.
const floodLength = 20

// floodKey is, in the context of a handler, a function that tells whether its chat is flooded now.
type floodKey struct{}

func flooded(ctx context.Context) bool {
	now, ok := ctx.Value(floodKey{}).(func() bool)
	return ok && now()
}

func newDispatcher(open context.Context, workers int, log *slog.Logger, handle func(context.Context, Update) error) *dispatcher {
	ctx, cancel := context.WithCancel(context.WithoutCancel(open))
	return &dispatcher{
		handle:  handle,
		log:     log,
		slots:   make(chan struct{}, workers),
		open:    open,
		ctx:     ctx,
		cancel:  cancel,
		waiting: map[int64][]job{},
	}
}

// submit queues an update. done is called once the handler has returned nil, and not at all if open ends before that.
func (d *dispatcher) submit(u Update, done func()) {
	lane := u.lane()
	d.mu.Lock()
	defer d.mu.Unlock()
	waiting, running := d.waiting[lane]
	d.waiting[lane] = append(waiting, job{u, done})
	if !running {
		d.lanes.Go(func() { d.run(lane) })
	}
}

// close waits for the handlers at work. It is for the time after open has ended; after the grace their context ends too.
func (d *dispatcher) close(grace time.Duration) {
	defer d.cancel()
	timer := time.AfterFunc(grace, d.cancel)
	defer timer.Stop()
	d.lanes.Wait()
}

func (d *dispatcher) run(lane int64) {
	for j, ok := d.next(lane); ok && d.finish(j.update); j, ok = d.next(lane) {
		j.done()
	}
}

func (d *dispatcher) next(lane int64) (job, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	waiting := d.waiting[lane]
	if len(waiting) == 0 {
		delete(d.waiting, lane)
		return job{}, false
	}
	d.waiting[lane] = waiting[1:]
	return waiting[0], true
}

// length is how many updates of a lane wait for the one at work.
func (d *dispatcher) length(lane int64) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.waiting[lane])
}

// finish calls the handler until it returns nil, and reports whether it did before open ended. Its slot is free in the pauses:
// a chat whose updates fail holds up no other.
func (d *dispatcher) finish(u Update) bool {
	for failures := 0; ; failures++ {
		if !d.acquire() {
			return false
		}
		err := d.try(u)
		<-d.slots
		if err == nil {
			return true
		}
		wait := backoff(failures)
		d.log.Warn("an update could not be handled and is tried again", "update", u.ID, "error", err, "wait", wait)
		if !sleep(d.open, wait) {
			return false
		}
	}
}

func (d *dispatcher) acquire() bool {
	select {
	case d.slots <- struct{}{}:
	case <-d.open.Done():
		return false
	}
	if d.open.Err() != nil {
		<-d.slots
		return false
	}
	return true
}

// try calls the handler once. A panic is a bug that the same update would only meet again, here and after a restart, while its chat
// and soon all the others wait: it is logged, and the update counts as handled.
func (d *dispatcher) try(u Update) (err error) {
	defer func() {
		if p := recover(); p != nil {
			d.log.Error("the handler of an update panicked; the update is given up", "update", u.ID, "panic", p, "stack", string(debug.Stack()))
			err = nil
		}
	}()
	ctx, start := d.context(u), time.Now()
	err = d.handle(ctx, u)
	d.log.DebugContext(ctx, "handled", "kind", u.Kind(), "took", time.Since(start), "error", err)
	return err
}

// context is that of an update's handler.
func (d *dispatcher) context(u Update) context.Context {
	ctx := context.WithValue(d.ctx, updateKey{}, u.ID)
	return context.WithValue(ctx, floodKey{}, func() bool { return d.length(u.lane()) > floodLength })
}
