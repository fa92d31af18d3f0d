package e2e_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// build compiles the program in a folder of the repository. It returns the
// path.
func build(t *testing.T, folder string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), filepath.Base(folder))
	command := exec.Command("go", "build", "-o", program, ".")
	command.Dir = filepath.Join("..", folder)
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("go build in %s: %v\n%s", folder, err, out)
	}
	return program
}

// start runs a program until the test ends and returns its standard output. If
// the test fails, it logs the standard error.
func start(t *testing.T, program string, args ...string) io.Reader {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Fatalf("%v: install Debian's package prometheus", err)
	}
	command := exec.Command(path, args...)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	command.Stdout = write
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	_ = write.Close()
	t.Cleanup(func() {
		_ = command.Process.Signal(syscall.SIGTERM)
		kill := time.AfterFunc(10*time.Second, func() { _ = command.Process.Kill() })
		_ = command.Wait()
		kill.Stop()
		_ = read.Close()
		if t.Failed() {
			t.Logf("%s logged:\n%s", filepath.Base(program), stderr.Bytes())
		}
	})
	return read
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

// get returns the body at a URL. A status other than 200 is an error.
func get(url string) ([]byte, error) {
	resp, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s: %s", url, resp.Status, body)
	}
	return body, err
}

// eventually calls check until it returns nil. After a minute it fails the test
// with the last error.
func eventually(t *testing.T, check func() error) {
	t.Helper()
	var err error
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		if err = check(); err == nil {
			return
		}
	}
	t.Fatal(err)
}
