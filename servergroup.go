package sligo

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"
)

// serverGroup is the servers of one Run.
type serverGroup struct {
	servers []*served
	ended   chan *served // has room for all servers
	open    int          // servers that have not ended
}

func newServerGroup(servers []Server) *serverGroup {
	g := &serverGroup{ended: make(chan *served, len(servers)), open: len(servers)}
	for _, s := range servers {
		g.servers = append(g.servers, serve(s, func(s *served) { g.ended <- s }))
	}
	return g
}

// wait returns when the service has to end.
func (g *serverGroup) wait(ctx context.Context, signals <-chan os.Signal, k *Kit) ending {
	for {
		select {
		case s := <-signals:
			e := ending{reason: "signal " + s.String(), signaled: true}
			if s == syscall.SIGTERM {
				e.drain = k.drain
			}
			return e
		case <-ctx.Done():
			return ending{reason: fmt.Sprint(context.Cause(ctx)), drain: k.drain}
		case <-k.stop:
			return ending{reason: "Shutdown"}
		case s := <-g.ended:
			g.open--
			if s.err != nil {
				return ending{reason: s.err.Error()}
			}
			if g.open == 0 {
				return ending{reason: "all servers have ended"}
			}
		}
	}
}

// drain tells the servers that their end begins.
func (g *serverGroup) drain() {
	for _, s := range g.servers {
		if d, ok := s.Server.(interface{ Drain() }); ok {
			d.Drain()
		}
	}
}

// shutdown ends all servers within three quarters of the time-out from the
// beginning of the end, and returns their errors. InFlight returns the number
// of requests in flight.
func (g *serverGroup) shutdown(began time.Time, timeout time.Duration, inFlight func() int) error {
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	left, within := 0, timeout*3/4
	// A server may cut its requests as soon as ctx ends, so they count before.
	over := time.AfterFunc(time.Until(began.Add(within)), func() {
		left = inFlight()
		cancel(context.DeadlineExceeded)
	})
	defer over.Stop()
	errs := make([]error, len(g.servers))
	cut := make([]bool, len(g.servers))
	var wg sync.WaitGroup
	for i, s := range g.servers {
		wg.Go(func() { cut[i], errs[i] = s.shutdown(ctx, grace(timeout)) })
	}
	wg.Wait()
	var names []string
	for i, s := range g.servers {
		if cut[i] {
			names = append(names, s.name)
		}
	}
	return errors.Join(append(errs, g.failures(), cutError(names, left, within))...)
}

// cutError says that servers were closed with n requests in flight. The
// instrument counts the requests of all servers together.
func cutError(servers []string, n int, within time.Duration) error {
	switch names := strings.Join(servers, ", "); {
	case len(servers) == 0:
		return nil
	case n == 0:
		return fmt.Errorf("%s %s: not drained after %v", plural(len(servers), "server"), names, within)
	default:
		return fmt.Errorf("%s %s: %d %s cut after %v", plural(len(servers), "server"), names, n, plural(n, "request"), within)
	}
}

func plural(n int, noun string) string {
	if n == 1 {
		return noun
	}
	return noun + "s"
}

// failures returns the errors of the servers that ended by themselves.
func (g *serverGroup) failures() error {
	var errs []error
	for _, s := range g.servers {
		select {
		case <-s.done:
			errs = append(errs, s.err)
		default:
		}
	}
	return errors.Join(errs...)
}
