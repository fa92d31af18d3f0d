// Package promrules writes the rules by which Prometheus computes the error
// budgets of objectives and alerts on them:
//
//	rules, err := promrules.Generate(objectives, nil)
//	…
//	os.WriteFile("rules.yml", rules.YAML(), 0o644)
//	os.WriteFile("rules_test.yml", rules.Tests("rules.yml"), 0o644)
//
// The rules read the counters that package sliprom exposes: good and valid
// events, which exist at zero from the start. All kinds of indicators have the
// same two counters, so they have the same rules. docs/rules.md is the contract
// of the recorded series and of the alerts.
//
// # Levels
//
// Rules add events up in levels, and divide in the last step only. Raw counters
// are read over 5 minutes and over an hour. Longer windows are sums of recorded
// hours and days:
//
//	sli_good_events_total
//	-> sli:good:increase5m -> sli:good:since_hour -> sli:good:since_day
//	-> sli:good:increase1h -> sli:good:since_day
//	-> sli:good:day (hourly, from the raw counter)
//	sli:good:since_day, sli:good:day -> slo:good:increase30d
//
// A window is the full periods in it, plus the running period, minus the part
// of the first period before the window. Each event counts once, in a window of
// any length. The days are read from raw counters again, so that they contain
// the events of times at which Prometheus was down.
//
// # Alerts
//
// A burn-rate alert weighs events: the bad events of its long window as a share
// of the budget of the whole window. A hundred bad events at night cost as much
// as at noon. It needs a minimum of bad events, and the first hours of a
// service are scaled up to the window.
//
// The alerts that only tell that the counters cannot be trusted have names of
// their own: no traffic, no series, clients that leave, and overdue requests.
//
// # Limits
//
// Objectives with Slices are refused: the rules judge events one by one. So are
// calendar windows in time zones that do not begin at a full hour of UTC. An
// objective on an indicator with Groups holds for all groups together.
//
// Functions are safe for concurrent use. [Rules] are safe for concurrent reads.
package promrules
