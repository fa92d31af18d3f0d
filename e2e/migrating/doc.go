// Package migrating has a service before and after it takes the library in
// place of otelhttp, promhttp and slog-http, and one that pushes its metrics
// over OTLP. docs/migrating.md and docs/metrics.md show its files. The tests
// compare the signals of both on the same requests.
//
// It is a module of its own, so that these libraries never reach users.
package migrating
