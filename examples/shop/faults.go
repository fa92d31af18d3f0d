package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/sligo-go/sligo/slo"
)

// faultHeader asks a service for a fault. It is a header of HTTP and a key of
// gRPC's metadata. The client chooses the fault, because only a client that
// knows which calls fail can check how they were counted.
const faultHeader = "Shop-Fault"

// The values of faultHeader.
const (
	faultErrors     = "errors"
	faultSlow       = "slow"
	faultPanics     = "panics"
	faultLatePanics = "late panics" // when the response has begun
	faultHangups    = "hangups"
)

// kinds are the faults that have a share of the calls.
var kinds = [...]struct{ Name, Effect string }{
	{faultErrors, "answered with 500, or the code Internal"},
	{faultSlow, "answered after the latency bound, or gRPC's deadline"},
	{faultPanics, "whose handler panics, half of them after the response has begun"},
	{faultHangups, "whose client disconnects"},
}

// shares are the shares of calls that fail on purpose, by kind.
type shares [len(kinds)]slo.Share

func (s shares) validate() error {
	var sum int64
	for _, share := range s {
		sum += share.PartsPerBillion()
	}
	if sum > 1e9 {
		return fmt.Errorf("the shares of the faults add up to %.4g%%: want at most 100%%", float64(sum)/1e7)
	}
	return nil
}

// faults has the shares of each service. They may change while calls are made.
type faults struct {
	mu  sync.Mutex // guards the fields below
	rng *rand.Rand
	of  map[string]shares // by service
}

func newFaults(all shares, seed uint64) *faults {
	f := &faults{rng: rand.New(rand.NewPCG(seed, 0)), of: make(map[string]shares)}
	for _, service := range serviceNames {
		f.of[service] = all
	}
	return f
}

// get returns the shares of a service.
func (f *faults) get(service string) shares {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.of[service]
}

func (f *faults) set(service string, s shares) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.of[service] = s
}

// pick returns the fault of the next call of a service, or "".
func (f *faults) pick(service string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	x := f.rng.Int64N(1e9)
	for i, share := range f.of[service] {
		if x -= share.PartsPerBillion(); x >= 0 {
			continue
		}
		if kinds[i].Name == faultPanics && x%2 == 0 {
			return faultLatePanics
		}
		return kinds[i].Name
	}
	return ""
}

// faulty applies the fault in faultHeader to a request.
func faulty(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Header.Get(faultHeader) {
		case faultErrors:
			http.Error(w, "out of order", http.StatusInternalServerError)
		case faultSlow:
			time.Sleep(latencyBound + 20*time.Millisecond)
			next(w, r)
		case faultPanics:
			panic("no such shelf")
		case faultLatePanics:
			_, _ = w.Write([]byte(`{"page":`))
			_ = http.NewResponseController(w).Flush()
			panic("no such shelf")
		case faultHangups:
			<-r.Context().Done()
		default:
			next(w, r)
		}
	})
}

// faultyCall applies the fault in the metadata of a gRPC call.
func faultyCall(ctx context.Context, request any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	var fault string
	if values := metadata.ValueFromIncomingContext(ctx, faultHeader); len(values) > 0 {
		fault = values[0]
	}
	switch fault {
	case faultErrors:
		return nil, status.Error(codes.Internal, "out of order")
	case faultPanics:
		panic("no such parcel")
	case faultLatePanics:
		_ = grpc.SendHeader(ctx, nil)
		panic("no such parcel")
	case faultSlow, faultHangups:
		<-ctx.Done() // the client's deadline passes, or the client disconnects
		return nil, ctx.Err()
	}
	return handler(ctx, request)
}
