package logging

import (
	"bytes"
	"slices"

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

var fieldPrefix = [fieldCount]string{
	`,"` + field.KeyUserID + `":`, `,"` + field.KeyRequestID + `":`, `,"` + field.KeyTraceID + `":`,
	`,"` + field.KeySpanID + `":`, `,"` + field.KeyResponseCode + `":`, `,"` + field.KeyExecutionTime + `":`,
	`,"` + field.KeyError + `":`, `,"` + field.KeyStackTrace + `":`,
}

const infoKey = "additional_info"

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

// fields are the fields of the schema that a line has, in the order of the
// schema and without gaps: what With bound becomes part of a line with one copy,
// and a field that comes in order is written where it stays.
type fields struct {
	buf   []byte              // up to at[0] what is before them; each field with its name
	at    [fieldCount + 1]int // field f is buf[at[f]:at[f+1]]; empty: not on the line
	spare []byte
}

// begin continues buf with the fields of from, which is not changed.
func (s *fields) begin(buf []byte, from *fields) {
	shift := len(buf) - from.at[0]
	s.buf = append(buf, from.buf[from.at[0]:]...)
	for i, at := range from.at {
		s.at[i] = at + shift
	}
}

func (s *fields) has(f int) bool { return s.at[f] < s.at[f+1] }

// pending returns what is written behind the fields: one that is not yet placed.
func (s *fields) pending() []byte { return s.buf[s.at[fieldCount]:] }

// drop takes back what is pending.
func (s *fields) drop() { s.buf = s.buf[:s.at[fieldCount]] }

// isPending reports whether what is pending is what field f has already.
func (s *fields) isPending(f int) bool {
	return bytes.Equal(s.buf[s.at[f]:s.at[f+1]], s.pending())
}

// place makes what is pending the field f.
func (s *fields) place(f int) {
	end := s.at[fieldCount]
	if s.at[f] < end { // not the last one
		s.spare = append(s.spare[:0], s.buf[end:]...)
		s.buf = slices.Replace(s.buf[:end], s.at[f], s.at[f+1], s.spare...)
	}
	shift := len(s.buf) - end
	for i := f + 1; i < len(s.at); i++ {
		s.at[i] += shift
	}
}
