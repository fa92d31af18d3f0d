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

// days returns the least and the greatest number of days of a period.
func (p Period) days() (least, greatest time.Duration) {
	switch p {
	case PeriodMonth:
		return 28, 31
	case PeriodQuarter:
		return 90, 92
	}
	return 365, 366
}
