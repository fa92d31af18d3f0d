package promrules

import "time"

// Group is a group of rules that Prometheus evaluates together. It evaluates
// the rules one after another, so that a rule reads the sample which an earlier
// rule has just recorded.
type Group struct {
	// Name is unique in the file, such as "sligo:users:availability".
	Name string
	// Interval is the time between two evaluations.
	Interval time.Duration
	// QueryOffset is how far in the past the rules are evaluated. It is zero in
	// the dialect prom2, whose rules have offsets instead.
	QueryOffset time.Duration
	// Rules are the rules in the order of their evaluation.
	Rules []Rule
}

// Rule is a recording rule or an alerting rule.
type Rule struct {
	// Record is the name of the recorded series. It is empty for an alert.
	Record string
	// Alert is the name of the alert. It is empty for a recorded series.
	Alert string
	// Expr is the PromQL expression.
	Expr string
	// For is how long the expression must hold for the alert to fire.
	For time.Duration
	// KeepFiringFor is how long the alert fires after the expression has ceased
	// to hold.
	KeepFiringFor time.Duration
	// Labels are the labels that the rule adds to its series or alert.
	Labels map[string]string
	// Annotations are the texts of an alert. They are templates of Prometheus.
	Annotations map[string]string
}
