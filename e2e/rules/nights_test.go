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
	release := acquire()
	defer release()
	night := span("20:00", 12*time.Hour, 0)
	night.Every = 1
	scenario := lab.Scenario{
		Name: "nights", Traffic: steady(20, 0.0008), Quiet: []lab.Span{night}, ScrapeGaps: []lab.Span{night},
	}
	text, err := lab.Availability("2d", 0, nil)("99.9")
	if err != nil {
		t.Fatal(err)
	}
	values := make(map[string]float64)
	run := lab.Run{
		Fleets: []lab.Fleet{{Scenario: scenario, Pods: 1, Scrape: 30 * time.Second, Labels: shop()}},
		Length: 2*day + 17*time.Hour + 40*time.Minute,
		Rules: []lab.RuleFile{{Path: "/etc/prometheus/rules/shop.yml", Text: text, Keep: func(r rulefmt.Rule) time.Duration {
			switch {
			case r.Alert != "" || strings.Contains(r.Record, "client_left") || strings.HasPrefix(r.Record, "slo:policy") || strings.HasPrefix(r.Record, "slo:release"):
				return 0
			case strings.HasSuffix(r.Record, ":day"):
				return time.Hour
			}
			return time.Minute
		}}},
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
		left, _ := l.Truth(0, l.End(), 2*day).Remaining(0.001)
		spent, want := values["slo:budget_spent:ratio"], 1-left
		t.Logf("spent %.4f, true %.4f, %.2f hours known", spent, want, values["sli:valid:known_hours"])
		if math.Abs(spent-want) > 0.02 {
			t.Errorf("spent %.4f, want %.4f", spent, want)
		}
		if got := values[lab.Remaining]; math.Abs(got-(1-spent)) > 0.001 {
			t.Errorf("the remaining budget %.4f contradicts the spent one %.4f", got, spent)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
