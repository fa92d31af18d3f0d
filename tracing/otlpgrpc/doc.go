// Package otlpgrpc exports spans by OTLP over gRPC, for receivers that take nothing else. It is a
// module of its own, so that gRPC reaches only those who import it; package otlp sends the same spans
// by HTTP.
//
// It uses OpenTelemetry's encoding of spans and the client that is generated from OTLP's service. The
// otlptracegrpc exporter is not used: it tells of spans that the receiver rejected only to a global
// error handler, reads the environment by itself, and waits up to two minutes to connect again.
package otlpgrpc
