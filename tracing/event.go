package tracing

import (
	"errors"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sligo-go/sligo/internal/grpccode"
	"github.com/sligo-go/sligo/sli"
)

// eventOf returns the event of the request that a span describes. It reads
// the attributes of OpenTelemetry's semantic conventions, including their
// names from before they were stable.
func eventOf(s sdktrace.ReadOnlySpan) sli.Event {
	e := sli.Event{Operation: s.Name(), Duration: s.EndTime().Sub(s.StartTime())}
	var method, route string
	var rpc bool
	for _, attr := range s.Attributes() {
		switch attr.Key {
		case "http.request.method", "http.method":
			method = attr.Value.AsString()
		case "http.route":
			route = attr.Value.AsString()
		case "http.response.status_code", "http.status_code":
			e.Status = int(attr.Value.AsInt64())
		case "rpc.grpc.status_code", "rpc.response.status_code":
			e.Code = codeOf(attr.Value)
		case "rpc.system", "rpc.system.name":
			rpc = true
		}
	}
	switch {
	case method != "" && route != "":
		e.Operation = method + " " + route
	case rpc && !strings.HasPrefix(e.Operation, "/"):
		e.Operation = "/" + e.Operation
	}
	if s.Status().Code == codes.Error && e.Status == 0 && e.Code == "" {
		e.Err = errors.New(s.Status().Description)
	}
	return e
}

// codeOf returns the name of a gRPC code given by its name or number.
func codeOf(v attribute.Value) string {
	if v.Type() == attribute.STRING {
		return v.AsString()
	}
	name, ok := grpccode.Name(v.AsInt64())
	if !ok {
		name, _ = grpccode.Name(grpccode.Unknown)
	}
	return name
}
