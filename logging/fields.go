package logging

import (
	"bytes"

	"github.com/sligo-go/sligo/logging/field"
)

// The fields that attributes and the context set, in the order of the line.
const (
	userID = iota
	requestID
	traceID
	spanID
	responseCode
	executionTime
	errorMessage
	stackTrace
	fieldCount
	noField = -1
)

// infoKey is the member for all other attributes.
const infoKey = "additional_info"

var fieldPrefix = [fieldCount]string{
	`,"` + field.KeyUserID + `":`, `,"` + field.KeyRequestID + `":`, `,"` + field.KeyTraceID + `":`,
	`,"` + field.KeySpanID + `":`, `,"` + field.KeyResponseCode + `":`, `,"` + field.KeyExecutionTime + `":`,
	`,"` + field.KeyError + `":`, `,"` + field.KeyStackTrace + `":`,
}

// fieldOf returns the field that a name means, or noField.
func fieldOf(key string) int {
	switch key {
	case field.KeyUserID:
		return userID
	case field.KeyRequestID:
		return requestID
	case field.KeyTraceID:
		return traceID
	case field.KeySpanID:
		return spanID
	case field.KeyResponseCode:
		return responseCode
	case field.KeyExecutionTime:
		return executionTime
	case field.KeyError:
		return errorMessage
	case field.KeyStackTrace:
		return stackTrace
	}
	return noField
}

// isID reports whether a field identifies a user, a request, a trace or a span.
func isID(f int) bool { return f <= spanID }

// fields hold the fields of a line in the order of the schema, without gaps.
// So the fields that With bound become part of a line by one copy, and a
// field that comes in order is written in place.
//
// A new field is first pending: it is appended to buf after all others. Then
// place moves it to its position, or drop removes it.
type fields struct {
	// buf holds the start of the line up to at[0], then the fields, then the
	// pending one.
	buf []byte

	// Field f with its name is buf[at[f]:at[f+1]], which is empty if the line
	// lacks it. The line lacks all fields from n on, and at[n] is the end.
	at [fieldCount + 1]int
	n  int

	// spare holds the pending field while place makes room for it.
	spare []byte
}

// begin starts a line that has its head and no field.
func (s *fields) begin(head []byte) { s.buf, s.at[0], s.n = head, len(head), 0 }

// add adds the fields of another line, except those whose bit is set.
func (s *fields) add(from *fields, except uint16) {
	first := 0
	for first < from.n && !from.has(first) {
		first++
	}
	if first < s.n {
		s.addEach(from, except)
		return
	}
	shift := s.at[s.n] - from.at[0]
	s.buf = append(s.buf, from.buf[from.at[0]:from.at[from.n]]...)
	for s.n < from.n {
		s.n++
		s.at[s.n] = from.at[s.n] + shift
	}
}

// addEach adds fields of which some are before the fields of the line.
func (s *fields) addEach(from *fields, except uint16) {
	for f := range from.n {
		if from.has(f) && except&(1<<f) == 0 {
			s.buf = append(s.buf, from.buf[from.at[f]:from.at[f+1]]...)
			s.place(f)
		}
	}
}

// has reports whether the line has a field.
func (s *fields) has(f int) bool { return f < s.n && s.at[f] < s.at[f+1] }

// pending returns the pending field.
func (s *fields) pending() []byte { return s.buf[s.at[s.n]:] }

// drop removes the pending field.
func (s *fields) drop() { s.buf = s.buf[:s.at[s.n]] }

// isPending reports whether the pending field equals field f, which the line
// has.
func (s *fields) isPending(f int) bool {
	return bytes.Equal(s.buf[s.at[f]:s.at[f+1]], s.pending())
}

// place moves the pending field to the position of field f, and replaces f if
// the line has it.
func (s *fields) place(f int) {
	if f < s.n {
		s.insert(f)
		return
	}
	end := s.at[s.n]
	for ; s.n < f; s.n++ {
		s.at[s.n+1] = end
	}
	s.n++
	s.at[s.n] = len(s.buf)
}

// insert moves the pending field before later ones, or in place of field f.
func (s *fields) insert(f int) {
	end := s.at[s.n]
	s.spare = append(s.spare[:0], s.buf[end:]...)
	// The pending field has left room behind the later ones.
	next := s.at[f] + len(s.spare)
	next += copy(s.buf[next:], s.buf[s.at[f+1]:end])
	copy(s.buf[s.at[f]:], s.spare)
	s.buf = s.buf[:next]
	for i := f + 1; i <= s.n; i++ {
		s.at[i] += len(s.buf) - end
	}
}
