package main

import (
	"fmt"
	"io"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// row shows one objective, or a journey, which adds up the events of its
// indicators.
type row struct {
	Service   string     `json:"service,omitempty"` // "" in a journey
	SLO       string     `json:"slo,omitempty"`     // "" in a journey
	SLI       string     `json:"sli"`
	Journey   string     `json:"journey"`
	Objective slo.Target `json:"objective"`
	Window    slo.Window `json:"window"`
	Counts    sli.Counts `json:"counts"`
	Clients   sli.Counts `json:"clients"`

	// Fractions, from 0 to 1 or beyond; null without data.
	Ratio      *float64 `json:"ratio"`
	BudgetLeft *float64 `json:"budgetLeft"`
	BurnRate   *float64 `json:"burnRate"` // over the last burnWindow

	// Coverage is the part of the window that the counters of this process know.
	Coverage budget.Coverage `json:"coverage"`

	recent sli.Counts // over the last burnWindow
}

// burnWindow is the window of the burn rate. Paging uses an hour; an example
// has only seconds.
const burnWindow = 10 * time.Second

// rows returns a row for each objective, and a row for each journey and kind of
// indicator.
func (s *shop) rows() (slos, journeys []row) {
	counted := s.counts()
	recent := s.history.since(counted)
	for _, o := range objectives {
		id := o.Indicator.Service + "/" + o.Indicator.Name
		r := row{
			Service: o.Indicator.Service, SLO: o.SLO(), SLI: o.Indicator.Name, Journey: o.Indicator.Journey,
			Objective: o.Target, Window: o.Window,
			Counts: counted[id], Clients: s.customers.countsOf(id), recent: recent[id],
		}
		slos = append(slos, r)
		if o.Name == "" { // an indicator with a contract is in the journey once
			journeys = addToJourney(journeys, r, string(o.Indicator.Kind))
		}
	}
	for _, rows := range [][]row{slos, journeys} {
		for i := range rows {
			rows[i].evaluate(s.services[0].recorder.Created(), time.Now())
		}
	}
	return slos, journeys
}

// name returns "users/availability", or "profile availability" for a journey.
func (r *row) name() string {
	if r.Service == "" {
		return r.SLI
	}
	return r.Service + "/" + r.SLO
}

// addToJourney adds the events of a row to its journey's row for the kind.
func addToJourney(journeys []row, r row, kind string) []row {
	name := r.Journey + " " + kind
	for i := range journeys {
		if j := &journeys[i]; j.SLI == name {
			j.Counts, j.Clients, j.recent = j.Counts.Add(r.Counts), j.Clients.Add(r.Clients), j.recent.Add(r.recent)
			return journeys
		}
	}
	r.Service, r.SLO, r.SLI = "", "", name
	return append(journeys, r)
}

// evaluate sets the fields that follow from the counts since the start.
func (r *row) evaluate(start, now time.Time) {
	b := budget.New(r.Objective, r.Window, r.Counts).KnownSince(start, now)
	r.Coverage = b.Coverage()
	if ratio, ok := r.Counts.Ratio(); ok {
		r.Ratio = &ratio
	}
	if left, ok := b.Remaining(); ok {
		f := left.Float64()
		r.BudgetLeft = &f
	}
	if burn, ok := budget.BurnRate(r.Objective, r.recent); ok {
		f := burn.Float64()
		r.BurnRate = &f
	}
}

// counts returns the counts of the services by indicator, "users/latency".
func (s *shop) counts() map[string]sli.Counts {
	counted := make(map[string]sli.Counts)
	for _, service := range s.services {
		for ind, c := range service.recorder.All() {
			counted[ind.Service+"/"+ind.Name] = c
		}
	}
	return counted
}

func printTable(to io.Writer, s *shop) {
	slos, journeys := s.rows()
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "\nSLO\tSLI good/valid\tobjective\tbudget left\tburn rate %v\n", burnWindow)
	for _, r := range append(slos, journeys...) {
		left, burn := "no data", "no data"
		if ratio, ok := budget.New(r.Objective, r.Window, r.Counts).Remaining(); ok {
			left = ratio.Percent()
		}
		if rate, ok := budget.BurnRate(r.Objective, r.recent); ok {
			burn = rate.String()
		}
		fmt.Fprintf(w, "%s\t%v\t%v over %v\t%s\t%s\n", r.name(), r.Counts, r.Objective, r.Window, left, burn)
	}
	_ = w.Flush()
	fmt.Fprintf(to, "The budgets of 30 days are %v.\n", slos[0].Coverage)
}

// history keeps the counts of the last burnWindow, one sample a second.
type history struct {
	mu      sync.Mutex // guards samples
	samples []map[string]sli.Counts
}

// sample adds a sample and drops the oldest one if there are enough.
func (h *history) sample(counts map[string]sli.Counts) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.samples) == int(burnWindow/time.Second) {
		h.samples = h.samples[1:]
	}
	h.samples = append(h.samples, counts)
}

// since returns the counts after the oldest sample.
func (h *history) since(counts map[string]sli.Counts) map[string]sli.Counts {
	h.mu.Lock()
	defer h.mu.Unlock()
	recent := make(map[string]sli.Counts)
	for id, c := range counts {
		recent[id] = c
		if len(h.samples) > 0 {
			recent[id], _ = c.Sub(h.samples[0][id])
		}
	}
	return recent
}
