// Package zipkin exports spans to Zipkin, as JSON of its API v2. Jaeger takes that too, on port 9411.
//
// A span becomes
//
//	kind, name, times, parent      themselves; the kind internal none, and names are in lower case
//	service.name                   localEndpoint
//	peer.service, server.address…  remoteEndpoint of a client or producer
//	attributes                     tags, as text
//	other attributes of resource   tags, unless the span has one of that name
//	scope                          tags otel.scope.name and otel.scope.version
//	status                         tag otel.status_code, and tag error for Error
//	events                         annotations: "name", or "name": {attributes} if there are some
//	links                          tag otel.links, {trace id}-{span id} separated by spaces
//	what limits cut off            tags otel.dropped_attributes_count and so on
//
// as OpenTelemetry's specification asks for; links are our own addition, for which it has nothing.
package zipkin
