package sligo

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// traffic reads the metrics of an instrument by operation: the requests that it
// served and the jobs that it measured, since the start.
type traffic struct {
	registry *prometheus.Registry // has the instrument only
	criteria map[string]criterion // by the indicator's name

	mu     sync.Mutex // guards all below
	readAt time.Time
	series []measured
}

// criterion judges the outcomes of series.
type criterion struct {
	indicator sli.Indicator
	judge     func(sli.Event) sli.Verdict
}

// measured is a series of a histogram: calls of one operation with one outcome.
type measured struct {
	outcome   sli.Event // without Duration
	durations durations
	exemplars []exemplar
}

func newTraffic(in *middleware.Instrument, objectives []slo.Objective) *traffic {
	t := &traffic{registry: prometheus.NewRegistry(), criteria: map[string]criterion{}}
	_ = t.registry.Register(in) // the first collector is never a duplicate
	for _, ind := range slo.Indicators(objectives) {
		// The series lack the rate and whatever a function asks for.
		if ind.Good.Func != nil || ind.Valid.Func != nil || ind.Good.Rate != (sli.Rate{}) {
			continue
		}
		if judge, err := ind.Compile(); err == nil {
			t.criteria[ind.Name] = criterion{ind, judge}
		}
	}
	return t
}

// trafficAge is how long a reading of the metrics serves all readers.
const trafficAge = time.Second

// now returns the present series.
func (t *traffic) now() []measured {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.readAt.IsZero() && time.Since(t.readAt) < trafficAge {
		return t.series
	}
	families, _ := t.registry.Gather() // has the families without a mistake
	t.series, t.readAt = nil, time.Now()
	for _, f := range families {
		outcome := outcomes[f.GetName()]
		if outcome == nil {
			continue
		}
		for _, m := range f.GetMetric() {
			if d := bucketsOf(m.GetHistogram()); len(d) > 0 {
				t.series = append(t.series, measured{outcome(labelsOf(m)), d, exemplarsOf(m.GetHistogram())})
			}
		}
	}
	return t.series
}

// outcomes return the event that the labels of a series describe, by the name
// of its histogram. docs/metrics.md has the labels.
var outcomes = map[string]func(labels map[string]string) sli.Event{
	"http_server_request_duration_seconds": func(labels map[string]string) sli.Event {
		status, err := strconv.Atoi(labels["http_response_status_code"])
		if err != nil { // "other"
			status = 600
		}
		e := sli.Event{Operation: labels["http_request_method"] + " " + labels["http_route"], Status: status}
		return failed(e, labels["error_type"])
	},
	"rpc_server_call_duration_seconds": func(labels map[string]string) sli.Event {
		return failed(sli.Event{Operation: "/" + labels["rpc_method"], Code: labels["rpc_response_status_code"]}, labels["error_type"])
	},
	"sli_operation_duration_seconds": func(labels map[string]string) sli.Event {
		return failed(sli.Event{Operation: labels["operation"]}, labels["error_type"])
	},
}

func labelsOf(m *dto.Metric) map[string]string {
	labels := make(map[string]string, len(m.GetLabel()))
	for _, l := range m.GetLabel() {
		labels[l.GetName()] = l.GetValue()
	}
	return labels
}

// failed returns the event of a call whose series has an error_type: how it
// ended, or only its status or code.
func failed(e sli.Event, errorType string) sli.Event {
	switch {
	case errorType == "", errorType == strconv.Itoa(e.Status), errorType == "other":
	case errorType == "canceled" && e.Code == "":
		e.Canceled, e.Unanswered = true, true
	case errorType == "timeout":
		e.Unanswered = e.Code == ""
		e.Err = errors.New(errorType)
	case e.Code != "" && strings.ToUpper(errorType) == errorType: // another code
	case e.Status != 0 && strings.ToUpper(errorType) == errorType && errorType != "_OTHER":
		e.Code = errorType // of gRPC over net/http
	default:
		e.Err = errors.New(errorType)
	}
	return e
}

// counts judges a series by the indicator. A caller that left is bad beyond the
// bound of the indicator, and ignored within it.
func (c criterion) counts(m measured) sli.Counts {
	n, bound := m.durations.count(), c.indicator.Good.Within
	if m.isJob() && !c.namesOperations() {
		return sli.Counts{}
	}
	if m.outcome.Canceled {
		return c.left(m, n)
	}
	switch c.judge(m.outcome) {
	case sli.VerdictGood:
		if bound > 0 {
			return sli.Counts{Good: m.durations.within(bound), Valid: n}
		}
		return sli.Counts{Good: n, Valid: n}
	case sli.VerdictBad:
		return sli.Counts{Valid: n}
	}
	return sli.Counts{}
}

// badTrace returns the latest trace of a bad call in a series that counts, or
// one without a time.
func (c criterion) badTrace(m measured) (latest exemplar) {
	bound := c.indicator.Good.Within
	if m.outcome.Canceled {
		bound = c.patience()
	}
	allBad := !m.outcome.Canceled && c.judge(m.outcome) == sli.VerdictBad
	for _, e := range m.exemplars {
		if bad := allBad || bound > 0 && e.seconds > bound.Seconds(); bad && e.at.After(latest.at) {
			latest = e
		}
	}
	return latest
}

// isJob reports whether the call is no request of HTTP or gRPC.
func (m measured) isJob() bool { return m.outcome.Status == 0 && m.outcome.Code == "" }

// namesOperations reports whether the indicator names what it counts. One that
// counts all requests does not count jobs.
func (c criterion) namesOperations() bool {
	return slices.ContainsFunc(c.indicator.Requests, func(entry string) bool { return !strings.HasPrefix(entry, "!") })
}

// patience returns the time from which the calls of a caller that left are bad,
// negative if they never are.
func (c criterion) patience() time.Duration {
	return cmp.Or(c.indicator.Good.Within, c.indicator.Patience, time.Second)
}

// left judges the calls whose caller left.
func (c criterion) left(m measured, n uint64) sli.Counts {
	bound := c.patience()
	if bound < 0 {
		return sli.Counts{}
	}
	e := m.outcome
	e.Duration = bound + 1
	if c.judge(e) != sli.VerdictBad {
		return sli.Counts{}
	}
	return sli.Counts{Valid: n - m.durations.within(bound)}
}
