package main

import (
	"strings"
	"testing"
)

// fixed returns ten rounds of each benchmark's time and allocations.
func fixed(costs map[string][2]float64) *results {
	all := &results{values: make(map[string]map[string][]float64)}
	for name, cost := range costs {
		for round := range 10 {
			all.add(name, nanoseconds, cost[0]+float64(round)/10)
			all.add(name, "allocs/op", cost[1])
		}
	}
	return all
}

func TestJudge(t *testing.T) {
	all := fixed(map[string][2]float64{
		"mux": {100, 1}, "dear": {9100, 90}, "cheap": {1100, 10},
		"fast": {190, 2}, "slow": {400, 2}, "many": {190, 4}, "limit": {300, 2},
	})
	g := func(row string, share, most, allocs float64, peers ...string) goal {
		return goal{row: row, over: "mux", unit: nanoseconds, peers: peers, peerOver: "mux", share: share, most: most, allocs: allocs}
	}
	for name, c := range map[string]struct {
		goal   goal
		missed bool
		ratio  float64
		shown  bool // the difference is significant
	}{
		"share met":          {g("fast", .2, 0, 1, "dear", "cheap"), false, .09, true},
		"share missed":       {g("slow", .2, 0, 1, "dear", "cheap"), true, .3, true},
		"equal to the share": {g("limit", .2, 0, 1, "cheap"), false, .2, false},
		"allocations missed": {g("many", .2, 0, 2, "cheap"), true, .09, true},
		"allocations met":    {g("many", .2, 0, 3, "cheap"), false, .09, true},
		"limit met":          {g("fast", 0, 91, 0), false, 0, true},
		"limit missed":       {g("fast", 0, 89, 0), true, 0, true},
	} {
		v, err := c.goal.judge(all)
		if err != nil {
			t.Fatal(err)
		}
		if v.missed != c.missed || v.ratio < c.ratio-1e-9 || v.ratio > c.ratio+1e-9 || (v.p < .05) != c.shown {
			t.Errorf("%s: got missed %v, ratio %v, p %v", name, v.missed, v.ratio, v.p)
		}
	}
	unknown := g("fast", .2, 0, 1, "nobody")
	if _, err := unknown.judge(all); err == nil || !strings.Contains(err.Error(), `"nobody"`) {
		t.Errorf("a peer that was not measured: got %v", err)
	}
}

func TestRead(t *testing.T) {
	all := &results{values: make(map[string]map[string][]float64)}
	for range 2 {
		if err := all.read([]byte("goos: linux\nBenchmarkA/b=c-2 \t10\t 5.5 ns/op\t 7 cpu-ns/op\t 3 B/op\t 2 allocs/op\nBenchmarkA/b=d \t1\t 4 B/set\nPASS\n")); err != nil {
			t.Fatal(err)
		}
	}
	for unit, want := range map[string]float64{"ns/op": 5.5, "cpu-ns/op": 7, "B/op": 3, "allocs/op": 2} {
		if got := all.values["A/b=c"][unit]; len(got) != 2 || median(got) < want-1e-9 || median(got) > want+1e-9 {
			t.Errorf("%s: got %v, want %v twice", unit, got, want)
		}
	}
	if got := all.values["A/b=d"]["B/set"]; len(got) != 2 || got[0] != 4 {
		t.Errorf("B/set: got %v, want 4 twice", got)
	}
}

// TestGoalsNameBenchmarks runs each benchmark once and judges all goals.
func TestGoalsNameBenchmarks(t *testing.T) {
	all, err := measure("..", 1, "1x")
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	if _, err := write(&text, all, goals); err != nil {
		t.Fatal(err)
	}
	for _, g := range goals {
		if !strings.Contains(text.String(), "\n"+g.row+" ") {
			t.Errorf("no row %s in\n%s", g.row, text.String())
		}
	}
}
