package compose

import (
	"math/big"

	"github.com/sligo-go/sligo/slo"
)

// billion is 100 % in the parts of [slo.Target].
const billion = 1_000_000_000

// Serial returns what a system can promise that needs all of its components, if they fail
// independently: the product of their targets, 99.8001 % for two of 99.9 %. It is the zero Target if
// there is no component, or if the product is less than a part per billion.
//
// If they never fail at the same time, the system can promise a little less: 100 % less the sum of their
// budgets, 99.8 % here, which is what [Allocate] and [Check] reckon with.
//
// Source: the probability that independent events all happen is the product of theirs. For its use,
// see The Calculus of Service Availability, Treynor, Dahlin, Rau and Beyer, ACM Queue 15 (2), 2017.
func Serial(components ...slo.Target) slo.Target { return AtLeast(len(components), components...) }

// Parallel returns what a system can promise that needs any one of its components, if they fail
// independently: 100 % less the product of their budgets, 99.9999 % for two of 99.9 %. Replicas that
// share a cause of failure, a power line or a release, are not independent. It is the zero Target if
// there is no component.
//
// Source: as of [Serial].
func Parallel(components ...slo.Target) slo.Target { return AtLeast(1, components...) }

// AtLeast returns what a system can promise that needs some of its components, whichever they are, if
// they fail independently: the probability that so many work. It is the zero Target if there are
// fewer components than needed, if none is needed, or if the probability is less than a part per
// billion.
//
// Source: a component at a time, p(n, k) = t p(n-1, k-1) + (1-t) p(n-1, k) for the probability p(n,
// k) that k of the first n work, t being the target of the n'th.
func AtLeast(needed int, components ...slo.Target) slo.Target {
	if needed <= 0 || needed > len(components) {
		return slo.Target{}
	}
	// working[k] is the probability that k components work, in parts of billion^n.
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
	target, err := slo.TargetOf(parts.Int64()) // less than a billion, as all targets are less than 1
	if err != nil {
		return slo.Target{} // below a part per billion
	}
	return target
}

// withComponent returns the probabilities with one component more.
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
