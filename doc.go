// Package sligo is the root of a library for SLIs, SLOs and error budgets.
//
// A team defines once, as Go values, when its service works. That definition
// drives everything:
//
//	request -> middleware -> sli.Event -> sli.Recorder -> /metrics, traces, logs
//	sli.Indicator -> slo.Objective -> a promise, in text and JSON
//	sli.Counts -> budget.Budget -> alerts and decisions
//
// Instrumentation, objectives and budgets read the same value, so they
// cannot disagree. Good and valid events are counted in the process, where
// each event is judged. An SLI is two counters that exist at zero from the
// start. A latency SLI compares each duration with its bound, so it does not
// depend on histogram buckets.
//
// # Packages
//
//	sli                  judges events by indicators and counts them
//	sli/sliprom          exposes the counts to Prometheus
//	sli/slilog           reads events from log files
//	sli/slitest          tests a team's indicators
//	slo                  promises targets over windows
//	slo/sloprom          exposes targets and definitions to Prometheus
//	slo/slofile          reads and writes them as a YAML file
//	slo/promrules        writes Prometheus rules and their unit tests
//	budget               computes how much failure is left, and decides
//	budget/ledger        books outages, maintenance, deployments and drills
//	budget/compose       composes components into a system
//	budget/evidence      compares samples with a target and with each other
//	budget/forecast      estimates how much of a budget will be left
//	middleware           turns HTTP requests into events and metrics
//	logging              writes log/slog records as JSON lines
//	logging/field        names the fields of a line
//	logging/delivery     writes lines and accounts for each
//	logging/logroute     routes lines by purpose
//	logging/logissue     groups errors into issues
//	logging/logmetric    counts and measures lines
//	logging/logsli       turns lines into events
//	logging/logprom      exposes all of this to Prometheus
//	tracing              records spans in one trace with the mesh
//	tracing/otlp         sends them to Jaeger and other OTLP receivers
//	tracing/zipkin       sends them to Zipkin
//	tracing/console      prints them
//	tracing/traceprom    exposes their counts to Prometheus
//	tracing/tracingtest  checks them in tests
//	redact               keeps secrets and personal data out of every signal
//	telemetry            accounts for each line and span
//
// Imports point one way: sli <- slo <- budget, and these three need the
// standard library only. A package that needs another module is an adapter
// at the edge.
package sligo
