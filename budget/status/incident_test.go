package status_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/sligo-go/sligo/budget/ledger"
	"github.com/sligo-go/sligo/budget/status"
)

// TestIncidents checks what outages of the ledger cost. The first one ends
// before anything fails, and the second one is still open.
func TestIncidents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		books := ledger.Ledger{Entries: []ledger.Entry{
			{Kind: ledger.KindOutage, Name: "disk full", Start: start.Add(10 * time.Hour), End: start.Add(12 * time.Hour)},
			{Kind: ledger.KindDeployment, Name: "2.31.0", Start: start.Add(20 * time.Hour)},
			{Kind: ledger.KindOutage, Name: "5xx after 2.31.0", Start: start.Add(20 * time.Hour)},
			{Kind: ledger.KindOutage, Name: "tomorrow", Start: start.Add(50 * time.Hour)},
		}}
		s := open(t, &status.Options{Ledger: func() ledger.Ledger { return books }}, availability)
		defer s.Close()
		bad := map[int]uint64{5: 10, 22: 30} // by the hour
		for hour := range 25 {
			s.answer(200, 10_000-bad[hour])
			s.answer(503, bad[hour])
			time.Sleep(time.Hour)
		}
		o := s.Reading().Objectives[0]
		incidents := o.Decision.State.Incidents
		if len(incidents) != 1 || incidents[0].Name != "5xx after 2.31.0" {
			t.Fatalf("incidents %v, want the open one", incidents)
		}
		want, _ := o.Budget.Cost(time.Now(), 30) // the events of hour 22
		if incidents[0].Spent != want {
			t.Errorf("spent %v, want %v", incidents[0].Spent, want)
		}
		if n := len(o.Decision.Postmortems); n != 0 {
			t.Errorf("%d postmortems for %v", n, incidents[0].Spent.Percent())
		}
		s.answer(503, 20_000)
		o = s.Reading().Objectives[0]
		if p := o.Decision.Postmortems; len(p) != 1 || p[0].Name != "5xx after 2.31.0" {
			t.Errorf("postmortems %v after %v", p, o.Decision.State.Incidents)
		}
	})
}
