package sli

import (
	"fmt"
	"strconv"

	"github.com/sligo-go/sligo/internal/quotelist"
)

// Verdict is an [Indicator]'s judgment of an [Event]. It has three values, so
// that an event cannot be good without being valid.
type Verdict uint8

const (
	// VerdictIgnored means that the indicator does not count the event: it lists
	// other requests, or the event is not valid, such as the client's own mistake
	// or a failure outside the service. It is the zero Verdict.
	VerdictIgnored Verdict = iota
	// VerdictBad means that the event is valid and did not meet the criterion.
	VerdictBad
	// VerdictGood means that the event is valid and met the criterion.
	VerdictGood
)

var verdicts = [...]string{"ignored", "bad", "good"}

// String returns "ignored", "bad" or "good".
func (v Verdict) String() string {
	if int(v) < len(verdicts) {
		return verdicts[v]
	}
	return "Verdict(" + strconv.Itoa(int(v)) + ")"
}

// MarshalText returns String, and an error unless v is one of the constants.
func (v Verdict) MarshalText() ([]byte, error) {
	if int(v) >= len(verdicts) {
		return nil, fmt.Errorf("sli: invalid verdict %d", v)
	}
	return []byte(v.String()), nil
}

// UnmarshalText parses "ignored", "bad" or "good".
func (v *Verdict) UnmarshalText(text []byte) error {
	for i, name := range verdicts {
		if name == string(text) {
			*v = Verdict(i)
			return nil
		}
	}
	return fmt.Errorf("sli: unknown verdict %q: want one of %s", text, quotelist.Of(verdicts[:]))
}
