package bot

import (
	"sync"
	"time"
)

// How much the bot says in a group. Telegram allows 20 messages a minute
// there; a fifth is left for notices, edits' stragglers and corrections.
const (
	groupLimit  = 16
	personLimit = 6
	limitWindow = time.Minute
)

// limits count what people ask in groups. Nothing is kept of a person or a
// group that has been quiet for a window, so what a flood takes of memory
// passes with it.
type limits struct {
	mu     sync.Mutex
	counts map[key]*count
	swept  time.Time
}

// key is a person in a group, or with person 0 the whole group.
type key struct{ chat, person int64 }

// count is what was asked since a window began.
type count struct {
	began   time.Time
	asked   int
	noticed bool
}

func newLimits() *limits { return &limits{counts: make(map[key]*count)} }

// take counts one question. wait is how long until more will be answered, 0 if
// this one is; notice tells that they have not been told yet.
func (l *limits) take(chat, person int64, now time.Time) (wait time.Duration, notice bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sweep(now)
	own, all := l.count(key{chat, person}, now), l.count(key{chat, 0}, now)
	own.asked++
	if own.asked > personLimit {
		return own.wait(now), own.tell()
	}
	all.asked++
	if all.asked > groupLimit {
		return all.wait(now), all.tell()
	}
	return 0, false
}

func (l *limits) count(k key, now time.Time) *count {
	c := l.counts[k]
	if c == nil || c.over(now) {
		c = &count{began: now}
		l.counts[k] = c
	}
	return c
}

func (l *limits) sweep(now time.Time) {
	if since := now.Sub(l.swept); since >= 0 && since < limitWindow {
		return
	}
	l.swept = now
	for k, c := range l.counts {
		if c.over(now) {
			delete(l.counts, k)
		}
	}
}

// over tells that the window has passed, or that the clock was set back.
func (c *count) over(now time.Time) bool {
	since := now.Sub(c.began)
	return since < 0 || since >= limitWindow
}

func (c *count) wait(now time.Time) time.Duration {
	return max(time.Second, limitWindow-now.Sub(c.began))
}

func (c *count) tell() bool {
	first := !c.noticed
	c.noticed = true
	return first
}

// forget drops what was counted of a group.
func (l *limits) forget(chat int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for k := range l.counts {
		if k.chat == chat {
			delete(l.counts, k)
		}
	}
}
