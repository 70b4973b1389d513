package bot

import (
	"sync"
	"time"
)

// rate is how much is answered in a time. What comes beyond it is told so once
// and then meets silence until the time has passed: that costs no request and
// no look into the database, so a flood holds up nobody else.
type rate struct {
	most int
	per  time.Duration
}

// The rates of one replica.
var (
	// Telegram allows 20 messages a minute in a group; a fifth is left for
	// notices, edits' stragglers and corrections.
	groupRate = rate{16, time.Minute}
	// memberRate is one person's share of a group's.
	memberRate = rate{6, time.Minute}
	// personRate is for a person's messages in private and in chats where the
	// bot is a guest, and for pressed buttons in private. Telegram allows about
	// one message a second there, some at once.
	personRate = rate{20, 20 * time.Second}
	// pressRate is for a group's buttons, whose edits Telegram counts apart.
	pressRate = rate{16, time.Minute}
	// typingRate is for inline queries: one comes with every letter or two.
	typingRate = rate{60, 20 * time.Second}
)

// limits count what people ask. Nothing is kept of who has been quiet for a
// minute, and never more than maxCounts.
type limits struct {
	mu     sync.Mutex
	counts map[key]*count
	swept  time.Time
}

// key is a person in a chat; a person, in the private chat that has their id;
// or with one of the ids below something else that is counted.
type key struct{ chat, person int64 }

// Nobody's ids.
const (
	everyone int64 = 0  // in a chat
	presses  int64 = -1 // of anyone in a chat
	typing   int64 = 0  // the chat of a person's inline queries, which name none
)

const (
	// sweepEvery is no less than any rate's time.
	sweepEvery = time.Minute
	// maxCounts bounds the counts' memory, to some 10 MB. Whoever can send from
	// so many accounts in a minute gets through once more when it is reached.
	maxCounts = 100_000
)

// count is what was asked since a rate's time began.
type count struct {
	began   time.Time
	per     time.Duration
	asked   int
	noticed bool
}

func newLimits() *limits { return &limits{counts: make(map[key]*count)} }

// take counts one question. wait is how long until more will be answered, 0 if
// this one is; notice tells that they have not been told yet.
func (l *limits) take(k key, r rate, now time.Time) (wait time.Duration, notice bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sweep(now)
	c := l.count(k, r, now)
	if c.asked++; c.asked <= r.most {
		return 0, false
	}
	notice, c.noticed = !c.noticed, true
	return max(time.Second, r.per-now.Sub(c.began)), notice
}

// takeFrom counts what a person asks where they alone are counted.
func (l *limits) takeFrom(person int64, now time.Time) (wait time.Duration, notice bool) {
	return l.take(key{person, person}, personRate, now)
}

// takeInGroup counts a question of a person's and, if they may ask it, of the group's.
func (l *limits) takeInGroup(chat, person int64, now time.Time) (wait time.Duration, notice bool) {
	if wait, notice = l.take(key{chat, person}, memberRate, now); wait > 0 {
		return wait, notice
	}
	return l.take(key{chat, everyone}, groupRate, now)
}

func (l *limits) count(k key, r rate, now time.Time) *count {
	c := l.counts[k]
	if c == nil || c.over(now) {
		if len(l.counts) >= maxCounts {
			clear(l.counts)
		}
		c = &count{began: now, per: r.per}
		l.counts[k] = c
	}
	return c
}

func (l *limits) sweep(now time.Time) {
	if since := now.Sub(l.swept); since >= 0 && since < sweepEvery {
		return
	}
	l.swept = now
	for k, c := range l.counts {
		if c.over(now) {
			delete(l.counts, k)
		}
	}
}

// over tells that the rate's time has passed, or that the clock was set back.
func (c *count) over(now time.Time) bool {
	since := now.Sub(c.began)
	return since < 0 || since >= c.per
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
