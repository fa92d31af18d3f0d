package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/sli"
)

// counts returns the counts of the services by indicator, "users/latency".
func (s *shop) counts() map[string]sli.Counts {
	counted := make(map[string]sli.Counts)
	for _, service := range s.services {
		for ind, c := range service.kit.Recorder.All() {
			counted[ind.Service+"/"+ind.Name] = c
		}
	}
	return counted
}

// verify compares the counts of the services with the tally of their clients.
func (s *shop) verify() error {
	var errs []error
	counted, tallied := s.counts(), s.tally.all()
	for _, id := range slices.Sorted(maps.Keys(counted)) {
		if counted[id] != tallied[id] {
			errs = append(errs, fmt.Errorf("%s: counted %v, but its clients counted %v", id, counted[id], tallied[id]))
		}
	}
	return errors.Join(errs...)
}

// printTable prints the objectives, and the journeys that they are part of. The
// burn rate is since the start. A budget of 30 days hardly notices seconds.
func (s *shop) printTable(to io.Writer) {
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	fmt.Fprint(w, "\nSLO\tSLI good/valid\tobjective\tburn rate\tbudget spent\tstate\n")
	for _, name := range serviceNames {
		for _, o := range s.services[name].kit.Status().Objectives {
			printRow(w, o.ID(), o.Budget, o.Decision.State.Spent.Percent(), o.State)
		}
	}
	for _, j := range s.journeys() {
		printRow(w, j.name, j.budget, "", "")
	}
	_ = w.Flush()
}

func printRow(w io.Writer, name string, b budget.Budget, spent, state string) {
	burn := "no data"
	if rate, ok := budget.BurnRate(b.Target(), b.Counts()); ok {
		burn = rate.String()
	}
	fmt.Fprintf(w, "%s\t%v\t%v %s\t%s\t%s\t%s\n", name, b.Counts(), b.Target(), b.Window().Words(), burn, spent, state)
}

// journey adds up the events of its indicators of one kind.
type journey struct {
	name   string // "browse availability"
	budget budget.Budget
}

func (s *shop) journeys() (all []journey) {
	counted := s.counts()
	for _, o := range s.promises.Objectives {
		if o.Name != "" { // a contract has the events of another objective
			continue
		}
		name := o.Indicator.Journey + " " + string(o.Indicator.Kind)
		i := slices.IndexFunc(all, func(j journey) bool { return j.name == name })
		if i < 0 {
			i = len(all)
			all = append(all, journey{name: name})
		}
		sum := all[i].budget.Counts().Add(counted[o.Indicator.Service+"/"+o.Indicator.Name])
		all[i].budget = budget.New(o.Target, o.Window, sum)
	}
	return all
}
