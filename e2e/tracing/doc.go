// Package tracing tests package tracing against a real Jaeger and a real Zipkin: a chain of services
// whose spans are read back, and outages. It is a module of its own, so that what it needs
// reaches neither users nor the other tests.
//
// install.sh installs the two. The tests fail where they are missing.
package tracing
