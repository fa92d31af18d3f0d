// Command shop is an online shop of four services, with customers and with
// faults on request.
//
// The services call each other on this machine: shop serves the pages, users
// and orders serve the data of the page /profile/{userid}, and shipping tells
// orders over gRPC where the parcels are. Each has a kit, which measures it.
// Customers browse the pages all the time, and a page on the admin address
// makes the services fail.
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
	"os"
	"os/signal"
	"syscall"

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
	context.AfterFunc(ctx, stop) // a second signal exits at once
	if err := run(ctx, c, os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// run opens the shop until its time is over or ctx ends. It returns an error if
// something was lost, or if the counters differ from the tally.
func run(ctx context.Context, c config, out io.Writer) error {
	if c.lasts > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.lasts)
		defer cancel()
	}
	s, err := open(c)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "admin: http://%s/  shop: %s/  objectives: http://%s/slo/\n", s.admin.Addr, s.services["shop"].url(), s.admin.Addr)
	s.serve(ctx, out)
	lost := s.close()
	s.printTable(out)
	if err := s.verify(); err != nil {
		return errors.Join(lost, err)
	}
	fmt.Fprintln(out, "\nThe counters of the services equal the tally of their clients.")
	return lost
}
