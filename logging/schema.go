package logging

import _ "embed"

// A Schema names the fields of a line. The table in docs/logs.md compares the
// names of all schemas.
type Schema int

const (
	// SchemaDefault is the schema of this package: timestamp, level, application,
	// message, ... and additional_info.
	SchemaDefault Schema = iota

	// SchemaECS is the Elastic Common Schema as the specification of ecs-logging
	// writes it: @timestamp, log.level, message, service.name, ... with dotted
	// names at the top of the line. All other attributes are labels, without
	// nested objects.
	SchemaECS

	// SchemaOTel is the log data model of OpenTelemetry: Timestamp, SeverityText,
	// SeverityNumber, Body, Resource, TraceId, SpanId and Attributes. The names
	// in Attributes follow the semantic conventions.
	SchemaOTel
)

//go:embed schema.json
var defaultSchema string

//go:embed schema_ecs.json
var ecsSchema string

//go:embed schema_otel.json
var otelSchema string

// JSONSchema returns the JSON Schema (draft 2020-12) of one line. For a value
// that is not a schema it returns "".
func (s Schema) JSONSchema() string {
	switch s {
	case SchemaDefault:
		return defaultSchema
	case SchemaECS:
		return ecsSchema
	case SchemaOTel:
		return otelSchema
	}
	return ""
}

// layout returns how the lines of a schema differ from the default, or nil for
// the default.
func (s Schema) layout() *layout {
	switch s {
	case SchemaECS:
		return &ecsLayout
	case SchemaOTel:
		return &otelLayout
	}
	return nil
}
