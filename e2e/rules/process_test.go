package rules_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// installed returns the path of a program that install.sh installed, of the
// version of Prometheus in go.mod.
func installed(t *testing.T, program string) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	version, err := exec.Command("go", "list", "-m", "-f", "{{.Version}}", "github.com/prometheus/prometheus").Output()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(cache, "sligo", program+"-"+strings.TrimSpace(strings.TrimPrefix(string(version), "v")))
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("%v; install.sh installs it", err)
	}
	return path
}

// debian returns the path of a program of a Debian package.
func debian(t *testing.T, program, name string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Fatalf("%v: install Debian's package %s", err, name)
	}
	return path
}

// start runs a program until the test ends, and waits until a URL of it
// responds with 200.
func start(t *testing.T, ready, program string, args ...string) {
	t.Helper()
	command := exec.Command(program, args...)
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Signal(syscall.SIGTERM)
		kill := time.AfterFunc(20*time.Second, func() { _ = command.Process.Kill() })
		_ = command.Wait()
		kill.Stop()
		if t.Failed() {
			t.Logf("%s logged:\n%s", filepath.Base(program), output.Bytes())
		}
	})
	eventually(t, func() error {
		resp, err := http.Get(ready)
		if err != nil {
			return err
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			return fmt.Errorf("%s: %s", ready, resp.Status)
		}
		return nil
	})
}

// Servers of the tests get the ports after firstPort. They are below the ports
// that a system gives to clients, because a client could take one of those
// before the server listens. Modules that are tested at once begin elsewhere.
var (
	firstPort = 16_384 + rand.Int32N(8192)
	ports     atomic.Int32 // that freePort has tried
)

// freePort returns a port that is not in use, a different one each time.
func freePort(t *testing.T) int {
	t.Helper()
	for {
		port := int(firstPort + ports.Add(1))
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			_ = listener.Close()
			return port
		}
		if port >= 32_768 {
			t.Fatal(err)
		}
	}
}

// eventually calls check until it returns nil. After a minute it fails the test
// with the last error.
func eventually(t *testing.T, check func() error) {
	t.Helper()
	var err error
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		if err = check(); err == nil {
			return
		}
	}
	t.Fatal(err)
}

func writeFile(t *testing.T, name string, text []byte) {
	t.Helper()
	if err := os.WriteFile(name, text, 0o600); err != nil {
		t.Fatal(err)
	}
}
