package zipkin

import (
	"net"
	"net/netip"
	"net/url"
	"strconv"

	"github.com/openzipkin/zipkin-go/model"
	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// remote is an attribute that can name the other side of a span.
type remote struct {
	name attribute.Key
	// port is the attribute with the port, "" without one.
	port attribute.Key
	// split returns the host and the port in a value; nil means that the whole
	// value is the name.
	split func(value string) (host, port string)
}

// services name the other side by itself, so they hold for servers as well.
var services = []remote{
	{"service.peer.name", "server.port", nil},
	{"peer.service", "server.port", nil},
}

// remotes name the callee or the broker, by precedence: first the attributes
// of OpenTelemetry's specification, then others that its semantic conventions
// have or had for the same purpose. Zipkin draws no edge to a callee or broker
// without a name.
var remotes = append(services[:len(services):len(services)], []remote{
	{"server.address", "server.port", nil},
	{"net.peer.name", "net.peer.port", nil},
	{"network.peer.address", "network.peer.port", nil},
	{"server.socket.domain", "server.socket.port", nil},
	{"server.socket.address", "server.socket.port", nil},
	{"net.sock.peer.name", "net.sock.peer.port", nil},
	{"net.sock.peer.addr", "net.sock.peer.port", nil},
	{"peer.hostname", "peer.port", nil},
	{"peer.address", "peer.port", splitHostPort},
	{"db.name", "", nil},
	{"db.namespace", "", nil},
	{"net.peer.ip", "net.peer.port", nil},
	{"http.host", "", splitHostPort},
	{"url.full", "", splitURL},
	{"http.url", "", splitURL},
	{"messaging.destination.name", "", nil},
	{"messaging.destination", "", nil},
	{"db.system.name", "", nil},
	{"db.system", "", nil},
	{"messaging.system", "", nil},
}...)

// remoteEndpoint returns the other side of a span: the callee of a client, the
// broker of a producer or consumer, and the caller of a server if an attribute
// names it. It returns nil if the other side is not known.
func remoteEndpoint(s sdktrace.ReadOnlySpan) *model.Endpoint {
	candidates := remotes
	switch s.SpanKind() {
	case trace.SpanKindClient, trace.SpanKindProducer, trace.SpanKindConsumer:
	case trace.SpanKindServer:
		candidates = services
	default:
		return nil
	}
	attrs := attribute.NewSet(s.Attributes()...)
	for _, r := range candidates {
		if isTemporary(r.name, attrs) {
			continue
		}
		if name, port := r.read(attrs); name != "" {
			return endpoint(name, port)
		}
	}
	return nil
}

// isTemporary reports whether key has the name of a message queue that exists
// for a short time. Each such queue would be a service of its own.
func isTemporary(key attribute.Key, attrs attribute.Set) bool {
	if key != "messaging.destination.name" && key != "messaging.destination" {
		return false
	}
	for _, mark := range []attribute.Key{"messaging.destination.temporary", "messaging.destination.anonymous", "messaging.temp_destination"} {
		if value, _ := attrs.Value(mark); value.AsBool() {
			return true
		}
	}
	return false
}

// read returns the name and the port in a span's attributes, "" if they are
// missing.
func (r remote) read(attrs attribute.Set) (name, port string) {
	value, _ := attrs.Value(r.name)
	if value.Type() != attribute.STRING {
		return "", ""
	}
	name = value.AsString()
	if r.split != nil {
		name, port = r.split(name)
	}
	if value, ok := attrs.Value(r.port); ok {
		port = value.String()
	}
	return name, port
}

// endpoint returns the endpoint of a name or an IP address. An address is a
// name, too, since Zipkin draws edges between names only.
func endpoint(name, port string) *model.Endpoint {
	e := &model.Endpoint{ServiceName: name}
	if n, err := strconv.ParseUint(port, 10, 16); err == nil {
		e.Port = uint16(n)
	}
	if addr, err := netip.ParseAddr(name); err == nil {
		if addr = addr.Unmap(); addr.Is4() {
			e.IPv4 = addr.AsSlice()
		} else {
			e.IPv6 = addr.AsSlice()
		}
		e.ServiceName = addr.String()
	}
	return e
}

// splitHostPort returns the parts of "host:port" or "host".
func splitHostPort(value string) (host, port string) {
	host, port, err := net.SplitHostPort(value)
	if err != nil {
		return value, ""
	}
	return host, port
}

// splitURL returns the host and the port of a URL, "" if it has none.
func splitURL(value string) (host, port string) {
	u, err := url.Parse(value)
	if err != nil {
		return "", ""
	}
	return u.Hostname(), u.Port()
}
