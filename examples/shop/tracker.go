package main

import (
	"context"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/sligo-go/sligo/examples/shop/shippingpb"
	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/middleware/sligrpc"
)

// tracker calls the service shipping over gRPC. From the codes that it gets, it
// adds the calls to the clients' tally.
type tracker struct {
	*tally
	conn     *grpc.ClientConn
	shipping shippingpb.ShippingClient
}

// newTracker returns a tracker whose calls an instrument sees.
func newTracker(addr string, in *middleware.Instrument, t *tally) (*tracker, error) {
	opts := append(sligrpc.DialOptions(in), grpc.WithTransportCredentials(insecure.NewCredentials()))
	conn, err := grpc.NewClient(addr, opts...)
	if err != nil {
		return nil, err
	}
	return &tracker{t, conn, shippingpb.NewShippingClient(conn)}, nil
}

// track returns the parcel of a user, or an error with a gRPC code.
func (t *tracker) track(ctx context.Context, userID string) (*shippingpb.Parcel, error) {
	fault := t.pickFault()
	ctx, cancel := callWith(ctx, fault)
	defer cancel()
	parcel, err := t.shipping.Track(ctx, &shippingpb.TrackRequest{UserId: userID})
	t.countCode(status.Code(err), fault == faultHangup)
	return parcel, err
}

// callWith returns the context of a call that asks for a fault. A client that
// waits in vain allows more than a second, the default of sli.Indicator's
// Patience, so that the call is bad even if the service hears of its end late.
func callWith(ctx context.Context, fault string) (context.Context, context.CancelFunc) {
	ctx = context.WithoutCancel(ctx)
	if fault != "" {
		ctx = metadata.AppendToOutgoingContext(ctx, faultHeader, fault)
	}
	switch fault {
	case faultSlow:
		return context.WithTimeout(ctx, 1500*time.Millisecond)
	case faultHangup:
		ctx, hangUp := context.WithCancel(ctx)
		time.AfterFunc(10*time.Millisecond, hangUp)
		return ctx, hangUp
	}
	return context.WithTimeout(ctx, 10*time.Second)
}

// countCode adds a call to the tally. Like count, it does not use the library.
func (t *tally) countCode(code codes.Code, hungUp bool) {
	if hungUp {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.add("shipping/availability", code == codes.OK || code == codes.NotFound || code == codes.InvalidArgument)
}
