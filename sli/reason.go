package sli

import "slices"

// Reason says why an indicator that lists an event's operation ignored the
// event. Each ignored event is counted by its reason. The empty Reason means
// that the event was not ignored.
type Reason string

const (
	// ReasonClientLeft means that the caller left before it had the response,
	// and that the indicator's bound had not passed; see [Indicator].
	ReasonClientLeft Reason = "client_left"
	// ReasonNotValid means that the event does not meet Indicator.Valid, or that
	// the caller allowed less time than Good.Within; see [Event].
	ReasonNotValid Reason = "not_valid"
	// ReasonUpgrade means that the connection switched protocols (status 101),
	// and that neither Valid nor Good lists 101.
	ReasonUpgrade Reason = "upgrade"
	// ReasonPreflight means a browser's preflight request. An indicator counts
	// preflights only if an entry of its Requests names the method OPTIONS.
	ReasonPreflight Reason = "preflight"
	// ReasonUnjudged means that the reporter cannot see the outcome, for example
	// because it does not know the protocol of the response.
	ReasonUnjudged Reason = "unjudged"
)

var reasons = []Reason{ReasonClientLeft, ReasonNotValid, ReasonUpgrade, ReasonPreflight, ReasonUnjudged}

// verdict is a Verdict with the reason of an ignored event. It is the position
// of the event's cell.
type verdict uint8

const (
	good verdict = iota
	bad
	clientLeft // and the other reasons, in the order of reasons
	notValid
	upgrade
	preflight
	unjudged
	unlisted // not counted at all
)

// verdictOf returns the verdict of an event that its reporter ignored. An
// unknown reason counts as ReasonNotValid.
func verdictOf(r Reason) verdict {
	if i := slices.Index(reasons, r); i >= 0 {
		return clientLeft + verdict(i)
	}
	return notValid
}

func (v verdict) public() Verdict {
	switch v {
	case good:
		return VerdictGood
	case bad:
		return VerdictBad
	}
	return VerdictIgnored
}
