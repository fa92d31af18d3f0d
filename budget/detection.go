package budget

import (
	"math/big"
	"time"

	"github.com/sligo-go/sligo/slo"
)

// DetectionTime returns how long after the beginning of an incident an alert
// fires: the time in which the incident spends the alert's share of the
// budget, rounded up to the nanosecond. Traffic is steady, no event was bad
// before the incident, and the given share is bad from then on. DetectionTime
// returns false if the share is below the alert's threshold, so that the
// alert does not fire.
//
// It assumes that the minimum number of bad events is reached in that time.
// With less traffic the alert fires later, see [Alerts.LeastTraffic].
//
// Source: The Site Reliability Workbook, chapter 5, "Alerting on SLOs",
// section "Alert on Burn Rate":
//
//	(1 - SLO) / error ratio * alerting window size * burn rate
func (a Alerts) DetectionTime(alert slo.Alert, bad slo.Share) (time.Duration, bool) {
	level, ok := a.relativeThreshold(alert, bad)
	if !ok {
		return 0, false
	}
	return portion(level, alert.Long), true
}

// ResetTime returns how long after the end of an incident an alert stops
// firing: the time after which the burn rate of the short window is below the
// factor, rounded up to the nanosecond. Traffic is steady, the given share
// was bad for at least the short window, and no event is bad afterwards. The
// alert is one of [Alerts.Rules], with its short window. ResetTime returns
// false if the share is below the alert's threshold, so that the alert did
// not fire.
//
// Source: The Site Reliability Workbook, chapter 5, "Alerting on SLOs",
// section "Multiwindow, Multi-Burn-Rate Alerts". With the share r and the
// threshold t, the short window of length s no longer fires after the time x:
//
//	r (s - x) / s < t   if   x > s (1 - t/r)
func (a Alerts) ResetTime(alert slo.Alert, bad slo.Share) (time.Duration, bool) {
	level, ok := a.relativeThreshold(alert, bad)
	if !ok {
		return 0, false
	}
	return portion(level.Sub(big.NewRat(1, 1), level), alert.Short), true
}

// relativeThreshold returns the alert's threshold divided by the share of bad
// events. It reports whether that is at most 1, so that the alert fires. An
// alert without a threshold is not valid and does not fire.
func (a Alerts) relativeThreshold(alert slo.Alert, bad slo.Share) (*big.Rat, bool) {
	if bad == (slo.Share{}) {
		return nil, false
	}
	level := alert.Threshold(a.target, a.length)
	level.Quo(level, bad.Rat())
	return level, level.Sign() > 0 && level.Cmp(big.NewRat(1, 1)) <= 0
}

// portion returns r times d, rounded up. The factor r must be at most 1.
func portion(r *big.Rat, d time.Duration) time.Duration {
	r = new(big.Rat).Mul(r, new(big.Rat).SetInt64(int64(d)))
	return time.Duration(ceil(r).Int64())
}

// ceil rounds up a number that is not negative.
func ceil(r *big.Rat) *big.Int {
	n := new(big.Int).Add(r.Num(), r.Denom())
	return n.Sub(n, big.NewInt(1)).Quo(n, r.Denom())
}

// LeastTraffic returns the number of valid events that an alert's long window
// needs for the alert to fire at its threshold: a share of bad events just at
// the threshold is then the minimum number of bad events. With less traffic,
// the minimum is more than the alert's share of the budget, so the alert
// fires late; without a minimum, a single bad event can fire it. LeastTraffic
// returns 0 for an alert without a threshold.
//
// Source: The Site Reliability Workbook, chapter 5, "Alerting on SLOs",
// section "Low-Traffic Services and Error Budget Alerting": the minimum
// divided by the threshold, rounded up.
func (a Alerts) LeastTraffic(alert slo.Alert) uint64 {
	threshold := alert.Threshold(a.target, a.length)
	if threshold.Sign() <= 0 {
		return 0
	}
	events := new(big.Rat).SetUint64(a.minBad)
	if n := ceil(events.Quo(events, threshold)); n.IsUint64() {
		return n.Uint64()
	}
	return ^uint64(0)
}
