package sli

import "strconv"

// Verdict is what an [Indicator] makes of an [Event]. Its three values are all there can be: that an
// event is good but not valid cannot be written.
type Verdict uint8

const (
	// VerdictIgnored is for an event that the indicator does not count: it asks for other requests, or
	// the event is not valid (a client's own mistake, a cause outside the service). It is the
	// zero Verdict.
	VerdictIgnored Verdict = iota
	// VerdictBad is for a valid event that did not meet the criterion.
	VerdictBad
	// VerdictGood is for a valid event that met the criterion.
	VerdictGood
)

// String returns "ignored", "bad" or "good".
func (v Verdict) String() string {
	switch v {
	case VerdictIgnored:
		return "ignored"
	case VerdictBad:
		return "bad"
	case VerdictGood:
		return "good"
	}
	return "Verdict(" + strconv.Itoa(int(v)) + ")"
}
