package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/sligo-go/sligo"
)

// client calls services over HTTP, for customers or for a service, and tallies
// the answers. It is safe for concurrent use.
type client struct {
	faults *faults
	tally  *tally

	// Calls with a fault use fresh. On a connection that was used before,
	// net/http takes an end for its idle time-out and sends the request again.
	kept, fresh *http.Client
}

func newClient(f *faults, t *tally) *client {
	kept := http.DefaultTransport.(*http.Transport).Clone()
	kept.MaxIdleConnsPerHost = 100
	fresh := kept.Clone()
	fresh.DisableKeepAlives = true
	return &client{f, t, &http.Client{Transport: kept}, &http.Client{Transport: fresh}}
}

// of returns a client whose calls a service's kit measures.
func (c *client) of(kit *sligo.Kit) *client {
	kept := &http.Client{Transport: kit.Transport(c.kept.Transport)}
	fresh := &http.Client{Transport: kit.Transport(c.fresh.Transport)}
	return &client{c.faults, c.tally, kept, fresh}
}

// call is one call of a service's operation.
type call struct {
	service   string
	indicator string // the indicator of availability that counts it, or ""
	url       string
}

// answer is a client's view of a call.
type answer struct {
	status int // 0 if there was no response
	body   []byte
	took   time.Duration // measured by the service
	broken bool          // the response is incomplete
}

var errNotFound = errors.New("not found")

// stay is how long a client waits that disconnects on purpose.
const stay = 10 * time.Millisecond

// get makes a call and returns the body, or an error if the status is not 200.
// It does not end with ctx, so that the tally knows the answer.
func (c *client) get(ctx context.Context, to call) ([]byte, error) {
	ctx, hangUp := context.WithCancel(context.WithoutCancel(ctx))
	defer hangUp()
	fault := c.faults.pick(to.service)
	if fault == faultHangups {
		time.AfterFunc(stay, hangUp)
	}
	a := c.send(ctx, to.url, fault)
	if fault != faultHangups {
		c.tally.count(to, a)
	}
	switch {
	case a.status == http.StatusNotFound && !a.broken:
		return nil, errNotFound
	case a.status != http.StatusOK || a.broken:
		return nil, fmt.Errorf("%s: status %d", to.url, a.status)
	}
	return a.body, nil
}

func (c *client) send(ctx context.Context, url, fault string) answer {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return answer{broken: true}
	}
	through := c.kept
	if fault != "" {
		through = c.fresh
		r.Header.Set(faultHeader, fault)
	}
	resp, err := through.Do(r)
	if err != nil {
		return answer{broken: true}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	took, told := parseTiming(resp.Trailer.Get(timingTrailer))
	return answer{resp.StatusCode, body, took, err != nil || !told}
}

// closeIdle closes the connections that no call uses.
func (c *client) closeIdle() {
	c.kept.CloseIdleConnections()
	c.fresh.CloseIdleConnections()
}

// parseTiming parses a Server-Timing like "app;dur=12.345678".
func parseTiming(text string) (time.Duration, bool) {
	_, ms, found := strings.Cut(text, "dur=")
	f, err := strconv.ParseFloat(ms, 64)
	return time.Duration(math.Round(f * 1e6)), found && err == nil
}
