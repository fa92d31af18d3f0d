// Package e2e tests the library against real programs. It is a module of its
// own, so that its dependencies never reach users of the library.
//
// The tests start Prometheus and run promtool from Debian's package prometheus,
// and the Pushgateway from prometheus-pushgateway.
// They fail if a program is missing.
package e2e
