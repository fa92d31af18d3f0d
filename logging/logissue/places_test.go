package logissue_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strconv"
	"testing"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/logissue"
)

//go:noinline
func loadCart(l *slog.Logger, err any) { l.Error("query failed", "err", err) }

//go:noinline
func loadUser(l *slog.Logger, err any) { l.Error("query failed", "err", err) }

// recovered calls f and logs its panic as middlewares do.
func recovered(l *slog.Logger, attr string, f func()) {
	defer func() {
		v := recover()
		if err, ok := v.(error); ok && attr == "err" {
			l.Error("panic recovered", attr, err)
			return
		}
		l.Error("panic recovered", attr, fmt.Sprint(v))
	}()
	f()
}

var null *struct{ n int }

//go:noinline
func panicInCart() { null.n = 1 }

//go:noinline
func panicInUser() { null.n = 2 }

// TestPlaces logs two errors and counts the groups.
func TestPlaces(t *testing.T) {
	timeout := &net.OpError{Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(10, 0, 0, 1), Port: 5432}, Err: os.ErrDeadlineExceeded}
	wrapped := fmt.Errorf("load the cart: %w", context.DeadlineExceeded)
	for name, tt := range map[string]struct {
		want int
		log  func(*slog.Logger)
	}{
		"a deadline in two functions":  {2, func(l *slog.Logger) { loadCart(l, context.DeadlineExceeded); loadUser(l, context.DeadlineExceeded) }},
		"a deadline in one function":   {1, func(l *slog.Logger) { loadCart(l, context.DeadlineExceeded); loadCart(l, context.DeadlineExceeded) }},
		"a deadline and its text":      {1, func(l *slog.Logger) { loadCart(l, context.DeadlineExceeded); loadCart(l, "context deadline exceeded") }},
		"no rows in two functions":     {2, func(l *slog.Logger) { loadCart(l, sql.ErrNoRows); loadUser(l, sql.ErrNoRows) }},
		"a timeout in two functions":   {2, func(l *slog.Logger) { loadCart(l, timeout); loadUser(l, timeout) }},
		"a wrapped error in two":       {1, func(l *slog.Logger) { loadCart(l, wrapped); loadUser(l, wrapped) }},
		"an error with a stack in two": {1, func(l *slog.Logger) { err := fromOrders(); loadCart(l, err); loadUser(l, err) }},
		"two messages":                 {2, func(l *slog.Logger) { l.Error("load", "err", io.EOF); l.Error("store", "err", io.EOF) }},
		"messages with numbers":        {1, func(l *slog.Logger) { l.Error("load 1", "err", io.EOF); l.Error("load 2", "err", io.EOF) }},
		"a loop": {1, func(l *slog.Logger) {
			for range 2 {
				func() { l.Error("load", "err", io.EOF) }()
			}
		}},
		"texts instead of errors": {2, func(l *slog.Logger) { loadCart(l, "disk 1 is full"); loadCart(l, "disk 1 is gone") }},
		"texts in a group": {2, func(l *slog.Logger) {
			l = l.WithGroup("g")
			loadCart(l, "disk 1 is full")
			loadCart(l, "disk 1 is gone")
		}},
		"errors in a group": {2, func(l *slog.Logger) {
			l = l.WithGroup("g")
			loadCart(l, wrapped)
			loadCart(l, errors.Join(wrapped, io.EOF))
		}},
		"errors of equal text in groups": {1, func(l *slog.Logger) { loadCart(l.WithGroup("g"), wrapped); loadCart(l.WithGroup("h"), wrapped) }},
		"bound errors": {2, func(l *slog.Logger) {
			l.With("err", io.EOF).Error("failed")
			l.With("err", io.ErrShortWrite).Error("failed")
		}},
		"panics in two functions": {2, func(l *slog.Logger) { recovered(l, "err", panicInCart); recovered(l, "err", panicInUser) }},
		"panics in one function":  {1, func(l *slog.Logger) { recovered(l, "err", panicInCart); recovered(l, "err", panicInCart) }},
		"panics as text":          {2, func(l *slog.Logger) { recovered(l, "panic", panicInCart); recovered(l, "panic", panicInUser) }},
		"panics as any text":      {2, func(l *slog.Logger) { recovered(l, "value", panicInCart); recovered(l, "value", panicInUser) }},
		"panics with other values": {2, func(l *slog.Logger) {
			for _, text := range []string{"no power", "no fuel"} {
				recovered(l, "panic", func() { panic(text) })
			}
		}},
		"panics with other numbers": {1, func(l *slog.Logger) {
			for i := range 2 {
				recovered(l, "panic", func() { panic("order " + strconv.Itoa(i)) })
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			tracker := newTracker(t, &logissue.Options{Module: "github.com/sligo-go/sligo"})
			h, err := logging.New("my-app", io.Discard, &logging.Options{Observers: []logging.Observer{tracker}})
			if err != nil {
				t.Fatal(err)
			}
			tt.log(slog.New(h))
			s := tracker.Summary()
			if len(s.Issues) != tt.want {
				t.Errorf("got %d groups, want %d: %v", len(s.Issues), tt.want, s)
			}
		})
	}
}
