package logissue_test

import (
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"
	"testing"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/logissue"
)

// A recovery is a panic that was recovered before it is logged.
type recovery struct {
	value any
	stack []byte
}

// recoverFrom calls f, as a group of goroutines does.
func recoverFrom(f func()) (r recovery) {
	defer func() { r = recovery{recover(), debug.Stack()} }()
	f()
	return r
}

// TestPanicsThatAreLoggedLater logs two panics after they were recovered.
func TestPanicsThatAreLoggedLater(t *testing.T) {
	for name, log := range map[string]func(*slog.Logger, recovery){
		"text":  func(l *slog.Logger, r recovery) { l.Error("panic", "stack", string(r.stack)) },
		"bytes": func(l *slog.Logger, r recovery) { l.Error("panic", "panic", r.value, "stack_trace", r.stack) },
		"in the error": func(l *slog.Logger, r recovery) {
			l.Error("failed", "err", fmt.Errorf("recovered: %v\n\n%s", r.value, r.stack))
		},
		"in its text": func(l *slog.Logger, r recovery) {
			l.Error("failed", "err", fmt.Sprintf("recovered: %v\n\n%s", r.value, r.stack))
		},
		"beside an err": func(l *slog.Logger, r recovery) { l.Error("panic", "err", r.value, "stacktrace", string(r.stack)) },
	} {
		t.Run(name, func(t *testing.T) {
			for want, panics := range map[int][]func(){
				1: {panicInCart, panicInCart},
				2: {panicInCart, panicInUser},
			} {
				tracker := newTracker(t, &logissue.Options{Module: "github.com/sligo-go/sligo"})
				h, err := logging.New("my-app", io.Discard, &logging.Options{Observers: []logging.Observer{tracker}})
				if err != nil {
					t.Fatal(err)
				}
				for _, f := range panics {
					log(slog.New(h), recoverFrom(f))
				}
				if s := tracker.Summary(); len(s.Issues) != want {
					t.Errorf("got %d groups, want %d: %v", len(s.Issues), want, s)
				}
			}
		})
	}
}

// TestStackWithoutPanic checks that the stack of a log call is no panic.
func TestStackWithoutPanic(t *testing.T) {
	tracker := newTracker(t, nil)
	h, err := logging.New("my-app", io.Discard, &logging.Options{Observers: []logging.Observer{tracker}})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 2 {
		loadCart(slog.New(h).With("stack", string(debug.Stack())), fmt.Errorf("order %d: EOF", i))
		loadUser(slog.New(h).With("stack", string(debug.Stack())), fmt.Errorf("order %d: EOF", i))
	}
	if s := tracker.Summary(); len(s.Issues) != 1 {
		t.Errorf("got %d groups, want 1: %v", len(s.Issues), s)
	}
}
