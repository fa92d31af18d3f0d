// Package ledger keeps the books of a time-based error budget: the outages, maintenance, deployments and
// drills that spent it.
//
// It is for what is accounted for in time, as contracts of availability are: where the counts of package
// budget say that 0.03 % of the requests failed, a ledger says that the service was down for 13
// minutes, twelve of them planned.
//
//   - An [Entry] is one interval and its degree: an outage of half of the service spends half the time.
//   - A [Ledger] is the entries, and which kinds of them are excluded instead of spending.
//   - A [Statement] is what a window's budget allowed and what spent it, by kind and by incident.
//
// Where entries overlap, time is spent once.
//
//	books := ledger.Ledger{Entries: []ledger.Entry{{
//		Kind: ledger.KindOutage, Name: "database failover", Start: at, End: at.Add(9 * time.Minute),
//	}}}
//	fmt.Println(books.Statement(slo.MustParseTarget("99.9%"), slo.MustParseWindow("30d"), now))
//
// Everything is a value, safe for concurrent use as long as it is not changed, and reads no clock. Times
// are moments: an hour that clocks repeat is two. A ledger does not detect or store anything.
package ledger
