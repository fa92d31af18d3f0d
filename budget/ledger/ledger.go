package ledger

import (
	"fmt"
	"slices"
	"time"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// Kind is what an entry was.
type Kind string

const (
	// KindOutage is what nobody planned.
	KindOutage Kind = "outage"
	// KindMaintenance is planned work on the service or below it.
	KindMaintenance Kind = "maintenance"
	// KindDeployment is the release of a change.
	KindDeployment Kind = "deployment"
	// KindDrill is a failure that was caused on purpose, to practise.
	KindDrill Kind = "drill"
)

var kinds = []Kind{KindOutage, KindMaintenance, KindDeployment, KindDrill}

// Entry is an interval in which the service was down, in whole or in part.
type Entry struct {
	// Kind is what it was; it is required.
	Kind Kind
	// Name says which, "database failover"; it is required. Entries of the same kind and name are
	// one incident.
	Name string
	// Start is its first moment; it is required.
	Start time.Time
	// End is the first moment after it. Zero means that it goes on.
	End time.Time
	// Degree is the share of the service that was down. Zero means all of it.
	Degree slo.Share
}

// parts returns the degree in parts per billion.
func (e Entry) parts() uint64 {
	if e.Degree == (slo.Share{}) {
		return billion
	}
	return uint64(e.Degree.PartsPerBillion())
}

// billion is 100 % in the parts of [slo.Share].
const billion = 1_000_000_000

// Ledger is the entries that may have spent a budget. The zero Ledger has none.
type Ledger struct {
	// Entries are the intervals, in any order.
	Entries []Entry
	// Exclude are the kinds that are planned and agreed upon so that they spend nothing: their time,
	// at whatever degree, belongs neither to the time that was promised nor to the time lost, and
	// neither does an outage within. None means that all kinds spend. Outages always do.
	Exclude []Kind
}

// Validate reports every mistake in the ledger at once, as joined [*sli.FieldError] values with paths
// like "entries[3].end".
func (l Ledger) Validate() error {
	var errs sli.FieldErrors
	for i, e := range l.Entries {
		errs.Add(fmt.Sprintf("Entries[%d]", i), e.validate())
	}
	for i, kind := range l.Exclude {
		path := fmt.Sprintf("Exclude[%d]", i)
		switch {
		case kind == KindOutage:
			errs.Addf(path, "%q cannot be excluded: no outage is planned", kind)
		case !slices.Contains(kinds, kind):
			errs.Addf(path, "%q is not a kind: want one of %q", kind, kinds[1:])
		}
	}
	return errs.Err()
}

func (e Entry) validate() error {
	var errs sli.FieldErrors
	if !slices.Contains(kinds, e.Kind) {
		errs.Addf("Kind", "%q is not a kind: want one of %q", e.Kind, kinds)
	}
	if e.Name == "" {
		errs.Addf("Name", "is required")
	}
	if e.Start.IsZero() {
		errs.Addf("Start", "is required")
	}
	if !e.End.IsZero() && !e.End.After(e.Start) {
		errs.Addf("End", "%v is not after start, %v", e.End.Format(time.RFC3339Nano), e.Start.Format(time.RFC3339Nano))
	}
	return errs.Err()
}
