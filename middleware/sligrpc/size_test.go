package sligrpc_test

import (
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/sligo-go/sligo/middleware/sligrpc"
)

// sums returns the sums of the histograms of sizes.
func (s *side) sums(t *testing.T) map[string]float64 {
	t.Helper()
	families, err := s.reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]float64)
	for _, f := range families {
		for _, m := range f.GetMetric() {
			all[f.GetName()] += m.GetHistogram().GetSampleSum()
		}
	}
	return all
}

func TestSizes(t *testing.T) {
	service := returning(nil)
	service.open = echo
	opts := &sligrpc.Options{Sizes: true}
	s := start(t, config{service: &service, opts: opts, clientOpts: opts})
	for _, call := range []func(*testing.T, *shopServer) error{oneGet, openAll(chat, 3)} {
		if err := call(t, s); err != nil {
			t.Fatal(err)
		}
	}
	s.server.wait(t, 2)
	s.client.wait(t, 2)
	size := float64(proto.Size(wrapperspb.String("Lora")))
	for name, side := range map[string]*side{"server": s.server, "client": s.client} {
		got := side.sums(t)
		for _, direction := range []string{"request", "response"} {
			if got := got["rpc_"+name+"_"+direction+"_size_bytes"]; got != 4*size {
				t.Errorf("%s: got %v bytes in %ss, want %v", name, got, direction, 4*size)
			}
			if got := got["rpc_"+name+"_"+direction+"_messages"]; got != 4 {
				t.Errorf("%s: got %v messages in %ss, want 4", name, got, direction)
			}
		}
	}
}
