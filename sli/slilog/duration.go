package slilog

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// namedUnits are the units of fields whose names fix them: nginx's variables
// and names of OpenTelemetry and ECS.
var namedUnits = map[string]time.Duration{
	"request_time":                 time.Second,
	"upstream_response_time":       time.Second,
	"upstream_header_time":         time.Second,
	"upstream_connect_time":        time.Second,
	"http.server.request.duration": time.Second,
	"event.duration":               time.Nanosecond,
}

// unitWords are the last words of names that say a unit.
var unitWords = map[string]time.Duration{
	"ns": time.Nanosecond, "nanos": time.Nanosecond, "nanoseconds": time.Nanosecond,
	"us": time.Microsecond, "µs": time.Microsecond, "micros": time.Microsecond, "microseconds": time.Microsecond,
	"ms": time.Millisecond, "msec": time.Millisecond, "millis": time.Millisecond, "milliseconds": time.Millisecond,
	"s": time.Second, "sec": time.Second, "secs": time.Second, "seconds": time.Second,
}

// unitOf returns the unit of the numbers in a field: the option's, or the one
// that the field's name says, or the format's.
func (r *Reader) unitOf(name string, format time.Duration) time.Duration {
	if r.options.Unit != 0 {
		return r.options.Unit
	}
	if unit, ok := namedUnits[name]; ok {
		return unit
	}
	if i := strings.LastIndexAny(name, "_.-"); i >= 0 {
		if unit, ok := unitWords[name[i+1:]]; ok {
			return unit
		}
	}
	return format
}

// parseDuration reads a number in the given unit, a text with a unit, or a list
// of them, of which it returns the sum. nginx writes a list if it asked several
// servers, separated by commas, or by colons after an internal redirect. In a
// list, "-" is a server that was not reached.
func parseDuration(text string, unit time.Duration) (time.Duration, error) {
	var sum time.Duration
	known := false
	for part := range strings.SplitSeq(strings.ReplaceAll(text, " : ", ", "), ", ") {
		if part = strings.TrimSpace(part); part == "-" {
			continue
		}
		d, ok := parseOne(part, unit)
		if sum += d; !ok || sum < 0 {
			return 0, fmt.Errorf("invalid duration %.80q: want a number, or a text such as \"150ms\"", text)
		}
		known = true
	}
	if !known {
		return 0, fmt.Errorf("invalid duration %.80q: no server was asked, so that the time is unknown", text)
	}
	return sum, nil
}

// parseOne reads one duration. It reports false if the text is invalid.
func parseOne(text string, unit time.Duration) (time.Duration, bool) {
	if number, err := strconv.ParseFloat(text, 64); err == nil {
		number *= float64(unit)
		if !(number >= 0 && number < 1<<63) { // also if it is not a number
			return 0, false
		}
		return time.Duration(number), true
	}
	number, word, ok := strings.Cut(text, " ") // "150 ms"
	if ok && word != "" && (word[0] < '0' || word[0] > '9') {
		text = number + word
	}
	d, err := time.ParseDuration(text)
	return d, err == nil && d >= 0
}
