package compose

import (
	"math/big"

	"github.com/sligo-go/sligo/slo"
)

// billion is 100 % in the parts of [slo.Target].
const billion = 1_000_000_000

// Serial returns the target of a system that needs all of its components, if
// they fail independently: the product of their targets, 99.8001 % for two of
// 99.9 %. It returns the zero Target if there is no component, or if the
// product is less than a part per billion.
//
// Components that never fail at the same time cost the system a little more:
// the sum of their budgets, which leaves 99.8 % here. [Allocate] and
// [BalanceOf] assume this worst case.
//
// Source: the probability that independent events all happen is the product
// of their probabilities. For its use, see The Calculus of Service
// Availability, Treynor, Dahlin, Rau and Beyer, ACM Queue 15 (2), 2017.
func Serial(components ...slo.Target) slo.Target { return AtLeast(len(components), components...) }

// Parallel returns the target of a system that needs any one of its
// components, if they fail independently: 100 % minus the product of their
// budgets, 99.9999 % for two of 99.9 %. Replicas that share a cause of
// failure, such as a power line or a release, are not independent. It returns
// the zero Target if there is no component.
//
// Source: see [Serial].
func Parallel(components ...slo.Target) slo.Target { return AtLeast(1, components...) }

// AtLeast returns the target of a system that needs a number of its
// components, whichever they are, if they fail independently: the probability
// that at least that number works. It returns the zero Target if there are
// fewer components than needed, if needed is less than 1, or if the
// probability is less than a part per billion.
//
// Source: with one component at a time, p(n, k) = t p(n-1, k-1) + (1-t)
// p(n-1, k), where p(n, k) is the probability that k of the first n
// components work, and t is the target of the n'th.
func AtLeast(needed int, components ...slo.Target) slo.Target {
	if needed <= 0 || needed > len(components) {
		return slo.Target{}
	}
	// working[k] is the probability that k components work, times billion^n.
	working := []*big.Int{big.NewInt(1)}
	for _, c := range components {
		working = withComponent(working, c)
	}
	sum, parts := new(big.Int), new(big.Int)
	for _, p := range working[needed:] {
		sum.Add(sum, p)
	}
	all := new(big.Int).Exp(big.NewInt(billion), big.NewInt(int64(len(components))), nil)
	parts.Quo(sum.Mul(sum, big.NewInt(billion)), all)
	// An error means 0 parts. A billion is not possible: every target is less.
	target, _ := slo.TargetOf(parts.Int64())
	return target
}

// withComponent returns the probabilities after adding a component.
func withComponent(working []*big.Int, c slo.Target) []*big.Int {
	works, fails := big.NewInt(c.PartsPerBillion()), big.NewInt(billion-c.PartsPerBillion())
	next := make([]*big.Int, len(working)+1)
	for k := range next {
		next[k] = new(big.Int)
		if k > 0 {
			next[k].Mul(working[k-1], works)
		}
		if k < len(working) {
			next[k].Add(next[k], new(big.Int).Mul(working[k], fails))
		}
	}
	return next
}
