package browser_test

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/budget/ledger"
	"github.com/sligo-go/sligo/budget/snapshot"
	"github.com/sligo-go/sligo/budget/status"
	"github.com/sligo-go/sligo/budget/statuspage"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

const day = 24 * time.Hour

// promise is an objective of the online shop with its past.
type promise struct {
	service, name, target string
	window                string        // empty means 30 days
	within                time.Duration // of a latency
	hourly                uint64        // valid events
	bad                   []trouble
	step                  string        // of the policy
	since                 time.Duration // how long ago the step began
}

// trouble is a time in which events were bad.
type trouble struct {
	ago, length time.Duration
	bad         uint64
}

// until returns the number of bad events before a moment.
func (p trouble) until(ago time.Duration) uint64 {
	passed := min(max(p.ago-ago, 0), p.length)
	return uint64(float64(p.bad) * float64(passed) / float64(p.length))
}

// shopPromises are well, except for one that is in caution, one that is frozen,
// and one without events.
var shopPromises = []promise{
	{
		service: "users", name: "availability", target: "99.95%", hourly: 2777, step: "caution", since: 15*time.Hour + 20*time.Minute,
		bad: []trouble{{60 * day, 60 * day, 190}, {8 * day, 2 * time.Hour, 340}, {16 * time.Hour, 15 * time.Hour, 398}, {time.Hour, time.Hour, 5}},
	},
	{
		service: "orders", name: "checkout-availability", target: "99.9%", hourly: 572, step: "frozen", since: 7 * time.Hour,
		bad: []trouble{{60 * day, 60 * day, 90}, {21 * day, 5 * time.Hour, 170}, {2*day + 10*time.Hour, 53 * time.Hour, 251}},
	},
	{service: "payments", name: "freshness", target: "99%"},
	{service: "users", name: "latency", target: "90%", within: 100 * time.Millisecond, hourly: 2776, bad: []trouble{{60 * day, 60 * day, 150_000}, {4 * day, day, 3_000}}},
	{service: "orders", name: "availability", target: "99.9%", hourly: 1673, bad: []trouble{{60 * day, 60 * day, 820}, {20 * day, day, 90}}},
	{service: "orders", name: "latency", target: "95%", within: 300 * time.Millisecond, hourly: 1672, bad: []trouble{{60 * day, 60 * day, 48_000}}},
	{service: "payments", name: "availability", target: "99.95%", hourly: 553, bad: []trouble{{60 * day, 60 * day, 120}, {11 * day, time.Hour, 30}}},
	{service: "payments", name: "latency", target: "99%", within: time.Second, hourly: 553, bad: []trouble{{60 * day, 60 * day, 2_200}}},
}

func (p promise) objective() slo.Objective {
	kind, good := sli.KindAvailability, sli.Condition{Status: []string{"2xx", "3xx", "4xx"}}
	valid := sli.Condition{}
	if p.within > 0 {
		kind, good, valid = sli.KindLatency, sli.Condition{Within: p.within}, good
	}
	journey := ""
	if p.service != "payments" && p.name != "checkout-availability" {
		journey = "browse"
	}
	window := "30d"
	if p.window != "" {
		window = p.window
	}
	return slo.Objective{
		Indicator: sli.Indicator{
			Service: p.service, Name: p.name, Journey: journey, Kind: kind, Good: good, Valid: valid,
			Requests:   []string{p.operation(), p.operation() + "/avatar"},
			Collection: sli.Collection{Where: "load balancer", How: sli.SourceLog, Field: "the status field", Every: 10 * time.Second},
		},
		Target: slo.MustParseTarget(p.target), Window: slo.MustParseWindow(window),
	}
}

// operation names the requests of the promise. An availability and a latency
// are about the same ones.
func (p promise) operation() string {
	path, _, other := strings.Cut(p.name, "-")
	if !other && p.name != "freshness" {
		path = "{id}"
	}
	return "GET /" + p.service + "/" + path
}

// event is an event of the promise.
func (p promise) event(good bool) sli.Event {
	e := sli.Event{Operation: p.operation(), Status: http.StatusOK}
	switch {
	case good:
	case p.within > 0:
		e.Duration = 2 * p.within
	default:
		e.Status = http.StatusServiceUnavailable
	}
	return e
}

