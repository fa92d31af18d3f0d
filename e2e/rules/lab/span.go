package lab

import (
	"slices"
	"time"
)

// A period is a span in the time of a run.
type period struct {
	from, to time.Time
	share    float64
	pods     []int
}

func (p period) contains(t time.Time) bool {
	return !t.Before(p.from) && t.Before(p.to)
}

func (p period) concerns(pod int) bool {
	return len(p.pods) == 0 || slices.Contains(p.pods, pod)
}

// clock places the times of a scenario into a run.
type clock struct{ start, end time.Time }

func (c clock) at(day int, at Clock) time.Time {
	return c.end.Truncate(24*time.Hour).AddDate(0, 0, -day).Add(time.Duration(at))
}

// periods returns all repetitions of spans in the run.
func (c clock) periods(spans []Span) []period {
	var all []period
	for _, s := range spans {
		for day := s.Day; ; day += s.Every {
			from := c.at(day, s.At)
			if from.Before(c.start) {
				break
			}
			all = append(all, period{from, from.Add(time.Duration(s.For)), s.Share, s.Pods})
			if s.Every <= 0 {
				break
			}
		}
	}
	return all
}

// in returns the first of some periods that contains t and concerns a pod. A
// negative pod is any.
func in(periods []period, t time.Time, pod int) (period, bool) {
	for _, p := range periods {
		if p.contains(t) && (pod < 0 || p.concerns(pod)) {
			return p, true
		}
	}
	return period{}, false
}
