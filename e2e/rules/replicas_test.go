package rules_test

import (
	"math"
	"testing"
	"time"

	"github.com/sligo-go/sligo/e2e/rules/lab"
)

// TestReplicas scrapes a service with little traffic and two bad events by two
// replicas of Prometheus. Two bad events must not page. If the store keeps both
// copies of each event, they do page, as docs/rules.md says.
func TestReplicas(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		replicas []string
		pages    bool
	}{
		"the store removes duplicates": {[]string{"a"}, false},
		"the store keeps duplicates":   {[]string{"a", "b"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rules, err := generate(nil, objective(""))
			if err != nil {
				t.Fatal(err)
			}
			run := lab.Run{Length: 6 * time.Hour, Rules: rules}
			for _, replica := range test.replicas {
				run.Fleets = append(run.Fleets, lab.Fleet{
					Scenario: lab.Scenario{
						Name: "replicas", Traffic: steady(0.01, 0), Incidents: []lab.Span{span("03:01", 150*time.Second, 1)},
					},
					Pods: 1, Scrape: 30 * time.Second, Labels: shop(), Replica: replica,
				})
			}
			tell(t, run, func(t *testing.T, l *lab.Lab, p *lab.Pager) {
				truth := l.Truth(0, l.End(), run.Length)
				if bad := truth.Valid - truth.Good; bad != 2 {
					t.Fatalf("%d bad events, want 2: the story shows nothing", bad)
				}
				if pages := p.Of("page"); len(pages) > 0 != test.pages {
					t.Errorf("%d pages, want some: %v", len(pages), test.pages)
				}
				checkCopies(t, l, truth, len(test.replicas))
			})
		})
	}
}

// checkCopies checks that the rules count each event once for each copy of it.
func checkCopies(t *testing.T, l *lab.Lab, truth lab.Counts, copies int) {
	t.Helper()
	for series, events := range map[string]int64{"slo:valid:increase30d": truth.Valid, "slo:good:increase30d": truth.Good} {
		vector, _, err := l.Query(t.Context(), series, l.End())
		if err != nil || len(vector) != 1 {
			t.Fatalf("%s is %v, %v", series, vector, err)
		}
		want := float64(int64(copies) * events)
		t.Logf("%s is %.1f, %d times %d events are %v", series, vector[0].F, copies, events, want)
		if got := vector[0].F; math.Abs(got-want) > 0.05*want {
			t.Errorf("%s is %v, want %v", series, got, want)
		}
	}
}
