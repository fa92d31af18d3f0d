package status_test

import (
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sligo-go/sligo/budget/status"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// The clock of a bubble begins at midnight of 1 January 2000, UTC, which is
// 09:00 in Seoul.
func TestPeriods(t *testing.T) {
	path := filepath.Join(t.TempDir(), "slo.snapshot")
	synctest.Test(t, func(t *testing.T) {
		monthly := availability
		monthly.Window = slo.MustParseWindow("month Asia/Seoul")
		seoul := monthly.Window.Location()
		month := func(m time.Month) time.Time { return time.Date(2000, m, 1, 0, 0, 0, 0, seoul) }
		until := func(at time.Time) { time.Sleep(time.Until(at)) }
		options := &status.Options{Snapshot: path}

		// The books save each minute, so their time is short.
		until(month(2).Add(-30 * time.Minute))
		s := open(t, options, monthly)
		s.answer(200, 10)
		until(month(2).Add(-3 * time.Second)) // between two readings
		s.answer(200, 89)
		s.answer(503, 1)
		until(month(2).Add(time.Second))
		s.answer(200, 7)
		until(month(2).Add(20 * time.Minute))
		s.Close()
		until(month(3).Add(-10 * time.Minute))
		s = open(t, options, monthly)
		defer s.Close()
		until(month(3).Add(10 * time.Minute))
		s.answer(503, 2)

		got := s.Reading().Objectives[0].Periods
		want := []struct {
			start  time.Time
			counts sli.Counts
			known  time.Duration
		}{
			{month(2), sli.Counts{Good: 7, Valid: 7}, 30 * time.Minute},
			{month(1), sli.Counts{Good: 99, Valid: 100}, 30 * time.Minute},
			{month(1).AddDate(0, -1, 0), sli.Counts{}, 0},
		}
		if len(got) != len(want) {
			t.Fatalf("got %d periods", len(got))
		}
		for i, w := range want {
			p := got[i]
			coverage := p.Budget.Coverage()
			if !p.Start.Equal(w.start) || !p.End.Equal(w.start.AddDate(0, 1, 0)) || p.Budget.Counts() != w.counts || coverage.Known != w.known || coverage.Of != p.End.Sub(p.Start) {
				t.Errorf("%v to %v: %v, want %v, known for %v", p.Start, p.End, p.Budget, w.counts, w.known)
			}
		}
	})
}

// A memory of months says nothing about quarters.
func TestPeriodsOfAnotherWindow(t *testing.T) {
	path := filepath.Join(t.TempDir(), "slo.snapshot")
	synctest.Test(t, func(t *testing.T) {
		monthly, quarterly := availability, availability
		monthly.Window, quarterly.Window = slo.MustParseWindow("month"), slo.MustParseWindow("quarter")
		time.Sleep(80 * 24 * time.Hour)
		s := open(t, &status.Options{Snapshot: path}, monthly)
		s.answer(200, 10)
		time.Sleep(time.Minute)
		s.Close()
		time.Sleep(20 * 24 * time.Hour)
		s = open(t, &status.Options{Snapshot: path}, quarterly)
		defer s.Close()
		p := s.Reading().Objectives[0].Periods[0]
		if want := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC); !p.Start.Equal(want) || p.Budget.HasData() {
			t.Errorf("from %v: %v", p.Start, p.Budget)
		}
	})
}

func TestRollingWindowHasNoPeriods(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, nil, availability)
		defer s.Close()
		if got := s.Reading().Objectives[0].Periods; got != nil {
			t.Errorf("got %v", got)
		}
	})
}

// TestClockIsSet sets the clock between readings. A month keeps its events and
// the time for which it is known, and gets no time that has not elapsed.
func TestClockIsSet(t *testing.T) {
	monthly := availability
	monthly.Window = slo.MustParseWindow("month")
	at := func(m time.Month, d int, after time.Duration) time.Time {
		return time.Date(2026, m, d, 0, 0, 0, 0, time.UTC).Add(after)
	}
	tenth := sli.Counts{Good: 9, Valid: 10}
	for _, test := range []struct {
		name     string
		passages []status.Passage
		now      time.Time
		counts   sli.Counts
		known    [3]time.Duration // of October, September and August
	}{
		{"back over the end of a month", []status.Passage{
			{tenth, at(10, 1, 0), at(11, 1, 0), 31 * 24 * time.Hour},
			{tenth, at(11, 1, 0), at(10, 31, 24*time.Hour-time.Second), time.Second},
			{tenth, at(10, 31, 24*time.Hour-time.Second), at(11, 1, 0), time.Second},
			{tenth, at(11, 1, 0), at(11, 1, time.Hour), time.Hour},
		}, at(11, 1, time.Hour), tenth.Add(tenth), [3]time.Duration{31*24*time.Hour + time.Second}},
		{"forward", []status.Passage{
			{tenth, at(8, 20, 0), at(8, 20, 10*time.Second), 10 * time.Second},
			{tenth, at(8, 20, 10*time.Second), at(11, 5, 0), 10 * time.Second},
			{tenth, at(11, 5, 0), at(11, 5, 10*time.Second), 10 * time.Second},
		}, at(11, 5, 10*time.Second), sli.Counts{}, [3]time.Duration{2: 20 * time.Second}},
		{"forward at the end of a month", []status.Passage{
			{tenth, at(9, 30, 24*time.Hour), at(10, 1, time.Minute), time.Minute},
			{tenth, at(10, 31, 24*time.Hour-time.Second), at(11, 5, 0), 10 * time.Second},
		}, at(11, 5, 0), tenth.Add(tenth), [3]time.Duration{time.Minute + time.Second}},
	} {
		t.Run(test.name, func(t *testing.T) {
			periods := status.PeriodsAfter(monthly, test.now, test.passages...)
			var known [3]time.Duration
			for i, p := range periods {
				known[i] = p.Budget.Coverage().Known
			}
			if got := periods[0].Budget.Counts(); got != test.counts || known != test.known {
				t.Errorf("got %v known for %v, want %v known for %v", got, known, test.counts, test.known)
			}
		})
	}
}
