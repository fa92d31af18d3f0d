package main

import (
	"net"
	"testing"
)

// TestListenNeedsNoResolver holds that the default address is an IP address, so
// that the shop starts in a root without /etc/hosts.
func TestListenNeedsNoResolver(t *testing.T) {
	for range 2 { // the second one finds the well-known port in use
		listener, err := listen("")
		if err != nil {
			t.Fatal(err)
		}
		defer listener.Close()
		if host, _, err := net.SplitHostPort(listener.Addr().String()); err != nil || host != "127.0.0.1" {
			t.Errorf("listens on %q, %v, want 127.0.0.1", listener.Addr(), err)
		}
	}
}
