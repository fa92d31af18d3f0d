// Package tracing tests package tracing with real servers of Jaeger and
// Zipkin. It reads the spans of a chain of services back, and causes
// outages. It is a module of its own, so that neither users nor the other
// tests depend on its requirements.
//
// The script install.sh installs the servers. The tests fail without them.
package tracing
