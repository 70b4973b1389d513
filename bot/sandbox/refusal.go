package sandbox

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// refusal is an error answer of the Bot API. Its text is Telegram's own wherever Telegram refuses too.
type refusal struct {
	code       int
	text       string
	parameters *parameters
	misuse     bool // the request is wrong in itself, whatever the state of the world
}

type parameters struct {
	MigrateTo  int64 `json:"migrate_to_chat_id,omitempty"`
	RetryAfter int   `json:"retry_after,omitempty"`
}

func (r *refusal) Error() string { return r.text }

// unable refuses a request that is well made, but cannot be carried out as things are.
func unable(format string, a ...any) error {
	return &refusal{code: http.StatusBadRequest, text: "Bad Request: " + fmt.Sprintf(format, a...)}
}

// misuse refuses a request that no correct program makes.
func misuse(format string, a ...any) error {
	return &refusal{code: http.StatusBadRequest, text: "Bad Request: " + fmt.Sprintf(format, a...), misuse: true}
}

// stricter refuses what Telegram would silently accept or drop.
func stricter(format string, a ...any) error {
	return misuse("sandbox: %s", fmt.Sprintf(format, a...))
}

func forbidden(format string, a ...any) error {
	return &refusal{code: http.StatusForbidden, text: "Forbidden: " + fmt.Sprintf(format, a...)}
}

func conflict(text string) error {
	return &refusal{code: http.StatusConflict, text: "Conflict: " + text}
}

func flood(seconds int) error {
	return &refusal{
		code:       http.StatusTooManyRequests,
		text:       "Too Many Requests: retry after " + strconv.Itoa(seconds),
		parameters: &parameters{RetryAfter: seconds},
	}
}

func refuse(w http.ResponseWriter, err error) {
	var r *refusal
	if !errors.As(err, &r) {
		r = &refusal{code: http.StatusInternalServerError, text: "Internal Server Error: " + err.Error()}
	}
	if r.parameters != nil && r.parameters.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(r.parameters.RetryAfter))
	}
	writeJSON(w, r.code, reply{ErrorCode: r.code, Description: r.text, Parameters: r.parameters})
}

// Violation is a request that was wrong in itself: a defect of the bot.
type Violation struct {
	Method      string
	Parameters  map[string]string
	Description string // of the refusal
}

func (v Violation) String() string {
	return v.Method + ": " + strings.TrimPrefix(v.Description, "Bad Request: ")
}

// Violations returns the requests so far that no correct bot makes, oldest first.
func (s *Server) Violations() []Violation {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Violation(nil), s.violated...)
}

func (s *Server) record(method string, a args, err error) {
	var r *refusal
	if !errors.As(err, &r) || !r.misuse {
		return
	}
	v := Violation{Method: method, Parameters: map[string]string{}, Description: r.text}
	for name, value := range a {
		v.Parameters[name] = value.text
	}
	s.mu.Lock()
	defer s.release()
	s.violated = append(s.violated, v)
}
