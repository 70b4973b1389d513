package telegram

import "sync"

// window is the updates that have been fetched and are not yet confirmed. Telegram sends them again until an offset above confirms them,
// so the window tells what is new, and which offset confirms nothing but what has been handled.
//
// After a week without updates Telegram goes on from a random id, lower or higher. By then everything before has been confirmed.
type window struct {
	changed chan struct{} // holds a token after an update has been handled

	mu      sync.Mutex
	handled map[int]bool // by id
	next    int          // one past the last id that was new
}

func newWindow() *window {
	return &window{changed: make(chan struct{}, 1), handled: map[int]bool{}}
}

// take notes the ids of the answer to a fetch from an offset, and returns those that are new. What the offset has confirmed is forgotten.
func (w *window) take(offset int, ids []int) (fresh []int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for id, handled := range w.handled {
		if handled && id < offset {
			delete(w.handled, id)
		}
	}
	for _, id := range ids {
		if _, known := w.handled[id]; !known {
			w.handled[id] = false
			w.next = id + 1
			fresh = append(fresh, id)
		}
	}
	return fresh
}

// finish notes that an update has been handled.
func (w *window) finish(id int) {
	w.mu.Lock()
	w.handled[id] = true
	w.mu.Unlock()
	select {
	case w.changed <- struct{}{}:
	default:
	}
}

// state is the offset to fetch from next, how many handled updates it confirms, and how many are still to be handled.
func (w *window) state() (offset, confirms, pending int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	offset = w.next
	for id, handled := range w.handled {
		if !handled {
			offset = min(offset, id)
			pending++
		}
	}
	for id, handled := range w.handled {
		if handled && id < offset {
			confirms++
		}
	}
	return offset, confirms, pending
}
