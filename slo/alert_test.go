package slo_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

const (
	day  = 24 * time.Hour
	week = 7 * day
)

func alert(severity slo.Severity, share string, long, short time.Duration) slo.Alert {
	return slo.Alert{Severity: severity, Budget: slo.MustParseShare(share), Long: long, Short: short}
}

// TestZeroAlert asks an alert that is not valid, and must not panic.
func TestZeroAlert(t *testing.T) {
	if f := (slo.Alert{}).Factor(30 * day); f.Sign() != 0 {
		t.Errorf("factor %v, want 0", f)
	}
	if threshold := (slo.Alert{}).Threshold(slo.MustParseTarget("99.9%"), 30*day); threshold.Sign() != 0 {
		t.Errorf("threshold %v, want 0", threshold)
	}
}

// TestAlertFactors is the table of the default alerts' factors: 14.4, 6 and 1
// for 30 days.
func TestAlertFactors(t *testing.T) {
	for _, tt := range []struct {
		share     string
		long      time.Duration
		length    time.Duration
		factor    string
		threshold string // at 99.9 %
	}{
		{"2%", time.Hour, 30 * day, "72/5", "9/625"}, // 14.4, 0.0144
		{"5%", 6 * time.Hour, 30 * day, "6", "3/500"},
		{"10%", 3 * day, 30 * day, "1", "1/1000"},
		{"2%", time.Hour, 28 * day, "336/25", "42/3125"}, // 13.44, 0.01344
		{"5%", 6 * time.Hour, 28 * day, "28/5", "7/1250"},
		{"10%", 3 * day, 28 * day, "14/15", "7/7500"},  // 0.9333…
		{"2%", time.Hour, 7 * day, "84/25", "21/6250"}, // 3.36, 0.00336
		{"5%", 6 * time.Hour, 7 * day, "7/5", "7/5000"},
		{"10%", 3 * day, 7 * day, "7/30", "7/30000"},
		{"2%", time.Hour, 90 * day, "216/5", "27/625"}, // 43.2, 0.0432
	} {
		a := alert(slo.SeverityPage, tt.share, tt.long, 0)
		if got := a.Factor(tt.length).RatString(); got != tt.factor {
			t.Errorf("factor of %s in %v over %v: got %s, want %s", tt.share, tt.long, tt.length, got, tt.factor)
		}
		if got := a.Threshold(slo.MustParseTarget("99.9%"), tt.length).RatString(); got != tt.threshold {
			t.Errorf("threshold of %s in %v over %v: got %s, want %s", tt.share, tt.long, tt.length, got, tt.threshold)
		}
	}
}

