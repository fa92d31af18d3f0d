package budget_test

import (
	"math"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

func TestBudgetOfTheShop(t *testing.T) {
	browse := sli.Sum(
		sli.Counts{Good: 9994, Valid: 10000},  // Home
		sli.Counts{Good: 9989, Valid: 10000},  // Search
		sli.Counts{Good: 9997, Valid: 10000},  // Category
		sli.Counts{Good: 10000, Valid: 10000}, // Detail
	)
	for _, tt := range []struct {
		name, target string
		counts       sli.Counts
		allowed      uint64
		left         int64
		want         string
	}{
		{"browse just reaches availability",
			"99.95%", browse, 20, 0, "0% left: 20 of 20 bad events spent, 99.95% over 30d"},
		{"latency",
			"90%", sli.Counts{Good: 9300, Valid: 10000}, 1000, 300, "30% left: 700 of 1000 bad events spent, 90% over 30d"},
		{"overspent",
			"99.95%", sli.Counts{Good: 39970, Valid: 40000}, 20, -10, "150% spent: 30 bad events, 20 allowed, 99.95% over 30d"},
		{"less than one bad event is allowed",
			"99.95%", sli.Counts{Good: 1999, Valid: 1999}, 0, 0, "100% left: 0 of 0 bad events spent, 99.95% over 30d"},
		{"no traffic is no data", "99.95%", sli.Counts{}, 0, 0, "no data, 99.95% over 30d"},
		{"one bad event",
			"99.95%", sli.Counts{Good: 1, Valid: 2}, 0, -1, "100000% spent: 1 bad event, 0 allowed, 99.95% over 30d"},
		{"all bad",
			"99.9%", sli.Counts{Valid: 1000}, 1, -999, "100000% spent: 1000 bad events, 1 allowed, 99.9% over 30d"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := budget.New(slo.MustParseTarget(tt.target), slo.MustParseWindow("30d"), tt.counts)
			if got := b.Allowed(); got != tt.allowed {
				t.Errorf("allowed: got %d, want %d", got, tt.allowed)
			}
			if got := b.Left(); got != tt.left {
				t.Errorf("left: got %d, want %d", got, tt.left)
			}
			if got := b.String(); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestWithoutData(t *testing.T) {
	now := time.Date(2026, 3, 15, 0, 0, 0, 0, time.UTC)
	burn, _ := budget.BurnRate(slo.MustParseTarget("99%"), sli.Counts{Valid: 1})
	target, counts := slo.MustParseTarget("99%"), sli.Counts{Good: 1, Valid: 1}
	for _, tt := range []struct {
		name    string
		b       budget.Budget
		hasData bool
	}{
		{"the zero Budget", budget.Budget{}, false},
		{"no traffic", budget.New(target, slo.MustParseWindow("30d"), sli.Counts{}), false},
		{"no target", budget.New(slo.Target{}, slo.MustParseWindow("30d"), counts), false},
		{"no window", budget.New(target, slo.Window{}, counts), true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.b.HasData(); got != tt.hasData {
				t.Errorf("HasData: got %t, want %t", got, tt.hasData)
			}
			if _, ok := tt.b.Spent(); ok != tt.hasData {
				t.Errorf("Spent: got %t, want %t", ok, tt.hasData)
			}
			if r, ok := tt.b.Remaining(); ok != tt.hasData || !ok && r.Sign() != 0 {
				t.Errorf("Remaining: got %v, %t, want %t", r, ok, tt.hasData)
			}
			if _, ok := tt.b.SpentOfWindow(now); ok {
				t.Error("SpentOfWindow: got data")
			}
			if _, ok := tt.b.Cost(now, 1); ok {
				t.Error("Cost: got data")
			}
			if _, ok := tt.b.ExhaustedAt(now, burn); ok {
				t.Error("ExhaustedAt: got a time")
			}
			if _, ok := tt.b.SustainableBurn(now); ok {
				t.Error("SustainableBurn: got data")
			}
		})
	}
}

func TestMoreGoodThanValidIsAllGood(t *testing.T) {
	b := budget.New(slo.MustParseTarget("99%"), slo.MustParseWindow("30d"), sli.Counts{Good: 7, Valid: 5})
	if got, ok := b.Remaining(); !ok || got.Percent() != "100%" {
		t.Errorf("got %v, %t, want 100%%", got.Percent(), ok)
	}
}

// TestCostAddsUpToSpentOfWindow has a short incident on the first of a month.
// It costs little of the month's budget.
func TestCostAddsUpToSpentOfWindow(t *testing.T) {
	now := time.Date(2026, 4, 1, 7, 12, 0, 0, time.UTC) // a hundredth of the month
	b := budget.New(slo.MustParseTarget("99.9%"), slo.MustParseWindow("month"), sli.Counts{Good: 998, Valid: 1000})
	for bad, want := range []string{"0%", "1%", "2%"} {
		if got, ok := b.Cost(now, uint64(bad)); !ok || got.Percent() != want {
			t.Errorf("%d bad events: got %v, %t, want %v", bad, got.Percent(), ok, want)
		}
	}
	if got, _ := b.Cost(now, 5000); got.Percent() != "1000%" {
		t.Errorf("more bad than valid events: got %v, want 1000%%, the cost of all events", got.Percent())
	}
	spent, _ := b.SpentOfWindow(now)
	cost, _ := b.Cost(now, b.Counts().Bad())
	if spent.Compare(cost) != 0 {
		t.Errorf("all bad events: got %v, want the share spent, %v", cost, spent)
	}
}

func month(t *testing.T, zone string) slo.Window {
	t.Helper()
	w, err := slo.ParseWindow("month " + zone)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestExhaustedAt(t *testing.T) {
	target := slo.MustParseTarget("99.9%")
	halfSpent := sli.Counts{Good: 999_500, Valid: 1_000_000}
	rolling := budget.New(target, slo.MustParseWindow("30d"), halfSpent)
	middle := time.Date(2026, 4, 16, 0, 0, 0, 0, time.UTC) // after 15 of 30 days
	calendar := budget.New(target, month(t, "UTC"), halfSpent)
	early := time.Date(2026, 4, 4, 0, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name         string
		b            budget.Budget
		now          time.Time
		burnPermille uint64 // bad events of 1000: the burn rate for 99.9 %
		want         time.Duration
		ok           bool
		sustainable  string
	}{
		{"half left at a burn rate of 14", rolling, middle, 14, 15 * day / 14, true, "0.5"},
		{"half left at a burn rate of 1", rolling, middle, 1, 15 * day, true, "0.5"},
		{"nothing burns", rolling, middle, 0, 0, false, "0.5"},
		{"half a month at half rate leaves three quarters", calendar, middle, 2, 30 * day * 3 / 8, true, "1.5"},
		{"lasts to the end of the month", calendar, middle, 1, 0, false, "1.5"},
		{"spent after a tenth of the month",
			budget.New(target, month(t, "UTC"), sli.Counts{Good: 990, Valid: 1000}), early, 1, 0, true, "0"},
		{"twice the allowed share in the first days",
			budget.New(target, month(t, "UTC"), sli.Counts{Good: 998, Valid: 1000}), early, 1, 24 * day, true, "0.89"},
		{"just spent, and nothing burns",
			budget.New(target, slo.MustParseWindow("30d"), sli.Counts{Good: 999, Valid: 1000}), middle, 0, 0, true, "0"},
		{"overspent",
			budget.New(target, slo.MustParseWindow("30d"), sli.Counts{Good: 99, Valid: 100}), middle, 1, 0, true, "0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			burn, _ := budget.BurnRate(target, sli.Counts{Good: 1000 - tt.burnPermille, Valid: 1000})
			got, ok := tt.b.ExhaustedAt(tt.now, burn)
			if ok != tt.ok || ok && !got.Equal(tt.now.Add(tt.want)) {
				t.Errorf("got in %v, %t, want %v, %t", got.Sub(tt.now), ok, tt.want, tt.ok)
			}
			sustainable, ok := tt.b.SustainableBurn(tt.now)
			if !ok || sustainable.String() != tt.sustainable {
				t.Errorf("SustainableBurn: got %v, %t, want %s", sustainable, ok, tt.sustainable)
			}
		})
	}
}

// TestSustainableBurnJustLasts burns at the sustainable rate and at a
// slightly lower one.
func TestSustainableBurnJustLasts(t *testing.T) {
	target := slo.MustParseTarget("90%")
	// October has 745 hours in Berlin.
	now := time.Date(2026, 10, 20, 7, 0, 0, 0, time.UTC)
	for _, window := range []slo.Window{slo.MustParseWindow("7d"), month(t, "Europe/Berlin")} {
		b := budget.New(target, window, sli.Counts{Good: 95, Valid: 100})
		sustainable, _ := b.SustainableBurn(now)
		events := sustainable.Rat() // bad/valid events that burn at this rate
		events.Mul(events, big.NewRat(1, 10))
		bad, valid := events.Num().Uint64(), events.Denom().Uint64()
		just, _ := budget.BurnRate(target, sli.Counts{Good: valid - bad, Valid: valid})
		end := now.Add(window.Length(now))
		if window.IsCalendar() {
			_, end = window.Bounds(now)
		}
		if at, ok := b.ExhaustedAt(now, just); !ok || !at.Equal(end) {
			t.Errorf("%v: at the sustainable rate got %v, %t, want %v", window, at, ok, end)
		}
		less, _ := budget.BurnRate(target, sli.Counts{Good: 1000*valid - 999*bad, Valid: 1000 * valid})
		if at, ok := b.ExhaustedAt(now, less); ok {
			t.Errorf("%v: below the sustainable rate the budget is spent at %v", window, at)
		}
	}
}

func FuzzBudget(f *testing.F) {
	f.Add(uint32(999_500_000), uint64(39980), uint64(40000), int64(0))
	f.Add(uint32(999_000_000), uint64(999), uint64(1000), int64(1_775_000_000))
	f.Add(uint32(1), uint64(0), uint64(math.MaxUint64), int64(1_777_000_000))
	// Overspent by exactly the largest int64.
	f.Add(uint32(999_999_999), uint64(0), uint64(9223372046078147853), int64(0))
	f.Add(uint32(999_999_999), uint64(1<<63), uint64(1<<63+1), int64(1_777_593_599))
	f.Add(uint32(999_999_999), uint64(0), uint64(math.MaxUint64), int64(1_777_593_599))
	window := slo.MustParseWindow("month America/New_York")
	one, year2000 := big.NewRat(1, 1), time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, parts uint32, good, valid uint64, unix int64) {
		target, err := slo.TargetOf(int64(parts))
		if err != nil || valid == 0 || good > valid {
			t.Skip()
		}
		now := year2000.Add(time.Duration(uint64(unix)%3_000_000_000) * time.Second)
		b := budget.New(target, window, sli.Counts{Good: good, Valid: valid})

		share := new(big.Rat).Sub(one, target.Rat())
		allowed := new(big.Rat).Mul(share, new(big.Rat).SetUint64(valid))
		bad := new(big.Rat).SetUint64(valid - good)
		spent := new(big.Rat).Quo(bad, allowed)
		check(t, "spent", first(b.Spent()), spent)
		check(t, "remaining", first(b.Remaining()), new(big.Rat).Sub(one, spent))

		start, end := window.Bounds(now)
		elapsed := big.NewRat(int64(now.Sub(start)), int64(end.Sub(start)))
		ofWindow := new(big.Rat).Mul(spent, elapsed)
		check(t, "spent of the window", first(b.SpentOfWindow(now)), ofWindow)
		if ofWhole, ok := b.AllowedOfWindow(now); ok != (elapsed.Sign() > 0) {
			t.Errorf("allowed of the window: got %t with %v of it passed", ok, elapsed)
		} else if ok {
			check(t, "allowed of the window", ofWhole.Rat(), new(big.Rat).Quo(allowed, elapsed))
		}
		left := new(big.Rat).Sub(one, ofWindow)
		sustainable := new(big.Rat)
		if left.Sign() > 0 {
			sustainable.Quo(left, new(big.Rat).Sub(one, elapsed))
		}
		check(t, "sustainable burn", first(b.SustainableBurn(now)), sustainable)

		whole := new(big.Int).Quo(allowed.Num(), allowed.Denom())
		if got := b.Allowed(); new(big.Int).SetUint64(got).Cmp(whole) != 0 {
			t.Errorf("allowed: got %d, want %v", got, whole)
		}
		events := whole.Sub(whole, bad.Num())
		if events.IsInt64() && events.Int64() != b.Left() {
			t.Errorf("left: got %d, want %v", b.Left(), events)
		}
		if !events.IsInt64() && b.Left() != int64(map[int]uint64{1: math.MaxInt64, -1: 1 << 63}[events.Sign()]) {
			t.Errorf("left: got %d, want the end of int64 for %v", b.Left(), events)
		}
	})
}

func first(r budget.Ratio, _ bool) *big.Rat { return r.Rat() }

func check(t *testing.T, name string, got, want *big.Rat) {
	t.Helper()
	if got.Cmp(want) != 0 {
		t.Errorf("%s: got %v, want %v", name, got, want)
	}
}

// TestSummary has the events of one second, of a part of the window, and of all
// of it.
func TestSummary(t *testing.T) {
	now := time.Date(2026, 3, 11, 0, 0, 0, 0, time.UTC) // 10 of 31 days passed
	for _, tt := range []struct {
		window string
		known  time.Duration // zero means that every event is known
		counts sli.Counts
		want   string
	}{
		{"30d", 0, sli.Counts{}, "no data, 99.9% over 30d"},
		{"30d", 0, sli.Counts{Good: 9995, Valid: 10_000}, "50% left: 5 of 10 bad events spent, 99.9% over 30d"},
		{"30d", 3 * 24 * time.Hour, sli.Counts{Good: 9995, Valid: 10_000}, "95% left: 5 of about 100 bad events spent, 99.9% over 30d, known for 3d of 30d"},
		{"30d", 5 * time.Second, sli.Counts{Good: 12, Valid: 13}, "99.99% left: 1 of about 6739 bad events spent, 99.9% over 30d, known for 5s of 30d"},
		{"30d", time.Millisecond, sli.Counts{Valid: 1}, "100% left: 1 bad event spent, 99.9% over 30d, known for 0s of 30d"},
		{"1d", 12 * time.Hour, sli.Counts{Good: 995, Valid: 1000}, "250% spent: 5 bad events, about 2 allowed, 99.9% over 1d, known for 12h of 1d"},
		{"month", 0, sli.Counts{Good: 9990, Valid: 10_000}, "67.74% left: 10 of about 31 bad events spent, 99.9% in each month"},
	} {
		b := budget.New(slo.MustParseTarget("99.9%"), slo.MustParseWindow(tt.window), tt.counts)
		if tt.known > 0 {
			b = b.KnownSince(now.Add(-tt.known), now)
		}
		if got := b.Summary(now); got != tt.want {
			t.Errorf("%v in %s: got %q, want %q", tt.counts, tt.window, got, tt.want)
		}
	}
	if got := (budget.Budget{}).Summary(now); !strings.HasPrefix(got, "no data, ") {
		t.Errorf("the zero Budget: got %q, want no data", got)
	}
}

func TestBudgetDoesNotAllocate(t *testing.T) {
	now := time.Date(2026, 3, 15, 0, 0, 0, 0, time.UTC)
	target, window, counts := slo.MustParseTarget("99.9%"), month(t, "Asia/Seoul"), sli.Counts{Good: 999, Valid: 1000}
	var sum int
	allocs := testing.AllocsPerRun(100, func() { sum += state(target, window, counts, now) })
	if allocs != 0 {
		t.Errorf("got %v allocations, want 0", allocs)
	}
}

// state reads everything that a deployment gate needs of a budget.
func state(target slo.Target, window slo.Window, counts sli.Counts, now time.Time) int {
	b := budget.New(target, window, counts)
	spent, _ := b.Spent()
	left, _ := b.Remaining()
	ofWindow, _ := b.SpentOfWindow(now)
	sustainable, _ := b.SustainableBurn(now)
	return spent.Compare(left) + ofWindow.Compare(sustainable) + int(b.Left())
}

func BenchmarkBudgetState(b *testing.B) {
	now := time.Date(2026, 3, 15, 0, 0, 0, 0, time.UTC)
	target, window, counts := slo.MustParseTarget("99.9%"), slo.MustParseWindow("30d"), sli.Counts{Good: 999, Valid: 1000}
	b.ReportAllocs()
	for b.Loop() {
		state(target, window, counts, now)
	}
}

// TestInYearsWithAWrongZoneBounds has a year with an end at which
// Time.ZoneBounds returns an end that is not after its time.
func TestInYearsWithAWrongZoneBounds(t *testing.T) {
	now := time.Date(2040, 7, 1, 23, 0, 0, 0, time.UTC) // half the year passed
	b := budget.New(slo.MustParseTarget("99%"), slo.MustParseWindow("year Europe/London"), sli.Counts{Good: 995, Valid: 1000})
	if got, ok := b.SpentOfWindow(now); !ok || got.Percent() != "24.99%" {
		t.Errorf("SpentOfWindow: got %v, %t, want 24.99%%", got.Percent(), ok)
	}
	if got, ok := b.Cost(now, 1); !ok || got.Percent() != "5%" {
		t.Errorf("Cost: got %v, %t, want 5%%", got.Percent(), ok)
	}
	if got, ok := b.SustainableBurn(now); !ok || got.String() != "1.5" {
		t.Errorf("SustainableBurn: got %v, %t, want 1.5", got, ok)
	}
	burn, _ := budget.BurnRate(b.Target(), sli.Counts{Good: 97, Valid: 100})
	if got, ok := b.ExhaustedAt(now, burn); !ok || got.Format(time.DateOnly) != "2040-10-01" {
		t.Errorf("ExhaustedAt: got %v, %t, want October 1", got, ok)
	}
}
