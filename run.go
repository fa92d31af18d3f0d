package sligo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// Run serves until SIGTERM or SIGINT, the end of ctx, the failure of a server,
// or [Kit.Shutdown]. It logs the settings, serves [Kit.Admin], and runs
// the servers. Then it shuts the service down:
//
//  1. /readyz answers 503, gRPC's health service NOT_SERVING, responses ask
//     clients to close their connections, and live updates of the status page
//     end.
//  2. The servers still serve for Options.Drain, except after SIGINT, a
//     failure or Shutdown.
//  3. All servers shut down at the same time. Requests in flight keep their
//     context and may finish. After three quarters of Options.Timeout, the
//     servers are closed, and handlers have half a second to return.
//  4. The snapshot of the budgets is saved.
//  5. The last spans are sent, for at most 5 s, and buffered log lines are
//     written.
//  6. The admin listener closes last, so that a last scrape can still come.
//     Events after the last scrape are lost to Prometheus.
//
// All of it takes Options.Timeout at most, whatever state the backends are in.
// A second signal exits at once with status 1. With Options.NoSignals, the
// program handles signals itself.
//
// The error joins everything that was lost: the error of a server, requests
// that were cut or have not ended, and a [*telemetry.LossError] for spans and
// lines. Nil means that nothing was lost. A snapshot that cannot be written is
// a warning in the log. If the admin address is taken, the service runs without
// it and logs an error.
//
// An [http.Server] does not wait for hijacked connections, such as WebSockets,
// and waits for event streams until it is closed. End both in a function of its
// RegisterOnShutdown.
//
// A kit runs once. Run without servers is for a service that serves nothing,
// such as a consumer of a queue.
func (k *Kit) Run(ctx context.Context, servers ...Server) error {
	if err := k.begin(servers); err != nil {
		return err
	}
	defer close(k.stopped)
	signals := make(chan os.Signal, 2)
	if !k.noSignals {
		signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
		defer signal.Stop(signals)
	}
	admin := k.serveAdmin()
	k.announce()
	g := newServerGroup(servers)
	e := g.wait(ctx, signals, k)
	defer exitOnSignal(signals, e.signaled)()
	return k.end(g, e, func(ctx context.Context) { closeAdmin(ctx, admin) })
}

// begin checks the servers, and that Run is called once.
func (k *Kit) begin(servers []Server) error {
	for i, s := range servers {
		if s == nil {
			return fmt.Errorf("sligo: servers[%d] is nil", i)
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	select {
	case <-k.stop:
		return errors.New("sligo: Run after Shutdown")
	default:
	}
	if k.running {
		return errors.New("sligo: Run was called before")
	}
	k.running = true
	return nil
}

// ending says why and how a service ends.
type ending struct {
	reason   string
	signaled bool
	drain    time.Duration
}

// exitOnSignal exits at the next signal if one was received, and else at the
// second. The function that it returns ends that.
func exitOnSignal(signals <-chan os.Signal, received bool) func() {
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-signals:
				if received {
					os.Exit(1)
				}
				received = true
			case <-quit:
				return
			}
		}
	}()
	return func() { close(quit); <-done }
}

// end ends the service and returns the losses.
func (k *Kit) end(g *serverGroup, e ending, closeAdmin func(context.Context)) error {
	began := time.Now()
	ctx, cancel := context.WithDeadline(context.Background(), began.Add(k.timeout))
	defer cancel()
	k.draining.Store(true)
	k.say(slog.LevelInfo, "Service stopping", slog.String("reason", e.reason), slog.String("drain", e.drain.String()))
	g.drain()
	go k.page.Close() // waits for functions of Options.Page
	k.pause(e.drain)
	err := g.shutdown(began, k.timeout, k.Instrument.InFlight)
	err = errors.Join(err, k.finish(ctx))
	closeAdmin(ctx)
	return err
}

// pause waits for the drain, or until Shutdown wants the end.
func (k *Kit) pause(drain time.Duration) {
	select {
	case <-time.After(drain):
	case <-k.stop:
	}
}
