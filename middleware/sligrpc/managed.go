package sligrpc

import (
	"context"
	"errors"
	"net"
	"sync/atomic"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
)

// ManagedServer is a gRPC server that a program runs and drains in the way of
// [net/http.Server]. Make it with [Server].
type ManagedServer struct {
	// Health is told when the server drains. Server makes and registers it. If
	// the program registered a health service before, it is nil; set it to that
	// service's server.
	Health *health.Server

	addr     string
	grpc     *grpc.Server
	stopping atomic.Bool
}

// Server returns a server for a TCP address such as ":9090". Call it when the
// services are registered. If none of them is gRPC's health service, Server
// registers one.
//
// With [ServerOptions], a call that the end of the drain broke off is bad, with
// error_type "aborted". After the grpc.Server's own Stop, it looks like a call
// whose client left.
func Server(addr string, s *grpc.Server) *ManagedServer {
	m := &ManagedServer{addr: addr, grpc: s}
	if _, ok := s.GetServiceInfo()[healthpb.Health_ServiceDesc.ServiceName]; !ok {
		m.Health = health.NewServer()
		healthpb.RegisterHealthServer(s, m.Health)
	}
	return m
}

// String returns the address that Server was given.
func (m *ManagedServer) String() string { return m.addr }

// ListenAndServe listens on the address and serves until Shutdown, after which
// it returns nil.
func (m *ManagedServer) ListenAndServe() error {
	listener, err := net.Listen("tcp", m.addr)
	if err != nil {
		return err
	}
	return m.Serve(listener)
}

// Serve is ListenAndServe for a listener that the program opened.
func (m *ManagedServer) Serve(listener net.Listener) error {
	err := m.grpc.Serve(&managedListener{listener, m})
	if errors.Is(err, grpc.ErrServerStopped) {
		return nil
	}
	return err
}

// Drain makes the health service answer NOT_SERVING, while calls are served as
// before. It is for the time in which load balancers remove the server, before
// Shutdown.
func (m *ManagedServer) Drain() {
	if m.Health != nil {
		m.Health.Shutdown()
	}
}

// Shutdown drains the server: the health service answers NOT_SERVING, no new
// connection and no new call is accepted, and the calls in flight end. When ctx
// is done before, Shutdown breaks off the others and returns the error of ctx:
// at once, or with [grpc.WaitForHandlers] when their handlers have returned.
func (m *ManagedServer) Shutdown(ctx context.Context) error {
	m.Drain()
	drained := make(chan struct{})
	go func() {
		m.grpc.GracefulStop()
		close(drained)
	}()
	select {
	case <-drained:
		return nil
	case <-ctx.Done():
	}
	m.stopping.Store(true)
	m.grpc.Stop()
	return ctx.Err()
}

// managedListener marks its connections, so that their calls know the server.
type managedListener struct {
	net.Listener
	server *ManagedServer
}

// Accept implements [net.Listener].
func (l *managedListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &managedConn{conn, managedAddr{conn.LocalAddr(), l.server}}, nil
}

type managedConn struct {
	net.Conn
	local managedAddr
}

// LocalAddr implements [net.Conn]. Credentials keep the address of the
// connection that they wrap.
func (c *managedConn) LocalAddr() net.Addr { return &c.local }

// managedAddr is the address of a connection's own end.
type managedAddr struct {
	net.Addr
	server *ManagedServer
}

// managedBy returns the server that listens on an address, or nil.
func managedBy(local net.Addr) *ManagedServer {
	if addr, ok := local.(*managedAddr); ok {
		return addr.server
	}
	return nil
}
