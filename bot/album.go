package bot

import "sync"

// albums remembers the albums that came lately. Telegram sends the photos of an
// album as messages of their own, all at once.
type albums struct {
	mu   sync.Mutex
	last [64]string
	next int
}

// seen tells whether an album was seen before, and remembers it.
func (a *albums) seen(album string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, known := range a.last {
		if known == album {
			return true
		}
	}
	a.last[a.next] = album
	a.next = (a.next + 1) % len(a.last)
	return false
}
