// Package web is the demo's chat page: people in a browser talk to the bot on a [sandbox] Telegram.
//
// Start with [New], whose page shows itself at once, and [Page.Begin], which makes the first [World] for it. The files below
// page/ are the page itself, as it is written: there is no build step. The browser reads GET /state and follows GET /events;
// what people do is a POST to /act (see action.go).
//
// Whoever can send a request here can act as anybody in the world. So requests must name the host that the page is served
// as, which a page of another site cannot, and come from the page itself.
package web

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"sync"
	"time"
)

//go:embed page
var embedded embed.FS

// Options of a Page. All are required.
type Options struct {
	Hosts    []string                     // what requests may name as their host, such as "localhost:8080"; none for any address without a name
	Start    func(*World) (func(), error) // starts the bot of a new world; the function that it returns stops it
	Asks     func(text string) bool       // tells a question from what the bot answers without looking it up
	Explain  func(question string) Explanation
	Examples func() map[string][]string // questions to begin with, by language
}

// Page serves the chat page. It is safe for concurrent use.
type Page struct {
	options Options
	handler http.Handler

	mu      sync.Mutex
	world   *World
	stop    func()
	content Content
	changed chan struct{} // closed and replaced when the head changes
	begun   chan struct{} // closed once there is a world

	resetting sync.Mutex
}

// New returns a page that has no world yet: until [Page.Begin] it shows that it is starting.
func New(o Options) *Page {
	p := &Page{options: o, changed: make(chan struct{}), begun: make(chan struct{}), stop: func() {}}
	files, err := fs.Sub(embedded, "page")
	if err != nil {
		panic(err) // page is embedded
	}
	mux := http.NewServeMux()
	mux.Handle("GET /", http.FileServerFS(files))
	mux.HandleFunc("GET /state", p.inWorld(p.state))
	mux.HandleFunc("GET /events", p.inWorld(p.events))
	mux.HandleFunc("GET /menu", p.inWorld(p.menu))
	mux.HandleFunc("GET /explain", p.inWorld(p.explain))
	mux.HandleFunc("POST /act", p.inWorld(p.act))
	p.handler = guard(o.Hosts, http.NewCrossOriginProtection().Handler(mux))
	return p
}

// Begin makes the first world and starts its bot. It is called once.
func (p *Page) Begin() error {
	if err := p.reset(); err != nil {
		return err
	}
	close(p.begun)
	return nil
}

// inWorld keeps requests waiting until there is a world.
func (p *Page) inWorld(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-p.begun:
			next(w, r)
		case <-r.Context().Done():
		}
	}
}

// Close stops the bot.
func (p *Page) Close() {
	p.resetting.Lock()
	defer p.resetting.Unlock()
	p.mu.Lock()
	stop := p.stop
	p.stop = func() {}
	p.mu.Unlock()
	stop()
}

// ServeHTTP serves the page and what it asks for.
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) { p.handler.ServeHTTP(w, r) }

// SetContent shows what is known of the content.
func (p *Page) SetContent(c Content) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.content = c
	p.tell()
}

// World is the present world, nil before the first.
func (p *Page) World() *World {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.world
}

// tell wakes the streams after a change of the head. The page is locked.
func (p *Page) tell() {
	close(p.changed)
	p.changed = make(chan struct{})
}

// headChanged wakes the streams.
func (p *Page) headChanged() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tell()
}

// reset begins a new world in the place of the present one.
func (p *Page) reset() error {
	p.resetting.Lock()
	defer p.resetting.Unlock()
	w := newWorld(time.Now().UnixMilli())
	stop, err := p.options.Start(w)
	if err != nil {
		return fmt.Errorf("starting the bot: %w", err)
	}
	w.populate()
	p.mu.Lock()
	stop, p.stop = p.stop, stop
	p.world = w
	p.tell()
	p.mu.Unlock()
	stop()
	return nil
}

// head returns everything but the messages, and what is closed when it changes.
func (p *Page) head() (head, *World, <-chan struct{}) {
	p.mu.Lock()
	w, content, changed := p.world, p.content, p.changed
	p.mu.Unlock()
	h := w.head()
	h.Content, h.Examples = content, p.options.Examples()
	return h, w, changed
}

func (p *Page) state(w http.ResponseWriter, _ *http.Request) {
	h, _, _ := p.head()
	writeJSON(w, http.StatusOK, h)
}

func writeJSON(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	// An error here means that the browser has gone; there is nobody to tell.
	_ = json.NewEncoder(w).Encode(v)
}
