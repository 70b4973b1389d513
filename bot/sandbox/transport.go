package sandbox

import (
	"bytes"
	"errors"
	"io"
	"net/http"
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
		if response := t.serve(r.Clone(r.Context())); response != nil {
			answered <- response
		}
	}()
	select {
	case response := <-answered:
		if response == nil {
			return nil, errCut
		}
		response.Request = r
		return response, nil
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

// serve returns the server's response, nil if it broke the connection.
func (t transport) serve(r *http.Request) (response *http.Response) {
	defer func() {
		if p := recover(); p != nil && p != http.ErrAbortHandler {
			panic(p)
		}
	}()
	if r.Body == nil {
		r.Body = http.NoBody
	}
	defer r.Body.Close()
	w := &recorder{header: http.Header{}, code: http.StatusOK}
	t.s.ServeHTTP(w, r)
	return w.response()
}

// recorder keeps an answer in memory. That of net/http/httptest would bring a flag of its own into the program.
type recorder struct {
	header http.Header
	code   int
	body   bytes.Buffer
}

func (w *recorder) Header() http.Header            { return w.header }
func (w *recorder) WriteHeader(code int)           { w.code = code }
func (w *recorder) Write(data []byte) (int, error) { return w.body.Write(data) }

func (w *recorder) response() *http.Response {
	return &http.Response{
		Status: http.StatusText(w.code), StatusCode: w.code, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.header, Body: io.NopCloser(&w.body), ContentLength: int64(w.body.Len()),
	}
}
