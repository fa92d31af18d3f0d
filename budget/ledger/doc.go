// Package ledger accounts for an error budget in time: the outages,
// maintenance, deployments and drills that spent it.
//
// Availability contracts count time instead of events. Package budget says
// that 0.03 % of the requests failed; a ledger says that the service was down
// for 13 minutes, 12 of them planned.
//
//   - An [Entry] is one interval of downtime, with its [Kind] and its degree:
//     an outage of half of the service spends half of the time.
//   - A [Ledger] holds the entries, and the kinds that are excluded instead
//     of spending the budget. It lists the planned ones to announce.
//   - A [Statement] is the budget of a window and the downtime that spent it,
//     as a [Charge] by kind and by incident.
//
// Where entries overlap, time is spent once.
//
//	downtime := ledger.Ledger{Entries: []ledger.Entry{{
//		Kind: ledger.KindOutage, Name: "database failover",
//		Start: at, End: at.Add(9 * time.Minute),
//	}}}
//	target, window := slo.MustParseTarget("99.9%"), slo.MustParseWindow("30d")
//	fmt.Println(downtime.Statement(target, window, now))
//
// All types are values that round-trip through JSON; reading refuses unknown
// fields. They read no clock, and are safe for concurrent use while nobody
// changes them. Times are instants: the hour that clocks repeat at the end of
// daylight saving time counts as two. A ledger neither detects nor stores
// anything.
package ledger
