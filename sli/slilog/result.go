package slilog

import (
	"fmt"

	"github.com/sligo-go/sligo/internal/strictjson"
)

// Result counts lines. Lines is the sum of the other counts.
type Result struct {
	// Lines counts all lines except empty ones.
	Lines uint64 `json:"lines"`
	// Events counts the lines recorded as events.
	Events uint64 `json:"events"`
	// Others counts the lines that are not events.
	Others uint64 `json:"others"`
	// Unreadable counts the lines in another format or with an invalid field.
	Unreadable uint64 `json:"unreadable"`
}

// String returns the counts as text: "lines: 3, events: 2, other: 1,
// unreadable: 0".
func (r Result) String() string {
	return fmt.Sprintf("lines: %d, events: %d, other: %d, unreadable: %d", r.Lines, r.Events, r.Others, r.Unreadable)
}

// UnmarshalJSON reads the counts and refuses unknown fields.
func (r *Result) UnmarshalJSON(text []byte) error {
	type plain Result
	return strictjson.Unmarshal(text, (*plain)(r))
}

// add records a line and counts it.
func (r *Result) add(line []byte, long bool, record recordFunc) {
	r.Lines++
	if long {
		r.Unreadable++
		return
	}
	switch recorded, err := record(line); {
	case err != nil:
		r.Unreadable++
	case recorded:
		r.Events++
	default:
		r.Others++
	}
}
