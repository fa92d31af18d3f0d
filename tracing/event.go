package tracing

import (
	"errors"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sligo-go/sligo/sli"
)

// grpcCodes are the names of gRPC's status codes by their numbers, as OpenTelemetry spells them.
var grpcCodes = [...]string{
	"OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND",
	"ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED",
	"OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
}

// eventOf returns what a span says of the request that it is about, by OpenTelemetry's semantic
// conventions, those of before their stable versions included.
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
			e.Code = grpcCode(attr.Value)
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

func grpcCode(v attribute.Value) string {
	if v.Type() == attribute.STRING {
		return v.AsString()
	}
	if n := v.AsInt64(); 0 <= n && n < int64(len(grpcCodes)) {
		return grpcCodes[n]
	}
	return "UNKNOWN"
}
