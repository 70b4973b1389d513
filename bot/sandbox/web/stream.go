package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// heartbeat is how often a silent stream says that it is there, so that a browser notices a connection that is not.
const heartbeat = 15 * time.Second

// events streams what happens: "head" when the head has changed, and "events" with a list of what was said. Each has an id
// from which a browser that was cut off goes on. The stream of a world that is no more ends with the head of the new one.
func (p *Page) events(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	var world int64
	s := &stream{w: w, flush: http.NewResponseController(w).Flush}
	if _, err := fmt.Sscanf(r.Header.Get("Last-Event-ID"), "%d-%d", &world, &s.seq); err != nil {
		fmt.Sscanf(r.FormValue("since"), "%d-%d", &world, &s.seq) // what cannot be read is no world
	}
	s.history = s.seq == 0
	for r.Context().Err() == nil && s.err == nil {
		h, current, changed := p.head()
		s.world = current.number
		s.send("head", h)
		if current.number != world {
			return
		}
		s.follow(r.Context(), current, changed)
	}
}

// stream is one browser's.
type stream struct {
	w       http.ResponseWriter
	flush   func() error
	world   int64
	seq     int64
	history bool // what comes next has happened before the browser came
	err     error
}

// follow sends what happens until the head changes.
func (s *stream) follow(ctx context.Context, world *World, changed <-chan struct{}) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-changed:
			cancel()
		case <-ctx.Done():
		}
	}()
	for ctx.Err() == nil && s.err == nil {
		s.next(ctx, world)
	}
}

func (s *stream) next(ctx context.Context, world *World) {
	ctx, cancel := context.WithTimeout(ctx, heartbeat)
	defer cancel()
	events, err := world.Telegram.Events(ctx, s.seq)
	switch {
	case err == nil:
		s.seq = events[len(events)-1].Seq
		s.send("events", viewEvents(events, s.history))
		s.history = false
	case errors.Is(err, context.DeadlineExceeded):
		s.write(": still here\n\n")
	}
}

func (s *stream) send(event string, data any) {
	body, err := json.Marshal(data)
	if err != nil {
		panic(err) // only our own plain structs are marshalled
	}
	s.write(fmt.Sprintf("id: %d-%d\nevent: %s\ndata: %s\n\n", s.world, s.seq, event, body))
}

func (s *stream) write(text string) {
	if _, s.err = fmt.Fprint(s.w, text); s.err == nil {
		s.err = s.flush()
	}
}
