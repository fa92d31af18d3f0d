package compose

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// Allocate divides the error budget of a system that needs all of its
// components among them, by weight, and returns the target of each: for 99.9 %
// and weights of 1 and 3, 99.975 % and 99.925 %. Shares are rounded down, and
// the remaining parts go to the components that lost most by it, so the
// components' budgets add up exactly to the system's. The system therefore
// keeps its target if every component does, whether or not they fail
// independently.
//
// It returns an error if the target is invalid, if there is no weight, or if
// a weight is 0 or too small for a part per billion. The error joins
// [*sli.FieldError] values with paths such as "weights[2]".
//
// Source: the probability that any component fails is at most the sum of
// their probabilities (Boole's inequality). The rounding is the
// largest-remainder method.
func Allocate(system slo.Target, weights ...uint64) ([]slo.Target, error) {
	if err := validate(system, weights); err != nil {
		return nil, err
	}
	budgets := divide(system.BudgetPartsPerBillion(), weights)
	if err := validateBudgets(system, weights, budgets); err != nil {
		return nil, err
	}
	targets := make([]slo.Target, len(weights))
	for i, budget := range budgets {
		// No error: the budget is at least 1 and at most the system's.
		targets[i], _ = slo.TargetOf(billion - budget)
	}
	return targets, nil
}

func validate(system slo.Target, weights []uint64) error {
	var errs sli.FieldErrors
	if !system.IsValid() {
		errs.Addf("system", `required, such as "99.9%%"`)
	}
	if len(weights) == 0 {
		errs.Addf("weights", "required: want one for each component")
	}
	for i, w := range weights {
		if w == 0 {
			errs.Addf(fmt.Sprintf("weights[%d]", i), "invalid weight 0: want at least 1")
		}
	}
	return errs.Err()
}

func validateBudgets(system slo.Target, weights []uint64, budgets []int64) error {
	var errs sli.FieldErrors
	for i, budget := range budgets {
		if budget == 0 {
			errs.Addf(fmt.Sprintf("weights[%d]", i),
				"invalid weight %d: its share of %v's budget is less than a part per billion", weights[i], system)
		}
	}
	return errs.Err()
}

// divide divides the parts by weight.
func divide(parts int64, weights []uint64) []int64 {
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
	return shares
}
