// Package sligo instruments a service once and gets its SLIs, SLOs and error budgets from that.
//
// A team writes down once, as Go values, what "working" means for its service, and that one
// definition drives everything, along three corridors:
//
//	request -> middleware -> sli.Event -> sli.Recorder -> /metrics, status
//	sli.Indicator -> slo.Objective -> what was promised, in text and JSON
//	sli.Counts -> budget.Budget -> what is left, and how fast it burns
//
// Instrumentation, objectives and budgets cannot drift apart, because they read the same value.
//
// Good and valid events are counted in the process, where each event is judged: an SLI is two
// counters. A latency is compared with its bound when it is measured, so a latency SLI is exact and
// not read off a histogram's bucket; both counters exist at zero from the start, so the first event
// is not lost.
//
// # The rooms
//
//	sli                what happened: indicators on one template, events, verdicts, counts
//	sli/sliprom        a recorder's counters as a prometheus.Collector
//	sli/slilog         log files into events
//	sli/slitest        for a team's own tests: feed events, assert verdicts and counts
//	slo                what was promised: targets, windows, alert policies, objectives
//	budget             what is left of it, how fast it burns, and what to do about it
//	budget/ledger      the books of a budget in time: outages, maintenance, deployments, drills
//	budget/compose     the objectives of components, and of the system that they make
//	budget/evidence    what a sample of events proves, and whether a canary is worse
//	budget/forecast    what will be left, and the shares that teams plan by
//	middleware         from an HTTP request to an event
//	logging            log/slog in the standard schema: identity, redaction, exclusion, sinks
//	logging/field      the attributes of the schema, each with its key and its type
//	redact             secrets and personal data kept out of what is written
//	logging/delivery   lines brought to a writer, and each of them accounted for
//	logging/logroute   lines to several destinations by purpose
//	logging/logissue   the same error as one entry, with its history
//	logging/logmetric  counts and distributions from lines
//	logging/logsli     the process's own log lines into events
//	logging/logprom    what logging counts as a prometheus.Collector
//	logging/bodylog    request bodies in debug logs
//	telemetry          the lines and spans that a process delivers, queues and loses
//	tracing            spans of a service, in one trace with those of its mesh, every loss counted
//	tracing/otlp       to Jaeger and any other receiver of OTLP over HTTP
//	tracing/zipkin     to Zipkin
//	tracing/traceprom  what became of spans, as a prometheus.Collector
//	tracing/tracingtest for tests: recorded spans as a tree, a receiver that fails on demand
//
// Imports point one way, sli <- slo <- budget, and these three stand on the standard library alone.
// What needs another module is an adapter at the edge, a package of its own.
package sligo
