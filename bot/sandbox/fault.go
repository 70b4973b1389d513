package sandbox

import (
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// FaultKind is a way in which Telegram or the network between can fail.
type FaultKind int

// The kinds of faults. Those with After strike when the request has been carried out: a message is there, and the bot
// does not know.
const (
	Flood       FaultKind = iota // 429 with RetryAfter
	ServerError                  // Code, or 502, with a page of HTML
	Refuse                       // Code and Text as the Bot API would answer
	Hang                         // no answer until the client gives up
	HangAfter
	Cut // the connection breaks
	CutAfter
	Garbage // an answer that is cut off within its JSON; the request is not carried out
	Slow    // the answer takes Delay longer
)

// Fault makes requests fail. A zero field fits everything.
type Fault struct {
	Kind       FaultKind
	Method     string
	Chat       int64
	Times      int           // how often; 0 is until taken back
	Delay      time.Duration // of Slow
	RetryAfter int           // seconds, of Flood
	Code       int
	Text       string

	struck int
}

// Inject makes requests fail from now on. The returned function takes it back.
func (s *Server) Inject(f Fault) (stop func()) {
	s.mu.Lock()
	defer s.release()
	s.faults = append(s.faults, &f)
	return func() {
		s.mu.Lock()
		defer s.release()
		s.faults = slices.DeleteFunc(s.faults, func(other *Fault) bool { return other == &f })
	}
}

// fault returns the first fault for a request, nil if none.
func (s *Server) fault(method string, a args) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, f := range s.faults {
		fits := (f.Method == "" || f.Method == method) && (f.Chat == 0 || strconv.FormatInt(f.Chat, 10) == a.text("chat_id"))
		if !fits {
			continue
		}
		f.struck++
		if f.struck == f.Times {
			s.faults = slices.Delete(s.faults, i, i+1)
		}
		return f
	}
	return nil
}

// before strikes before the request is carried out, and tells whether that was the end of it.
func (f *Fault) before(w http.ResponseWriter, r *http.Request) bool {
	switch f.Kind {
	case Flood:
		refuse(w, flood(max(f.RetryAfter, 1)))
	case ServerError:
		writePage(w, f.Code)
	case Refuse:
		refuse(w, &refusal{code: f.Code, text: f.Text})
	case Hang:
		<-r.Context().Done()
	case Cut:
		panic(http.ErrAbortHandler) // the way to break a connection in net/http
	case Garbage:
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"ok":true,"result":[{"upd`)
	case Slow:
		return !wait(r, f.Delay)
	default:
		return false
	}
	return true
}

// after strikes when the request has been carried out.
func (f *Fault) after(_ http.ResponseWriter, r *http.Request) bool {
	switch f.Kind {
	case HangAfter:
		<-r.Context().Done()
		return true
	case CutAfter:
		panic(http.ErrAbortHandler)
	}
	return false
}

// wait waits, and tells whether the client did too.
func wait(r *http.Request, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

func writePage(w http.ResponseWriter, code int) {
	if code == 0 {
		code = http.StatusBadGateway
	}
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(code)
	_, _ = io.WriteString(w, "<html>\r\n<head><title>"+http.StatusText(code)+"</title></head>\r\n</html>\r\n")
}
