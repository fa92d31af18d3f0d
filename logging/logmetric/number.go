package logmetric

import (
	"log/slog"
	"math"
	"strconv"
	"strings"
	"time"
)

// number returns the value of a field as a number. It reports false unless that
// is finite and not negative.
func number(field string, v slog.Value) (f float64, ok bool) {
	switch v.Kind() {
	case slog.KindInt64:
		f = float64(v.Int64())
	case slog.KindUint64:
		f = float64(v.Uint64())
	case slog.KindFloat64:
		f = v.Float64()
	case slog.KindDuration:
		f = float64(v.Duration()) / float64(unit(field))
	case slog.KindString:
		var err error
		if f, err = strconv.ParseFloat(strings.TrimSpace(v.String()), 64); err != nil {
			return 0, false
		}
	default:
		return 0, false
	}
	return f, f >= 0 && !math.IsInf(f, 0)
}

// unit returns the unit of a field's numbers, if they are durations.
func unit(field string) time.Duration {
	if strings.HasSuffix(field, "_ms") {
		return time.Millisecond
	}
	return time.Second
}
