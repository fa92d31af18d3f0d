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

	"google.golang.org/grpc"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/middleware/sligrpc"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/console"
	"github.com/sligo-go/sligo/tracing/otlp"
	"github.com/sligo-go/sligo/tracing/zipkin"
)

// service is one of the shop's services: a server on its own port, which an
// instrument measures.
type service struct {
	name       string
	recorder   *sli.Recorder
	instrument *middleware.Instrument
	traces     *tracing.Provider
	listener   net.Listener
	server     server
}

// server is an http.Server, or a gRPC server from sligrpc.Server.
type server interface {
	Serve(net.Listener) error
	Shutdown(context.Context) error
}

// newService listens on a free port of this machine. The server of the service
// is still to be started. Lines go to logs, unless it is nil.
func newService(name string, logs io.Writer) (*service, error) {
	rec, err := sli.NewRecorder(indicatorsOf(name)...)
	traces, err2 := startTracing(name)
	opts, err3 := optionsOf(name, logs, traces)
	instrument, err4 := middleware.New(rec, opts)
	listener, err5 := net.Listen("tcp", freeAddr)
	if err := errors.Join(err, err2, err3, err4, err5); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	return &service{name: name, recorder: rec, instrument: instrument, traces: traces, listener: listener}, nil
}

// addr returns the address of the service, such as "127.0.0.1:43210".
func (s *service) addr() string { return s.listener.Addr().String() }

// url returns the URL of a service that speaks HTTP.
func (s *service) url() string { return "http://" + s.addr() }

// start starts the server of the service.
func (s *service) start(server server) {
	s.server = server
	go func() {
		if err := server.Serve(s.listener); err != nil && !errors.Is(err, http.ErrServerClosed) {
			log.Printf("%s: %v", s.name, err)
		}
	}()
}

// overHTTP returns a server for a mux, which the instrument wraps once.
func (s *service) overHTTP(mux *http.ServeMux) server {
	return &http.Server{
		Handler:           tellTiming(s.instrument.Handler(mux)),
		ReadHeaderTimeout: 5 * time.Second,
		ErrorLog:          log.New(io.Discard, "", 0), // panics are intended
	}
}

// overGRPC returns a server for the services that register adds. The options of
// sligrpc come first, so that they see calls that other interceptors refuse.
func (s *service) overGRPC(register func(grpc.ServiceRegistrar)) server {
	g := grpc.NewServer(append(sligrpc.ServerOptions(s.instrument), grpc.ChainUnaryInterceptor(faultyCall))...)
	register(g)
	return sligrpc.Server("", g)
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
