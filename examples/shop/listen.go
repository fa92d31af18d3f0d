package main

import (
	"context"
	"net"
)

// The addresses are IP addresses, because a root without /etc/hosts cannot
// resolve localhost.
const (
	pagesAddr = "127.0.0.1:8080"
	adminAddr = "127.0.0.1:9464" // OpenTelemetry's port for Prometheus
	freeAddr  = "127.0.0.1:0"
)

// server is an http.Server, or a gRPC server from sligrpc.Server.
type server interface {
	Serve(net.Listener) error
	Shutdown(context.Context) error
}

// listening is a server for sligo.Kit.Run whose port is already open, so that
// the other services know it. A server on a fixed port needs no listening.
type listening struct {
	server
	listener net.Listener
	drained  chan struct{} // closed at the end of Shutdown
}

// ListenAndServe implements sligo.Server.
func (l listening) ListenAndServe() error { return l.Serve(l.listener) }

// Shutdown implements sligo.Server.
func (l listening) Shutdown(ctx context.Context) error {
	defer close(l.drained)
	return l.server.Shutdown(ctx)
}

// listen listens on an address. If it is empty, listen prefers another one, or
// takes a free port if that is in use.
func listen(addr, preferred string) (net.Listener, error) {
	if addr != "" {
		return net.Listen("tcp", addr)
	}
	listener, err := net.Listen("tcp", preferred)
	if err != nil {
		listener, err = net.Listen("tcp", freeAddr)
	}
	return listener, err
}
