package ledger_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/budget/ledger"
	"github.com/sligo-go/sligo/slo"
)

func ExampleLedger_Statement() {
	at := time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC)
	downtime := ledger.Ledger{Entries: []ledger.Entry{
		{
			Kind: ledger.KindOutage, Name: "database failover",
			Start: at, End: at.Add(9 * time.Minute),
		},
		{
			Kind: ledger.KindOutage, Name: "slow search",
			Start: at.Add(time.Hour), End: at.Add(80 * time.Minute), Degree: slo.MustParseShare("50%"),
		},
		{
			Kind: ledger.KindDeployment, Name: "release 7",
			Start: at.Add(5 * time.Minute), End: at.Add(12 * time.Minute),
		},
	}}
	target, window, now := slo.MustParseTarget("99.9%"), slo.MustParseWindow("30d"), at.Add(24*time.Hour)
	s := downtime.Statement(target, window, now)
	fmt.Printf("%s of %s\n", budget.FormatDuration(s.Spent), budget.FormatDuration(s.Allowed))
	for _, charge := range s.Incidents {
		fmt.Println(charge)
	}

	downtime.Exclude = []ledger.Kind{ledger.KindDeployment}
	fmt.Println(downtime.Statement(target, window, now))
	// Output:
	// 22 minutes of 43.2 minutes
	// outage "slow search" 10 minutes
	// outage "database failover" 9 minutes
	// deployment "release 7" 3 minutes
	// 15 minutes of 43.2 minutes spent (34.73%): outage 15 minutes
}

// A policy decides from the state that a ledger leads to.
func ExampleStatement_State() {
	at := time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC)
	downtime := ledger.Ledger{Entries: []ledger.Entry{{
		Kind: ledger.KindOutage, Name: "database failover",
		Start: at, End: at.Add(36 * time.Minute),
	}}}
	if err := downtime.Validate(); err != nil {
		fmt.Println(err)
		return
	}
	target, window := slo.MustParseTarget("99.9%"), slo.MustParseWindow("30d")
	state := downtime.Statement(target, window, at.Add(time.Hour)).State("healthy")
	fmt.Println(state)

	decision := budget.Policy{}.Decide(state)
	fmt.Println(decision.Step, decision.Release)
	for _, action := range decision.Actions {
		fmt.Println("->", action)
	}
	// Output:
	// 83.33% spent, 1 incident, previously healthy
	// caution reviewed
	// -> review every release more strictly, and keep changes small
	// -> write a postmortem for "database failover"
}

const threeNines = "99.9%"

func entry(kind ledger.Kind, name string, start time.Time, lasted time.Duration, degree string) ledger.Entry {
	e := ledger.Entry{Kind: kind, Name: name, Start: start, Degree: slo.MustParseShare(degree)}
	if lasted > 0 {
		e.End = start.Add(lasted)
	}
	return e
}

