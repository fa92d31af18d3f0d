// Package zipkin exports spans to Zipkin as JSON of its API v2. Jaeger
// accepts it too, on port 9411.
//
// A span is converted as follows:
//
//	kind, name, times, parent      the same, with names in lower case
//	service.name                   localEndpoint
//	peer.service, server.address…  remoteEndpoint of a client or producer
//	attributes                     tags, as text
//	other resource attributes      tags, unless the span has one of that name
//	scope                          tags otel.scope.name and otel.scope.version
//	status                         tag otel.status_code, and tag error for Error
//	events                         annotations: "name", or "name": {attributes}
//	links                          tag otel.links, as {trace ID}-{span ID}
//	counts of dropped items        tags otel.dropped_attributes_count and so on
//
// OpenTelemetry's specification defines this mapping, except for links. The
// kind internal has no counterpart and is left out.
package zipkin
