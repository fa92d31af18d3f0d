package e2e_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sligo-go/sligo/slo"
	"github.com/sligo-go/sligo/slo/promrules"
)

// TestCalendarStarts compares the start of calendar windows in Prometheus with
// the windows' own, at random times of ten years and around each start.
// Promtool begins at the Unix epoch, so the ten years follow 1970.
func TestCalendarStarts(t *testing.T) {
	const day = 24 * 3600
	random := rand.New(rand.NewPCG(1, 2))
	var file strings.Builder
	file.WriteString("evaluation_interval: 1m\ntests:\n- interval: 1m\n  promql_expr_test:\n")
	for _, text := range []string{
		"month", "quarter", "year", "month Asia/Seoul", "quarter Asia/Seoul", "year Asia/Seoul", "month America/Bogota",
		"quarter Pacific/Honolulu", "year Etc/GMT+12", "month Europe/London", "quarter America/New_York", "year Australia/Sydney",
	} {
		window := slo.MustParseWindow(text)
		var times []time.Time
		for range 50 {
			times = append(times, time.Unix(day+random.Int64N(3650*day), 0))
		}
		for at := time.Unix(40*day, 0); at.Year() < 1980; {
			start, end := window.Bounds(at)
			if start.Unix() > day {
				times = append(times, start.Add(-time.Second), start)
			}
			at = end
		}
		for _, at := range times {
			want, _ := window.Bounds(at)
			fmt.Fprintf(&file, "  - expr: %q\n    eval_time: %ds\n    exp_samples: [{labels: '{}', value: %d}]\n", windowStart(t, window), at.Unix(), want.Unix())
		}
	}
	name := filepath.Join(t.TempDir(), "calendar_test.yml")
	writeFile(t, name, file.String())
	promtool(t, "test", "rules", name)
}

// windowStart returns the expression of slo:window_start:seconds.
func windowStart(t *testing.T, window slo.Window) string {
	t.Helper()
	r, err := promrules.Generate([]slo.Objective{{
		Indicator: ruleIndicator("availability"), Target: slo.MustParseTarget("99%"), Window: window,
	}}, &promrules.Options{ZonesFrom: time.Unix(0, 0)})
	if err != nil {
		t.Fatal(err)
	}
	rules := r.Groups[0].Rules
	i := slices.IndexFunc(rules, func(rule promrules.Rule) bool { return rule.Record == "slo:window_start:seconds" })
	return rules[i].Expr
}
