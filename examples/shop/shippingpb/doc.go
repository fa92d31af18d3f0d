// Package shippingpb is the gRPC API of the shop's service shipping. All of it
// except this file is generated from shipping.proto.
package shippingpb

//go:generate protoc --go_out=. --go_opt=paths=source_relative --go-grpc_out=. --go-grpc_opt=paths=source_relative shipping.proto
