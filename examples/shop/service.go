package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"time"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
)

// service is one of the shop's services: an HTTP server on its own port, whose
// mux is wrapped once.
type service struct {
	name       string
	recorder   *sli.Recorder
	instrument *middleware.Instrument
	server     *http.Server
	url        string
}

// startService serves mux on a free port of this machine.
func startService(name string, mux *http.ServeMux) (*service, error) {
	rec, err := sli.NewRecorder(indicatorsOf(name)...)
	instrument, err2 := middleware.New(rec, &middleware.Options{Done: keepTiming})
	listener, err3 := net.Listen("tcp", "127.0.0.1:0")
	if err := errors.Join(err, err2, err3); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	s := &service{
		name:       name,
		recorder:   rec,
		instrument: instrument,
		url:        "http://" + listener.Addr().String(),
		server: &http.Server{
			Handler:           tellTiming(instrument.Handler(mux)),
			ReadHeaderTimeout: 5 * time.Second,
			ErrorLog:          log.New(io.Discard, "", 0), // panics are intended
		},
	}
	go s.serve(listener)
	return s, nil
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
	if took, ok := r.Request.Context().Value(timingKey{}).(*time.Duration); ok {
		*took = r.Event.Duration
	}
}
