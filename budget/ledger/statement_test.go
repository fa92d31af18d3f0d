package ledger_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/budget/ledger"
	"github.com/sligo-go/sligo/slo"
)

func ExampleLedger_Statement() {
	at := time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC)
	books := ledger.Ledger{Entries: []ledger.Entry{
		{Kind: ledger.KindOutage, Name: "database failover", Start: at, End: at.Add(9 * time.Minute)},
		{Kind: ledger.KindOutage, Name: "slow search", Start: at.Add(time.Hour), End: at.Add(80 * time.Minute), Degree: slo.MustParseShare("50%")},
		{Kind: ledger.KindDeployment, Name: "release 7", Start: at.Add(5 * time.Minute), End: at.Add(12 * time.Minute)},
	}}
	now := at.Add(24 * time.Hour)
	s := books.Statement(slo.MustParseTarget("99.9%"), slo.MustParseWindow("30d"), now)
	fmt.Println(s)
	for _, c := range s.Incidents {
		fmt.Println(c.Kind, c.Name, budget.FormatDuration(c.Spent))
	}
	fmt.Println(budget.Policy{}.Decide(s.State("")))

	books.Exclude = []ledger.Kind{ledger.KindDeployment}
	fmt.Println(books.Statement(slo.MustParseTarget("99.9%"), slo.MustParseWindow("30d"), now))
	// Output:
	// 22 minutes of 43.2 minutes spent (50.93%): outage 19 minutes, deployment 3 minutes
	// outage slow search 10 minutes
	// outage database failover 9 minutes
	// deployment release 7 3 minutes
	// healthy, releases are free: 50.93% of the budget is spent; "slow search" alone spent 23.15%, postmortem required above 20%; "database failover" alone spent 20.83%, postmortem required above 20%
	// 15 minutes of 43.2 minutes spent (34.73%): outage 15 minutes
}

const threeNines = "99.9%"

func entry(kind ledger.Kind, name string, start time.Time, lasted time.Duration, degree string) ledger.Entry {
	e := ledger.Entry{Kind: kind, Name: name, Start: start, Degree: slo.MustParseShare(degree)}
	if lasted > 0 {
		e.End = start.Add(lasted)
	}
	return e
}

