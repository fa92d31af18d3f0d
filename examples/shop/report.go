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

// row is what is shown of one objective, or of a journey, whose indicators' events are added up.
type row struct {
	Service   string     `json:"service,omitempty"` // "" for a journey
	SLI       string     `json:"sli"`
	Journey   string     `json:"journey"`
	Objective slo.Target `json:"objective"`
	Window    slo.Window `json:"window"`
	Counts    sli.Counts `json:"counts"`
	Clients   sli.Counts `json:"clients"`

	// Shares of 1, null without data.
	Ratio      *float64 `json:"ratio"`
	BudgetLeft *float64 `json:"budgetLeft"`
	BurnRate   *float64 `json:"burnRate"` // over the last burnWindow

	recent sli.Counts // over the last burnWindow
}

// burnWindow is over what the burn rate is shown: an hour where people are paged, seconds in an example.
const burnWindow = 10 * time.Second

// rows returns a row for each objective, and one for each journey and kind of its indicators.
func (s *shop) rows() (slos, journeys []row) {
	counted := s.counts()
	recent := s.history.since(counted)
	for _, o := range objectives {
		r := row{
			Service: o.Indicator.Service, SLI: o.Indicator.Name, Journey: o.Indicator.Journey,
			Objective: o.Target, Window: o.Window,
			Counts: counted[o.ID()], Clients: s.customers.counts(o.ID()), recent: recent[o.ID()],
		}
		slos = append(slos, r)
		journeys = addToJourney(journeys, r, string(o.Indicator.Kind))
	}
	for _, rows := range [][]row{slos, journeys} {
		for i := range rows {
			rows[i].evaluate()
		}
	}
	return slos, journeys
}

// name returns "users/availability", or "profile availability" for a journey.
func (r *row) name() string {
	if r.Service == "" {
		return r.SLI
	}
	return r.Service + "/" + r.SLI
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
	r.Service, r.SLI = "", name
	return append(journeys, r)
}

// evaluate sets what follows from the counts.
func (r *row) evaluate() {
	if ratio, ok := r.Counts.Ratio(); ok {
		r.Ratio = &ratio
	}
	if left, ok := budget.New(r.Objective, r.Window, r.Counts).Remaining(); ok {
		f := left.Float64()
		r.BudgetLeft = &f
	}
	if burn, ok := budget.BurnRate(r.Objective, r.recent); ok {
		f := burn.Float64()
		r.BurnRate = &f
	}
}

// counts returns what the services have counted, by the objective's ID.
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
}

// history keeps the counts of the last burnWindow, sampled each second.
type history struct {
	mu      sync.Mutex // guards samples
	samples []map[string]sli.Counts
}

// sample adds a sample, and forgets the oldest when there are enough.
func (h *history) sample(counts map[string]sli.Counts) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.samples) == int(burnWindow/time.Second) {
		h.samples = h.samples[1:]
	}
	h.samples = append(h.samples, counts)
}

// since returns what was counted after the oldest sample.
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
