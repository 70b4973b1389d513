package delivery

import (
	"net/http"
	"sync"
	"time"

	"releasebot/bot/telegram"
)

// Pace is the least time between two messages: of all, to one person, and to one group. Zero is no limit.
type Pace struct{ Overall, Person, Group time.Duration }

// Telegram allows about 30 messages a second, one a second to a person, and 20 a minute to a group. The rest of
// each is for what the network does to the distances between messages, and overall for answers.
var Telegram = Pace{Overall: time.Second / 28, Person: 1100 * time.Millisecond, Group: 3100 * time.Millisecond}

// Limiter keeps bulletins within Telegram's limits. Answers to people never wait for it: it learns of them
// when they have been sent, through Observe, and lets bulletins wait longer. It is safe for concurrent use.
type Limiter struct {
	pace Pace

	mu    sync.Mutex
	next  time.Time // when the next bulletin may be sent
	chats map[int64]turn
	swept time.Time
	flood struct {
		chat int64
		at   time.Time
	}
}

// turn is when a chat may be sent to again, and how many requests are under way that it has been given for.
type turn struct {
	next time.Time
	mine int
}

const (
	// floodWindow: two chats that are told to wait within this time are not two chats' trouble, but the bot's.
	floodWindow = 2 * time.Second
	// maxDebt is how far answers may push bulletins back: Telegram counts what was sent within a second.
	maxDebt = time.Second
	// sweepEvery bounds the memory that chats take, to those that were sent to in the last two minutes: at what Telegram takes of a bot, some
	// thousands.
	sweepEvery = time.Minute
)

// NewLimiter makes a limiter for one bot.
func NewLimiter(pace Pace) *Limiter {
	return &Limiter{pace: pace, chats: map[int64]turn{}}
}

// Observe counts a request of the bot's. It belongs into the telegram.Options of the client that Sender uses.
func (l *Limiter) Observe(r telegram.Request) {
	if r.Method != "sendMessage" && r.Method != "editMessageText" {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	l.sweep(now)
	if t := l.chats[r.Chat]; t.mine > 0 {
		t.mine--
		l.chats[r.Chat] = t
	} else {
		l.spend(r.Chat, now)
	}
	if r.Code == http.StatusTooManyRequests && r.Wait > 0 {
		l.stop(r.Chat, now, r.Wait)
	}
}

// lane takes the next turn of all bulletins, or tells how long to wait for it.
func (l *Limiter) lane() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if wait := l.next.Sub(now); wait > 0 {
		return wait
	}
	// What a timer oversleeps is made up for, a single turn of it.
	l.next = latest(l.next, now.Add(-l.pace.Overall)).Add(l.pace.Overall)
	return 0
}

// chat takes the next turn of a chat, or tells how long to wait for it.
func (l *Limiter) chat(chat int64) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	l.sweep(now)
	t := l.chats[chat]
	if wait := t.next.Sub(now); wait > 0 {
		return wait
	}
	l.chats[chat] = turn{now.Add(l.between(chat)), t.mine + 1}
	return 0
}

// free tells whether it is a chat's turn.
func (l *Limiter) free(chat int64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.chats[chat].next.After(time.Now())
}

// hold stops all bulletins for a time.
func (l *Limiter) hold(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.next = latest(l.next, time.Now().Add(d))
}

// spend counts an answer, which has not asked for its turn.
func (l *Limiter) spend(chat int64, now time.Time) {
	if next := latest(l.next, now).Add(l.pace.Overall); next.Before(now.Add(maxDebt)) {
		l.next = next
	}
	l.delay(chat, now.Add(l.between(chat)))
}

// flooded stops what Telegram has refused as too much: the chat, or all if another chat has just been refused too.
func (l *Limiter) flooded(chat int64, wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stop(chat, time.Now(), wait)
}

// rest lets a chat wait for another reason than a flood.
func (l *Limiter) rest(chat int64, wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.delay(chat, time.Now().Add(wait))
}

// delay lets a chat's next turn come no sooner than a time.
func (l *Limiter) delay(chat int64, next time.Time) {
	t := l.chats[chat]
	t.next = latest(t.next, next)
	l.chats[chat] = t
}

func (l *Limiter) stop(chat int64, now time.Time, wait time.Duration) {
	l.delay(chat, now.Add(wait))
	if l.flood.chat != chat && now.Sub(l.flood.at) < floodWindow {
		l.next = latest(l.next, now.Add(wait))
	}
	l.flood.chat, l.flood.at = chat, now
}

// between is the least time between two messages to a chat. Messages sent in inline mode have none.
func (l *Limiter) between(chat int64) time.Duration {
	switch {
	case chat > 0:
		return l.pace.Person
	case chat < 0:
		return l.pace.Group
	}
	return 0
}

func (l *Limiter) sweep(now time.Time) {
	if now.Sub(l.swept) < sweepEvery {
		return
	}
	l.swept = now
	for chat, t := range l.chats {
		if now.Sub(t.next) > sweepEvery {
			delete(l.chats, chat)
		}
	}
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
