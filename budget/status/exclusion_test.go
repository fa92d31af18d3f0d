package status_test

import (
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/budget/ledger"
	"github.com/sligo-go/sligo/budget/status"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// maintenance is a ledger that excludes ten minutes, and a drill that has no
// end yet.
func maintenance(start time.Time) func() ledger.Ledger {
	books := ledger.Ledger{
		Entries: []ledger.Entry{
			{Kind: ledger.KindMaintenance, Name: "users database", Start: start, End: start.Add(10 * time.Minute)},
			{Kind: ledger.KindOutage, Name: "disk full", Start: start.Add(-5 * time.Minute), End: start.Add(time.Hour)},
			{Kind: ledger.KindDrill, Name: "failover", Start: start.Add(10 * 24 * time.Hour)},
		},
		Exclude: []ledger.Kind{ledger.KindMaintenance, ledger.KindDrill, ledger.KindOutage},
	}
	return func() ledger.Ledger { return books }
}

// An event spends nothing if the ledger excludes its time. The start is between
// two readings, and the events on both sides of it are kept apart.
func TestExclusion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now().Add(10*time.Minute + 3*time.Second)
		s := open(t, &status.Options{Ledger: maintenance(start)}, availability)
		defer s.Close()
		time.Sleep(10*time.Minute + 2*time.Second)
		s.answer(200, 99)
		s.answer(503, 1)
		time.Sleep(2 * time.Second) // one second after the start
		s.answer(503, 40)
		s.recorder.RecordN(sli.Event{Operation: "GET /users/{userid}", Canceled: true}, 500)
		time.Sleep(10*time.Minute - 2*time.Second) // one second before the end
		s.answer(200, 2)
		o := s.Reading().Objectives[0]
		if o.State == status.StateClientsLeaving {
			t.Error("clients that leave during an exclusion leave no data")
		}
		time.Sleep(2 * time.Second) // one second after the end
		s.answer(200, 10)
		time.Sleep(time.Minute)
		r := s.Reading()
		o = r.Objectives[0]
		want := sli.Counts{Good: 109, Valid: 110}
		if got := o.Budget.Counts(); got != want {
			t.Errorf("budget of %v, want %v", got, want)
		}
		if got := o.Spans[0].Counts; got != want {
			t.Errorf("last hour: %v, want %v", got, want)
		}
		if got := o.History[len(o.History)-1].Budget.Counts(); got != want {
			t.Errorf("history ends with %v, want %v", got, want)
		}
		for _, a := range o.Alarms {
			if a.Long.Bad() > 1 {
				t.Errorf("alert counts %v", a.Long)
			}
		}
		exclusions := []status.Exclusion{
			{Start: start, End: start.Add(10 * time.Minute), Counts: sli.Counts{Good: 2, Valid: 42}},
			{Start: start.Add(10 * 24 * time.Hour)},
		}
		if diff := cmp.Diff(exclusions, o.Exclusions); diff != "" {
			t.Errorf("exclusions (-want +got):\n%s", diff)
		}
		if o.Ignored[status.ReasonExcluded] != 42 || o.Ignored[sli.ReasonClientLeft] != 500 {
			t.Errorf("ignored %v", o.Ignored)
		}
	})
}

func TestExclusionGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now().Add(time.Minute)
		s := open(t, &status.Options{Ledger: maintenance(start)}, availability)
		defer s.Close()
		time.Sleep(6 * time.Minute)
		now := time.Now()
		got := s.Reading().Objectives[0].Exclusions
		want := []status.Exclusion{{Start: start, End: now}, {Start: now, End: start.Add(10 * time.Minute)}, {Start: start.Add(10 * 24 * time.Hour)}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("exclusions (-want +got):\n%s", diff)
		}
	})
}

// A slice without an event that counts is no slice.
func TestExclusionOfSlices(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sliced := availability
		sliced.Slices = slo.Slices{Length: time.Minute, Bound: slo.MustParseShare("90%")}
		s := open(t, &status.Options{Ledger: maintenance(time.Now().Add(time.Minute))}, sliced)
		defer s.Close()
		for range 12 {
			time.Sleep(30 * time.Second)
			s.answer(503, 10)
			time.Sleep(30 * time.Second)
		}
		if got, want := s.Reading().Objectives[0].Budget.Counts(), (sli.Counts{Valid: 2}); got != want {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

func TestLedgerPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, &status.Options{Ledger: func() ledger.Ledger { panic("no file") }}, availability)
		defer s.Close()
		s.answer(200, 7)
		time.Sleep(time.Minute)
		if got := s.Reading().Objectives[0].Budget.Counts().Valid; got != 7 {
			t.Errorf("%d valid events, want 7", got)
		}
	})
}

func TestExclusionsSurviveARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "slo.snapshot")
	synctest.Test(t, func(t *testing.T) {
		start := time.Now().Add(time.Minute)
		options := &status.Options{Ledger: maintenance(start), Snapshot: path}
		s := open(t, options, availability)
		time.Sleep(2 * time.Minute)
		s.answer(503, 3)
		time.Sleep(10 * time.Minute)
		s.Close()
		time.Sleep(time.Hour)
		s = open(t, options, availability)
		defer s.Close()
		want := status.Exclusion{Start: start, End: start.Add(10 * time.Minute), Counts: sli.Counts{Valid: 3}}
		got := s.Reading().Objectives[0].Exclusions
		if len(got) != 2 || !got[0].Start.Equal(want.Start) || !got[0].End.Equal(want.End) || got[0].Counts != want.Counts {
			t.Errorf("got %v, want %v first", got, want)
		}
	})
}
