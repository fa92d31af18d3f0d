package slilog

import (
	"fmt"
	"strings"

	"github.com/sligo-go/sligo/internal/strictjson"
)

// Result counts lines. Lines is the sum of Events, Others and Unreadable.
type Result struct {
	// Lines counts all lines except empty ones. A line that a container's runtime
	// wrote in parts counts once.
	Lines uint64 `json:"lines"`
	// Events counts the lines recorded as events.
	Events uint64 `json:"events"`
	// Others counts the lines that are not events.
	Others uint64 `json:"others"`
	// Unreadable counts the lines in another format or with an invalid field.
	Unreadable uint64 `json:"unreadable"`
	// Samples are the first unreadable lines, at most three.
	Samples []Sample `json:"samples,omitempty"`

	// Offset is the number of bytes after which reading must continue. Every line
	// before it is counted and no line after it. It is zero for a Follower, whose
	// Position says where to continue.
	Offset int64 `json:"offset,omitempty"`
	// Rest is the number of bytes after Offset: the last line, if it lacks its
	// newline, or everything from the first part of a line whose last part is
	// missing.
	Rest int64 `json:"rest,omitempty"`
}

// Sample is an unreadable line. Its text is not redacted.
type Sample struct {
	// Line is the number of the line, counted as Result.Lines counts.
	Line uint64 `json:"line"`
	// Text is the beginning of the line, at most 200 bytes.
	Text string `json:"text"`
	// Reason says why the line is unreadable.
	Reason string `json:"reason"`
}

const (
	maxSamples = 3
	maxText    = 200 // bytes of a sample
)

// newSample returns the sample of a line that does not know its number yet.
func newSample(line []byte, reason error) Sample {
	text := line[:min(len(line), maxText)]
	return Sample{Text: strings.ToValidUTF8(string(text), ""), Reason: reason.Error()}
}

// String returns the counts as text, "lines: 3, events: 2, other: 1,
// unreadable: 0", with a line for each sample.
func (r Result) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "lines: %d, events: %d, other: %d, unreadable: %d", r.Lines, r.Events, r.Others, r.Unreadable)
	if r.Rest > 0 {
		fmt.Fprintf(&b, ", unfinished: %d bytes from %d", r.Rest, r.Offset)
	}
	for _, s := range r.Samples {
		fmt.Fprintf(&b, "\n\tline %d: %s: %q", s.Line, s.Reason, s.Text)
	}
	return b.String()
}

// UnmarshalJSON reads the counts and refuses unknown fields.
func (r *Result) UnmarshalJSON(text []byte) error {
	type plain Result
	return strictjson.Unmarshal(text, (*plain)(r))
}

// add counts the outcome of a line.
func (r *Result) add(o outcome) {
	r.Lines++
	switch {
	case o.unreadable != nil:
		if r.Unreadable++; len(r.Samples) < maxSamples {
			o.unreadable.Line = r.Lines
			r.Samples = append(r.Samples, *o.unreadable)
		}
	case o.isEvent:
		r.Events++
	default:
		r.Others++
	}
}
