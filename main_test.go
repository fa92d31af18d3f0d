package sligo_test

import (
	"net"
	"os"
	"os/signal"
	"testing"
)

// runService runs the test's binary as a service, to which tests send signals.
// It is nil on systems without signals.
var runService func(address string) int

// TestMain starts the runtime's handling of signals. If the first call of
// signal.Notify is in a bubble of synctest, the runtime fails.
func TestMain(m *testing.M) {
	if address := os.Getenv("SLIGO_TEST_SERVICE"); address != "" && runService != nil {
		os.Exit(runService(address))
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt)
	signal.Stop(signals)
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
