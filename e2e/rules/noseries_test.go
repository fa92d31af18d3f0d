package rules_test

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/prometheus/prometheus/model/rulefmt"

	"github.com/sligo-go/sligo/e2e/rules/lab"
)

// TestNoSeries has services without series at some times. Those that stop each
// night or over each weekend are reported until the pause has a precedent, and
// those that are gone as long as they are gone. The hours are from the
// beginning of the run, at midnight.
func TestNoSeries(t *testing.T) {
	t.Parallel()
	gap := func(day int, clock string, length time.Duration, every int) lab.Span {
		s := spanOf(day, clock, length, 0)
		s.Every = every
		return s
	}
	night := gap(0, "20:00", 12*time.Hour, 1)
	const forever = 30 * day
	tests := []struct {
		name string
		days int
		born *lab.Moment
		gaps []lab.Span
		want []string // from and until which hour the ticket fires
	}{
		{"at night", 4, nil, []lab.Span{night}, []string{"20-32"}},
		{
			"at night, not in the same minute", 5, nil,
			[]lab.Span{gap(0, "20:06", 12*time.Hour, 2), gap(1, "19:58", 12*time.Hour, 2)}, []string{"20-32"},
		},
		{
			// Days 4, 11 and 18 are Fridays.
			"at night and over weekends", 20, nil, []lab.Span{night, gap(1, "20:00", 60*time.Hour, 7)},
			[]string{"20-32", "128-176"},
		},
		{"never any", 9, nil, []lab.Span{gap(8, "00:00", forever, 0)}, []string{"0-"}},
		{"gone", 11, nil, []lab.Span{gap(9, "12:00", forever, 0)}, []string{"36-"}},
		{"gone on the first day", 9, &lab.Moment{Day: 7, At: lab.Clock(10 * time.Hour)},
			[]lab.Span{gap(7, "14:00", forever, 0)}, []string{"0-34", "38-"}},
		{
			// The night after the last day is like any other.
			"stopped at night, and is gone", 17, nil, []lab.Span{night, gap(2, "12:00", forever, 0)},
			[]string{"20-32", "348-356", "368-"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			files, err := generate(nil, objective(""))
			if err != nil {
				t.Fatal(err)
			}
			files[0].Keep = func(r rulefmt.Rule) time.Duration {
				switch {
				case r.Alert == "SloNoSeries":
					return 5 * time.Minute
				case r.Record == "sli:valid:increase5m", r.Record == "sli:valid:increase1h":
					return time.Minute
				}
				return 0
			}
			fleet := lab.Fleet{
				Scenario: lab.Scenario{Name: "pauses", Born: test.born, ScrapeGaps: test.gaps},
				Pods:     1, Scrape: time.Minute, Labels: shop(),
			}
			run := lab.Run{Fleets: []lab.Fleet{fleet}, Length: time.Duration(test.days)*day - time.Hour, Rules: files}
			tell(t, run, func(t *testing.T, l *lab.Lab, p *lab.Pager) {
				hour := func(at time.Time) string {
					if at.IsZero() {
						return ""
					}
					return fmt.Sprint(math.Round(at.Sub(l.Start()).Hours()))
				}
				var got []string
				for _, e := range p.Episodes {
					got = append(got, hour(e.Fired)+"-"+hour(e.Resolved))
				}
				if !slices.Equal(got, test.want) {
					t.Errorf("the ticket fires in the hours %q, want %q", got, test.want)
				}
			})
		})
	}
}