func TestStatement(t *testing.T) {
	now := time.Date(2026, 3, 20, 12, 0, 0, 0, time.UTC)
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	const m, h = time.Minute, time.Hour
	for _, tt := range []struct {
		name            string
		entries         []ledger.Entry
		exclude         []ledger.Kind
		spent, excluded time.Duration
		incidents       string
	}{
		{"nothing", nil, nil, 0, 0, "[]"},
		{"an outage", []ledger.Entry{entry(ledger.KindOutage, "a", ago(h), 10*m, "100%")}, nil, 10 * m, 0, "[{outage a 10m0s}]"},
		{"half an outage", []ledger.Entry{entry(ledger.KindOutage, "a", ago(h), 10*m, "50%")}, nil, 5 * m, 0, "[{outage a 5m0s}]"},
		{"a degree of zero is all", []ledger.Entry{entry(ledger.KindOutage, "a", ago(h), 10*m, "0%")}, nil, 10 * m, 0, "[{outage a 10m0s}]"},
		{"it goes on", []ledger.Entry{entry(ledger.KindOutage, "a", ago(h), 0, "100%")}, nil, h, 0, "[{outage a 1h0m0s}]"},
		{"it ends later", []ledger.Entry{entry(ledger.KindOutage, "a", ago(h), 2*h, "100%")}, nil, h, 0, "[{outage a 1h0m0s}]"},
		{"it is to come", []ledger.Entry{entry(ledger.KindMaintenance, "a", now.Add(h), h, "100%")}, nil, 0, 0, "[]"},
		{"it is to come without an end", []ledger.Entry{entry(ledger.KindMaintenance, "a", now.Add(h), 0, "100%")}, nil, 0, 0, "[]"},
		{"it was before the window", []ledger.Entry{entry(ledger.KindOutage, "a", ago(32*24*h), 24*h, "100%")}, nil, 0, 0, "[]"},
		{"it is partly in the window", []ledger.Entry{entry(ledger.KindOutage, "a", ago(30*24*h+m), 5*m, "100%")}, nil, 4 * m, 0, "[{outage a 4m0s}]"},
		{"overlaps are counted once, for the first", []ledger.Entry{
			entry(ledger.KindOutage, "later", ago(55*m), 10*m, "100%"), entry(ledger.KindOutage, "first", ago(h), 10*m, "100%"),
		}, nil, 15 * m, 0, "[{outage first 10m0s} {outage later 5m0s}]"},
		{"overlaps are charged to the worse", []ledger.Entry{
			entry(ledger.KindOutage, "half", ago(h), 20*m, "50%"), entry(ledger.KindOutage, "whole", ago(50*m), 4*m, "100%"),
		}, nil, 12 * m, 0, "[{outage half 8m0s} {outage whole 4m0s}]"},
		{"two of a name are one incident", []ledger.Entry{
			entry(ledger.KindOutage, "a", ago(h), m, "100%"), entry(ledger.KindOutage, "a", ago(30*m), m, "100%"),
		}, nil, 2 * m, 0, "[{outage a 2m0s}]"},
		{"maintenance spends", []ledger.Entry{entry(ledger.KindMaintenance, "a", ago(h), 10*m, "100%")}, nil, 10 * m, 0, "[{maintenance a 10m0s}]"},
		{"or is excluded", []ledger.Entry{entry(ledger.KindMaintenance, "a", ago(h), 10*m, "100%")}, []ledger.Kind{ledger.KindMaintenance}, 0, 10 * m, "[]"},
		{"excluded at any degree", []ledger.Entry{entry(ledger.KindMaintenance, "a", ago(h), 10*m, "1%")}, []ledger.Kind{ledger.KindMaintenance}, 0, 10 * m, "[]"},
		{"with an outage within", []ledger.Entry{
			entry(ledger.KindOutage, "b", ago(55*m), 10*m, "100%"), entry(ledger.KindMaintenance, "a", ago(h), 10*m, "100%"),
		}, []ledger.Kind{ledger.KindMaintenance}, 5 * m, 10 * m, "[{outage b 5m0s}]"},
		{"rounded up", []ledger.Entry{entry(ledger.KindOutage, "a", ago(h), 3, "50%")}, nil, 2, 0, "[{outage a 2ns}]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			books := ledger.Ledger{Entries: tt.entries, Exclude: tt.exclude}
			if err := books.Validate(); err != nil {
				t.Fatal(err)
			}
			s := books.Statement(slo.MustParseTarget(threeNines), slo.MustParseWindow("30d"), now)
			if s.Spent != tt.spent || s.Excluded != tt.excluded {
				t.Errorf("got spent %v, excluded %v, want %v, %v", s.Spent, s.Excluded, tt.spent, tt.excluded)
			}
			if got := fmt.Sprint(s.Incidents); got != tt.incidents {
				t.Errorf("incidents: got %s, want %s", got, tt.incidents)
			}
			if want := budget.Downtime(slo.MustParseTarget(threeNines), 30*24*h-tt.excluded); s.Allowed != want || s.Left() != want-tt.spent {
				t.Errorf("got allowed %v, left %v, want %v", s.Allowed, s.Left(), want)
			}
		})
	}
}

