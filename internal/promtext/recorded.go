package promtext

// The series that the rules of package promrules record. The contract is
// docs/rules.md. SignalGood and SignalValid take the place of the "%s" in a
// format.
const (
	// RecordedIncrease5m is the first level: the events of the last 5 minutes.
	RecordedIncrease5m = "sli:%s:increase5m"
	// RecordedIncrease1h is the second level: the events of the last hour.
	RecordedIncrease1h = "sli:%s:increase1h"
	// RecordedSinceHour has the events since the last full hour.
	RecordedSinceHour = "sli:%s:since_hour"
	// RecordedSinceDay has the events since the last midnight in UTC.
	RecordedSinceDay = "sli:%s:since_day"
	// RecordedDay has the events of the last full day in UTC.
	RecordedDay = "sli:%s:day"
	// RecordedKnownHours is the number of hours in which the indicator is known.
	RecordedKnownHours = "sli:valid:known_hours"
	// RecordedWindow has the events of a window, whose text follows the name.
	RecordedWindow = "slo:%s:increase"
	// RecordedCalendar has the events of a calendar window, whose period follows
	// the name.
	RecordedCalendar = "slo:%s:"

	// RecordedWindowStart is the time at which a calendar window began.
	RecordedWindowStart = "slo:window_start:seconds"
	// RecordedBudgetEvents is the number of bad events that the budget allows.
	RecordedBudgetEvents = "slo:budget:events"
	// RecordedBudgetSpent is the spent share of the whole window's budget.
	RecordedBudgetSpent = "slo:budget_spent:ratio"
	// RecordedBudgetRemaining is the share of the budget that is left.
	RecordedBudgetRemaining = "slo:budget_remaining:ratio"
	// RecordedPolicyStep is the place of the current step in the policy.
	RecordedPolicyStep = "slo:policy_step"
	// RecordedReleaseState tells which changes are allowed.
	RecordedReleaseState = "slo:release_state"
	// RecordedInfo is 1. Its labels describe the objective.
	RecordedInfo = "slo:info"
)

// The signals in the names of recorded series.
const (
	SignalGood  = "good"
	SignalValid = "valid"
	// SignalClientLeft counts the ignored events whose client left.
	SignalClientLeft = "client_left"
)

// The labels of recorded series and alerts, beside the labels of the metrics.
const (
	// LabelSeverity is the required reaction to an alert.
	LabelSeverity = "severity"
	// LabelLong is the long window of a burn-rate alert.
	LabelLong = "long"
	// LabelShort is the short window of a burn-rate alert.
	LabelShort = "short"
	// LabelStage is the stage of the objective.
	LabelStage = "stage"
	// LabelTarget is the objective's target.
	LabelTarget = "target"
	// LabelIntended is the severity that an observed alert will have.
	LabelIntended = "intended"
)

// The alerts of package promrules.
const (
	AlertBurn     = "SloErrorBudgetBurn"
	AlertSpent    = "SloErrorBudgetSpent"
	AlertTraffic  = "SloNoTraffic"
	AlertSeries   = "SloNoSeries"
	AlertLeaving  = "SloClientsLeaving"
	AlertOverdue  = "SloOverdueRequests"
	AlertSelector = "Slo.+" // matches all of them
)
