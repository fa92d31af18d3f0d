package budget_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// The cells of a day, each with the budget of the four hours before.
func ExampleHistory() {
	start := time.Date(2026, 3, 15, 0, 0, 0, 0, time.UTC)
	var cells []budget.Cell
	for i, bad := range []uint64{0, 0, 2, 0, 0, 0, 1} {
		at := start.Add(time.Duration(i) * time.Hour)
		cells = append(cells, budget.Cell{
			Start: at, End: at.Add(time.Hour), Known: time.Hour, Counts: sli.Counts{Good: 100 - bad, Valid: 100},
		})
	}
	now := start.Add(6*time.Hour + 30*time.Minute)
	cells[6].Known = 30 * time.Minute
	for at, b := range budget.History(slo.MustParseTarget("99%"), slo.MustParseWindow("4h"), cells, now) {
		spent, _ := b.SpentOfWindow(at)
		fmt.Println(at.Format("15:04"), spent.Percent(), "spent,", b.Coverage())
	}
	// Output:
	// 01:00 0% spent, known for 1h of 4h
	// 02:00 0% spent, known for 2h of 4h
	// 03:00 50% spent, known for 3h of 4h
	// 04:00 50% spent, known for 4h of 4h
	// 05:00 50% spent, known for 4h of 4h
	// 06:00 50% spent, known for 4h of 4h
	// 06:30 60% spent, known for 4h of 4h
}

func ExampleTracker_AppendCells() {
	tracker, err := budget.NewTracker(30 * 24 * time.Hour)
	if err != nil {
		fmt.Println(err)
		return
	}
	tracker.Add(sli.Counts{Good: 996, Valid: 1000})
	var cells []budget.Cell // keep it for the next call
	cells = tracker.AppendCells(cells[:0], time.Hour)
	for _, c := range cells {
		fmt.Println(c.End.Sub(c.Start), c.Counts)
	}
	// Output:
	// 10s 996/1000 (99.60%)
}

// TestCellsAgreeWithHistory compares the cells of a Tracker with all additions,
// and the newest budget of their history with the Tracker's.
func TestCellsAgreeWithHistory(t *testing.T) {
	for _, longest := range []time.Duration{time.Hour, 100 * time.Minute, 30 * day, 90 * day} {
		t.Run(longest.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { followCells(t, longest) })
		})
	}
}

func followCells(t *testing.T, longest time.Duration) {
	random := rand.New(rand.NewPCG(1, 0))
	tracker, start := newTracker(t, longest), time.Now()
	window, err := slo.Rolling(longest)
	if err != nil {
		t.Fatal(err)
	}
	target := slo.MustParseTarget("99%")
	var all history
	var cells []budget.Cell
	for range 150 {
		time.Sleep(time.Duration(random.Int64N(int64(longest / 20))))
		counts := sli.Counts{Valid: random.Uint64N(1000)}
		counts.Good = random.Uint64N(counts.Valid + 1)
		tracker.Add(counts)
		all = append(all, addition{time.Now(), counts})
		time.Sleep(time.Duration(random.Int64N(int64(longest / 20))))

		now := time.Now()
		cells = tracker.AppendCells(cells[:0], longest)
		checkCells(t, cells, all, start, now, longest)
		var newest budget.Budget
		for at, b := range budget.History(target, window, cells, now) {
			newest = b
			if at.After(now) {
				t.Fatalf("a budget of %v, now is %v", at, now)
			}
		}
		if diff := cmp.Diff(tracker.Budget(target, window), newest, equal); diff != "" {
			t.Fatalf("after %v (-Budget +History):\n%s", now.Sub(start), diff)
		}
	}
}

