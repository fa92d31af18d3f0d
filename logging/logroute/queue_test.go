package logroute_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/delivery"
	"github.com/sligo-go/sligo/logging/logroute"
	"github.com/sligo-go/sligo/telemetry"
)

// A bad sink hangs, fails or panics, as a writer and as a handler.
type bad struct {
	slog.Handler
	do func() error
}

func (b bad) Write([]byte) (int, error)                 { return 0, b.do() }
func (b bad) Handle(context.Context, slog.Record) error { return b.do() }
func (b bad) Enabled(context.Context, slog.Level) bool  { return true }
func (b bad) WithAttrs([]slog.Attr) slog.Handler        { return b }
func (b bad) WithGroup(string) slog.Handler             { return b }
func brokenSink() error                                 { return errors.New("broken") }
func panickingSink() error                              { panic("sink") }
func hangingSink(until <-chan struct{}) func() error {
	return func() error { <-until; return errors.New("late") }
}

func TestBadRouteDoesNotTouchOthers(t *testing.T) {
	for _, kind := range []string{"hangs", "fails", "panics"} {
		for _, as := range []string{"writer", "handler"} {
			t.Run(as+" "+kind, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { badRoute(t, kind, as) })
			})
		}
	}
}

func badRoute(t *testing.T, kind, as string) {
	until := make(chan struct{})
	b := bad{slog.DiscardHandler, map[string]func() error{"hangs": hangingSink(until), "fails": brokenSink, "panics": panickingSink}[kind]}
	route := logroute.Route{Name: "bad", Writer: b}
	if as == "handler" {
		route = logroute.Route{Name: "bad", Handler: b, Queue: 100}
	}
	var good, other sink
	r, err := logroute.New("my-app", []logroute.Route{route, {Name: "good", Writer: delivery.NewDirect(&good, nil)},
		{Name: "other", Handler: slog.NewJSONHandler(&other, nil), Queue: 10_000}}, &logging.Options{OnError: func(error) {}})
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	l := slog.New(r)
	const n = 5000
	for range n {
		l.Error("m", "k", strings.Repeat("x", 100))
	}
	// In a bubble, time passes only while all goroutines wait.
	if took := time.Since(start); took != 0 {
		t.Errorf("logging took %v, want no wait", took)
	}
	if got := strings.Count(good.String(), "\n"); got != n {
		t.Errorf("the good route got %d of %d lines", got, n)
	}
	close(until)
	if err := r.Close(context.Background()); err == nil {
		t.Error("Close() = nil, want an error for the bad route")
	}
	if got := strings.Count(other.String(), "\n"); got != n {
		t.Errorf("the other handler got %d of %d records", got, n)
	}
	if c := r.Stats().Sinks["bad"]; c.Accepted() != n || c.Done != 0 || c.Lost() != n {
		t.Errorf("the bad route: %v, want all %d lost", c, n)
	}
}

// A witness sends the error of each record's context.
type witness struct {
	slog.Handler
	err chan error
}

func (w witness) Handle(ctx context.Context, _ slog.Record) error {
	w.err <- ctx.Err()
	return nil
}

func (w witness) WithAttrs([]slog.Attr) slog.Handler { return w }

func TestContextOutlivesTheRequest(t *testing.T) {
	w := witness{slog.NewTextHandler(io.Discard, nil), make(chan error, 1)}
	r, err := logroute.New("my-app", []logroute.Route{{Name: "a", Handler: w}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	slog.New(r).InfoContext(ctx, "m")
	if err := <-w.err; err != nil {
		t.Errorf("the handler's context has the error %v, want nil", err)
	}
	if err := r.Close(context.Background()); err != nil {
		t.Error(err)
	}
}

func TestRecordsAfterCloseAreDropped(t *testing.T) {
	r, err := logroute.New("my-app", []logroute.Route{{Name: "a", Handler: slog.NewTextHandler(io.Discard, nil)}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Close(t.Context()); err != nil {
		t.Error(err)
	}
	rec := slog.NewRecord(time.Now(), slog.LevelInfo, "late", 0)
	if err := r.Handle(t.Context(), rec); err == nil {
		t.Error("Handle() = nil after Close")
	}
	if got, want := r.Stats().Sinks["a"], (telemetry.Counts{Dropped: 1}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestLateLineDoesNotWaitForAHungWriter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		until := make(chan struct{})
		hangs := bad{slog.DiscardHandler, hangingSink(until)}
		r, err := logroute.New("my-app", []logroute.Route{{Name: "hangs", Writer: hangs}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		l := slog.New(r)
		l.Info("hangs")
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if err := r.Close(ctx); err == nil {
			t.Error("Close() = nil, want an error for the route that hangs")
		}
		start := time.Now()
		l.Info("late")
		l.Error("late")
		if took := time.Since(start); took != 0 {
			t.Errorf("the calls took %v, want no wait", took)
		}
		if c := r.Stats().Sinks["hangs"]; c.Queued != 1 || c.Dropped != 2 {
			t.Errorf("got %v, want 1 queued and 2 dropped", c)
		}
		close(until)
	})
}

// A delegate passes records to a handler that is known only later.
type delegate struct {
	slog.Handler
	to *slog.Handler
}

func (d delegate) WithAttrs([]slog.Attr) slog.Handler       { return d }
func (d delegate) Enabled(context.Context, slog.Level) bool { return true }
func (d delegate) Handle(ctx context.Context, r slog.Record) error {
	return (*d.to).Handle(ctx, r)
}

func TestRouteMayFeedItself(t *testing.T) {
	var self slog.Handler
	routes := []logroute.Route{{Name: "self", Handler: delegate{slog.DiscardHandler, &self}}}
	r, err := logroute.New("my-app", routes, nil)
	if err != nil {
		t.Fatal(err)
	}
	self = r
	slog.New(r).Info("once")
	if err := r.Close(t.Context()); err == nil || !strings.Contains(err.Error(), "handler that feeds it") {
		t.Errorf("Close() = %v, want the reason of the loss", err)
	}
	if c := r.Stats().Sinks["self"]; c.Failed != 1 || c.Accepted() != 1 {
		t.Errorf("got %v, want one record, which failed", c)
	}
}
