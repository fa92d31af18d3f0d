// Package zipkin exports spans to Zipkin as JSON of its API v2. Jaeger
// accepts it too, on port 9411.
//
// A span is converted as follows:
//
//	kind, name, times, parent      the same, with names in lower case
//	service.name                   localEndpoint
//	peer.service, server.address…  remoteEndpoint, see below
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
//
// Zipkin draws an edge of its graph to the remoteEndpoint of a client or
// producer, and from the remoteEndpoint of a consumer, which is the broker. Its
// name is the first of these attributes:
//
//	service.peer.name, peer.service
//	server.address, net.peer.name, network.peer.address, server.socket.domain,
//	server.socket.address, net.sock.peer.name, net.sock.peer.addr
//	peer.hostname, peer.address
//	db.name, db.namespace
//	net.peer.ip, and the host of http.host, url.full or http.url
//	messaging.destination.name, messaging.destination, unless temporary
//	db.system.name, db.system, messaging.system
//
// The order is OpenTelemetry's, continued with attributes that it does not
// mention. A server has a remoteEndpoint only if one of the first two names its
// caller.
package zipkin
