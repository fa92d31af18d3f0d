// Package tracingtest helps to test services that are traced: a [Recorder] keeps the spans of a test and
// prints them as a tree, and a [Receiver] stands for Jaeger or Zipkin, on good days and on bad ones.
package tracingtest
