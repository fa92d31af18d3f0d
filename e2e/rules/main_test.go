package rules_test

import (
	"flag"
	"os"
	"runtime/debug"
	"testing"
)

// full runs the scenarios over their whole time: go test -full -timeout 2h.
var full = flag.Bool("full", false, "run every alert story for 30 days")

func TestMain(m *testing.M) {
	flag.Parse()
	// Tests that need a core wait for a slot, so that others do not wait for
	// them.
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	debug.SetGCPercent(400) // the runs hold little memory and allocate much
	os.Exit(m.Run())
}
