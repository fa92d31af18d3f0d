package main

import (
	"fmt"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/cmd/sligo/internal/finding"
)

// budgetRow is the budget of one objective.
type budgetRow struct {
	id     string          // empty if the objective is in flags
	place  finding.Finding // of the objective, without a message
	budget budget.Budget
}

// The states of a budget, each the first word of a verdict.
const (
	met     = "met"
	missed  = "missed"
	unknown = "unknown"
)

func (r budgetRow) state() string {
	remaining, ok := r.budget.Remaining()
	switch {
	case !ok:
		return unknown
	case remaining.Sign() < 0:
		return missed
	}
	return met
}

// verdict returns a line such as "met: users/availability: 16% left: …".
func (r budgetRow) verdict() string {
	text := r.state() + ": "
	if r.id != "" {
		text += r.id + ": "
	}
	return text + r.budget.String()
}

// inState returns the number of rows in a state.
func inState(rows []budgetRow, state string) int {
	n := 0
	for _, r := range rows {
		if r.state() == state {
			n++
		}
	}
	return n
}

// totalVerdict sums up several rows, and repeats the verdict of a single one.
func totalVerdict(rows []budgetRow) string {
	if len(rows) == 1 {
		return rows[0].verdict()
	}
	bad, dataless := inState(rows, missed), inState(rows, unknown)
	switch {
	case bad > 0 && dataless > 0:
		return fmt.Sprintf("%s: %d of %d objectives, and %d without data", missed, bad, len(rows), dataless)
	case bad > 0:
		return fmt.Sprintf("%s: %d of %d objectives", missed, bad, len(rows))
	case dataless == len(rows):
		return fmt.Sprintf("%s: no data for any of %d objectives", unknown, len(rows))
	case dataless > 0:
		return fmt.Sprintf("%s: no data for %d of %d objectives, the others are met", unknown, dataless, len(rows))
	}
	return fmt.Sprintf("%s: all %d objectives", met, len(rows))
}

// answer returns the error for the exit status of --check.
func answer(rows []budgetRow) error {
	if inState(rows, missed) > 0 {
		return errNo
	}
	if inState(rows, unknown) > 0 {
		return errUnknown
	}
	return nil
}
