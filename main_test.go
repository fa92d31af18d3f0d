package sligo_test

import (
	"os"
	"os/signal"
	"testing"
)

// TestMain starts the runtime's handling of signals. If the first call of
// signal.Notify is in a bubble of synctest, the runtime fails.
func TestMain(m *testing.M) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt)
	signal.Stop(signals)
	os.Exit(m.Run())
}
