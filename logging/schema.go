package logging

import (
	_ "embed"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/sligo-go/sligo/logging/field"
)

// Schema is the JSON Schema (draft 2020-12) of one line.
//
//go:embed schema.json
var Schema []byte

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

// Levels as they are on the line. Levels between two are shown as the lower one.
const (
	levelDebug = iota
	levelInfo
	levelWarn
	levelError
	levelCount
)

var levelNames = [levelCount]string{"DEBUG", "INFO", "WARN", "ERROR"}

func levelIndex(l slog.Level) int {
	switch {
	case l >= slog.LevelError:
		return levelError
	case l >= slog.LevelWarn:
		return levelWarn
	case l >= slog.LevelInfo:
		return levelInfo
	}
	return levelDebug
}

// appendTimestamp writes RFC 3339 in UTC with three decimals, of a fixed width so
// that lines sort as text.
func appendTimestamp(dst []byte, t time.Time) []byte {
	t = t.UTC()
	year, month, day := t.Date()
	if year < 0 || year > 9999 {
		return append(dst, "0000-01-01T00:00:00.000Z"...) // not a time RFC 3339 can write
	}
	hour, minute, second := t.Clock()
	dst = append2(append2(dst, year/100), year%100)
	dst = append2(append(dst, '-'), int(month))
	dst = append2(append(dst, '-'), day)
	dst = append2(append(dst, 'T'), hour)
	dst = append2(append(dst, ':'), minute)
	dst = append2(append(dst, ':'), second)
	ms := t.Nanosecond() / 1e6
	dst = append(dst, '.', byte('0'+ms/100))
	return append(append2(dst, ms%100), 'Z')
}

func append2(dst []byte, n int) []byte {
	return append(dst, byte('0'+n/10), byte('0'+n%10))
}

// appendMillis writes a duration in milliseconds, exactly: 150, 0.25, 0.000001.
func appendMillis(dst []byte, d time.Duration) []byte {
	const perMilli = uint64(time.Millisecond)
	n := uint64(d)
	if d < 0 {
		dst = append(dst, '-')
		n = -n
	}
	dst = strconv.AppendUint(dst, n/perMilli, 10)
	if frac := n % perMilli; frac != 0 {
		digits := strconv.FormatUint(perMilli+frac, 10)[1:]
		dst = append(dst, '.')
		dst = append(dst, strings.TrimRight(digits, "0")...)
	}
	return dst
}