func checkCells(t *testing.T, cells []budget.Cell, all history, start, now time.Time, length time.Duration) {
	t.Helper()
	from := max(now.Sub(start)-length, 0).Truncate(resolution(length))
	if got := cells[0].Start.Sub(start); got != from {
		t.Fatalf("the first cell begins at %v, want %v", got, from)
	}
	for i, c := range cells {
		if i > 0 && !c.Start.Equal(cells[i-1].End) {
			t.Fatalf("cell %d begins at %v, the one before ends at %v", i, c.Start, cells[i-1].End)
		}
		var want sli.Counts
		for _, a := range all {
			if !a.at.Before(c.Start) && a.at.Before(c.End) {
				want = want.Add(a.counts)
			}
		}
		known := min(c.End.Sub(c.Start), now.Sub(c.Start))
		if c.Counts != want || c.Known != known || c.End.Sub(c.Start) != resolution(length) {
			t.Fatalf("cell %d: got %+v, want %v known for %v", i, c, want, known)
		}
	}
	if last := cells[len(cells)-1]; last.Start.After(now) || !last.End.After(now) {
		t.Fatalf("the newest cell is %+v, now is %v", last, now)
	}
}

// TestHistoryAgreesWithBruteForce adds up the cells of each window.
func TestHistoryAgreesWithBruteForce(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 0))
	target := slo.MustParseTarget("99%")
	for _, text := range []string{"1h", "90m", "30d", "month Asia/Seoul", "quarter"} {
		window := slo.MustParseWindow(text)
		start := time.Date(2026, 2, 20, 0, 17, 0, 0, time.UTC)
		resolution := window.Length(start) / 40
		var cells []budget.Cell
		for i := range 100 {
			at := start.Add(time.Duration(i) * resolution)
			valid := random.Uint64N(100)
			if i%10 == 3 {
				valid = 1 << 63 // sums are more than an uint64 holds
			}
			cells = append(cells, budget.Cell{
				Start: at, End: at.Add(resolution), Known: time.Duration(random.Int64N(int64(resolution) + 1)),
				Counts: sli.Counts{Good: random.Uint64N(valid + 1), Valid: valid},
			})
		}
		now := cells[99].Start.Add(resolution / 3)
		i := 0
		for at, got := range budget.History(target, window, cells, now) {
			if want := min(cells[i].End.Sub(start), now.Sub(start)); at.Sub(start) != want {
				t.Fatalf("%s: cell %d is at %v, want %v", text, i, at.Sub(start), want)
			}
			if diff := cmp.Diff(budgetOf(target, window, cells[:i+1], at), got, equal); diff != "" {
				t.Fatalf("%s at cell %d (-want +got):\n%s", text, i, diff)
			}
			i++
		}
		if i != len(cells) {
			t.Errorf("%s: got %d budgets, want %d", text, i, len(cells))
		}
	}
}

func budgetOf(target slo.Target, window slo.Window, cells []budget.Cell, at time.Time) budget.Budget {
	start, _ := window.Bounds(at)
	var sum sli.Counts
	var known time.Duration
	for _, c := range cells {
		if !c.End.After(start) {
			continue
		}
		sum = sum.Add(c.Counts)
		known += c.Known
		if c.Start.Before(start) {
			known -= min(c.Known, start.Sub(c.Start))
		}
	}
	return budget.New(target, window, sum).WithCoverage(budget.Coverage{Known: known, Of: at.Sub(start)})
}

func TestHistoryStops(t *testing.T) {
	cells := make([]budget.Cell, 3)
	n := 0
	for range budget.History(slo.MustParseTarget("99%"), slo.MustParseWindow("1h"), cells, time.Now()) {
		n++
		break
	}
	if n != 1 {
		t.Errorf("got %d budgets, want 1", n)
	}
}

func TestAppendCells(t *testing.T) {
	var zero budget.Tracker
	kept := make([]budget.Cell, 1, 1000)
	if got := zero.AppendCells(kept, time.Hour); len(got) != 1 {
		t.Errorf("the zero Tracker: got %d cells", len(got)-1)
	}
	tracker := newTracker(t, 30*day)
	if got := tracker.AppendCells(kept, 0); len(got) != 1 {
		t.Errorf("no length: got %d cells", len(got)-1)
	}
	if got := tracker.AppendCells(kept, 60*day); len(got) != 2 {
		t.Errorf("a new Tracker: got %d cells, want 1", len(got)-1)
	}
	if allocs := testing.AllocsPerRun(100, func() { kept = tracker.AppendCells(kept[:0], 30*day) }); allocs != 0 {
		t.Errorf("got %v allocations, want 0", allocs)
	}
}
