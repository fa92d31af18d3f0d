package main

import (
	"context"
	"errors"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/sligo-go/sligo/examples/shop/shippingpb"
)

// shipping is the service that tracks parcels. Its API is in shippingpb.
type shipping struct {
	shippingpb.UnimplementedShippingServer
	users    *client // calls the service users
	usersURL string
}

// register adds the service to a gRPC server.
func (s *shipping) register(to grpc.ServiceRegistrar) { shippingpb.RegisterShippingServer(to, s) }

// Track returns the parcel of a user, if the service users knows the user.
func (s *shipping) Track(ctx context.Context, request *shippingpb.TrackRequest) (*shippingpb.Parcel, error) {
	id := request.GetUserId()
	if !validID.MatchString(id) {
		return nil, status.Errorf(codes.InvalidArgument, "invalid user ID %q", id)
	}
	_, err := s.users.get(ctx, call{service: "users", indicator: "availability", url: s.usersURL + "/users/" + id})
	switch {
	case errors.Is(err, errNotFound):
		return nil, status.Error(codes.NotFound, "no such user")
	case err != nil:
		return nil, status.Error(codes.Unavailable, err.Error())
	}
	return &shippingpb.Parcel{Recipient: id, Place: "in the next street"}, nil
}

// faultyCall applies the fault in the metadata of a call, as faulty does for
// HTTP.
func faultyCall(ctx context.Context, request any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	var fault string
	if values := metadata.ValueFromIncomingContext(ctx, faultHeader); len(values) > 0 {
		fault = values[0]
	}
	switch fault {
	case faultError:
		return nil, status.Error(codes.Internal, "out of order")
	case faultPanicLate:
		_ = grpc.SendHeader(ctx, nil)
		panic("no such parcel")
	case faultPanicEarly:
		panic("no such parcel")
	case faultSlow, faultHangup:
		<-ctx.Done() // the client's deadline passes, or the client disconnects
		return nil, ctx.Err()
	}
	return handler(ctx, request)
}
