package budget

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/sligo-go/sligo/internal/strictjson"
)

// Coverage tells for how much of a window's time the counts of a budget are
// known. A process that counts in its own memory knows nothing of the time
// before its start. The zero Coverage means that the counts include every
// event in the window.
type Coverage struct {
	// Known is the time for which the counts are known.
	Known time.Duration
	// Of is the time that they should cover: the length of a rolling window, or
	// the part of a calendar window that has passed.
	Of time.Duration
}

// IsComplete reports whether the counts are known for the whole time.
func (c Coverage) IsComplete() bool { return c.Known >= c.Of }

// Share returns the known share of the time, at most 1. It is 1 for the zero
// Coverage.
func (c Coverage) Share() Ratio {
	if c.IsComplete() {
		return RatioOf(1, 1)
	}
	return RatioOf(uint64(max(c.Known, 0)), uint64(c.Of))
}

// String returns the coverage in words, rounded down to two units: "known for
// 3h of 30d", "known for 2d23h of 30d". The zero Coverage is "known".
func (c Coverage) String() string {
	if c == (Coverage{}) {
		return "known"
	}
	return fmt.Sprintf("known for %s of %s", twoUnits(c.Known), twoUnits(c.Of))
}

// twoUnits returns a duration in its largest unit of days, hours, minutes and
// seconds and the next smaller one, rounded down: "2d23h", "3h", "59s".
func twoUnits(d time.Duration) string {
	units := units[:4]
	for i, unit := range units {
		if d < unit.length {
			continue
		}
		text := fmt.Sprintf("%d%c", d/unit.length, unit.name[0])
		if i+1 == len(units) {
			return text
		}
		if next := units[i+1]; d%unit.length >= next.length {
			text += fmt.Sprintf("%d%c", d%unit.length/next.length, next.name[0])
		}
		return text
	}
	return "0s"
}

// WithCoverage returns the budget with a statement of the time for which its
// counts are known. Figures of the window so far are about the known events and
// stay the same. Figures of the whole window, such as [Budget.SpentOfWindow],
// then count the known time as the part that has passed.
func (b Budget) WithCoverage(c Coverage) Budget {
	b.coverage = c
	return b
}

// KnownSince returns the budget with the coverage of counts that began at a
// start, such as the start of the process. The start can be before the window.
func (b Budget) KnownSince(start, now time.Time) Budget {
	of := passed(b.window, now)
	return b.WithCoverage(Coverage{Known: min(max(now.Sub(start), 0), of), Of: of})
}

// Coverage returns the time for which the counts are known. It is zero if they
// include every event in the window.
func (b Budget) Coverage() Coverage { return b.coverage }

// coverageJSON is the JSON form of a Coverage.
type coverageJSON struct {
	Known strictjson.Duration `json:"known"`
	Of    strictjson.Duration `json:"of"`
}

// MarshalJSON writes the times as text: {"known":"3h","of":"720h"}.
func (c Coverage) MarshalJSON() ([]byte, error) {
	return json.Marshal(coverageJSON{strictjson.Duration(c.Known), strictjson.Duration(c.Of)})
}

// UnmarshalJSON reads the form that MarshalJSON writes and refuses unknown
// fields.
func (c *Coverage) UnmarshalJSON(text []byte) error {
	wire := coverageJSON{strictjson.Duration(c.Known), strictjson.Duration(c.Of)}
	if err := strictjson.Unmarshal(text, &wire); err != nil {
		return err
	}
	*c = Coverage{Known: time.Duration(wire.Known), Of: time.Duration(wire.Of)}
	return nil
}
