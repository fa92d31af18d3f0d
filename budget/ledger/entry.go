package ledger

import (
	"fmt"
	"slices"
	"time"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/internal/quotelist"
	"github.com/sligo-go/sligo/internal/strictjson"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// Kind is the kind of an entry.
type Kind string

const (
	// KindOutage is unplanned downtime.
	KindOutage Kind = "outage"
	// KindMaintenance is planned work on the service or below it.
	KindMaintenance Kind = "maintenance"
	// KindDeployment is the release of a change.
	KindDeployment Kind = "deployment"
	// KindDrill is a failure that was caused on purpose, for practice.
	KindDrill Kind = "drill"
)

var kinds = []Kind{KindOutage, KindMaintenance, KindDeployment, KindDrill}

// Entry is an interval in which the service was down, in whole or in part. The
// zero Entry is invalid.
type Entry struct {
	// Kind is required.
	Kind Kind `json:"kind"`
	// Name identifies the incident, such as "database failover"; it is required.
	// Entries with the same Kind and Name are one incident.
	Name string `json:"name"`
	// Start is the first moment of the interval; it is required.
	Start time.Time `json:"start,omitzero"`
	// End is the first moment after the interval. Zero means that it continues.
	End time.Time `json:"end,omitzero"`
	// Degree is the share of the service that was down. Zero means all of it.
	Degree slo.Share `json:"degree,omitzero"`
}

// billion is 100 % in the parts of [slo.Share].
const billion = 1_000_000_000

// parts returns the degree in parts per billion.
func (e Entry) parts() uint64 {
	if e.Degree == (slo.Share{}) {
		return billion
	}
	return uint64(e.Degree.PartsPerBillion())
}

func (e Entry) validate() error {
	var errs sli.FieldErrors
	switch {
	case e.Kind == "":
		errs.Addf("Kind", "required: want one of %s", quotelist.Of(kinds))
	case !slices.Contains(kinds, e.Kind):
		errs.Addf("Kind", "unknown kind %q: want one of %s", e.Kind, quotelist.Of(kinds))
	}
	if e.Name == "" {
		errs.Addf("Name", "required")
	}
	if e.Start.IsZero() {
		errs.Addf("Start", "required")
	}
	if !e.End.IsZero() && !e.End.After(e.Start) {
		errs.Addf("End", "invalid time %s: want a time after Start, %s",
			e.End.Format(time.RFC3339Nano), e.Start.Format(time.RFC3339Nano))
	}
	return errs.Err()
}

// String returns the entry in words: `outage "slow search" from
// 2026-03-10T10:00:00Z for 20 minutes, 50% down`.
func (e Entry) String() string {
	text := fmt.Sprintf("%s %q ", e.Kind, e.Name)
	start := e.Start.Format(time.RFC3339Nano)
	if e.End.IsZero() {
		text += "since " + start
	} else {
		text += "from " + start + " for " + budget.FormatDuration(e.End.Sub(e.Start))
	}
	if e.parts() < billion {
		text += fmt.Sprintf(", %v down", e.Degree)
	}
	return text
}

// UnmarshalJSON reads an entry and refuses unknown fields. It does not
// validate.
func (e *Entry) UnmarshalJSON(text []byte) error {
	type plain Entry
	return strictjson.Unmarshal(text, (*plain)(e))
}
