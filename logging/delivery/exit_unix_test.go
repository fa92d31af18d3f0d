//go:build unix

package delivery_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/sligo-go/sligo/logging/delivery"
)

const exitLines = 10_000

// TestLinesThatSurviveTheEnd logs 10,000 lines in a process, ends it in every
// possible way and counts the lines in the file.
func TestLinesThatSurviveTheEnd(t *testing.T) {
	ends := []struct {
		name     string
		buffered bool // a Buffer must have written all lines too
	}{
		{"close", true}, {"panic with Close deferred", true}, {"return", false}, {"os.Exit", false},
		{"panic in a goroutine", false}, {"SIGTERM", false}, {"SIGKILL", false},
	}
	for _, end := range ends {
		for _, writer := range []string{"direct", "buffer"} {
			t.Run(writer+" "+end.name, func(t *testing.T) {
				file := filepath.Join(t.TempDir(), "log")
				got := linesAfter(t, writer, end.name, file)
				t.Logf("%d of %d lines survived", got, exitLines)
				if all := writer == "direct" || end.buffered; all && got != exitLines {
					t.Errorf("%d of %d lines survived, want all", got, exitLines)
				}
			})
		}
	}
}

// linesAfter runs the process and returns the number of lines in its file.
func linesAfter(t *testing.T, writer, end, file string) int {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestMain$")
	cmd.Env = append(os.Environ(), "DELIVERY_END="+end, "DELIVERY_WRITER="+writer, "DELIVERY_FILE="+file)
	_ = cmd.Run() // most ends count as failures
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.Split(bytes.TrimSuffix(b, []byte("\n")), []byte("\n"))
	for i, line := range lines {
		if string(line) != "line "+strconv.Itoa(i) && i < len(lines)-1 {
			t.Fatalf("line %d is %q", i, line)
		}
	}
	return bytes.Count(b, []byte("\n"))
}

func TestMain(m *testing.M) {
	if end := os.Getenv("DELIVERY_END"); end != "" {
		logAndEnd(end, os.Getenv("DELIVERY_WRITER"), os.Getenv("DELIVERY_FILE"))
		os.Exit(0) // like a return from main
	}
	os.Exit(m.Run())
}

// logAndEnd logs the lines and ends the process.
func logAndEnd(end, writer, file string) {
	f, err := os.Create(file)
	if err != nil {
		panic(err)
	}
	var w lineWriter = delivery.NewDirect(f, nil)
	if writer == "buffer" {
		w = delivery.NewBuffer(f, nil)
	}
	if end == "panic with Close deferred" {
		defer w.Close(context.Background())
	}
	for i := range exitLines {
		_ = w.WriteLine(slog.LevelInfo, fmt.Appendf(nil, "line %d\n", i))
	}
	switch end {
	case "close":
		if err := w.Close(context.Background()); err != nil {
			panic(err)
		}
	case "os.Exit":
		os.Exit(3)
	case "panic with Close deferred":
		panic("end")
	case "panic in a goroutine":
		go func() { panic("end") }()
		time.Sleep(time.Minute)
	case "SIGTERM":
		_ = syscall.Kill(os.Getpid(), syscall.SIGTERM)
		time.Sleep(time.Minute)
	case "SIGKILL":
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	}
}
