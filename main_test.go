package sligo_test

import (
	"net"
	"os"
	"testing"
)

// runService runs the test's binary as a service, to which tests send signals.
// It is nil on systems without signals.
var runService func(address string) int

// TestMain runs the tests, or the service in a process that a test starts.
func TestMain(m *testing.M) {
	if address := os.Getenv("SLIGO_TEST_SERVICE"); address != "" && runService != nil {
		os.Exit(runService(address))
	}
	os.Exit(m.Run())
}

// freeAddress returns an address on which nobody listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}
