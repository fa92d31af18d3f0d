// Package otlp exports spans by OTLP over HTTP, in protobuf: to Jaeger (port
// 4318), the OpenTelemetry Collector, and any other receiver of OTLP.
//
// OpenTelemetry's otlptrace encodes the spans. The client that sends them is
// small and links no gRPC; module otlpgrpc sends them by gRPC.
package otlp
