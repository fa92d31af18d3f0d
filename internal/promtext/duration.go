package promtext

import (
	"strconv"
	"time"
)

var durationUnits = []struct {
	name   string
	length int64 // milliseconds
}{{"d", 86_400_000}, {"h", 3_600_000}, {"m", 60_000}, {"s", 1000}, {"ms", 1}}

// Duration returns a duration in the syntax of Prometheus, such as "30d" or
// "5m", as the names of recorded series have it. It rounds down to
// milliseconds.
func Duration(d time.Duration) string {
	ms := d.Milliseconds()
	if ms <= 0 {
		return "0s"
	}
	var text []byte
	for _, unit := range durationUnits {
		if n := ms / unit.length; n > 0 && (unit.name != "d" || ms%unit.length == 0) {
			text = append(strconv.AppendInt(text, n, 10), unit.name...)
			ms -= n * unit.length
		}
	}
	return string(text)
}