func TestStatementOfCalendarWindows(t *testing.T) {
	berlin := slo.MustParseWindow("month Europe/Berlin")
	for _, tt := range []struct {
		name    string
		now     string
		outage  string // its start and end
		end     string
		hours   int // of the window
		spent   time.Duration
		overdue bool
	}{
		{"March has an hour less", "2026-03-30T12:00:00+02:00", "2026-03-29T01:30:00+01:00", "2026-03-29T03:30:00+02:00", 743, time.Hour, true},
		{"October has an hour more", "2026-10-30T12:00:00+01:00", "2026-10-25T01:30:00+02:00", "2026-10-25T03:30:00+01:00", 745, 3 * time.Hour, true},
		{"April began in Berlin two hours before", "2026-03-31T22:30:00Z", "2026-03-31T21:50:00Z", "2026-03-31T22:10:00Z", 720, 10 * time.Minute, false},
		{"and so did it end for March", "2026-03-31T21:59:59Z", "2026-03-31T21:50:00Z", "2026-03-31T22:10:00Z", 743, 9*time.Minute + 59*time.Second, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			books := ledger.Ledger{Entries: []ledger.Entry{{Kind: ledger.KindOutage, Name: "a", Start: moment(t, tt.outage), End: moment(t, tt.end)}}}
			s := books.Statement(slo.MustParseTarget(threeNines), berlin, moment(t, tt.now))
			if want := time.Duration(tt.hours) * 3600 * time.Millisecond; s.Allowed != want || s.Spent != tt.spent {
				t.Errorf("got %v of %v spent, want %v of %v", s.Spent, s.Allowed, tt.spent, want)
			}
			if got := s.End.Sub(s.Start); got != time.Duration(tt.hours)*time.Hour {
				t.Errorf("Window: got %v, want %d hours", got, tt.hours)
			}
			if got := s.Left() < 0; got != tt.overdue {
				t.Errorf("left: got %v", s.Left())
			}
		})
	}
}

