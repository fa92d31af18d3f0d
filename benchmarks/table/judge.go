package main

import (
	"fmt"
	"slices"

	"golang.org/x/perf/benchmath"
)

// verdict tells how a cost compares with its goal.
type verdict struct {
	goal   *goal
	cost   float64 // the median
	ratio  float64 // to the cheapest peer, 0 without peers
	p      float64 // that the cost differs from its limit
	missed bool
	slower bool // the cost misses its limit, not the allocations
}

// judge compares the medians with the goal. The test takes the cost of each
// round and the limit of each round as two samples.
func (g *goal) judge(all *results) (verdict, error) {
	cost, err := all.cost(g.row, g.over, g.unit)
	if err != nil {
		return verdict{}, err
	}
	v := verdict{goal: g, cost: median(cost)}
	limits := slices.Repeat([]float64{g.most}, len(cost))
	if len(g.peers) > 0 {
		cheapest, err := g.cheapest(all)
		if err != nil {
			return verdict{}, err
		}
		v.ratio = v.cost / median(cheapest)
		for i := range cheapest {
			cheapest[i] *= g.share
		}
		limits = cheapest
	}
	v.p = benchmath.AssumeNothing.Compare(sample(cost), sample(limits)).P
	v.slower = v.cost > median(limits)
	v.missed = v.slower || g.allocs > 0 && g.allocsOver(all) > g.allocs
	return v, nil
}

// cheapest returns the costs of the peer whose median is least.
func (g *goal) cheapest(all *results) ([]float64, error) {
	var least []float64
	for _, peer := range g.peers {
		cost, err := all.cost(peer, g.peerOver, g.unit)
		if err != nil {
			return nil, err
		}
		if least == nil || median(cost) < median(least) {
			least = cost
		}
	}
	return least, nil
}

func (g *goal) allocsOver(all *results) float64 {
	return median(all.values[g.row]["allocs/op"]) - median(all.values[g.over]["allocs/op"])
}

// cost returns a benchmark's values by round, less the values of another one
// unless its name is empty.
func (all *results) cost(row, over, unit string) ([]float64, error) {
	values, base := all.values[row][unit], all.values[over][unit]
	if len(values) == 0 || over != "" && len(base) != len(values) {
		return nil, fmt.Errorf("no %s of %q and %q", unit, row, over)
	}
	return less(values, base), nil
}

// less returns the differences by round. A missing base is zero.
func less(values, base []float64) []float64 {
	all := slices.Clone(values)
	for i := range min(len(all), len(base)) {
		all[i] -= base[i]
	}
	return all
}

// String returns the last columns of the row.
func (v verdict) String() string {
	mark := "met"
	if v.missed {
		mark = "MISSED"
	}
	wanted := fmt.Sprintf("<= %s %s", number(v.goal.most), v.goal.unit)
	ratio := ""
	if v.ratio != 0 {
		ratio = fmt.Sprintf("%.3f", v.ratio)
		wanted = fmt.Sprintf("<= %.3f of %s", v.goal.share, v.goal.unit)
	}
	if v.goal.allocs > 0 {
		wanted += fmt.Sprintf(", %s allocs", number(v.goal.allocs))
	}
	return fmt.Sprintf("%s\t%s\t%s: %s\t%.3f", number(v.cost), ratio, mark, wanted, v.p)
}

func sample(values []float64) *benchmath.Sample {
	return benchmath.NewSample(slices.Clone(values), &benchmath.DefaultThresholds)
}

// median returns the median, or 0 of no values.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
}
