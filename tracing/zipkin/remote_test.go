package zipkin_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"
	otelttest "go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
)

// precedence are the attributes that name a remote endpoint. Up to db.name,
// they are the ranks of OpenTelemetry's specification.
var precedence = []attribute.Key{
	"service.peer.name", "peer.service",
	"server.address", "net.peer.name", "network.peer.address",
	"server.socket.domain", "server.socket.address", "net.sock.peer.name", "net.sock.peer.addr",
	"peer.hostname", "peer.address", "db.name",
	"db.namespace", "net.peer.ip", "http.host", "messaging.destination.name", "messaging.destination",
	"db.system.name", "db.system", "messaging.system",
}

// TestRemoteNames checks each attribute, and that the later ones give way to
// it, for the kinds that have an edge.
func TestRemoteNames(t *testing.T) {
	for _, kind := range []trace.SpanKind{trace.SpanKindClient, trace.SpanKindProducer, trace.SpanKindConsumer} {
		for i, key := range precedence {
			var attrs []attribute.KeyValue
			for _, later := range precedence[i:] {
				attrs = append(attrs, later.String("of "+string(later)))
			}
			got := sent(t, stub(func(s *otelttest.SpanStub) { s.SpanKind, s.Attributes = kind, attrs }))["remoteEndpoint"]
			if diff := cmp.Diff(map[string]any{"serviceName": "of " + string(key)}, got); diff != "" {
				t.Errorf("%s %s (-want +got):\n%s", kind, key, diff)
			}
		}
	}
}

func TestRemoteEndpoints(t *testing.T) {
	const client, server, consumer, producer = trace.SpanKindClient, trace.SpanKindServer, trace.SpanKindConsumer, trace.SpanKindProducer
	text, number := attribute.String, attribute.Int
	tests := []struct {
		name  string
		kind  trace.SpanKind
		attrs []attribute.KeyValue
		want  map[string]any
	}{
		{"a port", client, []attribute.KeyValue{text("peer.service", "orders"), text("server.address", "db"), number("server.port", 80)},
			map[string]any{"serviceName": "orders", "port": 80.0}},
		{"the port of another attribute", client, []attribute.KeyValue{text("net.peer.name", "db"), number("network.peer.port", 80), number("net.peer.port", 81)},
			map[string]any{"serviceName": "db", "port": 81.0}},
		{"a port as text", client, []attribute.KeyValue{text("peer.hostname", "db"), text("peer.port", "5432")}, map[string]any{"serviceName": "db", "port": 5432.0}},
		{"an invalid port", client, []attribute.KeyValue{text("server.address", "db"), number("server.port", 1<<16)}, map[string]any{"serviceName": "db"}},
		{"IPv4", client, []attribute.KeyValue{text("server.address", "10.0.0.1")}, map[string]any{"serviceName": "10.0.0.1", "ipv4": "10.0.0.1"}},
		{"mapped IPv4", client, []attribute.KeyValue{text("server.address", "::ffff:10.0.0.1")}, map[string]any{"serviceName": "10.0.0.1", "ipv4": "10.0.0.1"}},
		{"IPv6", client, []attribute.KeyValue{text("network.peer.address", "2001:db8::1"), number("network.peer.port", 6379)},
			map[string]any{"serviceName": "2001:db8::1", "ipv6": "2001:db8::1", "port": 6379.0}},
		{"host and port", client, []attribute.KeyValue{text("peer.address", "10.0.0.1:9092")},
			map[string]any{"serviceName": "10.0.0.1", "ipv4": "10.0.0.1", "port": 9092.0}},
		{"host and port of HTTP", client, []attribute.KeyValue{text("http.host", "orders:8080")}, map[string]any{"serviceName": "orders", "port": 8080.0}},
		{"URL", client, []attribute.KeyValue{text("url.full", "https://orders:8443/a?b")}, map[string]any{"serviceName": "orders", "port": 8443.0}},
		{"URL, old name", client, []attribute.KeyValue{text("http.url", "http://orders/a")}, map[string]any{"serviceName": "orders"}},
		{"a relative URL", client, []attribute.KeyValue{text("url.full", "/a"), text("http.url", "%")}, nil},
		{"an empty value", client, []attribute.KeyValue{text("peer.service", ""), text("db.system", "redis")}, map[string]any{"serviceName": "redis"}},
		{"a value of another type", client, []attribute.KeyValue{number("peer.service", 1)}, nil},
		{"no peer", client, nil, nil},
		{"a topic", consumer, []attribute.KeyValue{text("messaging.destination.name", "orders"), text("messaging.system", "kafka")}, map[string]any{"serviceName": "orders"}},
		{"a broker", consumer, []attribute.KeyValue{text("messaging.destination.name", "orders"), text("server.address", "kafka"), number("server.port", 9092)},
			map[string]any{"serviceName": "kafka", "port": 9092.0}},
		{"a temporary queue", consumer, []attribute.KeyValue{text("messaging.destination.name", "amq.gen-1"), attribute.Bool("messaging.destination.temporary", true), text("messaging.system", "rabbitmq")},
			map[string]any{"serviceName": "rabbitmq"}},
		{"an anonymous queue", producer, []attribute.KeyValue{text("messaging.destination.name", "amq.gen-1"), attribute.Bool("messaging.destination.anonymous", true)}, nil},
		{"a lasting queue", producer, []attribute.KeyValue{text("messaging.destination.name", "orders"), attribute.Bool("messaging.destination.temporary", false)},
			map[string]any{"serviceName": "orders"}},
		{"the address of a server", server, []attribute.KeyValue{text("server.address", "me"), text("client.address", "10.0.0.1"), text("network.peer.address", "10.0.0.1")}, nil},
		{"the caller of a server", server, []attribute.KeyValue{text("peer.service", "shop")}, map[string]any{"serviceName": "shop"}},
		{"internal", trace.SpanKindInternal, []attribute.KeyValue{text("peer.service", "shop")}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, _ := sent(t, stub(func(s *otelttest.SpanStub) { s.SpanKind, s.Attributes = test.kind, test.attrs }))["remoteEndpoint"].(map[string]any)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
