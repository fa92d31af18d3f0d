package sligo_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sligo-go/sligo"
	"github.com/sligo-go/sligo/logging/delivery"
	"github.com/sligo-go/sligo/telemetry"
	"github.com/sligo-go/sligo/tracing"
)

// fake is a server of the tests. Its Shutdown returns after a time, or never.
type fake struct {
	listening error // the result of ListenAndServe
	drains    time.Duration
	ignores   bool // the context of Shutdown
	stop      chan struct{}
	closed    bool
	drained   time.Time
}

func newFake(drains time.Duration) *fake { return &fake{drains: drains, stop: make(chan struct{})} }

func (f *fake) String() string { return "fake" }

func (f *fake) ListenAndServe() error {
	if f.listening != nil {
		return f.listening
	}
	<-f.stop
	return http.ErrServerClosed
}

func (f *fake) Shutdown(ctx context.Context) error {
	if f.ignores {
		time.Sleep(f.drains)
		return nil
	}
	select {
	case <-time.After(f.drains):
		close(f.stop)
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (f *fake) Drain() { f.drained = time.Now() }

func (f *fake) Close() error {
	f.closed = true
	close(f.stop)
	return nil
}

// run runs a kit in a bubble without admin listener until ctx ends after a
// minute, and returns the time from then to the end.
func run(t *testing.T, o sligo.Options, servers ...sligo.Server) (took time.Duration, err error) {
	t.Helper()
	o.Admin, o.NoSignals = "-", true // Run is in a bubble
	kit := mustStart(t, o)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	began := time.Now()
	err = kit.Run(ctx, servers...)
	return time.Since(began) - time.Minute, err
}

func TestRunEndsWithinTheTimeout(t *testing.T) {
	for name, test := range map[string]struct {
		options sligo.Options
		server  fake
		took    time.Duration
		err     string
	}{
		"idle":                     {server: fake{}, took: 3 * time.Second},
		"without drain":            {options: sligo.Options{Drain: -1}, server: fake{}},
		"drains in time":           {server: fake{drains: 11 * time.Second}, took: 14 * time.Second},
		"drains too slowly":        {server: fake{drains: 13 * time.Second}, took: 15 * time.Second, err: "server fake: not drained after 15s"},
		"with a shorter time-out":  {options: sligo.Options{Timeout: 4 * time.Second}, server: fake{drains: time.Hour}, took: 3 * time.Second, err: "server fake: not drained after 3s"},
		"ignores the end for long": {server: fake{ignores: true, drains: time.Hour}, took: 15*time.Second + 500*time.Millisecond, err: "server fake: not drained after 15s"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := test.server
				server.stop = make(chan struct{}) // of the bubble
				took, err := run(t, test.options, &server)
				if text(err) != test.err || took != test.took {
					t.Errorf("ends after %v with %q, want %v and %q", took, text(err), test.took, test.err)
				}
				if server.closed != (test.err != "") {
					t.Errorf("closed: %v", server.closed)
				}
				time.Sleep(2 * time.Hour) // fakes end
			})
		})
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// spans is an exporter of the tests.
type spans func(context.Context, []sdktrace.ReadOnlySpan) error

func (f spans) ExportSpans(ctx context.Context, batch []sdktrace.ReadOnlySpan) error {
	return f(ctx, batch)
}

func (spans) Shutdown(context.Context) error { return nil }

func (f spans) options() tracing.Options {
	return tracing.Options{Exporters: []tracing.Exporter{{Name: "backend", New: func(func(string) (string, bool)) (sdktrace.SpanExporter, error) { return f, nil }}}}
}

func TestBackendsNeitherDelayTheStartNorTheEnd(t *testing.T) {
	for name, test := range map[string]struct {
		export spans
		most   time.Duration // of the end, without drain
		lost   bool
	}{
		"answers": {export: func(context.Context, []sdktrace.ReadOnlySpan) error { return nil }},
		"is dead": {export: func(context.Context, []sdktrace.ReadOnlySpan) error { return errors.New("connection refused") }, lost: true},
		"hangs":   {export: func(ctx context.Context, _ []sdktrace.ReadOnlySpan) error { <-ctx.Done(); return ctx.Err() }, most: 5 * time.Second, lost: true},
		"is slow": {export: func(ctx context.Context, _ []sdktrace.ReadOnlySpan) error {
			select {
			case <-time.After(4 * time.Second):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}, most: 4 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				kit := mustStart(t, sligo.Options{Admin: "-", NoSignals: true, Tracing: test.export.options()})
				if took := time.Since(began); took != 0 {
					t.Errorf("the start took %v", took)
				}
				for range 10 {
					get(kit.Handler(api()), "/users/Lora")
				}
				ctx, cancel := context.WithCancel(context.Background())
				cancel()
				began = time.Now()
				err := kit.Run(ctx, newFake(0))
				if took := time.Since(began) - 3*time.Second; took > test.most {
					t.Errorf("the end took %v, want at most %v", took, test.most)
				}
				var loss *telemetry.LossError
				if errors.As(err, &loss) != test.lost {
					t.Fatalf("error %v", err)
				}
				if test.lost && loss.Counts.Accepted() != 10 {
					t.Errorf("%v accounts for %d spans, want 10", loss, loss.Counts.Accepted())
				}
			})
		})
	}
}