func TestAlertPolicyFor(t *testing.T) {
	hourly := alert(slo.SeverityPage, "2%", time.Hour, 5*time.Minute)
	sixHourly := alert(slo.SeverityPage, "5%", 6*time.Hour, 30*time.Minute)
	threeDays := alert(slo.SeverityTicket, "10%", 3*day, 6*time.Hour)
	own := slo.AlertPolicy{Rules: []slo.Alert{alert(slo.SeverityPage, "3%", 50*time.Second+time.Minute, 0)}, MinBad: 1}
	for _, tt := range []struct {
		name   string
		policy slo.AlertPolicy
		target string
		length time.Duration
		want   slo.AlertPolicy
	}{
		{"30 days", slo.AlertPolicy{}, "99.9%", 30 * day,
			slo.AlertPolicy{Rules: []slo.Alert{hourly, sixHourly, threeDays}, MinBad: 4}},
		{"four weeks", slo.AlertPolicy{}, "99.9%", 4 * week,
			slo.AlertPolicy{Rules: []slo.Alert{hourly, sixHourly, threeDays}, MinBad: 4}},
		{"no alert at a rate that lasts for a week", slo.AlertPolicy{}, "99.9%", week,
			slo.AlertPolicy{Rules: []slo.Alert{hourly, sixHourly, alert(slo.SeverityTicket, "43%", 3*day, 6*time.Hour)}, MinBad: 4}},
		{"no ticket as fast as a page", slo.AlertPolicy{}, "99.9%", 5 * day,
			slo.AlertPolicy{Rules: []slo.Alert{hourly, sixHourly}, MinBad: 4}},
		{"a ticket instead of pages that cannot fire", slo.AlertPolicy{}, "10%", 30 * day,
			slo.AlertPolicy{Rules: []slo.Alert{threeDays}, MinBad: 4}},
		{"no alert longer than the window", slo.AlertPolicy{}, "99.9%", day,
			slo.AlertPolicy{Rules: []slo.Alert{alert(slo.SeverityPage, "5%", time.Hour, 5*time.Minute), alert(slo.SeverityPage, "25%", 6*time.Hour, 30*time.Minute)}, MinBad: 4}},
		{"the shortest window", slo.AlertPolicy{}, "99.9%", time.Hour,
			slo.AlertPolicy{Rules: []slo.Alert{alert(slo.SeverityPage, "100%", time.Hour, 5*time.Minute)}, MinBad: 4}},
		{"no alert that a total outage cannot fire", slo.AlertPolicy{}, "90%", 30 * day,
			slo.AlertPolicy{Rules: []slo.Alert{sixHourly, threeDays}, MinBad: 4}},
		{"disabled", slo.AlertPolicy{Disabled: true, Rules: own.Rules}, "99.9%", 30 * day,
			slo.AlertPolicy{Disabled: true, MinBad: 4}},
		{"own alerts", own, "99.9%", 30 * day,
			slo.AlertPolicy{Rules: []slo.Alert{alert(slo.SeverityPage, "3%", 110*time.Second, 9*time.Second)}, MinBad: 1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			target := slo.MustParseTarget(tt.target)
			got := tt.policy.For(target, tt.length)
			if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(slo.Share{})); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(got, got.For(target, tt.length), cmp.AllowUnexported(slo.Share{})); diff != "" {
				t.Errorf("the second call changes it: %s", diff)
			}
			if got := own.Rules[0].Short; got != 0 {
				t.Errorf("the caller's alert changed: got Short %v, want 0", got)
			}
		})
	}
}

// TestDefaultAlertsWrittenOut writes the default alerts of a policy into it. It
// stays valid, and For returns the same alerts.
func TestDefaultAlertsWrittenOut(t *testing.T) {
	windows := []string{"1h", "90m", "6h", "1d", "3d", "4d", "5d", "6d", "7d", "10d", "27d", "28d", "30d", "90d", "366d", "month", "quarter", "year Asia/Seoul"}
	for _, window := range windows {
		for _, target := range []string{"1%", "50%", "80%", "90%", "95%", "98%", "99%", "99.9%", "99.999%"} {
			o := slo.Objective{
				Indicator: sli.Indicator{Service: "users", Name: "availability"},
				Target:    slo.MustParseTarget(target), Window: slo.MustParseWindow(window),
			}
			defaults := o.Alerts.For(o.Target, o.Window.AlertLength())
			o.Alerts = defaults
			if err := o.Validate(); err != nil {
				t.Errorf("%s over %s: %v", target, window, err)
			}
			if len(defaults.Rules) == 0 {
				continue // and For would return defaults again
			}
			if diff := cmp.Diff(defaults, o.Alerts.For(o.Target, o.Window.AlertLength()), cmp.AllowUnexported(slo.Share{})); diff != "" {
				t.Errorf("%s over %s: %s", target, window, diff)
			}
		}
	}
}

