package main

import (
	"context"
	"errors"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/sligo-go/sligo/examples/shop/shippingpb"
)

// parcels is the service shipping. Its API is in shippingpb.
type parcels struct {
	shippingpb.UnimplementedShippingServer
	users    *client // calls the service users
	usersURL string
}

// Track returns the parcel of a user, if the service users knows the user.
func (p *parcels) Track(ctx context.Context, request *shippingpb.TrackRequest) (*shippingpb.Parcel, error) {
	id := request.GetUserId()
	if !validID.MatchString(id) {
		return nil, status.Errorf(codes.InvalidArgument, "invalid user ID %q", id)
	}
	_, err := p.users.get(ctx, call{service: "users", indicator: "availability", url: p.usersURL + "/users/" + id})
	switch {
	case errors.Is(err, errNotFound):
		return nil, status.Error(codes.NotFound, "no such user")
	case err != nil:
		return nil, status.Error(codes.Unavailable, err.Error())
	}
	return &shippingpb.Parcel{Recipient: id, Place: "in the next street"}, nil
}
