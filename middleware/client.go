package middleware

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sligo-go/sligo/internal/call"
	"github.com/sligo-go/sligo/internal/cowmap"
	"github.com/sligo-go/sligo/internal/guard"
	"github.com/sligo-go/sligo/sli"
)

// ClientOptions configures the requests that the service sends; see
// [Instrument.Transport]. The zero value means the defaults.
type ClientOptions struct {
	// Hosts are the hosts that metrics and operations show: "payments", for any
	// port, or "payments:8443". Every other host is "other", because a URL may
	// come from a client. The hosts that the Requests of the recorder's indicators
	// name, such as "POST //payments/charges", are always shown.
	Hosts []string

	// Group, if not nil, returns the group of a call for indicators with
	// [sli.Groups], such as the tenant that pays for it. The first attempt
	// decides. The group must come from the program, because it becomes a label.
	// The empty group is "other". A panic in Group is dropped.
	Group func(*http.Request) string

	// Lines writes a line of the access log for each attempt.
	Lines bool

	// Omit, if not nil, returns the signals that are not made of an attempt. The
	// first attempt decides about the event of a call. A panic in Omit omits
	// nothing.
	Omit func(*http.Request) Signal
}

func (o *ClientOptions) check(errs *sli.FieldErrors) {
	if o == nil {
		return
	}
	for i, entry := range o.Hosts {
		if u, err := url.Parse("//" + entry); err != nil || u.Host != entry || u.Hostname() == "" || strings.Contains(entry, "*") {
			errs.Addf(fmt.Sprintf("Client.Hosts[%d]", i), `invalid host %q: want a host such as "payments" or "payments:8443"`, entry)
		}
	}
}

// client is the part of an instrument for the requests that the service sends.
type client struct {
	ClientOptions
	recorder     *sli.Recorder
	never        Signal // no attempt makes these
	histogram    *Family
	attempts     *call.InFlight // by method
	hosts        map[string]*host
	destinations cowmap.Map[destinationKey, *destination]
	activeDesc   *prometheus.Desc
	calls        *call.InFlight // of the instrument
	rests        atomic.Uint64
}

var clientLabels = []string{"http_request_method", "server_address", "server_port", "url_template"}

func (in *Instrument) newClient() *client {
	c := &client{
		recorder: in.recorder,
		calls:    in.calls,
		attempts: call.NewInFlight(len(methods)),
		hosts:    make(map[string]*host),
		activeDesc: prometheus.NewDesc("http_client_active_requests",
			"Number of active HTTP client requests.", clientLabels[:1], nil),
	}
	c.histogram, _ = in.NewFamily(FamilyOptions{
		Name: "http_client_request_duration_seconds", Help: "Duration of HTTP client requests.",
		Labels: clientLabels, StatusLabel: "http_response_status_code",
	}) // valid
	if o := in.opts.Client; o != nil {
		c.ClientOptions = *o
	}
	if !c.Lines {
		c.never = SignalLine
	}
	c.addHosts(in.recorder)
	return c
}

// Transport returns a transport that measures the requests that next sends. A
// nil next is [http.DefaultTransport]. The package documentation says which
// attempts make a call, and how calls are judged. If a request passes two
// transports of one instrument, it is counted twice, except if one directly
// wraps the other.
//
// The request that next gets is a copy with the service's span and request ID
// in its header; the caller's does not change. Without spans, request IDs and
// access lines it is the caller's. Close the body of each response, as package
// net/http requires.
func (in *Instrument) Transport(next http.RoundTripper) http.RoundTripper {
	if next == nil {
		next = http.DefaultTransport
	}
	if own, ok := next.(*transport); ok && own.in == in {
		return own
	}
	return &transport{in, next}
}

// transport is the RoundTripper of an instrument.
type transport struct {
	in   *Instrument
	next http.RoundTripper
}

// RoundTrip implements [http.RoundTripper].
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r == nil || r.URL == nil {
		return t.next.RoundTrip(r) // which returns an error
	}
	var a *attempt
	returned := false
	defer func() {
		if !returned {
			value := recover()
			t.fail(a, r, value)
			if value != nil {
				panic(value)
			}
		}
	}()
	a = t.in.newAttempt(r, t.in.client.ask(r))
	sent := a.prepare()
	resp, err := t.next.RoundTrip(sent)
	if err != nil || resp == nil {
		a.end(a.failure(err))
	} else {
		a.receive(sent, resp)
	}
	returned = true
	return resp, err
}

// fail ends an attempt whose transport panicked with a value, or ended its
// goroutine. The attempt is nil if a function of the options ended it.
func (t *transport) fail(a *attempt, r *http.Request, value any) {
	if a == nil {
		a = t.in.newAttempt(r, attemptOptions{omit: t.in.client.never})
		a.prepare()
	}
	a.end(broken(value))
}

// CloseIdleConnections is for [http.Client.CloseIdleConnections].
func (t *transport) CloseIdleConnections() {
	if closer, ok := t.next.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}

// attemptOptions are the answers of the functions of the options.
type attemptOptions struct {
	omit  Signal
	group string
}

// silent reports whether a call that begins with the attempt has no event.
func (o *attemptOptions) silent() bool { return o.omit&SignalEvent != 0 }

// ask calls the functions of the options.
func (c *client) ask(r *http.Request) (o attemptOptions) {
	if c.Omit != nil {
		_ = guard.Call(func() { o.omit = c.Omit(r) })
	}
	o.omit |= c.never
	if c.Group != nil {
		_ = guard.Call(func() { o.group = c.Group(r) })
	}
	return o
}

// grace is how long a call rests before it counts as over: a client follows a
// redirect at once, and reports a canceled request to its caller at once.
const grace = time.Second

// noteRest counts a call that rests. If nobody reads the counters, now and then
// it ends those that nobody continues.
func (c *client) noteRest() {
	if c.rests.Add(1)%maxRoutes == 0 {
		c.calls.Walk()
	}
}

// Describe sends the descriptions of the client's metrics.
func (c *client) Describe(ch chan<- *prometheus.Desc) {
	ch <- c.activeDesc
	c.histogram.Describe(ch)
}

// Collect sends the client's metrics. A method's gauge begins with its first
// request.
func (c *client) Collect(ch chan<- prometheus.Metric) {
	var used [len(methods)]bool
	active := c.attempts.Active()
	for key := range c.destinations.Load() {
		used[key.method] = true
	}
	c.histogram.Collect(ch)
	for method, name := range methods {
		if used[method] {
			ch <- prometheus.MustNewConstMetric(c.activeDesc, prometheus.GaugeValue, float64(active[method]), name)
		}
	}
}
