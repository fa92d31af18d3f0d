package ledger

import (
	"fmt"
	"slices"

	"github.com/sligo-go/sligo/internal/quotelist"
	"github.com/sligo-go/sligo/internal/strictjson"
	"github.com/sligo-go/sligo/sli"
)

// Ledger holds the entries that may have spent a budget. The zero Ledger has no
// entries.
type Ledger struct {
	// Entries are the intervals, in any order.
	Entries []Entry `json:"entries,omitempty"`
	// Exclude lists the planned kinds that, by agreement, spend nothing. Their
	// time, at any degree, counts neither as promised nor as lost, and an outage
	// within it does not count either. Outages cannot be excluded. Empty means
	// that all kinds spend.
	Exclude []Kind `json:"exclude,omitempty"`
}

// Validate reports all mistakes in the ledger at once, as joined
// [*sli.FieldError] values with paths such as "Entries[3].End".
func (l Ledger) Validate() error {
	var errs sli.FieldErrors
	for i, e := range l.Entries {
		errs.Add(fmt.Sprintf("Entries[%d]", i), e.validate())
	}
	for i, kind := range l.Exclude {
		path := fmt.Sprintf("Exclude[%d]", i)
		switch planned := kinds[1:]; {
		case kind == KindOutage:
			errs.Addf(path, "invalid kind %q: outages always spend, want one of %s", kind, quotelist.Of(planned))
		case !slices.Contains(planned, kind):
			errs.Addf(path, "unknown kind %q: want one of %s", kind, quotelist.Of(planned))
		}
	}
	return errs.Err()
}

// String returns the number of entries and the excluded kinds: "3 entries,
// excluding maintenance and drill".
func (l Ledger) String() string {
	text := fmt.Sprintf("%d entries", len(l.Entries))
	if len(l.Entries) == 1 {
		text = "1 entry"
	}
	separator := ", excluding "
	for _, kind := range l.Exclude {
		text += separator + string(kind)
		separator = " and "
	}
	return text
}

// UnmarshalJSON reads a ledger and refuses unknown fields. It does not
// validate.
func (l *Ledger) UnmarshalJSON(text []byte) error {
	type plain Ledger
	return strictjson.Unmarshal(text, (*plain)(l))
}
