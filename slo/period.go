package slo

import "time"

// Period is the length of a calendar window.
type Period string

const (
	// PeriodMonth is from the first of a month to the first of the next.
	PeriodMonth Period = "month"
	// PeriodQuarter is three months from the first of January, April, July or
	// October.
	PeriodQuarter Period = "quarter"
	// PeriodYear is from the first of January to the next.
	PeriodYear Period = "year"
)

// months returns the number of months of a period, and 0 for an unknown one.
func (p Period) months() time.Month {
	switch p {
	case PeriodMonth:
		return 1
	case PeriodQuarter:
		return 3
	case PeriodYear:
		return 12
	}
	return 0
}
