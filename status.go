package sligo

import (
	"strings"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/budget/status"
	"github.com/sligo-go/sligo/internal/strictjson"
	"github.com/sligo-go/sligo/slo"
)

const (
	// StateNoData is the state of an objective without valid events in its window.
	StateNoData = status.StateNoData
	// StateTooEarly is the state of an objective whose window is known for so
	// small a part that its budget frees no release; see [budget.Policy.Knows].
	StateTooEarly = status.StateTooEarly
	// StateClientsLeaving is the state of an objective whose clients leave before
	// they are answered; see [budget.ClientsLeaving].
	StateClientsLeaving = status.StateClientsLeaving
)

// Status is the state of a service's objectives, from the memory of the
// process: it knows no event of other instances, and none from before the start
// except by Options.Snapshot. The coverage of each budget says for how much of
// the window it is known, at most 90 days.
type Status struct {
	// At is the time of the reading.
	At time.Time `json:"at"`
	// Service is the name of the service.
	Service string `json:"service"`
	// Since is the time from which events count.
	Since time.Time `json:"since"`
	// Objectives are in the order of [Start], without those that have a mistake.
	Objectives []ObjectiveStatus `json:"objectives"`
}

// ObjectiveStatus is the state of one objective.
type ObjectiveStatus struct {
	// ID is the objective's identity: "users/availability".
	ID string `json:"id"`
	// State is the step of the policy, by default "healthy", "caution" or
	// "frozen", or it is [StateNoData], [StateTooEarly] or [StateClientsLeaving].
	State string `json:"state"`
	// Objective is the promise.
	Objective slo.Objective `json:"objective"`
	// Budget has the events in the window, and the budget that is left. An
	// objective that judges slices counts the slices that have ended.
	Budget budget.Budget `json:"budget"`
	// Decision is the policy's decision about releases.
	Decision budget.Decision `json:"decision"`
	// Alarms are the objective's alerts on this process's events. An alert has no
	// data until the process knows three quarters of its windows. An objective of
	// [slo.StageMeasure] has no alerts.
	Alarms []budget.Alarm `json:"alarms,omitempty"`
}

// String returns a line for each objective.
func (s Status) String() string {
	var lines []string
	for _, o := range s.Objectives {
		lines = append(lines, o.String())
	}
	return strings.Join(lines, "\n")
}

// UnmarshalJSON reads a status and refuses unknown fields.
func (s *Status) UnmarshalJSON(text []byte) error {
	type plain Status
	return strictjson.Unmarshal(text, (*plain)(s))
}

// String returns the state and the budget: "users/availability: healthy, 80%
// left: 4 of 20 bad events spent, 99.95% over 30d, known for 10d of 30d".
func (s ObjectiveStatus) String() string {
	return s.ID + ": " + s.State + ", " + s.Budget.String()
}

// UnmarshalJSON reads a state and refuses unknown fields.
func (s *ObjectiveStatus) UnmarshalJSON(text []byte) error {
	type plain ObjectiveStatus
	return strictjson.Unmarshal(text, (*plain)(s))
}
