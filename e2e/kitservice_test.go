package e2e_test

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// kitService is a process of the program in e2e/kit.
type kitService struct {
	cmd                *exec.Cmd
	url, admin, target string // of HTTP, of the admin listener, and of gRPC
	log, errors        bytes.Buffer
	signaled           time.Time
	took               time.Duration // from the signal to the end
	good, valid        uint64        // the counts at the end
}

// startKit starts the program on free ports with variables and flags, and waits
// until it serves.
func startKit(t *testing.T, program string, variables []string, flags ...string) *kitService {
	t.Helper()
	address := func() string { return "127.0.0.1:" + strconv.Itoa(freePort(t)) }
	overHTTP, overGRPC, port := address(), address(), strconv.Itoa(freePort(t))
	s := &kitService{url: "http://" + overHTTP, admin: "http://127.0.0.1:" + port, target: overGRPC}
	s.cmd = exec.Command(program, append([]string{"-http", overHTTP, "-grpc", overGRPC}, flags...)...)
	s.cmd.Env = append(append(os.Environ(), "OTEL_EXPORTER_PROMETHEUS_PORT="+port), variables...)
	s.cmd.Stdout, s.cmd.Stderr = &s.log, &s.errors
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.cmd.Process.Kill() })
	eventually(t, func() error { _, err := get(s.admin + "/readyz"); return err })
	eventually(t, func() error {
		conn, err := net.Dial("tcp", overHTTP)
		if err == nil {
			err = conn.Close()
		}
		return err
	})
	return s
}

// terminate sends SIGTERM.
func (s *kitService) terminate(t *testing.T) {
	t.Helper()
	s.signaled = time.Now()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
}

// drains reports whether /readyz answers 503.
func (s *kitService) drains() bool {
	res, err := http.Get(s.admin + "/readyz")
	if err != nil {
		return false
	}
	_ = res.Body.Close()
	return res.StatusCode == http.StatusServiceUnavailable
}

// wait waits for the end, and returns the status.
func (s *kitService) wait(t *testing.T) int {
	t.Helper()
	_ = s.cmd.Wait()
	s.took = time.Since(s.signaled)
	if _, err := fmt.Sscanf(s.errors.String(), "counts %d %d", &s.good, &s.valid); err != nil {
		t.Fatalf("the end has no counts: %q", &s.errors)
	}
	return s.cmd.ProcessState.ExitCode()
}

// lines returns the number of log lines with a text.
func (s *kitService) lines(text string) uint64 { return uint64(strings.Count(s.log.String(), text)) }

var lossOfSpans = regexp.MustCompile(`telemetry: otlp: (\d+) of (\d+) spans lost`)

// spans returns the spans of which the service says that it lost them, and that
// it had. It returns false if it says nothing.
func (s *kitService) spans() (lost, all uint64, told bool) {
	m := lossOfSpans.FindStringSubmatch(s.errors.String())
	if m == nil {
		return 0, 0, false
	}
	lost, _ = strconv.ParseUint(m[1], 10, 64)
	all, _ = strconv.ParseUint(m[2], 10, 64)
	return lost, all, true
}
