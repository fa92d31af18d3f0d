package sligrpc

import (
	"go.opentelemetry.io/otel/attribute"

	"github.com/sligo-go/sligo/middleware"
)

// The histograms of OpenTelemetry's semantic conventions for RPC, and gauges
// of streams, for which they have no name.
var (
	systemAttributes = []attribute.KeyValue{attribute.String("rpc.system.name", system)}

	serverFamily = middleware.FamilyOptions{
		Name: "rpc_server_call_duration_seconds", Help: "Duration of RPC server calls.",
		Labels:      []string{"rpc_system_name", "rpc_method"},
		StatusLabel: statusLabel, SpanLabel: "rpc_method", Streams: "rpc_server_active_streams",
		Attributes: systemAttributes,
	}
	clientFamily = middleware.FamilyOptions{
		Name: "rpc_client_call_duration_seconds", Help: "Duration of RPC client calls.",
		Labels:      []string{"rpc_system_name", "rpc_method", "server_address", "server_port"},
		StatusLabel: statusLabel, SpanLabel: "rpc_method", Streams: "rpc_client_active_streams",
		Attributes: systemAttributes,
	}
)
