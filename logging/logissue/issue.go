package logissue

import (
	"fmt"
	"strings"
	"time"

	"github.com/sligo-go/sligo/internal/strictjson"
)

// An Issue is one error with its history.
type Issue struct {
	// Fingerprint identifies the issue. It is the same in all instances and
	// releases of the service.
	Fingerprint string `json:"fingerprint"`

	// Type is the innermost type in the error's chain that is more than a text
	// or a wrapper, or empty.
	Type string `json:"type,omitempty"`

	// Title is the normalized text of the first error. See [Normalize].
	Title string `json:"title"`

	// Count is the number of occurrences.
	Count uint64 `json:"count"`

	// FirstSeen is the time of the first occurrence.
	FirstSeen time.Time `json:"first_seen"`

	// LastSeen is the time of the last occurrence.
	LastSeen time.Time `json:"last_seen"`

	// Resolved reports whether [Tracker.Resolve] was called after the last
	// occurrence.
	Resolved bool `json:"resolved,omitempty"`

	// Latest is the latest occurrence.
	Latest Occurrence `json:"latest"`
}

// String returns the issue on one line: "3 × order <v>: file does not exist".
func (i Issue) String() string {
	text := fmt.Sprintf("%d × %s", i.Count, i.Title)
	if i.Resolved {
		text += ", resolved"
	}
	return text
}

// UnmarshalJSON reads an issue and refuses unknown fields.
func (i *Issue) UnmarshalJSON(text []byte) error {
	type plain Issue
	return strictjson.Unmarshal(text, (*plain)(i))
}

// An Occurrence is one error of an issue. Its texts are redacted and have at
// most 1024 bytes each.
type Occurrence struct {
	// Message is the message of the log line.
	Message string `json:"message,omitempty"`

	// Error is the error's text.
	Error string `json:"error,omitempty"`

	// RequestID is the ID of the request. It is empty if there was none.
	RequestID string `json:"request_id,omitempty"`

	// TraceID is the ID of the trace in hexadecimal. It is empty if there was
	// none.
	TraceID string `json:"trace_id,omitempty"`

	// Status is the response_code of the log line, such as "503". It is empty
	// if the line has none, because the request was not answered yet.
	Status string `json:"status,omitempty"`
}

// String returns the message and the error: "load order: file does not exist".
// The ID of the request follows if there was one.
func (o Occurrence) String() string {
	text := o.Message + ": " + o.Error
	if o.RequestID != "" {
		text += " (request " + o.RequestID + ")"
	}
	return strings.TrimPrefix(text, ": ")
}

// UnmarshalJSON reads an occurrence and refuses unknown fields.
func (o *Occurrence) UnmarshalJSON(text []byte) error {
	type plain Occurrence
	return strictjson.Unmarshal(text, (*plain)(o))
}

// A Change reports an issue that is new, or that occurred again after it was
// resolved or quiet.
type Change struct {
	// Issue is the issue, including the occurrence that changed it.
	Issue Issue `json:"issue"`

	// Regressed is false if the issue is new.
	Regressed bool `json:"regressed"`
}

// String returns "new" or "regressed" and the issue.
func (c Change) String() string {
	if c.Regressed {
		return "regressed: " + c.Issue.String()
	}
	return "new: " + c.Issue.String()
}

// UnmarshalJSON reads a change and refuses unknown fields.
func (c *Change) UnmarshalJSON(text []byte) error {
	type plain Change
	return strictjson.Unmarshal(text, (*plain)(c))
}

// A Summary is the state of a [Tracker] at one moment.
type Summary struct {
	// Issues are the current issues, the last seen first.
	Issues []Issue `json:"issues"`

	// Total is the number of errors seen: the counts of Issues plus Other.
	Total uint64 `json:"total"`

	// Other is the number of errors of issues that were replaced.
	Other uint64 `json:"other,omitempty"`

	// New is the number of errors that began an issue.
	New uint64 `json:"new,omitempty"`

	// Regressed is the number of errors that were a regression of their issue.
	Regressed uint64 `json:"regressed,omitempty"`

	// Missed is the number of changes that OnChange was not called for.
	Missed uint64 `json:"missed,omitempty"`
}

// String returns the issues, one a line, after a line with the numbers of
// errors and issues.
func (s Summary) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "errors: %d, issues: %d", s.Total, len(s.Issues))
	if s.Other > 0 {
		fmt.Fprintf(&b, ", errors of replaced issues: %d", s.Other)
	}
	if s.Missed > 0 {
		fmt.Fprintf(&b, ", missed changes: %d", s.Missed)
	}
	for _, i := range s.Issues {
		b.WriteString("\n" + i.String())
	}
	return b.String()
}

// UnmarshalJSON reads a summary and refuses unknown fields.
func (s *Summary) UnmarshalJSON(text []byte) error {
	type plain Summary
	return strictjson.Unmarshal(text, (*plain)(s))
}

// maxOccurrence is the maximum length of each text of an occurrence, in bytes.
const maxOccurrence = 1 << 10

func newIssue(fingerprint string, err error, title string, latest Occurrence, now time.Time) *Issue {
	return &Issue{
		Fingerprint: fingerprint, Type: specificType(err), Title: title,
		Count: 1, FirstSeen: now, LastSeen: now, Latest: latest,
	}
}

// add adds an occurrence. It reports whether that is a regression.
func (i *Issue) add(latest Occurrence, now time.Time, quietFor time.Duration) (regressed bool) {
	regressed = i.Resolved || now.Sub(i.LastSeen) > quietFor
	i.Count++
	i.Latest, i.Resolved = latest, false
	if now.After(i.LastSeen) {
		i.LastSeen = now
	}
	return regressed
}
