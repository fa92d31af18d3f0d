package sligo_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sligo-go/sligo"
	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/delivery"
	"github.com/sligo-go/sligo/telemetry"
)

// received is an exporter that keeps the names of the spans.
type received struct {
	mu    sync.Mutex
	names []string
}

func (r *received) export(_ context.Context, batch []sdktrace.ReadOnlySpan) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range batch {
		r.names = append(r.names, s.Name())
	}
	return nil
}

func (r *received) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.Join(r.names, ", ")
}

// A handler that returns because its connection was cut still has its event,
// span and line.
func TestCutRequestsHaveAllSignals(t *testing.T) {
	var backend received
	var log lines
	kit := mustStart(t, sligo.Options{Admin: "-", LogTo: &log, Drain: -1, Timeout: 4 * time.Second, Tracing: spans(backend.export).options()})
	mux, entered := http.NewServeMux(), make(chan struct{})
	mux.HandleFunc("GET /users/{userid}", func(_ http.ResponseWriter, r *http.Request) {
		entered <- struct{}{}
		<-r.Context().Done()
		time.Sleep(10 * time.Millisecond) // it cleans up
	})
	address := freeAddress(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- kit.Run(ctx, &http.Server{Addr: address, Handler: kit.Handler(mux)}) }()
	for range 3 {
		go request(t, address)
		<-entered
	}
	cancel()
	if err := <-done; text(err) != "server "+address+": 3 requests cut after 3s" {
		t.Errorf("error %v, want that 3 requests were cut", err)
	}
	if want := "GET /users/{userid}, GET /users/{userid}, GET /users/{userid}"; backend.String() != want {
		t.Errorf("spans %s, want %s", &backend, want)
	}
	if n := strings.Count(log.String(), `"error_type":"aborted"`); n != 3 {
		t.Errorf("%d lines about requests, want 3:\n%s", n, log.String())
	}
	if got := kit.Recorder.Report().Indicators[0].Counts.Valid; got != 3 {
		t.Errorf("%d valid events, want 3", got)
	}
}

// request sends a request until the server listens, and reads its response.
func request(t *testing.T, address string) {
	for t.Context().Err() == nil {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			time.Sleep(time.Millisecond)
			continue
		}
		_, _ = io.WriteString(conn, "GET /users/Lora HTTP/1.1\r\nHost: users\r\n\r\n")
		_, _ = io.ReadAll(conn)
		_ = conn.Close()
		return
	}
}

// A handler whose time was over runs on when its server has ended. The kit
// waits for its span.
func TestHandlerThatOutlivesItsServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var backend received
		kit := mustStart(t, sligo.Options{Admin: "-", NoSignals: true, Drain: -1, Tracing: spans(backend.export).options()})
		go get(kit.Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { time.Sleep(300 * time.Millisecond) })), "/")
		synctest.Wait()
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if err := kit.Run(ctx, newFake(0)); err != nil {
			t.Error(err)
		}
		if backend.String() != "GET unmatched" {
			t.Errorf("spans %s, want one", &backend)
		}
	})
}

// A handler that never returns has no span and no line, and the error says so.
func TestHandlerThatNeverReturns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kit := mustStart(t, sligo.Options{Admin: "-", NoSignals: true, Drain: -1})
		release := make(chan struct{})
		defer close(release)
		go get(kit.Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release })), "/")
		synctest.Wait()
		if err := kit.Shutdown(context.Background()); text(err) != "sligo: 1 request has not ended: its span and line are lost" {
			t.Errorf("error %v, want that a request has not ended", err)
		}
	})
}

// The time that the context of Shutdown leaves is used, however short.
func TestShutdownInLittleTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var backend received
		kit := mustStart(t, sligo.Options{Admin: "-", NoSignals: true, Tracing: spans(func(ctx context.Context, batch []sdktrace.ReadOnlySpan) error {
			time.Sleep(100 * time.Millisecond)
			return backend.export(ctx, batch)
		}).options()})
		get(kit.Handler(api()), "/users/Lora")
		ctx, cancel := context.WithTimeout(context.Background(), 500*time.Millisecond)
		defer cancel()
		if err := kit.Shutdown(ctx); err != nil {
			t.Error(err)
		}
		if backend.String() != "GET /users/{userid}" {
			t.Errorf("spans %s, want one", &backend)
		}
	})
}

// A second Shutdown returns when its own context ends.
func TestSecondShutdownIsNotHeldByTheFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kit := mustStart(t, sligo.Options{Admin: "-", NoSignals: true, Tracing: spans(func(ctx context.Context, _ []sdktrace.ReadOnlySpan) error {
			<-ctx.Done()
			return ctx.Err()
		}).options()})
		get(kit.Handler(api()), "/users/Lora")
		first := make(chan error)
		go func() { first <- kit.Shutdown(context.Background()) }()
		synctest.Wait()
		began := time.Now()
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		err := kit.Shutdown(ctx)
		if took := time.Since(began); took != time.Second || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("returned after %v with %v, want 1s and its deadline", took, err)
		}
		var loss *telemetry.LossError
		if err := <-first; !errors.As(err, &loss) || loss.Counts.Lost() != 1 {
			t.Errorf("the first Shutdown: %v, want one lost span", err)
		}
	})
}

// stubborn is a sink whose Flush ignores its context.
type stubborn struct{ release chan struct{} }

func (stubborn) Write(p []byte) (int, error) { return len(p), nil }

func (s stubborn) Flush(context.Context) error { <-s.release; return nil }

// A sink that hangs does not take the time of another, and its lines are not
// lost if they are written.
func TestEachSinkIsFlushed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hangs := stubborn{make(chan struct{})}
		defer close(hangs.release)
		var log slowLines
		buffer := delivery.NewBuffer(&log, nil)
		kit := mustStart(t, sligo.Options{Admin: "-", NoSignals: true, LogTo: hangs, Logging: logging.Options{Sinks: []logging.Sink{{Name: "buffered", Writer: buffer}}}})
		defer func() { _ = buffer.Close(context.Background()) }()
		for range 3 {
			kit.Log.Info("order")
		}
		if err := kit.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
		if n := strings.Count(log.String(), `"message":"order"`); n != 3 {
			t.Errorf("%d lines, want 3", n)
		}
	})
}

// slowLines is a log that takes a second for each write.
type slowLines struct{ lines }

func (l *slowLines) Write(p []byte) (int, error) {
	time.Sleep(time.Second)
	return l.lines.Write(p)
}

// Lines that a goroutine logs during the end are no loss.
func TestLinesDuringTheEndAreNoLoss(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log slowLines
		kit := mustStart(t, sligo.Options{Admin: "-", NoSignals: true, LogTo: &log})
		ctx, cancel := context.WithCancel(context.Background())
		var chatty sync.WaitGroup
		chatty.Go(func() {
			for ctx.Err() == nil {
				kit.Log.Info("still there")
			}
		})
		defer chatty.Wait()
		defer cancel()
		time.Sleep(90 * time.Second)
		if err := kit.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
	})
}
