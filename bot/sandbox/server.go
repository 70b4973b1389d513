// Package sandbox is Telegram in memory: a Bot API server with people, groups and a clock, for tests and for the
// demonstration. It is stricter than Telegram: what Telegram silently ignores, such as an unknown parameter, is refused.
//
// Start with [New]. The server is an [http.Handler] for /bot<token>/<method>; [Server.Transport] reaches it without a
// network, so that it also works under testing/synctest. [Server.Person] makes people, and they act: [Person.Say],
// [Person.Press], [Person.Inline]. [Chat.Next] waits for what the bot replies. A request that no correct program makes
// is kept in [Server.Violations]; a test should fail on any. [Server.Inject] makes Telegram fail in its many ways.
//
// The package is its own view of the wire: it shares no type with the program that it tests.
package sandbox

import (
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Options say what the bot is and what BotFather's switches for it are. The zero value is a usable bot.
type Options struct {
	Token    string           // "7000000001:sandbox" if empty; the digits are the bot's id
	Username string           // without @; "sandbox_bot" if empty
	Name     string           // "Sandbox" if empty
	Now      func() time.Time // time.Now if nil; see [Clock]
	Seed     uint64           // of the random jumps of update_id

	SeesAll  bool // group privacy mode is off
	Feedback bool // inline feedback: chosen_inline_result is delivered
	NoInline bool // inline mode is off
	NoGuest  bool // guest mode is off
	NoGroups bool // the bot cannot be added to groups
	Budgets  bool // Telegram's flood limits apply
	Keep     int  // messages and events kept, of each chat and altogether; 0 keeps all
}

// Server is one Telegram with one bot. All its methods are safe for concurrent use.
type Server struct {
	options Options
	me      user

	mu      sync.Mutex
	changed chan struct{} // closed and replaced at every change
	random  *rand.Rand
	serial  int64 // the last number given to anything that needs a unique one

	people   map[int64]*Person
	chats    map[int64]*Chat
	inline   map[string]*Message // by inline_message_id
	queries  map[string]*query
	lastID   int // message ids of private chats and basic groups are one sequence
	queue    queue
	profile  profile
	webhook  webhook
	faults   []*Fault
	budget   budget
	revoked  bool
	events   []Event
	eventSeq int64
	violated []Violation
}

// New returns a world that is empty but for the bot.
func New(o Options) *Server {
	if o.Token == "" {
		o.Token = "7000000001:sandbox"
	}
	if o.Username == "" {
		o.Username = "sandbox_bot"
	}
	if o.Name == "" {
		o.Name = "Sandbox"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	number, _, _ := strings.Cut(o.Token, ":")
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		panic("sandbox: the token " + strconv.Quote(o.Token) + " does not begin with digits and a colon")
	}
	return &Server{
		options: o,
		me:      user{ID: id, IsBot: true, FirstName: o.Name, Username: o.Username},
		changed: make(chan struct{}),
		random:  rand.New(rand.NewPCG(o.Seed, 1)),
		people:  map[int64]*Person{},
		chats:   map[int64]*Chat{},
		inline:  map[string]*Message{},
		queries: map[string]*query{},
		queue:   queue{next: 100_000_001},
		profile: newProfile(),
		budget:  budget{},
	}
}

// Token returns the token that requests must carry.
func (s *Server) Token() string { return s.options.Token }

// Username returns the bot's username, without @.
func (s *Server) Username() string { return s.me.Username }

// BotID returns the bot's user id.
func (s *Server) BotID() int64 { return s.me.ID }

// Revoke makes every request fail with 401, as after BotFather's /revoke; Revoke(false) takes it back.
func (s *Server) Revoke(revoked bool) {
	s.mu.Lock()
	defer s.release()
	s.revoked = revoked
}

// release wakes whoever waits for a change, and unlocks.
func (s *Server) release() {
	close(s.changed)
	s.changed = make(chan struct{})
	s.mu.Unlock()
}

func (s *Server) now() time.Time { return s.options.Now() }

func (s *Server) nextSerial() int64 {
	s.serial++
	return s.serial
}

// ServeHTTP answers a Bot API request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	token, name, ok := strings.Cut(strings.TrimPrefix(r.URL.Path, "/bot"), "/")
	if !ok || !strings.HasPrefix(r.URL.Path, "/bot") {
		refuse(w, &refusal{code: http.StatusNotFound, text: "Not Found"})
		return
	}
	if err := s.authorize(token); err != nil {
		refuse(w, err)
		return
	}
	m, ok := methods[name]
	if !ok {
		err := &refusal{code: http.StatusNotFound, text: "Not Found: method not found", misuse: true}
		s.record(name, nil, err)
		refuse(w, err)
		return
	}
	a, err := readArgs(w, r)
	if err == nil {
		err = m.fields.check(a)
	}
	if err != nil {
		s.record(name, a, err)
		refuse(w, err)
		return
	}
	s.answer(w, r, name, m, a)
}

// answer runs a well-formed request, unless a fault comes between.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, name string, m method, a args) {
	f := s.fault(name, a)
	if f != nil && f.before(w, r) {
		return
	}
	result, err := m.call(s, r.Context(), a)
	if f != nil && f.after(w, r) {
		return
	}
	if err != nil {
		s.record(name, a, err)
		refuse(w, err)
		return
	}
	writeJSON(w, http.StatusOK, reply{OK: true, Result: result})
}

func (s *Server) authorize(token string) error {
	number, _, ok := strings.Cut(token, ":")
	id, err := strconv.ParseInt(number, 10, 64)
	if !ok || err != nil || id <= 0 || len(token) > 80 {
		return &refusal{code: http.StatusUnauthorized, text: "Unauthorized: invalid token specified"}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if token != s.options.Token || s.revoked {
		return &refusal{code: http.StatusUnauthorized, text: "Unauthorized"}
	}
	return nil
}

// reply is the envelope of every answer.
type reply struct {
	OK          bool        `json:"ok"`
	Result      any         `json:"result,omitempty"`
	ErrorCode   int         `json:"error_code,omitempty"`
	Description string      `json:"description,omitempty"`
	Parameters  *parameters `json:"parameters,omitempty"`
}

func writeJSON(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	// An error here means that the client has gone; there is nobody to tell.
	_ = json.NewEncoder(w).Encode(v)
}
