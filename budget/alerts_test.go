package budget_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

const threeNines = "99.9%"

// incident is a time with a share of bad events, at steady traffic.
type incident struct {
	perMinute uint64 // valid events
	permyriad uint64 // bad events of 10,000
	lasted    time.Duration
	ended     time.Duration // time since the end, 0 while it lasts
}

// counts returns the counts of the window with the given length that ends now.
func (i incident) counts(length time.Duration) sli.Counts {
	overlap := max(min(length, i.ended+i.lasted)-i.ended, 0)
	valid := i.perMinute * uint64(length/time.Second) / 60
	return sli.Counts{Good: valid - i.perMinute*i.permyriad*uint64(overlap/time.Second)/600_000, Valid: valid}
}

// TestDefaultPolicy specifies the default alerts for 99.9 % over 30 days.
func TestDefaultPolicy(t *testing.T) {
	const (
		hourly, sixHourly, threeDays = "page 1h0m0s", "page 6h0m0s", "ticket 72h0m0s"

		busy  = 60_000 // events a minute
		quiet = 1
		all   = 10_000 // of 10,000
	)
	for _, tt := range []struct {
		name     string
		incident incident
		want     []string // the alerts that fire
	}{
		{"no bad events", incident{perMinute: busy}, nil},
		{"no traffic", incident{}, nil},
		{"half of the allowed rate, always", incident{perMinute: busy, permyriad: 5, lasted: 30 * day}, nil},
		{"the allowed rate, for three days",
			incident{perMinute: busy, permyriad: 10, lasted: 3 * day}, []string{threeDays}},
		{"the allowed rate, for a day less", incident{perMinute: busy, permyriad: 10, lasted: 2 * day}, nil},
		{"five times the allowed rate, for 14 hours",
			incident{perMinute: busy, permyriad: 50, lasted: 14 * time.Hour}, nil},
		{"five times the allowed rate, for 15 hours",
			incident{perMinute: busy, permyriad: 50, lasted: 15 * time.Hour}, []string{threeDays}},
		{"six times the allowed rate, for an hour less than six",
			incident{perMinute: busy, permyriad: 60, lasted: 5 * time.Hour}, nil},
		{"six times the allowed rate, for six hours",
			incident{perMinute: busy, permyriad: 60, lasted: 6 * time.Hour}, []string{sixHourly}},
		{"1.44 % of events, for 59 minutes", incident{perMinute: busy, permyriad: 144, lasted: 59 * time.Minute}, nil},
		{"1.44 % of events, for an hour",
			incident{perMinute: busy, permyriad: 144, lasted: time.Hour}, []string{hourly}},
		{"a total outage, for 51 seconds", incident{perMinute: busy, permyriad: all, lasted: 51 * time.Second}, nil},
		{"a total outage, for 52 seconds",
			incident{perMinute: busy, permyriad: all, lasted: 52 * time.Second}, []string{hourly}},
		{"a total outage, for two minutes and ten seconds",
			incident{perMinute: busy, permyriad: all, lasted: 130 * time.Second}, []string{hourly, sixHourly}},
		{"a total outage, for five minutes",
			incident{perMinute: busy, permyriad: all, lasted: 5 * time.Minute}, []string{hourly, sixHourly, threeDays}},
		{"ended four minutes ago",
			incident{perMinute: busy, permyriad: all, lasted: 5 * time.Minute, ended: 4 * time.Minute}, []string{hourly, sixHourly, threeDays}},
		{"ended six minutes ago",
			incident{perMinute: busy, permyriad: all, lasted: 5 * time.Minute, ended: 6 * time.Minute}, []string{sixHourly, threeDays}},
		{"ended an hour ago",
			incident{perMinute: busy, permyriad: all, lasted: 5 * time.Minute, ended: time.Hour}, []string{threeDays}},
		{"ended seven hours ago",
			incident{perMinute: busy, permyriad: all, lasted: 5 * time.Minute, ended: 7 * time.Hour}, nil},
		{"three failures in three minutes at a request a minute",
			incident{perMinute: quiet, permyriad: all, lasted: 3 * time.Minute}, nil},
		{"four failures in four minutes at a request a minute",
			incident{perMinute: quiet, permyriad: all, lasted: 4 * time.Minute}, []string{hourly, sixHourly}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			alerts := budget.NewAlerts(slo.AlertPolicy{}, slo.MustParseTarget(threeNines), 30*day)
			var got []string
			for _, alarm := range alerts.Evaluate(nil, tt.incident.counts, 0) {
				if alarm.Firing {
					got = append(got, fmt.Sprintf("%s %v", alarm.Alert.Severity, alarm.Alert.Long))
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestAlarmString(t *testing.T) {
	alert := slo.Alert{Severity: slo.SeverityPage, Budget: slo.MustParseShare("2%"), Long: time.Hour}
	alerts := budget.NewAlerts(slo.AlertPolicy{Rules: []slo.Alert{alert}}, slo.MustParseTarget(threeNines), 30*day)
	for _, tt := range []struct {
		name        string
		long, short sli.Counts
		want        string
	}{
		{"fires", sli.Counts{Good: 980, Valid: 1000}, sli.Counts{Good: 80, Valid: 100},
			"page fires: burn rate 20 over 1h and 200 over 5m, limit 14.4, 20 bad events"},
		{"no traffic", sli.Counts{}, sli.Counts{}, "page does not fire: no data in 1h"},
		{"slow", sli.Counts{Good: 9990, Valid: 10000}, sli.Counts{Good: 80, Valid: 100},
			"page does not fire: burn rate 1 over 1h, limit 14.4"},
		{"few", sli.Counts{Good: 33, Valid: 36}, sli.Counts{Good: 2, Valid: 3},
			"page does not fire: 3 bad events in 1h, minimum 4"},
		{"one", sli.Counts{Good: 35, Valid: 36}, sli.Counts{Good: 2, Valid: 3},
			"page does not fire: 1 bad event in 1h, minimum 4"},
		{"silence after failures", sli.Counts{Good: 30, Valid: 36}, sli.Counts{}, "page does not fire: no data in 5m"},
		{"over", sli.Counts{Good: 980, Valid: 1000}, sli.Counts{Good: 99, Valid: 100},
			"page does not fire: it is over, burn rate 10 over 5m, limit 14.4"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			counts := func(length time.Duration) sli.Counts {
				return map[time.Duration]sli.Counts{time.Hour: tt.long, 5 * time.Minute: tt.short}[length]
			}
			alarm := alerts.Evaluate(nil, counts, 0)[0]
			if got := alarm.String(); got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
			if got, want := alarm.Firing, strings.Contains(tt.want, " fires"); got != want {
				t.Errorf("firing: got %t, want %t", got, want)
			}
		})
	}
}

// TestExpectedTrafficWeighsEvents has a service with 100 requests a second by
// day and one in ten seconds by night. A failure at night hardly costs any
// budget, and one at peak costs more than the burn rate tells.
func TestExpectedTrafficWeighsEvents(t *testing.T) {
	const peak, night = 6000, 6
	const expected = 30 * 12 * 60 * (peak + night)
	for _, tt := range []struct {
		name     string
		incident incident
		byRate   bool // a page fires without the expected traffic
		byEvents bool // a page fires with it
	}{
		{"half of 20 minutes by night, 0.05 % of the budget",
			incident{perMinute: night, permyriad: 5000, lasted: 20 * time.Minute}, true, false},
		{"5 % of ten minutes at peak, 2.3 % of the budget",
			incident{perMinute: peak, permyriad: 500, lasted: 10 * time.Minute}, false, true},
		{"5 % of eight minutes at peak, 1.9 % of the budget",
			incident{perMinute: peak, permyriad: 500, lasted: 8 * time.Minute}, false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			alerts := budget.NewAlerts(slo.AlertPolicy{}, slo.MustParseTarget(threeNines), 30*day)
			if got := pages(alerts.Evaluate(nil, tt.incident.counts, 0)); got != tt.byRate {
				t.Errorf("by rate: got %t, want %t", got, tt.byRate)
			}
			if got := pages(alerts.Evaluate(nil, tt.incident.counts, expected)); got != tt.byEvents {
				t.Errorf("by events: got %t, want %t", got, tt.byEvents)
			}
		})
	}
}

func pages(alarms []budget.Alarm) bool {
	return slices.ContainsFunc(alarms, func(a budget.Alarm) bool {
		return a.Firing && a.Alert.Severity == slo.SeverityPage
	})
}

// TestMinimumOfBadEventsAtLowTraffic simulates a month of a service with a
// request every 100 seconds. One in 2,000 fails, and there is a single real
// incident of six hours.
func TestMinimumOfBadEventsAtLowTraffic(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	const began, ended = 12 * day, 12*day + 6*time.Hour
	var at []time.Duration
	bad := []uint64{0} // bad[i] is the number of bad events in the first i
	for now := time.Duration(0); now < 30*day; now += time.Duration(random.ExpFloat64() * 100 * float64(time.Second)) {
		rate := 5e-4
		if now >= began && now < ended {
			rate = 0.2
		}
		last := bad[len(bad)-1]
		if random.Float64() < rate {
			last++
		}
		at, bad = append(at, now), append(bad, last)
	}
	episodes := func(policy slo.AlertPolicy) (started []time.Duration) {
		alerts := budget.NewAlerts(policy, slo.MustParseTarget(threeNines), 30*day)
		quietSince := -time.Hour
		for now := time.Duration(0); now < 30*day; now += time.Minute {
			to, _ := slices.BinarySearch(at, now)
			counts := func(length time.Duration) sli.Counts {
				from, _ := slices.BinarySearch(at, now-length)
				valid := uint64(to - from)
				return sli.Counts{Good: valid - (bad[to] - bad[from]), Valid: valid}
			}
			if pages(alerts.Evaluate(nil, counts, 0)) {
				if now-quietSince >= time.Hour {
					started = append(started, now)
				}
				quietSince = now
			}
		}
		return started
	}
	if got := episodes(slo.AlertPolicy{MinBad: 1}); len(got) < 10 {
		t.Errorf("without a minimum: got pages at %v, want at least ten for the one incident", got)
	}
	got := episodes(slo.AlertPolicy{})
	if len(got) != 1 || got[0] < began || got[0] > ended {
		t.Errorf("with the default minimum: got pages at %v, want one between %v and %v", got, began, ended)
	}
}

// FuzzEvaluate compares with the definition in exact ratios.
func FuzzEvaluate(f *testing.F) {
	f.Add(uint64(10), uint64(1000), uint64(5), uint64(100), uint64(0), uint32(1_000_000), uint32(20_000_000))
	f.Add(uint64(144), uint64(10_000), uint64(144), uint64(10_000), uint64(0), uint32(1_000_000), uint32(20_000_000))
	f.Add(uint64(1<<62), uint64(math.MaxUint64), uint64(1<<63), uint64(math.MaxUint64), uint64(math.MaxUint64),
		uint32(999_999_999), uint32(1_000_000_000))
	f.Add(uint64(144), uint64(10_000), uint64(12), uint64(833), uint64(7_200_000), uint32(1_000_000), uint32(20_000_000))
	f.Fuzz(func(t *testing.T, longBad, longValid, shortBad, shortValid, expected uint64, budgetParts, shareParts uint32) {
		target, err := slo.TargetOf(1_000_000_000 - int64(budgetParts))
		share, shareErr := slo.ParseShare(fmt.Sprintf("0.%09d", shareParts%1_000_000_000))
		if err != nil || shareErr != nil || share.PartsPerBillion() == 0 {
			t.Skip()
		}
		longBad, shortBad = min(longBad, longValid), min(shortBad, shortValid)
		const length, long, short = 366 * day, 6 * time.Hour, 7 * time.Minute
		alert := slo.Alert{Severity: slo.SeverityPage, Budget: share, Long: long, Short: short}
		alerts := budget.NewAlerts(slo.AlertPolicy{Rules: []slo.Alert{alert}}, target, length)
		counts := func(of time.Duration) sli.Counts {
			if of == long {
				return sli.Counts{Good: longValid - longBad, Valid: longValid}
			}
			return sli.Counts{Good: shortValid - shortBad, Valid: shortValid}
		}
		reaches := func(bad, valid uint64, of time.Duration) bool {
			allowed := new(big.Rat).SetUint64(valid)
			if expected > 0 {
				allowed.Mul(new(big.Rat).SetUint64(expected), big.NewRat(int64(of), int64(length)))
			}
			allowed.Mul(allowed, big.NewRat(int64(budgetParts), 1e9))
			return valid > 0 && new(big.Rat).SetUint64(bad).Cmp(allowed.Mul(allowed, alert.Factor(length))) >= 0
		}
		want := longBad >= 4 && reaches(longBad, longValid, long) && reaches(shortBad, shortValid, short)
		if got := alerts.Evaluate(nil, counts, expected)[0]; got.Firing != want {
			t.Errorf("got %v, want firing %t", got, want)
		}
	})
}

func TestEvaluateDoesNotAllocate(t *testing.T) {
	alerts := budget.NewAlerts(slo.AlertPolicy{}, slo.MustParseTarget(threeNines), 30*day)
	outage := incident{perMinute: 600, permyriad: 100, lasted: time.Hour}
	counts := outage.counts
	dst := make([]budget.Alarm, 0, 3)
	if allocs := testing.AllocsPerRun(100, func() { dst = alerts.Evaluate(dst[:0], counts, 1e6) }); allocs != 0 {
		t.Errorf("got %v allocations, want 0", allocs)
	}
}

func BenchmarkEvaluate(b *testing.B) {
	alerts := budget.NewAlerts(slo.AlertPolicy{}, slo.MustParseTarget(threeNines), 30*day)
	outage := incident{perMinute: 600, permyriad: 100, lasted: time.Hour}
	counts := outage.counts
	dst := make([]budget.Alarm, 0, 3)
	b.ReportAllocs()
	for b.Loop() {
		dst = alerts.Evaluate(dst[:0], counts, 0)
	}
}
