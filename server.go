package sligo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Server is a server that [Kit.Run] runs and drains: a [*http.Server], a
// *sligrpc.ManagedServer, or any other.
//
// If it has a method Drain(), Run calls that before Options.Drain begins. It
// must return at once: a *sligrpc.ManagedServer tells its health clients.
//
// For TLS, embed a *http.Server in a type of your own whose ListenAndServe
// calls ListenAndServeTLS.
type Server interface {
	// ListenAndServe serves until Shutdown and then returns nil or
	// [http.ErrServerClosed].
	ListenAndServe() error
	// Shutdown accepts no new requests and returns when those in flight have
	// ended, or with an error when ctx is done. If it returns an error and the
	// server has a method Close() error, Run calls that one.
	Shutdown(ctx context.Context) error
}

// served is a server that runs.
type served struct {
	Server
	name string
	done chan struct{} // closed when err is set
	err  error         // of ListenAndServe
}

// serve starts a server. It calls ended when the server has ended.
func serve(s Server, ended func(*served)) *served {
	r := &served{Server: s, name: nameOf(s), done: make(chan struct{})}
	go func() {
		err := s.ListenAndServe()
		if err != nil && !errors.Is(err, http.ErrServerClosed) {
			r.err = fmt.Errorf("server %s: %w", r.name, err)
		}
		close(r.done)
		ended(r)
	}()
	return r
}

// nameOf returns a server's address, or else its type.
func nameOf(s Server) string {
	switch s := s.(type) {
	case *http.Server:
		if s.Addr == "" {
			return ":http"
		}
		return s.Addr
	case fmt.Stringer:
		return s.String()
	}
	return fmt.Sprintf("%T", s)
}

// grace is how long servers, and then handlers, may take to return after their
// time is over. It is a small share of the time-out of everything.
func grace(timeout time.Duration) time.Duration { return min(500*time.Millisecond, timeout/20) }

// shutdown drains the server until ctx is done, and then closes it. It reports
// whether that cut requests.
func (s *served) shutdown(ctx context.Context, grace time.Duration) (cut bool, err error) {
	result := make(chan error, 1)
	go func() { result <- s.Shutdown(ctx) }()
	select {
	case err = <-result:
	case <-ctx.Done():
		select {
		case err = <-result:
		case <-time.After(grace):
			err = ctx.Err()
		}
	}
	if err == nil {
		return false, nil
	}
	if closer, ok := s.Server.(io.Closer); ok {
		_ = closer.Close()
	}
	if ctx.Err() == nil {
		return false, fmt.Errorf("server %s: shutdown: %w", s.name, err)
	}
	return true, nil
}
