package budget

import (
	"fmt"

	"github.com/sligo-go/sligo/internal/strictjson"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// Alarm is the result of evaluating one alert.
type Alarm struct {
	// Alert is the alert, with its short window.
	Alert slo.Alert `json:"alert"`
	// Firing reports whether it fires.
	Firing bool `json:"firing"`
	// Factor is the burn rate that both windows must reach.
	Factor Ratio `json:"factor"`
	// MinBad is the minimum number of bad events in the long window.
	MinBad uint64 `json:"min_bad"`
	// Long holds the counts of the long window.
	Long sli.Counts `json:"long"`
	// Short holds the counts of the short window.
	Short sli.Counts `json:"short"`
	// LongBurn is the burn rate of the long window, 0 without data.
	LongBurn Ratio `json:"long_burn"`
	// ShortBurn is the burn rate of the short window, 0 without data.
	ShortBurn Ratio `json:"short_burn"`
}

func (a Alarm) enough() bool          { return a.Long.Bad() >= a.MinBad }
func (a Alarm) burns(rate Ratio) bool { return rate.Compare(a.Factor) >= 0 }

// String reports whether the alert fires and why, with the figures: "page
// fires: burn rate 20 over 1h and 25 over 5m, limit 14.4, 40 bad events".
func (a Alarm) String() string {
	long, short := strictjson.Duration(a.Alert.Long), strictjson.Duration(a.Alert.Short)
	if a.Firing {
		return fmt.Sprintf("%s fires: burn rate %v over %v and %v over %v, limit %v, %s",
			a.Alert.Severity, a.LongBurn, long, a.ShortBurn, short, a.Factor, badEvents(a.Long.Bad()))
	}
	verdict := string(a.Alert.Severity) + " does not fire: "
	switch {
	case a.Long.Valid == 0:
		return verdict + fmt.Sprintf("no data in %v", long)
	case !a.burns(a.LongBurn):
		return verdict + fmt.Sprintf("burn rate %v over %v, limit %v", a.LongBurn, long, a.Factor)
	case !a.enough():
		return verdict + fmt.Sprintf("%s in %v, minimum %d", badEvents(a.Long.Bad()), long, a.MinBad)
	case a.Short.Valid == 0:
		return verdict + fmt.Sprintf("no data in %v", short)
	}
	return verdict + fmt.Sprintf("it is over, burn rate %v over %v, limit %v", a.ShortBurn, short, a.Factor)
}

// UnmarshalJSON reads an alarm and refuses unknown fields.
func (a *Alarm) UnmarshalJSON(text []byte) error {
	type plain Alarm
	return strictjson.Unmarshal(text, (*plain)(a))
}
