package logging

import (
	"bytes"
	"slices"
	"strconv"
)

// A layout describes the lines of a schema other than the default. A line is
// first encoded with the default's fields, because loggers bind these. When it
// is complete, the layout renames and arranges them, so the default pays
// nothing for the other schemas.
type layout struct {
	// appendHead appends the members that each line has, and the brace before
	// them.
	appendHead func(dst []byte, c *core, l *Line) []byte

	names [fieldCount]string // of the fields
	order [fieldCount]int    // of the fields on the line

	// The fields order[inner:] are members of the object that holds all other
	// attributes.
	inner  int
	object string // the name of that object
	flat   bool   // the object has no object within
}

// appendTail appends the fields of an entry and all other attributes to a line
// that has its head.
func (s *layout) appendTail(dst []byte, e *entry) []byte {
	for _, f := range s.order[:s.inner] {
		dst = s.appendField(dst, f, e.valueOf(f))
	}
	dst = append(dst, `,"`+s.object+`":{`...)
	start := len(dst)
	e.names.reset()
	for _, f := range s.order[s.inner:] {
		if value := e.valueOf(f); value != nil {
			dst = s.appendField(dst, f, value)
			e.names.add(s.names[f])
		}
	}
	if s.flat {
		dst = e.names.appendFlat(dst, e.info.Bytes())
	} else {
		dst = e.names.appendMembers(dst, e.info.Bytes())
	}
	if len(dst) == start { // an object without members does not appear
		return dst[:start-len(s.object)-len(`,"":{`)]
	}
	return append(slices.Delete(dst, start, start+len(",")), '}')
}

// appendField appends a field in the schema's name and unit, unless the line
// lacks it.
func (s *layout) appendField(dst []byte, f int, value []byte) []byte {
	if value == nil {
		return dst
	}
	dst = append(append(append(dst, `,"`...), s.names[f]...), `":`...)
	if f == executionTime {
		return appendNanos(dst, value)
	}
	return append(dst, value...)
}

// valueOf returns the value of a field in JSON, or nil if the line lacks it.
func (s *fields) valueOf(f int) []byte {
	if !s.has(f) {
		return nil
	}
	return s.buf[s.at[f]+len(fieldPrefix[f]) : s.at[f+1]]
}

// appendNanos appends a decimal number of milliseconds as an integer of
// nanoseconds. It omits fractions of a nanosecond. A duration beyond 64 bits
// becomes the nearest integer.
func appendNanos(dst, millis []byte) []byte {
	const decimals = 6
	whole, fraction, _ := bytes.Cut(millis, []byte("."))
	digits := append(make([]byte, 0, 40), whole...)
	for i := range decimals {
		if i < len(fraction) {
			digits = append(digits, fraction[i])
		} else {
			digits = append(digits, '0')
		}
	}
	// If out of range, ParseInt returns the nearest integer.
	ns, _ := strconv.ParseInt(string(digits), 10, 64)
	return strconv.AppendInt(dst, ns, 10)
}
