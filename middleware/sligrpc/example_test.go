package sligrpc_test

import (
	"context"
	"fmt"
	"net"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/middleware/sligrpc"
	"github.com/sligo-go/sligo/sli"
)

// The orders service of an online shop should find the orders of a user.
var exampleAvailability = sli.Indicator{
	Service: "orders", Name: "availability", Requests: []string{"/shop.Orders/*"},
	Good: sli.Condition{Code: []string{"OK", "NotFound", "InvalidArgument"}},
}

// exampleShop is a service generated from a .proto file.
var exampleShop = &shop{get: func(_ context.Context, user *message) (*message, error) {
	if user.GetValue() != "Lora" {
		return nil, status.Error(codes.Unavailable, "no database")
	}
	return wrapperspb.String("2 orders"), nil
}, open: func(stream grpc.ServerStream) error {
	for range 3 {
		if err := stream.SendMsg(wrapperspb.String("an order")); err != nil {
			return err
		}
	}
	return nil
}}

// serveExample serves the shop, and returns its address and a function that
// stops it when all calls have ended.
func serveExample(opts ...grpc.ServerOption) (target string, stop func()) {
	server := grpc.NewServer(opts...)
	server.RegisterService(&shopDesc, exampleShop)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err.Error(), func() {}
	}
	go func() { _ = server.Serve(listener) }()
	return "passthrough:///" + listener.Addr().String(), server.GracefulStop
}

// getExample asks the shop for the orders of users.
func getExample(target string, opts []grpc.DialOption, users ...string) {
	conn, err := grpc.NewClient(target, append(opts, grpc.WithTransportCredentials(insecure.NewCredentials()))...)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, user := range users {
		orders := new(message)
		if err := conn.Invoke(context.Background(), get, wrapperspb.String(user), orders); err != nil {
			fmt.Println(status.Code(err))
		} else {
			fmt.Println(orders.GetValue())
		}
	}
	_ = conn.Close()
}

// A server counts its calls by their codes.
func ExampleServerOptions() {
	rec, err := sli.NewRecorder(exampleAvailability)
	if err != nil {
		fmt.Println(err)
		return
	}
	in, err := middleware.New(rec, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	target, stop := serveExample(sligrpc.ServerOptions(in)...)
	getExample(target, nil, "Lora", "Lora", "Bob")
	stop()
	for indicator, counts := range rec.All() {
		fmt.Println(indicator.Name, counts)
	}
	// Output:
	// 2 orders
	// 2 orders
	// Unavailable
	// availability 2/3 (66.6666%)
}

// A client counts its calls to other services for the indicators that name
// them.
func ExampleDialOptions() {
	rec, err := sli.NewRecorder(sli.Indicator{
		Service: "users", Name: "orders-availability", Requests: []string{"//127.0.0.1/shop.Orders/*"},
		Good: sli.Condition{Code: []string{"OK"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	in, err := middleware.New(rec, &middleware.Options{
		Done: func(r middleware.Record) { fmt.Println(r.Event.Operation, r.Event.Code) },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	target, stop := serveExample()
	getExample(target, sligrpc.DialOptions(in), "Lora", "Bob")
	stop()
	for indicator, counts := range rec.All() {
		fmt.Println(indicator.Name, counts)
	}
	// Output:
	// //127.0.0.1/shop.Orders/Get OK
	// 2 orders
	// //127.0.0.1/shop.Orders/Get UNAVAILABLE
	// Unavailable
	// orders-availability 1/2 (50.00%)
}

// A server drains for at most ten seconds when the program ends.
func ExampleServer() {
	server := grpc.NewServer()
	server.RegisterService(&shopDesc, exampleShop)
	managed := sligrpc.Server("127.0.0.1:0", server)
	ended := make(chan error)
	go func() { ended <- managed.ListenAndServe() }()

	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	fmt.Println("drained:", managed.Shutdown(ctx), <-ended)
	answer, err := managed.Health.Check(ctx, &healthpb.HealthCheckRequest{})
	fmt.Println(answer.GetStatus(), err)
	// Output:
	// drained: <nil> <nil>
	// NOT_SERVING <nil>
}

// A tenant's calls are a group of their own.
func ExampleSetGroup() {
	var group string
	in, err := middleware.New(nil, &middleware.Options{Done: func(r middleware.Record) { group = r.Event.Group }})
	if err != nil {
		fmt.Println(err)
		return
	}
	tenant := func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		sligrpc.SetGroup(ctx, "gold")
		return handler(ctx, req)
	}
	target, stop := serveExample(append(sligrpc.ServerOptions(in), grpc.ChainUnaryInterceptor(tenant))...)
	getExample(target, nil, "Lora")
	stop()
	fmt.Println("group:", group)
	// Output:
	// 2 orders
	// group: gold
}
