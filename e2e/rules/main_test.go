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
	debug.SetGCPercent(400) // the runs hold little memory and allocate much
	os.Exit(m.Run())
}
