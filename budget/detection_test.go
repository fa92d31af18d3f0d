package budget_test

import (
	"math"
	"testing"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/slo"
)

func TestDetectionAndResetTime(t *testing.T) {
	alerts := budget.NewAlerts(slo.AlertPolicy{}, slo.MustParseTarget(threeNines), 30*day)
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
		alert, bad := alerts.Rules()[tt.rule], slo.MustParseShare(tt.bad)
		if got, ok := alerts.DetectionTime(alert, bad); got != tt.detect || ok != tt.ok {
			t.Errorf("%v bad: detected after %v, %t, want %v, %t", tt.bad, got, ok, tt.detect, tt.ok)
		}
		if got, ok := alerts.ResetTime(alert, bad); got != tt.reset || ok != tt.ok {
			t.Errorf("%v bad: reset after %v, %t, want %v, %t", tt.bad, got, ok, tt.reset, tt.ok)
		}
	}
}

// TestZeroAlertIsNotDetected asks for an alert that is not valid.
func TestZeroAlertIsNotDetected(t *testing.T) {
	alerts := budget.NewAlerts(slo.AlertPolicy{}, slo.MustParseTarget("99.9%"), 30*24*time.Hour)
	if after, fires := alerts.DetectionTime(slo.Alert{}, slo.MustParseShare("100%")); fires {
		t.Errorf("detected after %v", after)
	}
	if after, fires := alerts.ResetTime(slo.Alert{}, slo.MustParseShare("100%")); fires {
		t.Errorf("reset after %v", after)
	}
	if n := alerts.LeastTraffic(slo.Alert{}); n != 0 {
		t.Errorf("least traffic %d, want 0", n)
	}
}

// TestDetectionTimeAgreesWithEvaluate finds the same moments by Evaluate, to
// the second.
func TestDetectionTimeAgreesWithEvaluate(t *testing.T) {
	alerts := budget.NewAlerts(slo.AlertPolicy{}, slo.MustParseTarget(threeNines), 30*day)
	const perMinute = 600_000
	for i, alert := range alerts.Rules() {
		bad := slo.MustParseShare("25%")
		firing := func(lasted, ended time.Duration) bool {
			now := incident{perMinute: perMinute, permyriad: 2500, lasted: lasted, ended: ended}
			return alerts.Evaluate(nil, now.counts, 0)[i].Firing
		}
		detect, _ := alerts.DetectionTime(alert, bad)
		detect = detect.Truncate(time.Second)
		if firing(detect-time.Second, 0) || !firing(detect+time.Second, 0) {
			t.Errorf("%v: does not begin to fire at %v", alert.Long, detect)
		}
		reset, _ := alerts.ResetTime(alert, bad)
		reset = reset.Truncate(time.Second)
		if !firing(alert.Long, reset-time.Second) || firing(alert.Long, reset+2*time.Second) {
			t.Errorf("%v: does not stop firing at %v", alert.Long, reset)
		}
	}
}

func TestLeastTraffic(t *testing.T) {
	for _, tt := range []struct {
		name   string
		target string
		rule   int
		minBad uint64
		want   uint64
	}{
		{"an hour, a request every 13 seconds", threeNines, 0, 4, 278},
		{"six hours", threeNines, 1, 4, 667},
		{"three days", threeNines, 2, 4, 4000},
		{"4 / 0.144", "99%", 0, 4, 28},
		{"a single bad event", threeNines, 0, 1, 70},
		{"an exact quotient", "99.999%", 2, 4, 400000},
		{"more than a uint64", "99.9999999%", 2, math.MaxUint64, math.MaxUint64},
	} {
		t.Run(tt.name, func(t *testing.T) {
			alerts := budget.NewAlerts(slo.AlertPolicy{MinBad: tt.minBad}, slo.MustParseTarget(tt.target), 30*day)
			if got := alerts.LeastTraffic(alerts.Rules()[tt.rule]); got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
	alerts := budget.NewAlerts(slo.AlertPolicy{}, slo.MustParseTarget(threeNines), 30*day)
	if got := alerts.LeastTraffic(slo.Alert{Long: time.Hour}); got != 0 {
		t.Errorf("without a threshold: got %d, want 0", got)
	}
}

func TestRulesAreACopy(t *testing.T) {
	alerts := budget.NewAlerts(slo.AlertPolicy{}, slo.MustParseTarget(threeNines), 30*day)
	alerts.Rules()[0].Long = time.Minute
	if got := alerts.Rules()[0].Long; got != time.Hour {
		t.Errorf("got %v after a change of the slice, want 1h", got)
	}
}
