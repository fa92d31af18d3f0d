package sli

import (
	"encoding/json"
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"time"

	"github.com/sligo-go/sligo/internal/strictjson"
)

// Condition selects events. An event meets it if it meets every field that is
// set. Except for Func, a condition is plain data, which can be documented,
// exported and turned into a query.
type Condition struct {
	// Status lists HTTP statuses: a class "2xx", one status "404" or a range
	// "500-504", and the same negated, "!400". The list selects the union of its
	// plain entries without the negated ones. A list with only negated entries
	// starts from all statuses except 1xx. A list that leaves no status is an
	// error. If Code is empty, Event.Status judges gRPC calls, and events without
	// a status do not meet Status.
	Status []string

	// Code lists gRPC status codes by name ("OK", "DeadlineExceeded" or
	// "DEADLINE_EXCEEDED"), and the same negated, "!Canceled". A list with only
	// negated names starts from all codes. If Status is empty, events of other
	// protocols do not meet Code. If both are set, the field of its protocol
	// judges each event, which is Code if the event has both. A job's event then
	// meets both fields if it has no Err.
	Code []string

	// Within is the maximum Duration, inclusive. Zero means no bound.
	Within time.Duration

	// Rate is the minimum rate of Items over Duration. Zero means no bound.
	Rate Rate

	// Canceled selects by whether the caller left before it had the response. The
	// zero Presence means PresenceExclude in Indicator.Valid, since nobody waited
	// for the response, and PresenceInclude in Indicator.Good. A caller that left
	// beyond the indicator's bound makes the event bad; see Indicator.Patience.
	Canceled Presence

	// Failed selects by whether the event has an Err, such as a panic or a job's
	// error. The zero Presence means PresenceInclude in Indicator.Valid and
	// PresenceExclude in Indicator.Good: a failure is not good, however fast.
	Failed Presence

	// Func is the last resort, for criteria that the other fields cannot
	// express. No document, rule or other program can evaluate it, and a
	// condition with a Func cannot be read back from JSON. It is called for each
	// event that meets the other fields. It must be fast and safe for concurrent
	// use. If it panics or calls runtime.Goexit, the event is bad.
	Func func(Event) bool
}

// anyEvent is the text of the zero Condition.
const anyEvent = "any"

// String returns the condition on one line, "status 2xx 3xx, within 100ms",
// and "any" for the zero Condition.
func (c Condition) String() string {
	var parts []string
	add := func(set bool, format string, args ...any) {
		if set {
			parts = append(parts, fmt.Sprintf(format, args...))
		}
	}
	add(len(c.Status) > 0, "status %s", strings.Join(c.Status, " "))
	add(len(c.Code) > 0, "code %s", strings.Join(c.Code, " "))
	add(c.Within != 0, "within %v", strictjson.Duration(c.Within))
	add(c.Rate != Rate{}, "at least %v", c.Rate)
	add(c.Canceled != "", "canceled: %s", c.Canceled)
	add(c.Failed != "", "failed: %s", c.Failed)
	add(c.Func != nil, "func %s", c.funcName())
	if parts == nil {
		return anyEvent
	}
	return strings.Join(parts, ", ")
}

// funcName returns the name of Func in its program, and "" without a Func.
func (c Condition) funcName() string {
	if c.Func == nil {
		return ""
	}
	if f := runtime.FuncForPC(reflect.ValueOf(c.Func).Pointer()); f != nil {
		return f.Name()
	}
	return "func"
}

// conditionJSON is the JSON form of a Condition.
type conditionJSON struct {
	Status   []string            `json:"status,omitempty"`
	Code     []string            `json:"code,omitempty"`
	Within   strictjson.Duration `json:"within,omitempty"`
	Rate     Rate                `json:"rate,omitzero"`
	Canceled Presence            `json:"canceled,omitempty"`
	Failed   Presence            `json:"failed,omitempty"`
	Func     string              `json:"func,omitempty"`
}

// MarshalJSON returns an object with the fields that are not zero. Func is its
// name.
func (c Condition) MarshalJSON() ([]byte, error) {
	return json.Marshal(conditionJSON{
		c.Status, c.Code, strictjson.Duration(c.Within), c.Rate, c.Canceled, c.Failed, c.funcName(),
	})
}

// UnmarshalJSON reads the form that MarshalJSON writes. It refuses unknown
// fields and a Func, which text cannot hold.
func (c *Condition) UnmarshalJSON(text []byte) error {
	var wire conditionJSON
	if err := strictjson.Unmarshal(text, &wire); err != nil || isNull(text) {
		return err
	}
	if wire.Func != "" {
		return fmt.Errorf("sli: the function %q cannot be read back: set Condition.Func in Go", wire.Func)
	}
	*c = Condition{
		wire.Status, wire.Code, time.Duration(wire.Within), wire.Rate, wire.Canceled, wire.Failed, nil,
	}
	return nil
}