func TestObjectiveRefusesAlertsAndSlices(t *testing.T) {
	long, short := 6*time.Hour, 30*time.Minute
	for _, tt := range []struct {
		name   string
		target string
		window slo.Window
		alerts slo.AlertPolicy
		slices slo.Slices
		want   string // the error, "" for none
	}{
		{"defaults", "99.9%", slo.MustParseWindow("30d"), slo.AlertPolicy{}, slo.Slices{}, ""},
		{"own alert", "99.9%", slo.MustParseWindow("30d"), slo.AlertPolicy{Rules: []slo.Alert{alert(slo.SeverityPage, "5%", long, short)}}, slo.Slices{}, ""},
		{"zero alert", "99.9%", slo.MustParseWindow("30d"), slo.AlertPolicy{Rules: []slo.Alert{{}}}, slo.Slices{},
			"Alerts.Rules[0].Severity: required: want one of \"page\", \"ticket\"\n" +
				"Alerts.Rules[0].Budget: required, such as \"2%\"\n" +
				"Alerts.Rules[0].Long: required, such as \"1h\""},
		{"one alert twice", "99.9%", slo.MustParseWindow("30d"), slo.AlertPolicy{Rules: []slo.Alert{
			alert(slo.SeverityPage, "5%", long, short), alert(slo.SeverityTicket, "4%", long, short), alert(slo.SeverityPage, "5%", long, 0), {}, {},
		}}, slo.Slices{},
			"Alerts.Rules[2]: duplicate alert \"page: 5% of the budget in 6h\": Rules[0] has the same severity and windows\n" +
				"Alerts.Rules[3].Severity: required: want one of \"page\", \"ticket\"\nAlerts.Rules[3].Budget: required, such as \"2%\"\nAlerts.Rules[3].Long: required, such as \"1h\"\n" +
				"Alerts.Rules[4].Severity: required: want one of \"page\", \"ticket\"\nAlerts.Rules[4].Budget: required, such as \"2%\"\nAlerts.Rules[4].Long: required, such as \"1h\""},
		{"one alert with two shares", "99.9%", slo.MustParseWindow("30d"), slo.AlertPolicy{Rules: []slo.Alert{
			alert(slo.SeverityPage, "5%", long, short), alert(slo.SeverityPage, "10%", long, 0), alert(slo.SeverityPage, "5%", long, 2*short),
		}}, slo.Slices{},
			"Alerts.Rules[1]: duplicate alert \"page: 10% of the budget in 6h\": Rules[0] has the same severity and windows"},
		{"fractions of a second", "99.9%", slo.MustParseWindow("30d"), slo.AlertPolicy{Rules: []slo.Alert{alert(slo.SeverityPage, "5%", time.Hour+1, -1)}}, slo.Slices{},
			"Alerts.Rules[0].Long: invalid window 1h0m0.000000001s: want whole seconds\nAlerts.Rules[0].Short: invalid window -1ns: want zero or more"},
		{"short with a fraction", "99.9%", slo.MustParseWindow("30d"), slo.AlertPolicy{Rules: []slo.Alert{alert(slo.SeverityPage, "5%", long, 1)}}, slo.Slices{},
			"Alerts.Rules[0].Short: invalid window 1ns: want whole seconds"},
		{"short not shorter", "99.9%", slo.MustParseWindow("30d"), slo.AlertPolicy{Rules: []slo.Alert{alert(slo.SeverityPage, "5%", long, long)}}, slo.Slices{},
			"Alerts.Rules[0].Short: invalid window 6h: want less than the long window of 6h"},
		{"never fires", "90%", slo.MustParseWindow("30d"), slo.AlertPolicy{Rules: []slo.Alert{alert(slo.SeverityPage, "5%", long, 0), alert(slo.SeverityPage, "2%", time.Hour, 0)}}, slo.Slices{},
			"Alerts.Rules[1].Budget: invalid share 2% in 1h: at 90% a total outage spends less, since the alert needs 1.44 times as many bad events as there are events"},
		{"fires only in a total outage", "90%", slo.MustParseWindow("30d"), slo.AlertPolicy{Rules: []slo.Alert{alert(slo.SeverityPage, "10%", 432*time.Minute, 0)}}, slo.Slices{}, ""},
		{"the last moment of a month's budget", "90%", slo.MustParseWindow("month"), slo.AlertPolicy{Rules: []slo.Alert{alert(slo.SeverityPage, "10%", 432*time.Minute, 0)}}, slo.Slices{}, ""},
		{"never fires on a month's budget", "90%", slo.MustParseWindow("quarter"), slo.AlertPolicy{Rules: []slo.Alert{alert(slo.SeverityPage, "10%", 420*time.Minute, 0)}}, slo.Slices{},
			"Alerts.Rules[0].Budget: invalid share 10% in 7h: at 90% a total outage spends less, since the alert needs 1.03 times as many bad events as there are events"},
		{"longer than the window", "99.9%", slo.MustParseWindow("1d"), slo.AlertPolicy{Rules: []slo.Alert{alert(slo.SeverityPage, "5%", 2*day, 0)}}, slo.Slices{},
			"Alerts.Rules[0].Long: invalid window 2d: want at most 1d, the objective's window"},
		{"30 days of a month", "99.9%", slo.MustParseWindow("month"), slo.AlertPolicy{Rules: []slo.Alert{alert(slo.SeverityPage, "100%", 30*day, 0)}}, slo.Slices{}, ""},
		{"longer than a month", "99.9%", slo.MustParseWindow("year"), slo.AlertPolicy{Rules: []slo.Alert{alert(slo.SeverityPage, "100%", 31*day, 0)}}, slo.Slices{},
			"Alerts.Rules[0].Long: invalid window 31d: want at most 30d, whose budget the alerts of a calendar window weigh"},
		{"a ticket as fast as a page", "99.9%", slo.MustParseWindow("30d"), slo.AlertPolicy{Rules: []slo.Alert{
			alert(slo.SeverityTicket, "11%", 6*time.Hour, 0), alert(slo.SeverityPage, "2%", time.Hour, 0), alert(slo.SeverityTicket, "10%", 6*time.Hour, time.Hour),
		}}, slo.Slices{},
			"Alerts.Rules[0].Budget: invalid share 11% in 6h: want a slower burn than every page's by a tenth, because a page comes first"},
		{"a ticket beside invalid pages", "99.9%", slo.MustParseWindow("30d"), slo.AlertPolicy{Rules: []slo.Alert{
			alert(slo.SeverityTicket, "10%", 3*day, 0), {Severity: slo.SeverityPage, Budget: slo.MustParseShare("2%")}, {Severity: slo.SeverityPage, Long: time.Hour},
		}}, slo.Slices{},
			"Alerts.Rules[1].Long: required, such as \"1h\"\nAlerts.Rules[2].Budget: required, such as \"2%\""},
		{"a billion bad events", "99.9%", slo.MustParseWindow("30d"), slo.AlertPolicy{MinBad: 1_000_000_000}, slo.Slices{}, ""},
		{"more than a billion bad events", "99.9%", slo.MustParseWindow("30d"), slo.AlertPolicy{MinBad: 1_000_000_001}, slo.Slices{},
			"Alerts.MinBad: invalid number 1000000001: want at most 1000000000"},
		{"slices", "99.9%", slo.MustParseWindow("30d"), slo.AlertPolicy{}, slo.Slices{Length: time.Minute, Bound: slo.MustParseShare("95%")}, ""},
		{"a bound without slices", "99.9%", slo.MustParseWindow("30d"), slo.AlertPolicy{}, slo.Slices{Bound: slo.MustParseShare("95%")},
			"Slices.Length: required with a bound of 95%, such as \"1m\""},
		{"negative slices", "99.9%", slo.MustParseWindow("30d"), slo.AlertPolicy{}, slo.Slices{Length: -time.Minute}, "Slices.Length: invalid length -1m: want zero or more"},
		{"slices of two days", "99.9%", slo.MustParseWindow("30d"), slo.AlertPolicy{}, slo.Slices{Length: 2 * day}, "Slices.Length: invalid length 2d: want at most a day"},
		{"slices with a fraction", "99.9%", slo.MustParseWindow("30d"), slo.AlertPolicy{}, slo.Slices{Length: 1500 * time.Millisecond}, "Slices.Length: invalid length 1.5s: want whole seconds"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := slo.Objective{
				Indicator: sli.Indicator{Service: "users", Name: "availability"},
				Target:    slo.MustParseTarget(tt.target), Window: tt.window, Alerts: tt.alerts, Slices: tt.slices,
			}
			if diff := cmp.Diff(tt.want, only(o.Validate(), "Alerts.", "Slices.")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// only returns the lines of a joined error whose paths have a given prefix.
func only(err error, paths ...string) string {
	if err == nil {
		return ""
	}
	var lines []string
	for line := range strings.Lines(err.Error()) {
		for _, path := range paths {
			if strings.HasPrefix(line, path) {
				lines = append(lines, strings.TrimSuffix(line, "\n"))
			}
		}
	}
	return strings.Join(lines, "\n")
}
