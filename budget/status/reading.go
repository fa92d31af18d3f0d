package status

import (
	"strings"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// The states of an objective that are not steps of a policy.
const (
	// StateNoData is the state of an objective without valid events in its
	// window.
	StateNoData = "no data"
	// StateClientsLeaving is the state of an objective whose clients leave
	// before they are answered; see [budget.ClientsLeaving].
	StateClientsLeaving = "no data, clients leaving"
	// StateTooEarly is the state of an objective whose window is known for so
	// small a part that the policy does not decide by its budget.
	StateTooEarly = "too early to tell"
)

// Kind is the kind of a source.
type Kind string

const (
	// KindProcess counts the events of one process, in its memory.
	KindProcess Kind = "process"
	// KindFleet counts the events of all instances, such as a Prometheus
	// server.
	KindFleet Kind = "fleet"
)

// Reading is the state of all objectives at one moment.
type Reading struct {
	// At is the time of the reading.
	At time.Time
	// Kind is the kind of the source.
	Kind Kind
	// Since is the time from which events count. Zero means that it is not
	// known.
	Since time.Time
	// Policy is the policy that decided. The zero Policy is the default one.
	Policy budget.Policy
	// Objectives are in the order of their definition.
	Objectives []Objective
	// Unmatched is the number of events that no indicator lists.
	Unmatched uint64
	// Unrouted is the number of requests without the pattern of their route.
	Unrouted uint64
	// Warnings say which definitions match nothing, with the likely cause.
	Warnings []sli.Advice
}

// Objective is the state of one objective.
type Objective struct {
	// Objective is the promise.
	Objective slo.Objective
	// State is the name of the policy's step, by default "healthy", "caution"
	// or "frozen", or it is one of the constants of this package.
	State string
	// Since is the time since which the objective has the state. Zero means
	// that it is not known.
	Since time.Time
	// Budget has the events in the window and their coverage.
	Budget budget.Budget
	// Spans are the recent parts of the window, the shortest first. Burn rates
	// come from them.
	Spans []Span
	// Alarms are the objective's alerts. Empty means that it has none.
	Alarms []budget.Alarm
	// Decision is the policy's decision about releases.
	Decision budget.Decision
	// Policy is the policy that decided. Nil means the policy of the reading.
	Policy *budget.Policy
	// OpensAt is the time at which a stricter step ends if no further event is
	// bad. Zero means that it is not known.
	OpensAt time.Time
	// History has the budget over the window, the oldest point first. Empty
	// means that it is not known.
	History []Point
	// Exclusions are the times of the window whose events do not count, and
	// those planned for the next 30 days. Empty means that every event counts.
	Exclusions []Exclusion
	// Periods are the last three periods before the present one of a calendar
	// window, the latest first. The coverage of their budgets tells how much of
	// them is known. Empty means that nothing is known, or that the window is
	// rolling.
	Periods []Period
	// Ignored has the events that do not count, by reason.
	Ignored map[sli.Reason]uint64
	// Unseen are the entries of the indicator's Requests that no event has
	// matched.
	Unseen []string
	// Latency has percentiles of the same requests. Nil means that they are not
	// known.
	Latency *Latency
}

// Span has the events of the last part of a window.
type Span struct {
	// Length is the length of the span, which ends at the reading.
	Length time.Duration
	// Known is the part of Length for which the counts are known.
	Known time.Duration
	// Counts are the events in the known part.
	Counts sli.Counts
}

// Point is the state of a budget at one moment of the past.
type Point struct {
	// At is the end of the window.
	At time.Time
	// Budget has the events in the window and their coverage.
	Budget budget.Budget
	// Counts are the events since the point before.
	Counts sli.Counts
}

// Latency has percentiles of durations, estimated from a histogram.
type Latency struct {
	// P50, P95 and P99 are the durations within which 50, 95 and 99 % of the
	// answers were given.
	P50, P95, P99 time.Duration
}

// ID returns the objective's identity: "users/availability".
func (o Objective) ID() string { return o.Objective.ID() }

// String returns the state: "users/availability: healthy".
func (o Objective) String() string { return o.ID() + ": " + o.State }

// Summary returns the state and the budget of the whole window, where now is
// [Reading.At]: "users/availability: healthy, 80% left: 4 of about 20 bad
// events spent, 99.95% over 30d, known for 3h of 30d".
func (o Objective) Summary(now time.Time) string {
	text := o.Budget.Summary(now)
	if strings.HasPrefix(o.State, StateNoData) {
		text = strings.TrimPrefix(text, StateNoData+", ") // once is enough
	}
	return o.String() + ", " + text
}

// String returns the summary of each objective on a line.
func (r Reading) String() string {
	lines := make([]string, len(r.Objectives))
	for i, o := range r.Objectives {
		lines[i] = o.Summary(r.At)
	}
	return strings.Join(lines, "\n")
}
