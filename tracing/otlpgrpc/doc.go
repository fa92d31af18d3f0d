// Package otlpgrpc exports spans by OTLP over gRPC, for receivers that accept
// nothing else. It is a module of its own, so that only its users depend on
// gRPC; package otlp sends the same spans over HTTP.
//
// OpenTelemetry's otlptrace encodes the spans, and the client generated from
// OTLP's service sends them. The exporter otlptracegrpc is not used: it reports
// spans that the receiver rejected to a global error handler only, reads the
// environment by itself, and waits up to two minutes before it reconnects.
package otlpgrpc
