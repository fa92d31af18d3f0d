package rules_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/prometheus/model/rulefmt"

	"github.com/sligo-go/sligo/e2e/rules/lab"
)

// TestStopsAtNight has a service without any pod from 20:00 to 08:00. Its hours
// without series are known, so its budget must not be
// scaled up. That is for new services.
func TestStopsAtNight(t *testing.T) {
	t.Parallel()
	night := span("20:00", 12*time.Hour, 0)
	night.Every = 1
	values, left := lastBudget(t, "2d", lab.Scenario{
		Name: "nights", Traffic: steady(20, 0.0008), Quiet: []lab.Span{night}, ScrapeGaps: []lab.Span{night},
	})
	spent := values["slo:budget_spent:ratio"]
	t.Logf("spent %.4f, true %.4f, %.2f hours known", spent, 1-left, values["sli:valid:known_hours"])
	if math.Abs(spent-(1-left)) > 0.02 {
		t.Errorf("spent %.4f, want %.4f", spent, 1-left)
	}
	if got := values[lab.Remaining]; math.Abs(got-(1-spent)) > 0.001 {
		t.Errorf("the remaining budget %.4f contradicts the spent one %.4f", got, spent)
	}
}

// TestKnownHours has a service that begins, and whose counters end after a day
// and a half. Its known hours grow until it is unknown, in the fifth day, and
// are constant from then on.
func TestKnownHours(t *testing.T) {
	t.Parallel()
	release := acquire()
	defer release()
	text, err := lab.Availability("7d", 0, nil)("99.9")
	if err != nil {
		t.Fatal(err)
	}
	const end = 36 * time.Hour
	var start time.Time
	last := 0.0
	run := lab.Run{
		Fleets: []lab.Fleet{{
			Scenario: lab.Scenario{Name: "ends", Traffic: steady(1, 0), ScrapeGaps: []lab.Span{spanOf(4, "12:00", 5*day, 0)}},
			Pods:     1, Scrape: 30 * time.Second, Labels: shop(),
		}},
		Length: 5*day + 4*time.Hour,
		Rules:  []lab.RuleFile{{Path: "/etc/prometheus/rules/shop.yml", Text: text, Keep: knowsHours}},
		Setup: func(l *lab.Lab) {
			start = l.Start()
			l.Evaluated = func(e lab.Evaluation) {
				if e.Rule != "sli:valid:known_hours" || len(e.Vector) == 0 {
					return
				}
				age, known := e.At.Sub(start), e.Vector[0].F
				if age < end && math.Abs(known-age.Hours()) > 0.2 {
					t.Errorf("%v after the start: %.2f hours are known", age, known)
				}
				if known < last-0.05 || age > 5*day+2*time.Hour && known != last {
					t.Errorf("%v after the start: %.2f hours are known, and %.2f before", age, known, last)
				}
				last = known
			}
		},
	}
	err = run.Do(t.Context(), func(l *lab.Lab) error {
		for text, at := range l.Errors {
			t.Errorf("%s (first at %v)", text, at)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if last < 4*24 || last > 6*24 {
		t.Errorf("at last, %.2f hours are known", last)
	}
}

// knowsHours keeps the rules that the known hours need.
func knowsHours(r rulefmt.Rule) time.Duration {
	switch r.Record {
	case "sli:valid:increase5m", "sli:valid:increase1h", "sli:valid:since_hour", "sli:valid:since_day":
		return time.Minute
	case "sli:valid:known_hours":
		return 5 * time.Minute
	case "sli:valid:day":
		return time.Hour
	}
	return 0
}

// TestMonthWithOutages has incidents during which Prometheus is down, over a
// full hour and within one, and an incident before it is down over midnight. In
// another run it is down for almost a day. On the next day, the month has their
// events.
func TestMonthWithOutages(t *testing.T) {
	t.Parallel()
	short := []lab.Span{spanOf(1, "12:10", 40*time.Minute, 0.01), spanOf(1, "18:50", 20*time.Minute, 0.01)}
	long := []lab.Span{spanOf(1, "00:10", 23*time.Hour+30*time.Minute, 0.0005)}
	for _, test := range []struct {
		name, window       string
		incidents, outages []lab.Span
	}{
		{"short", "month America/New_York", append(short[:2:2], spanOf(1, "22:05", 40*time.Minute, 0.01)), append(short[:2:2], spanOf(1, "22:50", 70*time.Minute, 0))},
		{"for a day", "month", long, long},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			values, left := lastBudget(t, test.window, lab.Scenario{
				Name: "outages", Traffic: steady(20, 0.0002), Incidents: test.incidents, Outages: test.outages,
			})
			t.Logf("remaining %.4f, true %.4f", values[lab.Remaining], left)
			if math.Abs(values[lab.Remaining]-left) > 0.01*left {
				t.Errorf("remaining %.4f, want %.4f", values[lab.Remaining], left)
			}
		})
	}
}

// lastBudget runs a scenario for two days and a half. It returns the last
// values of the rules for a target of 99.9 %, and the true share of the budget
// that is left.
func lastBudget(t *testing.T, window string, scenario lab.Scenario) (values map[string]float64, left float64) {
	t.Helper()
	release := acquire()
	defer release()
	text, err := lab.Availability(window, 0, nil)("99.9")
	if err != nil {
		t.Fatal(err)
	}
	values = make(map[string]float64)
	run := lab.Run{
		Fleets: []lab.Fleet{{Scenario: scenario, Pods: 1, Scrape: 30 * time.Second, Labels: shop()}},
		Length: 2*day + 17*time.Hour + 40*time.Minute,
		Rules:  []lab.RuleFile{{Path: "/etc/prometheus/rules/shop.yml", Text: text, Keep: recordsBudget}},
		Setup: func(l *lab.Lab) {
			l.Evaluated = func(e lab.Evaluation) {
				if len(e.Vector) == 1 {
					values[e.Rule] = e.Vector[0].F
				}
			}
		},
	}
	err = run.Do(t.Context(), func(l *lab.Lab) error {
		for text, at := range l.Errors {
			t.Errorf("%s (first at %v)", text, at)
		}
		length := run.Length // less than a month
		if d, err := time.ParseDuration(strings.Replace(window, "2d", "48h", 1)); err == nil {
			length = d
		}
		left, _ = l.Truth(0, l.End(), length).Remaining(0.001)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return values, left
}

// recordsBudget keeps the rules that the budget needs.
func recordsBudget(r rulefmt.Rule) time.Duration {
	switch {
	case r.Alert != "" || strings.Contains(r.Record, "client_left"),
		strings.HasPrefix(r.Record, "slo:policy"), strings.HasPrefix(r.Record, "slo:release"):
		return 0
	case strings.HasSuffix(r.Record, ":day"):
		return time.Hour
	}
	return time.Minute
}
