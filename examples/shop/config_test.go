package main

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
)

func TestFlags(t *testing.T) {
	tests := []struct {
		name string
		args string
		want string // of the error
	}{
		{"defaults", "", ""},
		{"all", "-for 10s -errors 2% -slow 0.05 -panics 0.5% -hangups 1% -environment staging", ""},
		{"not a share", "-errors 200%", `invalid value "200%" for flag -errors: `},
		{"not a number", "-slow NaN", `invalid value "NaN" for flag -slow: `},
		{"more than all", "-errors 60% -slow 60%", "the shares of the faults add up to 120%: want at most 100%"},
		{
			"all mistakes at once", "-rate 0 -customers 0 -every 0 -for -1s again",
			"unexpected argument \"again\"\ninvalid -for -1s: want 0 or more\ninvalid -every 0s: want more than 0\ninvalid -rate 0: want 1 to 10000\ninvalid -customers 0: want 1 or more",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := parseFlags("shop", strings.Fields(test.args))
			if got := fmt.Sprint(err); test.want == "" && err != nil || !strings.Contains(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestListenNeedsNoResolver shows that the default addresses are IP addresses,
// and that a port in use is no obstacle.
func TestListenNeedsNoResolver(t *testing.T) {
	for _, addr := range []string{pagesAddr, adminAddr, freeAddr} {
		if _, err := netip.ParseAddrPort(addr); err != nil {
			t.Errorf("%q needs a resolver: %v", addr, err)
		}
	}
	for range 2 {
		listener, err := listen("", pagesAddr)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = listener.Close() }()
	}
}
