package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestHealth(t *testing.T) {
	var trouble error
	handler := operatorPages(func(context.Context) error { return trouble }, newMetrics().page())
	get := func(path string) int {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		return w.Code
	}
	for _, test := range []struct {
		path    string
		trouble error
		want    int
	}{
		{"/healthz", nil, 200},
		{"/readyz", nil, 200},
		{"/metrics", nil, 200},
		{"/healthz", errors.New("no database"), 200},
		{"/readyz", errors.New("no database"), 503},
		{"/", nil, 404},
	} {
		trouble = test.trouble
		if got := get(test.path); got != test.want {
			t.Errorf("%s with %v: %d, want %d", test.path, test.trouble, got, test.want)
		}
	}
}

func TestServeHTTPAtATakenAddress(t *testing.T) {
	server := httptest.NewServer(nil)
	defer server.Close()
	err := serveHTTP(t.Context(), server.Listener.Addr().String(), nil, nil, slog.New(slog.DiscardHandler))
	var f *failure
	if !errors.As(err, &f) || !strings.HasPrefix(f.message, "LISTEN_ADDR: ") {
		t.Errorf("got %v", err)
	}
}
