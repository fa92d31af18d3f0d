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

// service is one of the shop's services: an HTTP server on a port of its own, its handlers wrapped
// once.
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
	if err != nil {
		return nil, err
	}
	instrument, err := middleware.New(rec, &middleware.Options{Done: keepTiming})
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &service{
		name:       name,
		recorder:   rec,
		instrument: instrument,
		url:        "http://" + listener.Addr().String(),
		server: &http.Server{
			Handler:           tellTiming(instrument.Handler(mux)),
			ReadHeaderTimeout: 5 * time.Second,
			ErrorLog:          log.New(io.Discard, "", 0), // of panics that are made on purpose
		},
	}
	go func() {
		if err := s.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			log.Printf("%s: %v", name, err)
		}
	}()
	return s, nil
}

// The services tell their clients, in a trailer, how long they measured a request to take, so that the
// clients can judge latency by the same reading and yet count for themselves.
const timingTrailer = "Server-Timing"

type timingKey struct{}

// tellTiming sends the duration that keepTiming kept.
func tellTiming(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var took time.Duration
		w.Header().Set("Trailer", timingTrailer)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), timingKey{}, &took)))
		w.Header().Set(timingTrailer, fmt.Sprintf("app;dur=%.6f", took.Seconds()*1000))
	})
}

// keepTiming keeps an event's duration for tellTiming.
func keepTiming(r *http.Request, e sli.Event) {
	if took, ok := r.Context().Value(timingKey{}).(*time.Duration); ok {
		*took = e.Duration
	}
}
