// Package wire writes spans in OTLP's binary form, field by field, or in its
// JSON. The generated messages would link protobuf's reflection, which weighs
// more than the rest of the exporter.
//
// Its messages equal the ones of OpenTelemetry's exporter, with three
// exceptions for values that cost a receiver's whole batch: texts are UTF-8,
// numbers are finite, and no span ends before its start.
package wire
