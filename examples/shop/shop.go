package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/sligo-go/sligo"
	"github.com/sligo-go/sligo/budget/statuspage"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo/slofile"
)

// promises is the file with the objectives of all services.
//
//go:embed slo.yaml
var promises []byte

// serviceNames are the names of the services, callers before the services that
// they call.
var serviceNames = []string{"shop", "orders", "shipping", "users"}

// shop consists of four services and their customers.
type shop struct {
	config    config
	promises  *slofile.File
	logs      io.WriteCloser
	metrics   *prometheus.Registry // of all services
	faults    *faults
	tally     *tally
	customers *client
	services  map[string]*service
	tracker   *tracker         // of the service orders
	status    *statuspage.Page // of all services
	admin     *http.Server     // listens on its Addr
	stopped   atomic.Bool      // the customers have all their answers
}

// open starts the services.
func open(c config) (*shop, error) {
	file, err := slofile.Parse("slo.yaml", promises, &slofile.Options{Environment: c.env})
	if err != nil {
		return nil, err
	}
	s := &shop{
		config: c, promises: file, metrics: prometheus.NewRegistry(), services: make(map[string]*service),
		faults: newFaults(c.faults, c.seed), tally: &tally{counts: make(map[string]sli.Counts)},
	}
	s.metrics.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	s.customers = newClient(s.faults, s.tally)
	if s.logs, err = openLog(c.log); err != nil {
		return nil, err
	}
	for _, name := range serviceNames {
		if s.services[name], err = s.newService(name); err != nil {
			return nil, fmt.Errorf("start %s: %w", name, err)
		}
	}
	return s, errors.Join(s.start(), s.showPage(), s.serveAdmin())
}

// showPage makes the status page of all services.
func (s *shop) showPage() (err error) {
	var kits []*sligo.Kit
	for _, name := range serviceNames {
		kits = append(kits, s.services[name].kit)
	}
	s.status, err = sligo.StatusPage(&statuspage.Options{Title: "Shop"}, kits...)
	return err
}

// start connects the services and starts their servers.
func (s *shop) start() (err error) {
	pages, orders, shipping, users := s.services["shop"], s.services["orders"], s.services["shipping"], s.services["users"]
	s.tracker, err = newTracker(shipping.addr(), orders.kit.Instrument, s.faults, s.tally)
	if err != nil {
		return err
	}
	users.start(users.overHTTP(usersMux()))
	shipping.start(shipping.overGRPC(&parcels{users: s.customers.of(shipping.kit), usersURL: users.url()}))
	orders.start(orders.overHTTP(ordersMux(s.tracker)))
	pages.start(pages.overHTTP(pagesMux(users.url(), orders.url(), s.customers.of(pages.kit))))
	return nil
}

// openLog returns the file for the logs, if there is one.
func openLog(name string) (io.WriteCloser, error) {
	if name == "" {
		return os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	}
	return os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
}

// serve lets customers in and prints a table at each interval, until ctx ends
// and the customers have all their answers.
func (s *shop) serve(ctx context.Context, out io.Writer) {
	var traffic sync.WaitGroup
	traffic.Go(func() { s.makeTraffic(ctx) })
	ticks := time.NewTicker(s.config.every)
	defer ticks.Stop()
	for ctx.Err() == nil {
		select {
		case <-ticks.C:
			s.printTable(out)
		case <-ctx.Done():
		}
	}
	traffic.Wait()
}

// makeTraffic runs the customers until their time is over.
func (s *shop) makeTraffic(ctx context.Context) {
	if s.config.traffic > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.config.traffic)
		defer cancel()
	}
	s.runCustomers(ctx)
	s.stopped.Store(true)
}

// close ends the services, each after the services that call it, so that no
// call fails. The admin address is last, for a last scrape.
func (s *shop) close() error {
	s.status.Close()        // ends live updates
	s.customers.closeIdle() // a server waits for connections without a request
	for _, name := range serviceNames {
		s.services[name].stop()
	}
	var errs []error
	for _, name := range serviceNames {
		if err := <-s.services[name].ended; err != nil {
			errs = append(errs, fmt.Errorf("stop %s: %w", name, err))
		}
	}
	return errors.Join(append(errs, s.tracker.conn.Close(), s.admin.Close(), s.logs.Close())...)
}