// past counts the events of 60 days, by the hour, and in the last hours by the
// minute.
func (p promise) past(window, hour *budget.Tracker) {
	for ago := 60 * day; ago > 0; {
		step := time.Hour
		if ago <= 6*time.Hour {
			step = time.Minute
		}
		valid := uint64(float64(p.hourly) * step.Hours())
		var bad uint64
		for _, b := range p.bad {
			bad += b.until(ago-step) - b.until(ago)
		}
		counts := sli.Counts{Good: valid - min(bad, valid), Valid: valid}
		window.Add(counts)
		hour.Add(sli.Counts{Good: counts.Valid, Valid: counts.Valid})
		time.Sleep(step)
		ago -= step
	}
}

// ahead is how far the clock of the past is ahead, so that the next process
// begins without a gap. It is less than the difference that a snapshot allows.
const ahead = 30 * time.Second

// writePast writes the snapshot that a process of the shop would have left now,
// after 60 days.
func writePast(t *testing.T, path string, promises []promise) {
	t.Helper()
	now := time.Now().Round(0).Add(ahead)
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(now.Add(-60 * day).Sub(time.Now().Round(0)))
		parts := make([]snapshot.Part, len(promises))
		for i, p := range promises {
			parts[i] = snapshot.Part{Objective: p.objective(), Step: p.step}
			if p.since > 0 {
				parts[i].Since = now.Add(-p.since)
			}
			for _, length := range []time.Duration{60 * day, time.Hour} {
				tracker, err := budget.NewTracker(length)
				if err != nil {
					t.Fatal(err)
				}
				parts[i].Trackers = append(parts[i].Trackers, tracker)
			}
			go p.past(parts[i].Trackers[0], parts[i].Trackers[1])
		}
		time.Sleep(60 * day)
		synctest.Wait()
		if err := snapshot.Save(path, parts); err != nil {
			t.Fatal(err)
		}
	})
}

// shop is the online shop as its page sees it: the books of each service.
type shop struct {
	statuspage.Source
	promises  []promise
	recorders map[string]*sli.Recorder
}

// newShop starts the services with their past.
func newShop(t *testing.T, promises ...promise) *shop {
	t.Helper()
	s := &shop{promises: promises, recorders: map[string]*sli.Recorder{}}
	plan := shopLedger(time.Now().UTC())
	past := filepath.Join(t.TempDir(), "slo.snapshot")
	writePast(t, past, promises)
	var books []statuspage.Source
	for _, service := range []string{"users", "orders", "payments"} {
		var objectives []slo.Objective
		var indicators []sli.Indicator
		for _, p := range promises {
			if p.service == service {
				objectives = append(objectives, p.objective())
				indicators = append(indicators, p.objective().Indicator)
			}
		}
		if len(objectives) == 0 {
			continue
		}
		recorder, err := sli.NewRecorder(indicators...)
		if err != nil {
			t.Fatal(err)
		}
		// Each process has a file of its own, and finds its objectives in it.
		b, err := status.Open(recorder, objectives, &status.Options{Latency: latency, Snapshot: copyOf(t, past), Ledger: func() ledger.Ledger { return plan }})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(b.Close)
		for _, p := range promises {
			if p.service == service && p.hourly > 0 {
				recorder.Record(p.event(true)) // its request is seen
			}
		}
		s.recorders[service] = recorder
		books = append(books, b)
	}
	s.Source = statuspage.Join(books...)
	return s
}

// record records events of a promise.
func (s *shop) record(id string, good bool, n uint64) {
	for _, p := range s.promises {
		if p.objective().ID() == id {
			s.recorders[p.service].RecordN(p.event(good), n)
		}
	}
}

// serve serves the page of a source below /slo/, and returns its URL.
func serve(t *testing.T, source statuspage.Source, options statuspage.Options) string {
	t.Helper()
	page, err := statuspage.New(source, &options)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(mount(page))
	t.Cleanup(func() {
		page.Close() // ends the streams, for which the server's Close waits
		server.Close()
	})
	return server.URL + "/slo/"
}

func mount(page *statuspage.Page) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/slo/", http.StripPrefix("/slo", page))
	return mux
}
