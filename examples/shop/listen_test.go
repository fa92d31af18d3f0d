package main

import (
	"net/netip"
	"testing"
)

// TestListenNeedsNoResolver shows that the default addresses are IP addresses,
// and that a port in use is no obstacle.
func TestListenNeedsNoResolver(t *testing.T) {
	for _, addr := range []string{wellKnownAddr, freeAddr} {
		if _, err := netip.ParseAddrPort(addr); err != nil {
			t.Errorf("%q needs a resolver: %v", addr, err)
		}
	}
	for range 2 {
		listener, err := listen("")
		if err != nil {
			t.Fatal(err)
		}
		defer listener.Close()
	}
}
