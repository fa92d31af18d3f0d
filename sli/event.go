package sli

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/sligo-go/sligo/internal/guard"
	"github.com/sligo-go/sligo/internal/strictjson"
)

// Event is one finished request, job or check. Its fields say which: an HTTP
// request has a Status, a gRPC call has a Code, and a job has neither. A gRPC
// call that package middleware or sligrpc measured has both: a Condition judges
// its Code if it lists codes, and otherwise its Status. To test an indicator
// that lists statuses only, set both.
//
// The zero Event is a job without a name that took no time and did not fail.
type Event struct {
	// Operation names the operation. For HTTP it is the method and the route's
	// pattern as [net/http.ServeMux] spells it, without a host
	// ("GET /users/{userid}"), for gRPC the full method ("/shop.Orders/List"),
	// and for a job its name. It must not hold a URL or other text that a client
	// chooses.
	Operation string

	// Status is the HTTP status of the response. For a gRPC call that was
	// measured it is the status that google.rpc.Code gives for the Code, such as
	// 404 for NotFound. It is zero for a job.
	Status int

	// Code is the name of the gRPC status code, in the spelling of
	// google.golang.org/grpc/codes ("DeadlineExceeded") or of the protocol
	// ("DEADLINE_EXCEEDED"). It is empty for other protocols.
	Code string

	// Duration is how long the caller waited: until the end of the response, or
	// until the first byte of a stream. It is the difference of two readings of a
	// monotonic clock. For an indicator of freshness it is the age of the data.
	Duration time.Duration

	// Items is the amount of work done, such as rows, bytes or messages. It is
	// for indicators of throughput.
	Items uint64

	// Canceled is true if the caller left before it had the response.
	Canceled bool

	// Err is a failure that Status and Code do not show, such as a panic or a
	// job's error. Nil means that there was none.
	Err error

	// Group is the value of the one dimension by which indicators with Groups
	// count, such as a tenant or a class of requests. It must come from the
	// program, never from text that a client chooses. Empty means "other".
	Group string

	// Unanswered is true if the event was judged before its answer was known:
	// the caller left, or a deadline passed, before the answer began. Status and
	// Code mean nothing then. The event meets every list of Status and Code in
	// Valid, because nobody knows which answer would have come, and is never
	// good. A caller that left does not make it invalid.
	Unanswered bool

	// Allowed is the time that the caller allowed for the response, by a deadline
	// that it sent with the request, as gRPC clients do. An indicator whose
	// Good.Within is longer ignores the event, because no answer could show
	// whether the service keeps its bound. Zero means that no deadline is known.
	Allowed time.Duration

	// Ignore is the reason why no indicator judges the event. Empty means that
	// each judges it. Indicators that list the operation count the event as
	// ignored.
	Ignore Reason
}

// ignored reports whether the reporter decided that an indicator ignores the
// event. The indicator judges preflight requests if preflights is true.
func (e *Event) ignored(preflights bool) bool {
	return e.Ignore != "" && (!preflights || e.Ignore != ReasonPreflight)
}

// String returns the event on one line, "GET /users/{userid} 200 in 20ms".
func (e Event) String() string {
	var b strings.Builder
	if b.WriteString(e.Operation); e.Operation == "" {
		b.WriteString("(no operation)")
	}
	if e.Status != 0 {
		fmt.Fprintf(&b, " %d", e.Status)
	}
	if e.Code != "" {
		fmt.Fprintf(&b, " %s", e.Code)
	}
	fmt.Fprintf(&b, " in %v", strictjson.Duration(e.Duration))
	if e.Items != 0 {
		fmt.Fprintf(&b, ", %d items", e.Items)
	}
	if e.Canceled {
		b.WriteString(", canceled")
	}
	if e.Unanswered {
		b.WriteString(", unanswered")
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ", failed: %s", guard.ErrorText(e.Err))
	}
	if e.Group != "" {
		fmt.Fprintf(&b, ", group %q", e.Group)
	}
	if e.Allowed != 0 {
		fmt.Fprintf(&b, ", %v allowed", strictjson.Duration(e.Allowed))
	}
	if e.Ignore != "" {
		fmt.Fprintf(&b, ", ignored: %s", e.Ignore)
	}
	return b.String()
}

// eventJSON is the JSON form of an Event.
type eventJSON struct {
	Operation  string              `json:"operation,omitempty"`
	Status     int                 `json:"status,omitempty"`
	Code       string              `json:"code,omitempty"`
	Duration   strictjson.Duration `json:"duration,omitempty"`
	Items      uint64              `json:"items,omitempty"`
	Canceled   bool                `json:"canceled,omitempty"`
	Err        *string             `json:"err,omitempty"`
	Group      string              `json:"group,omitempty"`
	Unanswered bool                `json:"unanswered,omitempty"`
	Allowed    strictjson.Duration `json:"allowed,omitempty"`
	Ignore     Reason              `json:"ignore,omitempty"`
}

// MarshalJSON returns an object with the fields that are not zero. Err is its
// text.
func (e Event) MarshalJSON() ([]byte, error) {
	wire := eventJSON{
		e.Operation, e.Status, e.Code, strictjson.Duration(e.Duration), e.Items, e.Canceled, nil,
		e.Group, e.Unanswered, strictjson.Duration(e.Allowed), e.Ignore,
	}
	if e.Err != nil {
		text := guard.ErrorText(e.Err)
		wire.Err = &text
	}
	return json.Marshal(wire)
}

// UnmarshalJSON reads the form that MarshalJSON writes, and refuses unknown
// fields. Err becomes an error with the same text.
func (e *Event) UnmarshalJSON(text []byte) error {
	var wire eventJSON
	if err := strictjson.Unmarshal(text, &wire); err != nil || isNull(text) {
		return err
	}
	*e = Event{
		wire.Operation, wire.Status, wire.Code, time.Duration(wire.Duration), wire.Items, wire.Canceled, nil,
		wire.Group, wire.Unanswered, time.Duration(wire.Allowed), wire.Ignore,
	}
	if wire.Err != nil {
		e.Err = errors.New(*wire.Err)
	}
	return nil
}

// isNull reports whether text is JSON's null, which by convention leaves the
// value that it is read into unchanged.
func isNull(text []byte) bool { return string(text) == "null" }
