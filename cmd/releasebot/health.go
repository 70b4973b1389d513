package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// operatorPages answers an operator's questions: /healthz while the process lives, /readyz while the bot can answer people, and /metrics. The
// error of ready is shown to whoever asks.
func operatorPages(ready func(context.Context) error, metrics http.Handler) *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
		defer cancel()
		if err := ready(ctx); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ok")
	})
	mux.Handle("GET /metrics", metrics)
	return mux
}

const (
	// Whoever sends slowly holds a connection for no longer than this.
	readTime = 10 * time.Second
	// writeTime is longer than a webhook's request is held.
	writeTime = time.Minute
	// closeTime is for the requests that are being answered at the end, and longer than handlers have then.
	closeTime = 15 * time.Second
)

// serveHTTP serves handler at an address, by TLS if there is a certificate for it, until ctx ends and what was being answered is.
func serveHTTP(ctx context.Context, address string, own *certificate, handler http.Handler, log *slog.Logger) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return &failure{message: "LISTEN_ADDR: " + err.Error(), hint: "choose an address that is free, such as :8080"}
	}
	if own != nil {
		listener = tls.NewListener(listener, own.config())
	}
	server := &http.Server{Handler: handler, ReadTimeout: readTime, WriteTimeout: writeTime, MaxHeaderBytes: 16 << 10}
	server.ErrorLog = slog.NewLogLogger(log.Handler(), slog.LevelDebug) // what strangers send is no news
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
	defer cancel()
	if err := server.Shutdown(ending); !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return server.Close()
}
