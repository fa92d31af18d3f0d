package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/console"
	"github.com/sligo-go/sligo/tracing/otlp"
	"github.com/sligo-go/sligo/tracing/zipkin"
)

// service is one of the shop's services: an HTTP server on its own port, whose
// mux is wrapped once.
type service struct {
	name       string
	recorder   *sli.Recorder
	instrument *middleware.Instrument
	traces     *tracing.Provider
	server     *http.Server
	url        string
}

// startService serves a mux on a free port of this machine. The mux may call
// other services through the instrument. Lines go to logs, unless it is nil.
func startService(name string, logs io.Writer, mux func(*middleware.Instrument) *http.ServeMux) (*service, error) {
	rec, err := sli.NewRecorder(indicatorsOf(name)...)
	traces, err2 := startTracing(name)
	opts, err3 := optionsOf(name, logs, traces)
	instrument, err4 := middleware.New(rec, opts)
	listener, err5 := net.Listen("tcp", "127.0.0.1:0")
	if err := errors.Join(err, err2, err3, err4, err5); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	s := &service{
		name:       name,
		recorder:   rec,
		instrument: instrument,
		traces:     traces,
		url:        "http://" + listener.Addr().String(),
		server: &http.Server{
			Handler:           tellTiming(instrument.Handler(mux(instrument))),
			ReadHeaderTimeout: 5 * time.Second,
			ErrorLog:          log.New(io.Discard, "", 0), // panics are intended
		},
	}
	go s.serve(listener)
	return s, nil
}

// startTracing exports no spans by itself. OpenTelemetry's variables choose the
// receivers, such as OTEL_TRACES_EXPORTER=otlp,zipkin.
func startTracing(name string) (*tracing.Provider, error) {
	return tracing.Start(context.Background(), name, &tracing.Options{
		Selectable: []tracing.Exporter{otlp.Exporter(nil), zipkin.Exporter(nil), console.Exporter(nil)},
	})
}

// optionsOf returns the options of a service's instrument: spans and request
// IDs always, and an access log if there is a writer for it.
func optionsOf(name string, logs io.Writer, traces *tracing.Provider) (*middleware.Options, error) {
	opts := &middleware.Options{
		Spans:     &middleware.SpanOptions{TracerProvider: traces.TracerProvider(), Propagator: traces.Propagator()},
		RequestID: &middleware.IDOptions{},
		Done:      keepTiming,
	}
	if logs == nil {
		return opts, nil
	}
	handler, err := logging.New(name, logs, &logging.Options{Trace: tracing.IDs})
	if err != nil {
		return nil, err
	}
	opts.AccessLog = &middleware.LogOptions{Logger: slog.New(handler)}
	return opts, nil
}

// shutdown stops the service after it has answered its current requests, and
// exports its last spans.
func (s *service) shutdown(ctx context.Context) error {
	return errors.Join(s.server.Shutdown(ctx), s.traces.Shutdown(ctx))
}

func (s *service) serve(listener net.Listener) {
	if err := s.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		log.Printf("%s: %v", s.name, err)
	}
}

// The services send their clients the measured duration in a trailer, so that
// clients judge latency by the same reading but count it themselves.
const timingTrailer = "Server-Timing"

type timingKey struct{}

// tellTiming sends the duration from keepTiming.
func tellTiming(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var took time.Duration
		w.Header().Set("Trailer", timingTrailer)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), timingKey{}, &took)))
		w.Header().Set(timingTrailer, fmt.Sprintf("app;dur=%.6f", took.Seconds()*1000))
	})
}

// keepTiming stores the duration of a request for tellTiming.
func keepTiming(r middleware.Record) {
	if r.Request == nil {
		return
	}
	if took, ok := r.Request.Context().Value(timingKey{}).(*time.Duration); ok {
		*took = r.Event.Duration
	}
}
