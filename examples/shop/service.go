package main

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/grpc"

	"github.com/sligo-go/sligo"
	"github.com/sligo-go/sligo/examples/shop/shippingpb"
	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/middleware/sligrpc"
	"github.com/sligo-go/sligo/slo"
)

// service is one of the shop's services: a kit and a server on its own port.
type service struct {
	kit      *sligo.Kit
	listener net.Listener
	end      context.CancelFunc // ends Run
	drained  chan struct{}      // closed when the server has shut down
	ended    chan error         // has the error of Run
}

// newService starts a kit. The server of the service is still to be started.
func (s *shop) newService(name string) (*service, error) {
	own := s.objectivesOf(name)
	indicators := slo.Indicators(own)
	kit, err := sligo.Start(own, &sligo.Options{
		LogTo:  s.logs,
		Policy: s.promises.Policy,
		Middleware: middleware.Options{Done: func(r middleware.Record) {
			keepTiming(r)
			s.tally.countLeft(indicators, r)
		}},
		// The services share a process, and so the metrics and the end.
		Admin: "-", Registry: prometheus.NewRegistry(), NoSignals: true, Drain: -1,
	})
	addr, preferred := "", freeAddr
	if name == "shop" {
		addr, preferred = s.config.addr, pagesAddr
	}
	listener, err2 := listen(addr, preferred)
	if err := errors.Join(err, err2); err != nil {
		return nil, err
	}
	prometheus.WrapRegistererWith(prometheus.Labels{"service_name": name}, s.metrics).MustRegister(kit.Registry)
	return &service{kit: kit, listener: listener, drained: make(chan struct{}), ended: make(chan error, 1)}, nil
}

// objectivesOf returns the objectives of a service.
func (s *shop) objectivesOf(service string) (own []slo.Objective) {
	for _, o := range s.promises.Objectives {
		if o.Indicator.Service == service {
			own = append(own, o)
		}
	}
	return own
}

// overHTTP returns a server for a mux, whose requests the kit measures.
func (s *service) overHTTP(mux *http.ServeMux) server {
	return &http.Server{
		Handler:           tellTiming(s.kit.Handler(mux)),
		ReadHeaderTimeout: 5 * time.Second,
		ErrorLog:          log.New(io.Discard, "", 0), // the kit logs panics
	}
}

// overGRPC returns a server whose calls the kit measures. The options of
// sligrpc come first, so that they see calls that other interceptors refuse.
func (s *service) overGRPC(p *parcels) server {
	g := grpc.NewServer(append(sligrpc.ServerOptions(s.kit.Instrument), grpc.ChainUnaryInterceptor(faultyCall))...)
	shippingpb.RegisterShippingServer(g, p)
	return sligrpc.Server("", g)
}

// start runs the service until stop.
func (s *service) start(server server) {
	ctx, cancel := context.WithCancel(context.Background())
	s.end = cancel
	go func() { s.ended <- s.kit.Run(ctx, listening{server, s.listener, s.drained}) }()
}

// stop ends the service, and waits for its current requests. The kit then sends
// the last spans.
func (s *service) stop() {
	s.end()
	<-s.drained
}

// addr returns the address of the service, such as "127.0.0.1:43210".
func (s *service) addr() string { return s.listener.Addr().String() }

// url returns the URL of a service that speaks HTTP.
func (s *service) url() string { return "http://" + s.addr() }
