package logging

import (
	_ "embed"
	"log/slog"
	"strconv"
	"strings"
	"sync/atomic"
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

// A clockFace writes the member timestamp: RFC 3339 in UTC with three decimals,
// of a fixed width so that lines sort as text. It keeps the text of the last
// second: nearly all lines are of the same second as the one before.
type clockFace struct{ last atomic.Pointer[secondText] }

type secondText struct {
	unix int64
	text string // "timestamp":"2024-11-16T12:34:56.
}

func (c *clockFace) append(dst []byte, t time.Time) []byte {
	unix := t.Unix()
	s := c.last.Load()
	if s == nil || s.unix != unix {
		u := t.UTC()
		if y := u.Year(); y < 0 || y > 9999 {
			return append(dst, `"timestamp":"0000-01-01T00:00:00.000Z",`...) // not a time RFC 3339 can write
		}
		s = &secondText{unix, `"timestamp":"` + u.Format("2006-01-02T15:04:05.")}
		c.last.Store(s)
	}
	ms := t.Nanosecond() / 1e6
	dst = append(dst, s.text...)
	return append(dst, byte('0'+ms/100), byte('0'+ms/10%10), byte('0'+ms%10), 'Z', '"', ',')
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
