package sli

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sligo-go/sligo/internal/quotelist"
	"github.com/sligo-go/sligo/internal/strictjson"
)

// Aggregation is the part of the template that says how an indicator is shown:
// the mean over a minute, or the 95th percentile over five. Objectives do not
// depend on it, since they count events.
type Aggregation struct {
	// Over is the aggregation period. Zero means one minute.
	Over time.Duration
	// By is the function: "ratio", "mean", "median", "min", "max", "sum",
	// "count", "rate", or a percentile such as "p95" or "p99.9". Empty means
	// "ratio", the share of good events among valid events.
	By string
}

var functions = []string{"ratio", "mean", "median", "min", "max", "sum", "count", "rate"}

func (a Aggregation) validate() error {
	var errs FieldErrors
	checkDuration("Over", a.Over, &errs)
	if a.By != "" && !slices.Contains(functions, a.By) && !isPercentile(a.By) {
		errs.Addf("By", `unknown function %q: want one of %s, or a percentile such as "p95"`, a.By, quotelist.Of(functions))
	}
	return errs.Err()
}

// isPercentile accepts "p1" to "p99.999".
func isPercentile(text string) bool {
	digits, ok := strings.CutPrefix(text, "p")
	whole, fraction, point := strings.Cut(digits, ".")
	if !ok || !isDigits(whole, 2) || whole[0] == '0' {
		return false
	}
	return !point || isDigits(fraction, 3)
}

func isDigits(text string, most int) bool {
	return text != "" && len(text) <= most && strings.Trim(text, "0123456789") == ""
}

// String returns the aggregation with its defaults, "p95 over 1m".
func (a Aggregation) String() string {
	if a.By == "" {
		a.By = "ratio"
	}
	if a.Over == 0 {
		a.Over = time.Minute
	}
	return fmt.Sprintf("%s over %v", a.By, strictjson.Duration(a.Over))
}

// aggregationJSON is the JSON form of an Aggregation.
type aggregationJSON struct {
	Over strictjson.Duration `json:"over,omitempty"`
	By   string              `json:"by,omitempty"`
}

// MarshalJSON returns an object with the fields that are not zero.
func (a Aggregation) MarshalJSON() ([]byte, error) {
	return json.Marshal(aggregationJSON{strictjson.Duration(a.Over), a.By})
}

// UnmarshalJSON reads the form that MarshalJSON writes, and refuses unknown
// fields.
func (a *Aggregation) UnmarshalJSON(text []byte) error {
	var wire aggregationJSON
	if err := strictjson.Unmarshal(text, &wire); err != nil || isNull(text) {
		return err
	}
	*a = Aggregation{time.Duration(wire.Over), wire.By}
	return nil
}
