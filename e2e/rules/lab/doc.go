// Package lab evaluates Prometheus rules over synthetic traffic whose events
// are known to the last one.
//
// A [Scenario] is data: the traffic of a fleet and everything that goes wrong
// with the fleet, with its scrapes or with Prometheus. A [Fleet] turns it into
// counters, one set for each pod, and keeps the truth: how many good and valid
// events there were in any span of time. A [Run] scrapes the counters into a
// time series database, and evaluates rule files with Prometheus' engine, rule
// groups and alerting state machine, minute by minute in simulated time.
//
// Time is divided into slots of 5 s. The events of a slot happen at its end, so
// that the counters and the truth agree at every moment.
package lab
