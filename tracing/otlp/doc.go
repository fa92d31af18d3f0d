// Package otlp exports spans by OTLP over HTTP, in protobuf or JSON: to Jaeger
// (port 4318), the OpenTelemetry Collector, and any other receiver of OTLP.
//
// A redirect is followed if it stays on the receiver's host. A page for
// browsers, which a proxy sends to ask for a login, is a failure even with the
// status 200. Spans that the receiver rejects are counted, and its warnings are
// logged.
//
// The spans are encoded without generated messages, which makes a program
// smaller and links no gRPC. Module otlpgrpc sends them by gRPC.
package otlp
