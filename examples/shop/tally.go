package main

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc/codes"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
)

// latencyBound is the time within which a normal response must arrive.
const latencyBound = 100 * time.Millisecond

// tally has the counts that each indicator should have. It judges without the
// library, because it checks the library's counts.
//
// A client that got an answer tallies it. A client that left before does not
// know how long its service had kept it waiting by then, so the service tells
// the tally the duration.
type tally struct {
	mu     sync.Mutex // guards counts
	counts map[string]sli.Counts
}

// count adds an answer over HTTP.
func (t *tally) count(to call, a answer) {
	if to.indicator == "" {
		return
	}
	succeeded := !a.broken && a.status < http.StatusInternalServerError
	t.add(to.service+"/"+to.indicator, succeeded)
	if to.indicator == "availability" && succeeded {
		t.add(to.service+"/latency", a.took <= latencyBound)
	}
}

// countCode adds an answer of the service shipping.
func (t *tally) countCode(code codes.Code) {
	t.add("shipping/availability", code == codes.OK || code == codes.NotFound || code == codes.InvalidArgument)
}

// countLeft adds a call whose client left before it was answered. It is bad if
// its deadline had passed, or the bound of the indicator. Otherwise it does not
// count.
func (t *tally) countLeft(indicators []sli.Indicator, r middleware.Record) {
	if r.Kind != trace.SpanKindServer || r.Event.Ignore != "" {
		return
	}
	for _, ind := range indicators {
		bound := cmp.Or(ind.Good.Within, time.Second)
		late := r.ErrorType == "timeout" || r.ErrorType == "canceled" && r.Event.Duration > bound
		if late && slices.Contains(ind.Requests, r.Event.Operation) {
			t.add(ind.Service+"/"+ind.Name, false)
		}
	}
}

// add adds an event of an indicator, such as "users/latency".
func (t *tally) add(id string, good bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	counts := t.counts[id]
	counts.Valid++
	if good {
		counts.Good++
	}
	t.counts[id] = counts
}

// all returns the counts by indicator.
func (t *tally) all() map[string]sli.Counts {
	t.mu.Lock()
	defer t.mu.Unlock()
	return maps.Clone(t.counts)
}
