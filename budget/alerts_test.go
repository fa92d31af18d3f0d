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

// incident is a time in which a share of the events was bad, at steady traffic.
type incident struct {
	perMinute uint64        // valid events
	permyriad uint64        // bad ones of 10 000
	lasted    time.Duration // so long
	ended     time.Duration // so long ago, 0 while it lasts
}

// counts returns the counts of the window of a length that ends now.
func (i incident) counts(length time.Duration) sli.Counts {
	overlap := max(min(length, i.ended+i.lasted)-i.ended, 0)
	valid := i.perMinute * uint64(length/time.Second) / 60
	return sli.Counts{Good: valid - i.perMinute*i.permyriad*uint64(overlap/time.Second)/600_000, Valid: valid}
}

// TestDefaultPolicy is the specification of the default alerts, for 99.9 % over 30 days.
func TestDefaultPolicy(t *testing.T) {
	const (
		hourly, sixHourly, threeDays = "page 1h0m0s", "page 6h0m0s", "ticket 72h0m0s"

		busy  = 60_000 // events a minute
		quiet = 1
		all   = 10_000 // of 10 000
	)
	for _, tt := range []struct {
		name     string
		incident incident
		want     []string // the alerts that fire
	}{
		{"all is well", incident{perMinute: busy}, nil},
		{"no traffic is no incident", incident{}, nil},
		{"half of the budget's rate, always", incident{perMinute: busy, permyriad: 5, lasted: 30 * day}, nil},
		{"the budget's rate, for three days", incident{perMinute: busy, permyriad: 10, lasted: 3 * day}, []string{threeDays}},
		{"the budget's rate, for a day less", incident{perMinute: busy, permyriad: 10, lasted: 2 * day}, nil},
		{"five times the budget's rate, for 14 hours", incident{perMinute: busy, permyriad: 50, lasted: 14 * time.Hour}, nil},
		{"five times the budget's rate, for 15 hours", incident{perMinute: busy, permyriad: 50, lasted: 15 * time.Hour}, []string{threeDays}},
		{"six times the budget's rate, for an hour less than six", incident{perMinute: busy, permyriad: 60, lasted: 5 * time.Hour}, nil},
		{"six times the budget's rate, for six hours", incident{perMinute: busy, permyriad: 60, lasted: 6 * time.Hour}, []string{sixHourly}},
		{"1.44 % of events, for 59 minutes", incident{perMinute: busy, permyriad: 144, lasted: 59 * time.Minute}, nil},
		{"1.44 % of events, for an hour", incident{perMinute: busy, permyriad: 144, lasted: time.Hour}, []string{hourly}},
		{"a total outage, for 51 seconds", incident{perMinute: busy, permyriad: all, lasted: 51 * time.Second}, nil},
		{"a total outage, for 52 seconds", incident{perMinute: busy, permyriad: all, lasted: 52 * time.Second}, []string{hourly}},
		{"a total outage, for two minutes and ten seconds", incident{perMinute: busy, permyriad: all, lasted: 130 * time.Second}, []string{hourly, sixHourly}},
		{"a total outage, for five minutes", incident{perMinute: busy, permyriad: all, lasted: 5 * time.Minute}, []string{hourly, sixHourly, threeDays}},
		{"it has ended four minutes ago", incident{perMinute: busy, permyriad: all, lasted: 5 * time.Minute, ended: 4 * time.Minute}, []string{hourly, sixHourly, threeDays}},
		{"it has ended six minutes ago", incident{perMinute: busy, permyriad: all, lasted: 5 * time.Minute, ended: 6 * time.Minute}, []string{sixHourly, threeDays}},
		{"it has ended an hour ago", incident{perMinute: busy, permyriad: all, lasted: 5 * time.Minute, ended: time.Hour}, []string{threeDays}},
		{"it has ended seven hours ago", incident{perMinute: busy, permyriad: all, lasted: 5 * time.Minute, ended: 7 * time.Hour}, nil},
		{"three failures in three minutes at a request a minute", incident{perMinute: quiet, permyriad: all, lasted: 3 * time.Minute}, nil},
		{"four failures in four minutes at a request a minute", incident{perMinute: quiet, permyriad: all, lasted: 4 * time.Minute}, []string{hourly, sixHourly}},
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

func TestAlarmSaysWhy(t *testing.T) {
	alert := slo.Alert{Severity: slo.SeverityPage, Budget: slo.MustParseShare("2%"), Long: time.Hour}
	alerts := budget.NewAlerts(slo.AlertPolicy{Rules: []slo.Alert{alert}}, slo.MustParseTarget(threeNines), 30*day)
	for _, tt := range []struct {
		name        string
		long, short sli.Counts
		want        string
	}{
		{"fires", sli.Counts{Good: 980, Valid: 1000}, sli.Counts{Good: 80, Valid: 100},
			"page fires: the budget burns at 20 over 1 hour and 200 over 5 minutes, 14.4 is the limit, 20 bad events"},
		{"no traffic", sli.Counts{}, sli.Counts{}, "page does not fire: no data in 1 hour"},
		{"slow", sli.Counts{Good: 9990, Valid: 10000}, sli.Counts{Good: 80, Valid: 100},
			"page does not fire: the budget burns at 1 over 1 hour, 14.4 is the limit"},
		{"few", sli.Counts{Good: 33, Valid: 36}, sli.Counts{Good: 2, Valid: 3},
			"page does not fire: 3 bad events in 1 hour, at least 4 are needed"},
		{"silence after failures", sli.Counts{Good: 30, Valid: 36}, sli.Counts{}, "page does not fire: no data in 5 minutes"},
		{"over", sli.Counts{Good: 980, Valid: 1000}, sli.Counts{Good: 99, Valid: 100},
			"page does not fire: it is over, the budget burns at 10 over 5 minutes, 14.4 is the limit"},
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

// TestExpectedTrafficWeighsEvents has a service with 100 requests a second by day and one in ten seconds
// by night. What fails by night hardly costs anything of its budget; what fails at peak costs more
// than the burn rate says.
func TestExpectedTrafficWeighsEvents(t *testing.T) {
	const peak, night = 6000, 6
	const expected = 30 * 12 * 60 * (peak + night)
	for _, tt := range []struct {
		name     string
		incident incident
		byRate   bool // whether a page fires without and with the expected traffic
		byEvents bool
	}{
		{"half of 20 minutes by night, 0.05 % of the budget", incident{perMinute: night, permyriad: 5000, lasted: 20 * time.Minute}, true, false},
		{"5 % of ten minutes at peak, 2.3 % of the budget", incident{perMinute: peak, permyriad: 500, lasted: 10 * time.Minute}, false, true},
		{"5 % of eight minutes at peak, 1.9 % of the budget", incident{perMinute: peak, permyriad: 500, lasted: 8 * time.Minute}, false, false},
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
	return slices.ContainsFunc(alarms, func(a budget.Alarm) bool { return a.Firing && a.Alert.Severity == slo.SeverityPage })
}

// TestMinimumOfBadEventsAtLowTraffic lives through a month of a service with a request every 100 seconds,
// one in 2000 of which fails, and a single real incident of six hours.
func TestMinimumOfBadEventsAtLowTraffic(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	const began, ended = 12 * day, 12*day + 6*time.Hour
	var at []time.Duration
	bad := []uint64{0} // how many of the first i
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

func TestDetectionAndResetTime(t *testing.T) {
	policy := slo.AlertPolicy{}.For(slo.MustParseTarget(threeNines), 30*day)
	for _, tt := range []struct {
		rule          int
		bad           string
		detect, reset time.Duration
		ok            bool
	}{
		{0, "100%", 51_840 * time.Millisecond, 295_680 * time.Millisecond, true},
		{0, "10%", 518_400 * time.Millisecond, 256_800 * time.Millisecond, true},
		{0, "1.44%", time.Hour, 0, true},
		{0, "1.43%", 0, 0, false},
		{0, "0%", 0, 0, false},
		{1, "100%", 129_600 * time.Millisecond, 1_789_200 * time.Millisecond, true},
		{2, "0.1%", 3 * day, 0, true},
		{2, "0.3%", day, 4 * time.Hour, true},
	} {
		alert, bad := policy.Rules[tt.rule], slo.MustParseShare(tt.bad)
		if got, ok := budget.DetectionTime(alert, slo.MustParseTarget(threeNines), 30*day, bad); got != tt.detect || ok != tt.ok {
			t.Errorf("%v bad: detected after %v, %t, want %v, %t", tt.bad, got, ok, tt.detect, tt.ok)
		}
		if got, ok := budget.ResetTime(alert, slo.MustParseTarget(threeNines), 30*day, bad); got != tt.reset || ok != tt.ok {
			t.Errorf("%v bad: reset after %v, %t, want %v, %t", tt.bad, got, ok, tt.reset, tt.ok)
		}
	}
}

// TestDetectionTimeIsWhenTheAlertFires lets Evaluate find the same moments, to the second.
func TestDetectionTimeIsWhenTheAlertFires(t *testing.T) {
	target := slo.MustParseTarget(threeNines)
	alerts := budget.NewAlerts(slo.AlertPolicy{}, target, 30*day)
	const perMinute = 600_000
	for i, alert := range (slo.AlertPolicy{}).For(target, 30*day).Rules {
		bad := slo.MustParseShare("25%")
		firing := func(lasted, ended time.Duration) bool {
			now := incident{perMinute: perMinute, permyriad: 2500, lasted: lasted, ended: ended}
			return alerts.Evaluate(nil, now.counts, 0)[i].Firing
		}
		detect, _ := budget.DetectionTime(alert, target, 30*day, bad)
		detect = detect.Truncate(time.Second)
		if firing(detect-time.Second, 0) || !firing(detect+time.Second, 0) {
			t.Errorf("%v: does not begin to fire at %v", alert.Long, detect)
		}
		reset, _ := budget.ResetTime(alert, target, 30*day, bad)
		reset = reset.Truncate(time.Second)
		if !firing(alert.Long, reset-time.Second) || firing(alert.Long, reset+2*time.Second) {
			t.Errorf("%v: does not cease to fire at %v", alert.Long, reset)
		}
	}
}

func TestLeastTraffic(t *testing.T) {
	for _, tt := range []struct {
		target string
		rule   int
		minBad uint64
		want   uint64
	}{
		{threeNines, 0, 4, 278},   // an hour, a request every 13 seconds
		{threeNines, 1, 4, 667},   // six hours
		{threeNines, 2, 4, 4000},  // three days
		{"99%", 0, 4, 28},         // 4 / 0.144
		{threeNines, 0, 1, 70},    // below, a single bad event pages
		{"99.999%", 2, 4, 400000}, // exactly
		{"99.9999999%", 2, math.MaxUint64, math.MaxUint64},
	} {
		target := slo.MustParseTarget(tt.target)
		alert := slo.AlertPolicy{}.For(target, 30*day).Rules[tt.rule]
		if got := budget.LeastTraffic(alert, target, 30*day, tt.minBad); got != tt.want {
			t.Errorf("%s in %v, at least %d bad: got %d, want %d", tt.target, alert.Long, tt.minBad, got, tt.want)
		}
	}
	if got := budget.LeastTraffic(slo.Alert{Long: time.Hour}, slo.MustParseTarget(threeNines), 30*day, 4); got != 0 {
		t.Errorf("without a threshold: got %d, want 0", got)
	}
}

// FuzzEvaluate compares with the definition in exact ratios.
func FuzzEvaluate(f *testing.F) {
	f.Add(uint64(10), uint64(1000), uint64(5), uint64(100), uint64(0), uint32(1_000_000), uint32(20_000_000))
	f.Add(uint64(144), uint64(10_000), uint64(144), uint64(10_000), uint64(0), uint32(1_000_000), uint32(20_000_000))
	f.Add(uint64(1<<62), uint64(math.MaxUint64), uint64(1<<63), uint64(math.MaxUint64), uint64(math.MaxUint64), uint32(999_999_999), uint32(1_000_000_000))
	f.Add(uint64(144), uint64(10_000), uint64(12), uint64(833), uint64(7_200_000), uint32(1_000_000), uint32(20_000_000))
	f.Fuzz(func(t *testing.T, longBad, longValid, shortBad, shortValid, expected uint64, budgetParts, shareParts uint32) {
		target, err := slo.TargetOf(1_000_000_000 - int64(budgetParts))
		share, shareErr := slo.ParseShare(fmt.Sprintf("0.%09d", shareParts%1_000_000_000))
		if err != nil || shareErr != nil || share.PartsPerBillion() == 0 || longBad > longValid || shortBad > shortValid {
			t.Skip()
		}
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
		t.Errorf("got %v allocations, want none", allocs)
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
