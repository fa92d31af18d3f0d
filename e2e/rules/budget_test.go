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
// without series are no unknown part of the window, so its budget must not be
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

// TestMonthWithOutages has incidents during which Prometheus is down, over a
// full hour and within one. On the next day, the month has their events.
func TestMonthWithOutages(t *testing.T) {
	t.Parallel()
	for _, window := range []string{"month", "month America/New_York"} {
		t.Run(window, func(t *testing.T) {
			t.Parallel()
			outages := []lab.Span{spanOf(1, "12:10", 40*time.Minute, 0.01), spanOf(1, "18:50", 20*time.Minute, 0.01)}
			values, left := lastBudget(t, window, lab.Scenario{
				Name: "outages", Traffic: steady(20, 0.0002), Incidents: outages, Outages: outages,
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
