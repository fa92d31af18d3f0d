package statuspage_test

import (
	"strings"
	"testing"
	"time"

	"github.com/sligo-go/sligo/budget/ledger"
	"github.com/sligo-go/sligo/budget/status"
	"github.com/sligo-go/sligo/budget/statuspage"
)

// TestStory checks the sentences over the chart of a sheet. Without incidents,
// and without a fall, there is only the first one.
func TestStory(t *testing.T) {
	const incident, fell = " The incident of 18 Nov spent 30.2 %.", " On 25 Nov it fell below the line of Caution at 25 %."
	const after = " After release users 2.31.0 it fell below the line of Caution at 25 % on 25 Nov."
	at := shopTime(25, 13, 30) // after the release
	tests := []struct {
		name    string
		history []status.Point
		left    string
		change  func(*status.Objective, *statuspage.Options)
		want    string
	}{
		{"a release before", lefts(at, 600, 260, 240), "16.0", nil, incident + after},
		{"no release", lefts(at, 600, 260, 240), "16.0", func(_ *status.Objective, o *statuspage.Options) {
			o.Ledger = func() ledger.Ledger {
				books := shopLedger()
				books.Entries = books.Entries[3:4]
				return books
			}
		}, incident + fell},
		{"a release long before", lefts(shopTime(24, 13, 0), 600, 260, 240), "16.0", nil, incident + strings.Replace(fell, "25 Nov", "24 Nov", 1)},
		{"on the line", lefts(at, 251, 250), "16.0", nil, incident + after},
		{"up and down", lefts(at, 100, 260, 240), "16.0", nil, incident + after},
		{"below all the time", lefts(at, 240, 230, 220), "16.0", nil, incident},
		{"no ledger", lefts(at, 240, 230, 220), "16.0", func(_ *status.Objective, o *statuspage.Options) { o.Ledger = nil }, ""},
		{"a small incident", lefts(at, 240, 230, 220), "16.0", func(o *status.Objective, _ *statuspage.Options) {
			spent, _ := o.Budget.Cost(now, 49)
			o.Decision.State.Incidents[0].Spent = spent
		}, ""},
		{"healthy", lefts(at, 600, 590, 580), "58.0", func(o *status.Objective, _ *statuspage.Options) {
			o.Budget = budgetOf(o.Objective, events(2_000_000, 420))
		}, incident},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r, options := shop(), shopOptions()
			o := &r.Objectives[0]
			if o.ID() != "users/availability" {
				t.Fatalf("got %s", o.ID())
			}
			o.History = test.history
			if test.change != nil {
				test.change(o, &options)
			}
			text := words(get(t, open(t, source(r), options), "/users/availability").Body.String())
			_, lede, _ := strings.Cut(text, " to "+test.left+" % in 30 d.")
			if !strings.HasPrefix(lede, test.want+" ") || test.want == "" && strings.HasPrefix(lede, " The incident") {
				t.Errorf("got %.200q, want %q", lede, test.want)
			}
		})
	}
}

// lefts returns points with thousandths of the budget left, an hour apart.
func lefts(end time.Time, thousandths ...int64) []status.Point {
	o := shopPromises[0].objective()
	points := make([]status.Point, len(thousandths))
	for i, left := range thousandths {
		points[i] = status.Point{
			At: end.Add(-time.Hour * time.Duration(len(thousandths)-1-i)), Budget: budgetOf(o, events(2_000_000, uint64(1000-left))),
		}
	}
	return points
}