func moment(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestNoBudgetIsNoData(t *testing.T) {
	now := time.Date(2026, 3, 20, 12, 0, 0, 0, time.UTC)
	always := ledger.Ledger{
		Entries: []ledger.Entry{{Kind: ledger.KindDrill, Name: "a", Start: now.Add(-100 * 24 * time.Hour)}},
		Exclude: []ledger.Kind{ledger.KindDrill},
	}
	for name, s := range map[string]ledger.Statement{
		"all excluded": always.Statement(slo.MustParseTarget(threeNines), slo.MustParseWindow("30d"), now),
		"no target":    ledger.Ledger{}.Statement(slo.Target{}, slo.MustParseWindow("30d"), now),
	} {
		if share, ok := s.SpentShare(); ok || s.String() != "no budget" || s.State("x").HasData {
			t.Errorf("%s: got %v, %t, %v", name, share, ok, s)
		}
	}
}

func TestStateHasTheOutagesAsIncidents(t *testing.T) {
	now := time.Date(2026, 3, 20, 12, 0, 0, 0, time.UTC)
	books := ledger.Ledger{Entries: []ledger.Entry{
		entry(ledger.KindOutage, "a", now.Add(-time.Hour), 432*time.Second, "100%"),
		entry(ledger.KindMaintenance, "b", now.Add(-2*time.Hour), 432*time.Second, "100%"),
	}}
	state := books.Statement(slo.MustParseTarget(threeNines), slo.MustParseWindow("30d"), now).State("caution")
	if len(state.Incidents) != 1 || state.Incidents[0].Name != "a" || state.Incidents[0].Spent.Percent() != "16.67%" {
		t.Errorf("incidents: got %v", state.Incidents)
	}
	if !state.HasData || state.Spent.Percent() != "33.33%" || state.Previous != "caution" {
		t.Errorf("got %v", state)
	}
}

// TestStatementIsItsSeconds looks at every second of a window on its own.
func TestStatementIsItsSeconds(t *testing.T) {
	for seed := range uint64(100) {
		followSeconds(t, seed)
	}
}

func FuzzStatement(f *testing.F) {
	f.Add(uint64(1))
	f.Add(uint64(1 << 40))
	f.Fuzz(followSeconds)
}

func followSeconds(t *testing.T, seed uint64) {
	random := rand.New(rand.NewPCG(seed, 0))
	now := time.Date(2026, 10, 25, 3, 30, 0, 0, time.UTC)
	window := slo.MustParseWindow("1h")
	books := ledger.Ledger{}
	all := []ledger.Kind{ledger.KindOutage, ledger.KindMaintenance, ledger.KindDeployment, ledger.KindDrill}
	for _, kind := range all[1:] {
		if random.IntN(4) == 0 {
			books.Exclude = append(books.Exclude, kind)
		}
	}
	for i := range random.IntN(12) {
		start := now.Add(time.Duration(random.IntN(6000)-5000) * time.Second)
		lasted := time.Duration(random.IntN(2000)) * time.Second // 0: it goes on
		degree := fmt.Sprintf("%d%%", random.IntN(5)*25)
		books.Entries = append(books.Entries, entry(all[random.IntN(4)], fmt.Sprint(i%7), start, lasted, degree))
	}
	type key struct {
		kind ledger.Kind
		name string
	}
	want := make(map[key]*big.Rat)
	wantTotal, wantExcluded := new(big.Rat), 0
	for second := range 3600 {
		at := now.Add(time.Duration(second-3600) * time.Second)
		worst, excluded := -1, false
		for i, e := range books.Entries {
			if at.Before(e.Start) || !e.End.IsZero() && !at.Before(e.End) {
				continue
			}
			for _, kind := range books.Exclude {
				excluded = excluded || kind == e.Kind
			}
			if worst < 0 || worse(e, books.Entries[worst]) {
				worst = i
			}
		}
		switch {
		case excluded:
			wantExcluded++
		case worst >= 0:
			e := books.Entries[worst]
			of := key{e.Kind, e.Name}
			if want[of] == nil {
				want[of] = new(big.Rat)
			}
			want[of].Add(want[of], degree(e))
			wantTotal.Add(wantTotal, degree(e))
		}
	}
	s := books.Statement(slo.MustParseTarget("50%"), window, now)
	if s.Excluded != time.Duration(wantExcluded)*time.Second || !same(s.Spent, wantTotal) {
		t.Fatalf("seed %d: got spent %v, excluded %v, want %v s, %d s", seed, s.Spent, s.Excluded, wantTotal, wantExcluded)
	}
	if len(s.Incidents) != len(want) {
		t.Errorf("seed %d: got %v, want %d incidents", seed, s.Incidents, len(want))
	}
	kinds := make(map[ledger.Kind]time.Duration)
	for _, c := range s.Incidents {
		if spent := want[key{c.Kind, c.Name}]; spent == nil || !same(c.Spent, spent) {
			t.Errorf("seed %d: %s %s: got %v, want %v", seed, c.Kind, c.Name, c.Spent, spent)
		}
		kinds[c.Kind] += c.Spent
	}
	for _, c := range s.Kinds {
		if c.Spent != kinds[c.Kind] {
			t.Errorf("seed %d: %s: got %v, want %v", seed, c.Kind, c.Spent, kinds[c.Kind])
		}
	}
	if len(s.Kinds) != len(kinds) {
		t.Errorf("seed %d: got %v, want %d kinds", seed, s.Kinds, len(kinds))
	}
}

func worse(e, than ledger.Entry) bool {
	order := degree(e).Cmp(degree(than))
	return order > 0 || order == 0 && e.Start.Before(than.Start)
}

// degree returns what a second of the entry lost.
func degree(e ledger.Entry) *big.Rat {
	if e.Degree == (slo.Share{}) {
		return big.NewRat(1, 1)
	}
	return e.Degree.Rat()
}

func same(d time.Duration, seconds *big.Rat) bool {
	return big.NewRat(int64(d), int64(time.Second)).Cmp(seconds) == 0
}

func TestNamesOfChargesDoNotMix(t *testing.T) {
	now := time.Date(2026, 3, 20, 12, 0, 0, 0, time.UTC)
	books := ledger.Ledger{Entries: []ledger.Entry{
		entry(ledger.KindOutage, "a", now.Add(-time.Hour), time.Minute, "100%"),
		entry(ledger.KindDrill, "a", now.Add(-2*time.Hour), time.Minute, "100%"),
	}}
	want := []ledger.Charge{
		{Kind: ledger.KindDrill, Name: "a", Spent: time.Minute}, {Kind: ledger.KindOutage, Name: "a", Spent: time.Minute},
	}
	s := books.Statement(slo.MustParseTarget(threeNines), slo.MustParseWindow("30d"), now)
	if diff := cmp.Diff(want, s.Incidents); diff != "" {
		t.Error(diff)
	}
}
