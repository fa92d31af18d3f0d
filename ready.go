package sligo

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// checkTimeout bounds one readiness check. Kubernetes waits 1 s by default,
// others longer.
const checkTimeout = 5 * time.Second

// checks are the readiness checks in the order of their registration.
type checks struct {
	mu  sync.Mutex // guards all
	all []*check
}

// check is one readiness check. Probes that arrive while it runs share its
// result, so that a check that hangs costs one goroutine.
type check struct {
	name string
	ask  func(context.Context) error

	mu      sync.Mutex // guards running
	running *checkRun  // nil if it does not run
}

type checkRun struct {
	done chan struct{} // closed when err is set
	err  error
}

// Ready makes /readyz depend on a check of something that requests need, such
// as the Ping of a database. The check must not depend on another service's
// readiness, or one failure takes down all services. It has 5 s, and it may run
// at the same time as other checks. A later check of the same name replaces the
// earlier one.
func (k *Kit) Ready(name string, check func(context.Context) error) {
	k.checks.add(name, check)
}

func (c *checks) add(name string, ask func(context.Context) error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	added := &check{name: name, ask: ask}
	for i := range c.all {
		if c.all[i].name == name {
			c.all[i] = added
			return
		}
	}
	c.all = append(c.all, added)
}

// failures runs all checks at the same time and returns the errors of those
// that fail, in order.
func (c *checks) failures(ctx context.Context) []error {
	c.mu.Lock()
	all := append([]*check(nil), c.all...)
	c.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	errs := make([]error, len(all))
	var wg sync.WaitGroup
	for i, check := range all {
		wg.Go(func() { errs[i] = check.result(ctx) })
	}
	wg.Wait()
	var failed []error
	for i, err := range errs {
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", all[i].name, err))
		}
	}
	return failed
}

// result returns the result of the check that runs, or runs it.
func (c *check) result(ctx context.Context) error {
	run := c.start()
	select {
	case <-run.done:
		return run.err
	case <-ctx.Done():
		return errors.New("the check has not returned in time")
	}
}

func (c *check) start() *checkRun {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.running != nil {
		return c.running
	}
	run := &checkRun{done: make(chan struct{})}
	c.running = run
	go func() {
		// A prober that leaves does not end the check of the others.
		ctx, cancel := context.WithTimeout(context.Background(), checkTimeout)
		defer cancel()
		run.err = c.call(ctx)
		c.mu.Lock()
		c.running = nil
		c.mu.Unlock()
		close(run.done)
	}()
	return run
}

// call turns a panic of the check into an error.
func (c *check) call(ctx context.Context) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = fmt.Errorf("the check panicked: %v", value)
		}
	}()
	return c.ask(ctx)
}
