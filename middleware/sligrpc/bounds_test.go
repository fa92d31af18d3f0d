package sligrpc_test

import (
	"fmt"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/sligo-go/sligo/middleware/sligrpc"
	"github.com/sligo-go/sligo/sli"
)

// TestMethodsOfAProxyAreBounded passes 1,500 methods of strangers through a
// measured proxy: a server for unknown services with a client.
func TestMethodsOfAProxyAreBounded(t *testing.T) {
	bothModes(t, func(t *testing.T, opts sligrpc.Options) {
		const calls = 1500
		indicator := availability
		indicator.Requests = append([]string{"overflow"}, availability.Requests...)
		s := start(t, config{service: &shop{}, opts: &opts, indicators: []sli.Indicator{indicator}, serverOptions: []grpc.ServerOption{
			grpc.UnknownServiceHandler(func(any, grpc.ServerStream) error { return status.Error(codes.NotFound, "no such service") }),
		}})
		for i := range calls {
			err := s.conn.Invoke(t.Context(), fmt.Sprintf("/shop.Orders%d/Get", i), text("Lora"), new(message))
			if status.Code(err) != codes.NotFound {
				t.Fatal(err)
			}
		}
		s.server.wait(t, calls)
		s.client.wait(t, calls)
		for name, side := range map[string]*side{"rpc_server": s.server, "rpc_client": s.client} {
			series := side.histogram(t, name+"_call_duration_seconds")
			var n uint64
			for _, count := range series {
				n += count
			}
			if n != calls || len(series) > 1001 {
				t.Errorf("%s: got %d calls in %d series, want %d in at most 1001", name, n, len(series), calls)
			}
			if got := side.counts(); got.Good != calls || got.Valid != calls {
				t.Errorf("%s: got %v, want %d good", name, got, calls)
			}
		}
		if series := s.server.histogram(t, "rpc_server_call_duration_seconds"); len(series) != 1 {
			t.Errorf("got %d series of methods that the server does not have, want 1", len(series))
		}
	})
}