// hung is a log whose reader does not read.
type hung struct{ from chan struct{} }

func (h hung) Write(p []byte) (int, error) { <-h.from; return len(p), nil }

// Run returns although the log's reader never reads.
func TestHungLogKeepsTheServiceFromNeitherStartNorEnd(t *testing.T) {
	log := hung{make(chan struct{})}
	defer close(log.from)
	kit := mustStart(t, sligo.Options{Admin: "-", LogTo: log, Drain: -1, Timeout: time.Second})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := kit.Run(ctx, newFake(0))
	var loss *telemetry.LossError
	if !errors.As(err, &loss) || loss.Name != "main" || loss.Counts.Queued == 0 {
		t.Errorf("error %v, want one about the lines that are queued", err)
	}
}

func TestFailureOfAServerEndsTheOthers(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	kit := mustStart(t, sligo.Options{Admin: "-"})
	other := newFake(0)
	err = kit.Run(t.Context(), &http.Server{Addr: taken.Addr().String(), Handler: kit.Handler(api())}, other)
	var op *net.OpError
	if !errors.As(err, &op) || !strings.HasPrefix(text(err), "server "+taken.Addr().String()+": listen tcp ") {
		t.Errorf("error %v, want that the port is taken", err)
	}
	<-other.stop
}

func TestServiceRunsWithoutItsAdminPort(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	var log lines
	kit := mustStart(t, sligo.Options{Admin: taken.Addr().String(), LogTo: &log, Drain: -1})
	ctx, cancel := context.WithCancel(t.Context())
	server := newFake(0)
	done := make(chan error)
	go func() { done <- kit.Run(ctx, server) }()
	for !strings.Contains(log.String(), "Service started") {
		time.Sleep(time.Millisecond)
	}
	cancel()
	if err := <-done; err != nil {
		t.Errorf("error %v", err)
	}
	if got := log.String(); !strings.Contains(got, `"level":"ERROR"`) || !strings.Contains(got, "No metrics and no status page: cannot listen on the admin address") {
		t.Errorf("no line at level ERROR says that the port is taken:\n%s", got)
	}
	if got := log.String(); strings.Contains(got, "http://"+taken.Addr().String()) || strings.Count(got, "none: cannot listen on "+taken.Addr().String()) != 2 {
		t.Errorf("the settings name pages that nobody serves:\n%s", got)
	}
}

func TestServersLearnOfTheDrainAtItsBeginning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newFake(0)
		took, err := run(t, sligo.Options{Drain: 7 * time.Second}, server)
		if before := time.Since(server.drained); err != nil || took != 7*time.Second || before != took {
			t.Errorf("told %v before the end, which took %v: %v", before, took, err)
		}
	})
}

func TestRunIsForOnce(t *testing.T) {
	kit := mustStart(t, sligo.Options{Admin: "-"})
	if err := kit.Run(t.Context(), nil); text(err) != "sligo: servers[0] is nil" {
		t.Errorf("a nil server: %v", err)
	}
	if err := kit.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	if err := kit.Run(t.Context()); text(err) != "sligo: Run after Shutdown" {
		t.Errorf("after Shutdown: %v", err)
	}
}

func TestShutdownEndsRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kit := mustStart(t, sligo.Options{Admin: "-", NoSignals: true})
		done := make(chan error)
		go func() { done <- kit.Run(context.Background(), newFake(2*time.Second)) }()
		synctest.Wait()
		if err := kit.Run(context.Background()); text(err) != "sligo: Run was called before" {
			t.Errorf("a second Run: %v", err)
		}
		began := time.Now()
		go func() { done <- kit.Shutdown(context.Background()) }()
		for range 2 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if took := time.Since(began); took != 2*time.Second {
			t.Errorf("the end took %v, want the server's 2s", took)
		}
	})
}

// Everything hangs and ignores its context: the log, the exporter, a server and
// the request that it serves. The service starts at once and ends in time.
func TestEverythingHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		log := delivery.NewBuffer(hung{release}, nil)
		began := time.Now()
		kit := mustStart(t, sligo.Options{
			Admin: "-", NoSignals: true, LogTo: log,
			Tracing: spans(func(context.Context, []sdktrace.ReadOnlySpan) error { <-release; return nil }).options(),
		})
		if took := time.Since(began); took != 0 {
			t.Errorf("the start took %v", took)
		}
		get(kit.Handler(api()), "/users/Lora") // has a span
		go get(kit.Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release })), "/")
		synctest.Wait()
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		began = time.Now()
		err := kit.Run(ctx, &fake{ignores: true, drains: time.Hour, stop: make(chan struct{})})
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("the end took %v, want at most 20s", took)
		}
		for _, want := range []string{
			"server fake: 1 request cut after 15s", "sligo: 1 request has not ended",
			"telemetry: backend: 1 of 1 spans lost", "telemetry: main: ",
		} {
			if !strings.Contains(text(err), want) {
				t.Errorf("the error lacks %q: %v", want, err)
			}
		}
		close(release)
		_ = log.Close(context.Background())
		time.Sleep(2 * time.Hour) // the fake ends
	})
}