// exact lists charges with exact durations: "outage a 10m0s, drill b 2ns".
func exact(charges []ledger.Charge) string {
	var texts []string
	for _, c := range charges {
		texts = append(texts, fmt.Sprintf("%s %s %v", c.Kind, c.Name, c.Spent))
	}
	return strings.Join(texts, ", ")
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
		{"no entries", nil, nil, 0, 0, ""},
		{"an outage",
			[]ledger.Entry{entry(ledger.KindOutage, "a", ago(h), 10*m, "100%")}, nil, 10 * m, 0, "outage a 10m0s"},
		{"an outage of a half",
			[]ledger.Entry{entry(ledger.KindOutage, "a", ago(h), 10*m, "50%")}, nil, 5 * m, 0, "outage a 5m0s"},
		{"a degree of zero means all",
			[]ledger.Entry{entry(ledger.KindOutage, "a", ago(h), 10*m, "0%")}, nil, 10 * m, 0, "outage a 10m0s"},
		{"an outage without an end",
			[]ledger.Entry{entry(ledger.KindOutage, "a", ago(h), 0, "100%")}, nil, h, 0, "outage a 1h0m0s"},
		{"an end in the future",
			[]ledger.Entry{entry(ledger.KindOutage, "a", ago(h), 2*h, "100%")}, nil, h, 0, "outage a 1h0m0s"},
		{"in the future", []ledger.Entry{entry(ledger.KindMaintenance, "a", now.Add(h), h, "100%")}, nil, 0, 0, ""},
		{"in the future without an end",
			[]ledger.Entry{entry(ledger.KindMaintenance, "a", now.Add(h), 0, "100%")}, nil, 0, 0, ""},
		{"before the window", []ledger.Entry{entry(ledger.KindOutage, "a", ago(32*24*h), 24*h, "100%")}, nil, 0, 0, ""},
		{"partly before the window",
			[]ledger.Entry{entry(ledger.KindOutage, "a", ago(30*24*h+m), 5*m, "100%")}, nil, 4 * m, 0, "outage a 4m0s"},
		{"overlaps count once, for the first", []ledger.Entry{
			entry(ledger.KindOutage, "later", ago(55*m), 10*m, "100%"), entry(ledger.KindOutage, "first", ago(h), 10*m, "100%"),
		}, nil, 15 * m, 0, "outage first 10m0s, outage later 5m0s"},
		{"overlaps are charged to the higher degree", []ledger.Entry{
			entry(ledger.KindOutage, "half", ago(h), 20*m, "50%"), entry(ledger.KindOutage, "whole", ago(50*m), 4*m, "100%"),
		}, nil, 12 * m, 0, "outage half 8m0s, outage whole 4m0s"},
		{"entries with one name are one incident", []ledger.Entry{
			entry(ledger.KindOutage, "a", ago(h), m, "100%"), entry(ledger.KindOutage, "a", ago(30*m), m, "100%"),
		}, nil, 2 * m, 0, "outage a 2m0s"},
		{"maintenance spends",
			[]ledger.Entry{entry(ledger.KindMaintenance, "a", ago(h), 10*m, "100%")}, nil, 10 * m, 0, "maintenance a 10m0s"},
		{"excluded maintenance",
			[]ledger.Entry{entry(ledger.KindMaintenance, "a", ago(h), 10*m, "100%")}, []ledger.Kind{ledger.KindMaintenance}, 0, 10 * m, ""},
		{"excluded maintenance of any degree",
			[]ledger.Entry{entry(ledger.KindMaintenance, "a", ago(h), 10*m, "1%")}, []ledger.Kind{ledger.KindMaintenance}, 0, 10 * m, ""},
		{"excluded maintenance with an outage within", []ledger.Entry{
			entry(ledger.KindOutage, "b", ago(55*m), 10*m, "100%"), entry(ledger.KindMaintenance, "a", ago(h), 10*m, "100%"),
		}, []ledger.Kind{ledger.KindMaintenance}, 5 * m, 10 * m, "outage b 5m0s"},
		{"rounded up", []ledger.Entry{entry(ledger.KindOutage, "a", ago(h), 3, "50%")}, nil, 2, 0, "outage a 2ns"},
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
			if got := exact(s.Incidents); got != tt.incidents {
				t.Errorf("incidents: got %q, want %q", got, tt.incidents)
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
		name      string
		now       string
		start     string // of the outage
		end       string // of the outage
		hours     int    // of the window
		spent     time.Duration
		overspent bool
	}{
		{"March has an hour less", "2026-03-30T12:00:00+02:00",
			"2026-03-29T01:30:00+01:00", "2026-03-29T03:30:00+02:00", 743, time.Hour, true},
		{"October has an hour more", "2026-10-30T12:00:00+01:00",
			"2026-10-25T01:30:00+02:00", "2026-10-25T03:30:00+01:00", 745, 3 * time.Hour, true},
		{"April begins two hours before UTC", "2026-03-31T22:30:00Z",
			"2026-03-31T21:50:00Z", "2026-03-31T22:10:00Z", 720, 10 * time.Minute, false},
		{"March ends two hours before UTC", "2026-03-31T21:59:59Z",
			"2026-03-31T21:50:00Z", "2026-03-31T22:10:00Z", 743, 9*time.Minute + 59*time.Second, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			outage := ledger.Entry{
				Kind: ledger.KindOutage, Name: "a", Start: moment(t, tt.start), End: moment(t, tt.end),
			}
			books := ledger.Ledger{Entries: []ledger.Entry{outage}}
			s := books.Statement(slo.MustParseTarget(threeNines), berlin, moment(t, tt.now))
			if want := time.Duration(tt.hours) * 3600 * time.Millisecond; s.Allowed != want || s.Spent != tt.spent {
				t.Errorf("got %v of %v spent, want %v of %v", s.Spent, s.Allowed, tt.spent, want)
			}
			if got := s.End.Sub(s.Start); got != time.Duration(tt.hours)*time.Hour {
				t.Errorf("window: got %v, want %d hours", got, tt.hours)
			}
			if got := s.Left() < 0; got != tt.overspent {
				t.Errorf("left: got %v, want overspent %t", s.Left(), tt.overspent)
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

// TestStatementInAYearWithAWrongZoneBounds has a year with an end at which
// Time.ZoneBounds returns an end that is not after its time.
func TestStatementInAYearWithAWrongZoneBounds(t *testing.T) {
	now := moment(t, "2040-12-31T12:00:00Z")
	books := ledger.Ledger{Entries: []ledger.Entry{entry(ledger.KindOutage, "a", now.Add(-time.Hour), time.Minute, "100%")}}
	s := books.Statement(slo.MustParseTarget(threeNines), slo.MustParseWindow("year Europe/London"), now)
	if s.Spent != time.Minute || !s.Start.Equal(moment(t, "2040-01-01T00:00:00Z")) || !s.End.Equal(moment(t, "2041-01-01T00:00:00Z")) {
		t.Errorf("got %v from %v to %v, want 1m from 2040 to 2041", s.Spent, s.Start, s.End)
	}
}

func TestStatementWithoutBudget(t *testing.T) {
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
			t.Errorf("%s: got share %v, %t and %q, want no budget", name, share, ok, s)
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
		t.Errorf("incidents: got %v, want the outage a with 16.67%%", state.Incidents)
	}
	if !state.HasData || state.Spent.Percent() != "33.33%" || state.Previous != "caution" {
		t.Errorf("got %v, want 33.33%% spent, previously caution", state)
	}
}

// TestStatementAgreesWithSeconds compares with a model that looks at every
// second of a window by itself.
func TestStatementAgreesWithSeconds(t *testing.T) {
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
	now := time.Date(2026, 10, 25, 3, 30, 0, 0, time.UTC)
	books := randomLedger(rand.New(rand.NewPCG(seed, 0)), now)
	want := modelOf(books, now)
	s := books.Statement(slo.MustParseTarget("50%"), slo.MustParseWindow("1h"), now)
	if s.Excluded != want.excluded || !same(s.Spent, want.total) {
		t.Fatalf("seed %d: got spent %v, excluded %v, want %v s, %v", seed, s.Spent, s.Excluded, want.total, want.excluded)
	}
	if len(s.Incidents) != len(want.incidents) {
		t.Errorf("seed %d: got %v, want %d incidents", seed, s.Incidents, len(want.incidents))
	}
	kinds := make(map[ledger.Kind]time.Duration)
	for _, c := range s.Incidents {
		if spent := want.incidents[incident{c.Kind, c.Name}]; spent == nil || !same(c.Spent, spent) {
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

var allKinds = []ledger.Kind{ledger.KindOutage, ledger.KindMaintenance, ledger.KindDeployment, ledger.KindDrill}

// randomLedger returns up to 11 entries of whole seconds around the last hour.
func randomLedger(random *rand.Rand, now time.Time) ledger.Ledger {
	var books ledger.Ledger
	for _, kind := range allKinds[1:] {
		if random.IntN(4) == 0 {
			books.Exclude = append(books.Exclude, kind)
		}
	}
	for i := range random.IntN(12) {
		start := now.Add(time.Duration(random.IntN(6000)-5000) * time.Second)
		lasted := time.Duration(random.IntN(2000)) * time.Second // 0 means no end
		degree := fmt.Sprintf("%d%%", random.IntN(5)*25)
		books.Entries = append(books.Entries, entry(allKinds[random.IntN(4)], fmt.Sprint(i%7), start, lasted, degree))
	}
	return books
}

type incident struct {
	kind ledger.Kind
	name string
}

// model is a statement of the last hour, with times in exact seconds.
type model struct {
	excluded  time.Duration
	total     *big.Rat
	incidents map[incident]*big.Rat
}

func modelOf(books ledger.Ledger, now time.Time) model {
	m := model{total: new(big.Rat), incidents: make(map[incident]*big.Rat)}
	for second := range 3600 {
		worst, excluded := worstAt(books, now.Add(time.Duration(second-3600)*time.Second))
		switch {
		case excluded:
			m.excluded += time.Second
		case worst != nil:
			of := incident{worst.Kind, worst.Name}
			if m.incidents[of] == nil {
				m.incidents[of] = new(big.Rat)
			}
			m.incidents[of].Add(m.incidents[of], degree(*worst))
			m.total.Add(m.total, degree(*worst))
		}
	}
	return m
}

// worstAt returns the entry that is charged for a second, nil if nothing was
// down, and reports whether the second is excluded.
func worstAt(books ledger.Ledger, at time.Time) (worst *ledger.Entry, excluded bool) {
	for i, e := range books.Entries {
		if at.Before(e.Start) || !e.End.IsZero() && !at.Before(e.End) {
			continue
		}
		excluded = excluded || slices.Contains(books.Exclude, e.Kind)
		if worst == nil || worse(e, *worst) {
			worst = &books.Entries[i]
		}
	}
	return worst, excluded
}

func worse(e, than ledger.Entry) bool {
	order := degree(e).Cmp(degree(than))
	return order > 0 || order == 0 && e.Start.Before(than.Start)
}

// degree returns the seconds that a second of the entry lost.
func degree(e ledger.Entry) *big.Rat {
	if e.Degree == (slo.Share{}) {
		return big.NewRat(1, 1)
	}
	return e.Degree.Rat()
}

func same(d time.Duration, seconds *big.Rat) bool {
	return big.NewRat(int64(d), int64(time.Second)).Cmp(seconds) == 0
}

func TestKindsWithOneNameAreTwoIncidents(t *testing.T) {
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
