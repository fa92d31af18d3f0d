// Package otlp exports spans by OTLP over HTTP, in protobuf: to Jaeger (port 4318), the OpenTelemetry
// Collector, and any other receiver of OTLP.
//
// The spans are encoded by OpenTelemetry's own otlptrace; what sends them is small, and links no gRPC.
// Package otlpgrpc sends by gRPC.
package otlp
