package telegram

import "sync"

// window is the updates that have been fetched and are not yet confirmed. Telegram sends each of them again with every answer until
// an offset above it confirms it, so the window tells what is new, and which offset confirms nothing but what has been handled.
//
// Ids are compared for equality alone: after a week without updates Telegram goes on from a random one, lower or higher.
type window struct {
	changed chan struct{} // holds a token after an update has been handled

	mu      sync.Mutex
	handled map[int]bool // by id
	next    int          // one past the last id of the newest answer
}

func newWindow() *window {
	return &window{changed: make(chan struct{}, 1), handled: map[int]bool{}}
}

// take notes an answer's ids and returns those that are new. What has been handled and is no longer in an answer is confirmed, and
// forgotten.
func (w *window) take(ids []int) (fresh []int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	held := make(map[int]bool, len(ids))
	for id, handled := range w.handled {
		if !handled {
			held[id] = false
		}
	}
	for _, id := range ids {
		w.next = id + 1
		if _, repeated := held[id]; repeated {
			continue
		}
		handled, known := w.handled[id]
		if !known {
			fresh = append(fresh, id)
		}
		held[id] = handled
	}
	w.handled = held
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
