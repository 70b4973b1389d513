package sandbox

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
)

// Transport carries requests to the server without a network, whatever host they name. It works under testing/synctest,
// where a network does not.
func (s *Server) Transport() http.RoundTripper { return transport{s} }

type transport struct{ s *Server }

var errCut = errors.New("sandbox: connection reset by peer")

// RoundTrip implements [http.RoundTripper].
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	answered := make(chan *http.Response, 1)
	go func() {
		defer close(answered)
		defer func() {
			if p := recover(); p != nil && p != http.ErrAbortHandler {
				panic(p)
			}
		}()
		if r.Body == nil {
			r = r.Clone(r.Context())
			r.Body = http.NoBody
		}
		w := httptest.NewRecorder()
		t.s.ServeHTTP(w, r)
		_, _ = io.Copy(io.Discard, r.Body)
		answered <- w.Result()
	}()
	select {
	case response, ok := <-answered:
		if !ok {
			return nil, errCut
		}
		response.Request = r
		return response, nil
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}
