package main

import (
	"context"
	"net/http"
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

type order struct {
	ID     int    `json:"id"`
	Item   string `json:"item"`
	Parcel string `json:"parcel"` // where it is
}

// ordersMux serves the orders of users. The tracker finds their parcels.
func ordersMux(t *tracker) *http.ServeMux {
	mux := http.NewServeMux()
	mux.Handle("GET /orders/users/{userid}", faulty(func(w http.ResponseWriter, r *http.Request) {
		parcel, err := t.track(r.Context(), r.PathValue("userid"))
		switch {
		case status.Code(err) == codes.NotFound:
			http.Error(w, "no such user", http.StatusNotFound)
		case err != nil:
			http.Error(w, err.Error(), http.StatusBadGateway)
		default:
			writeJSON(w, []order{{1, "umbrella", parcel.GetPlace()}, {2, "raincoat", parcel.GetPlace()}})
		}
	}))
	return mux
}

// tracker calls the service shipping over gRPC, and tallies the codes.
type tracker struct {
	faults   *faults
	tally    *tally
	conn     *grpc.ClientConn
	shipping shippingpb.ShippingClient
}

// newTracker returns a tracker whose calls an instrument measures.
func newTracker(addr string, in *middleware.Instrument, f *faults, t *tally) (*tracker, error) {
	opts := append(sligrpc.DialOptions(in), grpc.WithTransportCredentials(insecure.NewCredentials()))
	conn, err := grpc.NewClient(addr, opts...)
	if err != nil {
		return nil, err
	}
	return &tracker{f, t, conn, shippingpb.NewShippingClient(conn)}, nil
}

// track returns the parcel of a user, or an error with a gRPC code.
func (t *tracker) track(ctx context.Context, userID string) (*shippingpb.Parcel, error) {
	fault := t.faults.pick("shipping")
	ctx, cancel := callWith(context.WithoutCancel(ctx), fault)
	defer cancel()
	parcel, err := t.shipping.Track(ctx, &shippingpb.TrackRequest{UserId: userID})
	if fault != faultSlow && fault != faultHangups {
		t.tally.countCode(status.Code(err))
	}
	return parcel, err
}

// callWith returns the context of a call that asks for a fault. A client that
// waits in vain does so for longer than the Patience of the indicator, so that
// the call is bad even if the service takes its deadline for a disconnect.
func callWith(ctx context.Context, fault string) (context.Context, context.CancelFunc) {
	if fault != "" {
		ctx = metadata.AppendToOutgoingContext(ctx, faultHeader, fault)
	}
	switch fault {
	case faultSlow:
		return context.WithTimeout(ctx, 1500*time.Millisecond)
	case faultHangups:
		ctx, hangUp := context.WithCancel(ctx)
		time.AfterFunc(stay, hangUp)
		return ctx, hangUp
	}
	return context.WithCancel(ctx)
}
