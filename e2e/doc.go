// Package e2e tests the library against the real programs that it is made for. It is a module of its
// own, so that what it needs never reaches users of the library.
//
// The tests start Prometheus and run promtool, as Debian's package prometheus installs them. They fail
// where those are missing.
package e2e
