package sligrpc_test

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/sligo-go/sligo/middleware/sligrpc"
)

// manage runs a managed server, and returns a client and the result of Serve.
func manage(t *testing.T, side *side, service *shop, opts *sligrpc.Options) (*sligrpc.ManagedServer, *grpc.ClientConn, <-chan error) {
	t.Helper()
	server := grpc.NewServer(sligrpc.ServerOptions(side.in, opts)...)
	server.RegisterService(&shopDesc, service)
	managed := sligrpc.Server("127.0.0.1:0", server)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- managed.Serve(listener) }()
	conn, err := grpc.NewClient("passthrough:///"+listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return managed, conn, served
}

func TestShutdownDrains(t *testing.T) {
	side := newSide(t)
	entered, release := make(chan struct{}), make(chan struct{})
	service := &shop{get: func(_ context.Context, in *message) (*message, error) {
		close(entered)
		<-release
		return in, nil
	}}
	managed, conn, served := manage(t, side, service, nil)
	ctx, cancel := context.WithCancel(t.Context())
	watch, err := healthpb.NewHealthClient(conn).Watch(ctx, &healthpb.HealthCheckRequest{})
	if err != nil {
		t.Fatal(err)
	}
	checkHealth := func(want healthpb.HealthCheckResponse_ServingStatus) {
		t.Helper()
		if got, err := watch.Recv(); err != nil || got.GetStatus() != want {
			t.Errorf("got %v, %v, want %v", got, err, want)
		}
	}
	checkHealth(healthpb.HealthCheckResponse_SERVING)
	answered := make(chan error, 1)
	go func() { answered <- conn.Invoke(t.Context(), get, wrapperspb.String("Lora"), new(message)) }()
	<-entered
	drained := make(chan error, 1)
	go func() { drained <- managed.Shutdown(t.Context()) }()
	checkHealth(healthpb.HealthCheckResponse_NOT_SERVING)
	cancel()
	close(release)
	for name, ch := range map[string]<-chan error{"the call": answered, "Shutdown": drained, "Serve": served} {
		if err := <-ch; err != nil {
			t.Errorf("%s: got %v, want no error", name, err)
		}
	}
	if records := side.wait(t, 1); len(records) != 1 || summary(records[0]) != get+" OK" {
		t.Errorf("got %v, want one call, and no health check", records)
	}
	if err := managed.ListenAndServe(); err != nil {
		t.Errorf("after Shutdown, ListenAndServe returned %v", err)
	}
}

func TestDrainServesCalls(t *testing.T) {
	managed, conn, served := manage(t, newSide(t), &shop{}, nil)
	health := healthpb.NewHealthClient(conn)
	managed.Drain()
	res, err := health.Check(t.Context(), &healthpb.HealthCheckRequest{})
	if err != nil || res.GetStatus() != healthpb.HealthCheckResponse_NOT_SERVING {
		t.Errorf("got %v, %v, want an answer that says NOT_SERVING", res, err)
	}
	if err := managed.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
}

func TestShutdownBreaksOff(t *testing.T) {
	for _, opts := range []*sligrpc.Options{nil, {OmitStatsHandler: true}} {
		side := newSide(t)
		entered := make(chan struct{}, 1)
		service := &shop{get: func(ctx context.Context, _ *message) (*message, error) {
			entered <- struct{}{}
			<-ctx.Done()
			return nil, ctx.Err()
		}}
		managed, conn, served := manage(t, side, service, opts)
		answered := make(chan error, 1)
		go func() { answered <- conn.Invoke(t.Context(), get, wrapperspb.String("Lora"), new(message)) }()
		<-entered
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		if err := managed.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Shutdown returned %v", err)
		}
		if err := <-served; err != nil {
			t.Errorf("Serve returned %v", err)
		}
		if err := <-answered; status.Code(err) != codes.Unavailable {
			t.Errorf("the client got %v, want Unavailable", err)
		}
		if got := summary(side.wait(t, 1)[0]); got != get+" UNAVAILABLE aborted" {
			t.Errorf("got %q", got)
		}
		if got := side.counts(); got != bad {
			t.Errorf("got %v, want %v", got, bad)
		}
	}
}

// TestShutdownWaitsForHandlers has a handler that ignores its context, and a
// server that waits for it.
func TestShutdownWaitsForHandlers(t *testing.T) {
	side := newSide(t)
	entered, release := make(chan struct{}), make(chan struct{})
	server := grpc.NewServer(append(sligrpc.ServerOptions(side.in), grpc.WaitForHandlers(true))...)
	server.RegisterService(&shopDesc, &shop{get: func(_ context.Context, in *message) (*message, error) {
		close(entered)
		<-release
		return in, nil
	}})
	managed := sligrpc.Server("127.0.0.1:0", server)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = managed.Serve(listener) }()
	answered := make(chan error, 1)
	go func() {
		answered <- dialPlain(t, listener.Addr().String()).Invoke(t.Context(), get, wrapperspb.String("Lora"), new(message))
	}()
	<-entered
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	stopped := make(chan error, 1)
	go func() { stopped <- managed.Shutdown(ctx) }()
	if err := <-answered; status.Code(err) != codes.Unavailable {
		t.Errorf("the client got %v, want Unavailable", err)
	}
	close(release)
	if err := <-stopped; !errors.Is(err, context.Canceled) {
		t.Errorf("Shutdown returned %v", err)
	}
	side.verify(t, "rpc_server", []string{get + " UNAVAILABLE aborted"}, exact{bad: 1})
}

func TestServerKeepsTheProgramsHealthService(t *testing.T) {
	server := grpc.NewServer()
	healthpb.RegisterHealthServer(server, health.NewServer())
	if managed := sligrpc.Server(":0", server); managed.Health != nil {
		t.Error("got a health server, want the program's")
	}
}

func TestListenAndServeFails(t *testing.T) {
	if err := sligrpc.Server("no address", grpc.NewServer()).ListenAndServe(); err == nil {
		t.Error("got no error")
	}
}
