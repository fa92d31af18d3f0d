package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
)

// faults are the shares of calls that fail on purpose, from 0 to 1.
type faults struct{ errors, slow, panics, hangups float64 }

// pick returns the fault of one call, or "".
func (f faults) pick(rng *rand.Rand) string {
	x := rng.Float64()
	for _, fault := range []struct {
		share float64
		name  string
	}{
		{f.errors, faultError}, {f.slow, faultSlow}, {f.panics / 2, faultPanicEarly},
		{f.panics / 2, faultPanicLate}, {f.hangups, faultHangup},
	} {
		if x < fault.share {
			return fault.name
		}
		x -= fault.share
	}
	return ""
}

// call is one call of a service's operation.
type call struct {
	service   string
	indicator string // the availability indicator that counts it, or ""
	url       string
}

// client calls the services, for customers or for a service. From the responses
// it keeps its own tally of the counts that each indicator should have. It is
// safe for concurrent use.
type client struct {
	*tally

	// Requests whose connection will be closed use fresh. On a kept connection,
	// net/http would take it for a stale one and send the request again.
	kept, fresh http.RoundTripper
}

// tally is the part that all clients share.
type tally struct {
	faults faults
	idle   []*http.Transport

	mu     sync.Mutex // guards the fields below
	rng    *rand.Rand
	counts map[string]sli.Counts // by the objective's ID
}

// through returns a client whose calls an instrument sees.
func (c *client) through(in *middleware.Instrument) *client {
	return &client{c.tally, in.Transport(c.kept), in.Transport(c.fresh)}
}

func newClient(f faults, seed uint64) *client {
	fresh := http.DefaultTransport.(*http.Transport).Clone()
	fresh.DisableKeepAlives = true
	kept := http.DefaultTransport.(*http.Transport).Clone()
	kept.MaxIdleConnsPerHost = 100
	t := &tally{faults: f, idle: []*http.Transport{kept, fresh}, rng: rand.New(rand.NewPCG(seed, 0)), counts: make(map[string]sli.Counts)}
	return &client{t, kept, fresh}
}

var (
	errHungUp   = errors.New("hung up")
	errNotFound = errors.New("not found")
)

// seen is the client's view of a call.
type seen struct {
	status int           // 0 if there was no response
	took   time.Duration // measured by the service
	broken bool          // the response is incomplete
	hungUp bool          // the client disconnected
}

// get makes a call and tallies it. It returns the body, or an error if the
// status is not 200.
func (c *client) get(ctx context.Context, to call) ([]byte, error) {
	s, body := c.try(ctx, to.url, c.pickFault())
	if to.indicator != "" {
		c.count(to, s)
	}
	switch {
	case s.hungUp:
		return nil, errHungUp
	case s.status == http.StatusNotFound && !s.broken:
		return nil, errNotFound
	case s.status != http.StatusOK || s.broken:
		return nil, fmt.Errorf("%s: status %d", to.url, s.status)
	}
	return body, nil
}

func (c *client) try(ctx context.Context, url, fault string) (seen, []byte) {
	ctx, hangUp := context.WithCancel(context.WithoutCancel(ctx))
	defer hangUp()
	resp, err := c.send(ctx, url, fault)
	if err != nil {
		return seen{broken: true}, nil
	}
	defer resp.Body.Close()
	if fault == faultHangup {
		return seen{status: resp.StatusCode, hungUp: true}, nil
	}
	body, err := io.ReadAll(resp.Body)
	took, ok := parseTiming(resp.Trailer.Get(timingTrailer))
	return seen{status: resp.StatusCode, took: took, broken: err != nil || !ok}, body
}

// send sends the request of a call.
func (c *client) send(ctx context.Context, url, fault string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	if fault != "" {
		r.Header.Set(faultHeader, fault)
	}
	if fault == faultPanicEarly || fault == faultPanicLate || fault == faultHangup {
		return c.fresh.RoundTrip(r)
	}
	return c.kept.RoundTrip(r)
}

// parseTiming parses a Server-Timing like "app;dur=12.345678".
func parseTiming(text string) (time.Duration, bool) {
	_, ms, found := strings.Cut(text, "dur=")
	f, err := strconv.ParseFloat(ms, 64)
	return time.Duration(math.Round(f * 1e6)), found && err == nil
}

// pickFault returns the fault of the next call, or "".
func (t *tally) pickFault() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.faults.pick(t.rng)
}

// count adds a call to the tally. It does not use the library, because it
// checks the library's counts.
func (t *tally) count(to call, s seen) {
	succeeded := !s.broken && s.status >= 200 && s.status <= 499
	t.mu.Lock()
	defer t.mu.Unlock()
	if !s.hungUp {
		t.add(to.service+"/"+to.indicator, succeeded)
	}
	if to.indicator == "availability" && succeeded && !s.hungUp {
		t.add(to.service+"/latency", s.took <= latencyBound)
	}
}

// add adds an event to the tally. The caller holds t.mu.
func (t *tally) add(id string, good bool) {
	counts := t.counts[id]
	counts.Valid++
	if good {
		counts.Good++
	}
	t.counts[id] = counts
}

// closeIdle closes the connections that no call uses.
func (t *tally) closeIdle() {
	for _, transport := range t.idle {
		transport.CloseIdleConnections()
	}
}

// countsOf returns the tally of an objective by its ID.
func (t *tally) countsOf(id string) sli.Counts {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.counts[id]
}
