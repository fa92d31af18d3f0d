package slo

import "fmt"

// Stage says how far an objective is in operation. A new objective is first
// measured, then its alerts are observed, and finally they notify people.
type Stage string

const (
	// StageMeasure records the objective's numbers and evaluates no alert.
	StageMeasure Stage = "measure"
	// StageObserve also evaluates the alerts, which then show in Prometheus and
	// notify nobody.
	StageObserve Stage = "observe"
	// StagePage also sends the alerts to people. The empty Stage means the same.
	StagePage Stage = "page"
)

func (s Stage) check() error {
	switch s {
	case "", StageMeasure, StageObserve, StagePage:
		return nil
	}
	return fmt.Errorf("unknown stage %q: want one of %q, %q, %q", s, StageMeasure, StageObserve, StagePage)
}
