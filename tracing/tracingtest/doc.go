// Package tracingtest helps to test services that are traced. A [Recorder]
// keeps the spans of a test and prints them as a tree. A [Receiver] replaces
// Jaeger or Zipkin and fails on demand.
package tracingtest
