// Package sligo starts a service with metrics, logs, traces, health checks and
// a shutdown that loses no request. The service's SLIs, SLOs and error budgets
// are defined once.
//
// An SLI counts good and valid events. An objective promises a share of good
// events over a window. Its error budget is the rest, the bad events that the
// promise allows. A team defines them as Go values, and [Start] wires the rest:
//
//	kit, err := sligo.Start(objectives, nil)
//	if err != nil {
//		log.Fatal(err) // every mistake at once
//	}
//	server := &http.Server{Addr: ":8080", Handler: kit.Handler(mux)}
//	if err := kit.Run(context.Background(), server); err != nil {
//		log.Fatal(err)
//	}
//
// Run returns nil after a clean shutdown. Keep the condition around log.Fatal,
// because without it every rolling update would exit with status 1.
//
// The Examples show the next steps: a second indicator, a field on log lines,
// an access log, an alarm.
//
// # The parts
//
// All parts read the same definition, so they cannot disagree:
//
//	request -> middleware -> sli.Event -> sli.Recorder -> /metrics, traces, logs
//	sli.Indicator -> slo.Objective -> a promise, in text, JSON and rules
//	sli.Counts -> budget.Budget -> alerts and decisions
//
// Good and valid events are counted in the process, where each event is judged.
// An SLI is two counters that exist at zero from the start. A latency SLI
// compares each duration with its bound, so it does not depend on histogram
// buckets.
//
// The methods of a [Kit] serve HTTP. Its fields are for everything else: Log
// for log lines, Recorder for events of queues and jobs, Registry for further
// metrics, Tracing for spans, and Instrument for other protocols and jobs.
// [Kit.String] shows each setting and its source.
//
// # Rules
//
// The zero [Options] means the defaults. All methods are safe for concurrent
// use. OpenTelemetry's variables override the options, so that one program can
// be deployed anywhere. Nothing is sent unless the options or the environment
// name a receiver, and no backend keeps the service from starting, serving or
// ending. No process global is set unless [Options].Globals is true.
//
// Counters live in memory. Prometheus keeps the history, and loses the events
// after the last scrape of a process. [Kit.Status] and the status page know
// only the events of this process since its start, or since before it with
// [Options].Snapshot. The page is at /slo/ on the admin address.
//
// The kit links no gRPC, and reads no file except the snapshot. Package sligrpc
// measures a gRPC server through Kit.Instrument, and Run runs it beside the
// HTTP servers. Package slofile reads objectives from a file.
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
//	budget/planning      computes toil and commitments of capacity
//	budget/snapshot      keeps the counts of a process in a file
//	budget/status        has the state of a service's objectives
//	budget/statuspage    shows that on a web page
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
