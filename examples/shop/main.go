// Command shop is an online shop with instrumented services, customers, and
// faults on request.
//
// Four services call each other on this machine: shop serves the pages, users
// and orders serve the data of the page /profile/{userid}, and shipping tells
// orders over gRPC where the parcels are. Customers browse the pages all the
// time. /metrics and /status show the measurements, and the program prints a
// table of them every few seconds. The flag -log writes the access logs of the
// services, and OpenTelemetry's variables choose where their traces go:
// OTEL_TRACES_EXPORTER=otlp.
//
// The customers keep their own tally. If the counters differ from it at the
// end, even by one event, the exit status is 1.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"google.golang.org/grpc/grpclog"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("shop: ")
	// Panics are intended.
	grpclog.SetLoggerV2(grpclog.NewLoggerV2(io.Discard, io.Discard, io.Discard))
	c, err := parseFlags(os.Args[0], os.Args[1:])
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		log.Print(err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, c); err != nil {
		log.Print(err)
		stop()
		os.Exit(1)
	}
}

// run serves the shop until the time is over or ctx ends. It returns an error
// if the counts of the services and of the customers differ.
func run(ctx context.Context, c config) error {
	if c.lasts > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.lasts)
		defer cancel()
	}
	s, err := open(c)
	if err != nil {
		return err
	}
	admin, err := s.serveAdmin()
	if err != nil {
		return err
	}
	defer admin.Close()
	var traffic sync.WaitGroup
	traffic.Go(func() { s.makeTraffic(ctx) })
	s.printUntil(ctx, c.every)
	traffic.Wait()
	err = s.close()
	printTable(os.Stdout, s)
	if err := errors.Join(err, s.verify()); err != nil {
		return err
	}
	fmt.Println("\nThe counters of the services equal the tally of their clients.")
	return nil
}

// serveAdmin serves /metrics and /status and prints where they are.
func (s *shop) serveAdmin() (*http.Server, error) {
	listener, err := listen(s.config.addr)
	if err != nil {
		return nil, err
	}
	server := &http.Server{Handler: s.admin(), ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = server.Serve(listener) }()
	fmt.Printf("http://%[1]s/metrics  http://%[1]s/status  shop: %[2]s\n", listener.Addr(), s.services[0].url())
	return server, nil
}

// The default addresses are IP addresses, because a root without /etc/hosts
// cannot resolve localhost.
const (
	wellKnownAddr = "127.0.0.1:8080"
	freeAddr      = "127.0.0.1:0"
)

// listen listens on an address, by default on a well-known port if it is free.
func listen(addr string) (net.Listener, error) {
	if addr != "" {
		return net.Listen("tcp", addr)
	}
	listener, err := net.Listen("tcp", wellKnownAddr)
	if err != nil {
		listener, err = net.Listen("tcp", freeAddr)
	}
	return listener, err
}

// shop consists of four services and their customers.
type shop struct {
	config    config
	logs      *os.File // nil without an access log
	services  []*service
	customers *client
	tracker   *tracker // of the service orders
	history   history
	stopped   atomic.Bool // the customers have all their answers
}

// open starts the services.
func open(c config) (*shop, error) {
	s := &shop{config: c, customers: newClient(c.faults, c.seed)}
	logs, err := s.openLog()
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"shop", "orders", "shipping", "users"} {
		service, err := newService(name, logs)
		if err != nil {
			return nil, err
		}
		s.services = append(s.services, service)
	}
	return s, s.start()
}

// start starts the servers, each with its clients of the others.
func (s *shop) start() (err error) {
	pages, orders, parcels, users := s.services[0], s.services[1], s.services[2], s.services[3]
	s.tracker, err = newTracker(parcels.addr(), orders.instrument, s.customers.tally)
	if err != nil {
		return err
	}
	users.start(users.overHTTP(usersMux()))
	ship := &shipping{users: s.customers.through(parcels.instrument), usersURL: users.url()}
	parcels.start(parcels.overGRPC(ship.register))
	orders.start(orders.overHTTP(ordersMux(s.tracker)))
	pages.start(pages.overHTTP(pagesMux(users.url(), orders.url(), s.customers.through(pages.instrument))))
	return nil
}

// openLog returns the file for the access logs, or nil.
func (s *shop) openLog() (io.Writer, error) {
	if s.config.log == "" {
		return nil, nil
	}
	var err error
	s.logs, err = os.OpenFile(s.config.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	return s.logs, err
}

// makeTraffic runs the customers until their time is over.
func (s *shop) makeTraffic(ctx context.Context) {
	if s.config.traffic > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.config.traffic)
		defer cancel()
	}
	t := traffic{
		client: s.customers, perSecond: s.config.rate, customers: s.config.customers,
		shop: s.services[0].url(), orders: s.services[1].url(), users: s.services[3].url(),
	}
	t.run(ctx)
	s.stopped.Store(true)
}

// printUntil prints a table at each interval until ctx ends.
func (s *shop) printUntil(ctx context.Context, every time.Duration) {
	print, sample := time.NewTicker(every), time.NewTicker(time.Second)
	defer print.Stop()
	defer sample.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-sample.C:
			s.history.sample(s.counts())
		case <-print.C:
			printTable(os.Stdout, s)
		}
	}
}

// close stops the services after they have answered their current requests.
func (s *shop) close() error {
	s.customers.closeIdle() // Shutdown waits for connections without a request
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	var errs []error
	for _, service := range s.services {
		errs = append(errs, service.shutdown(ctx))
	}
	errs = append(errs, s.tracker.conn.Close())
	if s.logs != nil {
		errs = append(errs, s.logs.Close())
	}
	return errors.Join(errs...)
}

// verify compares the counts of the services with the tally of the customers.
func (s *shop) verify() error {
	var errs []error
	slos, journeys := s.rows()
	for _, r := range append(slos, journeys...) {
		if r.Counts != r.Clients {
			errs = append(errs, fmt.Errorf("%s: counted %v, but its clients counted %v", r.name(), r.Counts, r.Clients))
		}
	}
	return errors.Join(errs...)
}
