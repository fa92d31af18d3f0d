package sligrpc_test

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/middleware/sligrpc"
	"github.com/sligo-go/sligo/sli"
)

// An interceptor behind ServerOptions has the request ID in its context, and
// sets the user of the access line.
func ExampleServerOptions_accessLog() {
	in, err := middleware.New(nil, &middleware.Options{
		RequestID: &middleware.IDOptions{},
		AccessLog: &middleware.LogOptions{Logger: slog.New(slog.DiscardHandler)},
		Done:      func(r middleware.Record) { fmt.Println(r.Event.Operation, r.Event.Code, r.RequestID, r.UserID) },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	authenticate := func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		fmt.Println("request", logging.RequestID(ctx))
		logging.SetUser(ctx, "lora")
		return handler(ctx, req)
	}
	target, stop := serveExample(append(sligrpc.ServerOptions(in), grpc.ChainUnaryInterceptor(authenticate))...)
	conn, err := grpc.NewClient(target, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := metadata.AppendToOutgoingContext(context.Background(), "x-request-id", "abc-123")
	if err := conn.Invoke(ctx, get, wrapperspb.String("Lora"), new(message)); err != nil {
		fmt.Println(err)
	}
	_ = conn.Close()
	stop()
	// Output:
	// request abc-123
	// /shop.Orders/Get OK abc-123 lora
}

// A shop watches its orders. Their stream should begin within a second, and its
// messages count one by one.
func ExampleOptions_streams() {
	rec, err := sli.NewRecorder(
		sli.Indicator{
			Service: "orders", Name: "first-order", Requests: []string{"first-message:/shop.Orders/*"},
			Good: sli.Condition{Code: []string{"OK"}, Within: time.Second},
		},
		sli.Indicator{
			Service: "orders", Name: "orders", Requests: []string{"message:/shop.Orders/*"},
			Good: sli.Condition{Code: []string{"OK"}},
		},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	in, err := middleware.New(rec, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	target, stop := serveExample(sligrpc.ServerOptions(in, &sligrpc.Options{FirstMessage: true, EachMessage: true})...)
	conn, err := grpc.NewClient(target, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		fmt.Println(err)
		return
	}
	orders, err := conn.NewStream(context.Background(), &grpc.StreamDesc{ServerStreams: true}, watch)
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = orders.CloseSend()
	fmt.Println(drain(orders))
	_ = conn.Close()
	stop()
	for indicator, counts := range rec.All() {
		fmt.Println(indicator.Name, counts)
	}
	// Output:
	// 3 <nil>
	// first-order 1/1 (100.00%)
	// orders 3/3 (100.00%)
}
