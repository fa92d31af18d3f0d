package compose

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// Allocate divides the error budget of a system that needs all of its components among them, by
// weight, and returns the target of each: for 99.9 % and weights of 1 and 3, 99.975 % and 99.925 %.
// Their budgets add up to the system's to the part per billion; what rounding down leaves goes to
// those that it took most from. So the system keeps its target if each component does, whether or not
// they fail independently.
//
// It returns an error for an invalid target, for no weights, for a weight of 0, and for one so small
// that its part of the budget is less than a part per billion: all of them at once, as joined
// [*sli.FieldError] values with paths like "weights[2]".
//
// Source: the probability that any component fails is at most the sum of theirs (Boole's inequality).
// The rounding is the largest-remainder method.
func Allocate(system slo.Target, weights ...uint64) ([]slo.Target, error) {
	if err := check(system, weights); err != nil {
		return nil, fmt.Errorf("system: allocate: %w", err)
	}
	budgets, err := divide(system.BudgetPartsPerBillion(), weights)
	if err != nil {
		return nil, fmt.Errorf("system: allocate: %w", err)
	}
	targets := make([]slo.Target, len(weights))
	for i, budget := range budgets {
		// Valid, since the budget is at least 1 and at most the system's.
		targets[i], _ = slo.TargetOf(billion - budget)
	}
	return targets, nil
}

func check(system slo.Target, weights []uint64) error {
	var errs sli.FieldErrors
	if !system.IsValid() {
		errs.Addf("system", "is required, like %q", "99.9%")
	}
	if len(weights) == 0 {
		errs.Addf("weights", "are required, one for each component")
	}
	for i, w := range weights {
		if w == 0 {
			errs.Addf(fmt.Sprintf("weights[%d]", i), "is 0: no component works without a budget")
		}
	}
	return errs.Err()
}

// divide divides the parts by weight.
func divide(parts int64, weights []uint64) ([]int64, error) {
	sum := new(big.Int)
	for _, w := range weights {
		sum.Add(sum, new(big.Int).SetUint64(w))
	}
	shares, rests := make([]int64, len(weights)), make([]*big.Int, len(weights))
	left := parts
	for i, w := range weights {
		share, rest := new(big.Int).SetUint64(w), new(big.Int)
		share.QuoRem(share.Mul(share, big.NewInt(parts)), sum, rest)
		shares[i], rests[i] = share.Int64(), rest
		left -= shares[i]
	}
	order := make([]int, len(weights))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return rests[j].Cmp(rests[i]) })
	for _, i := range order[:left] {
		shares[i]++
	}
	return shares, checkShares(parts, weights, shares)
}

func checkShares(parts int64, weights []uint64, shares []int64) error {
	var errs sli.FieldErrors
	for i, share := range shares {
		if share == 0 {
			errs.Addf(fmt.Sprintf("weights[%d]", i), "of %d is less than a part per billion of a budget of %d parts", weights[i], parts)
		}
	}
	return errs.Err()
}
