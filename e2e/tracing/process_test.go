package tracing_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"
)

// program is a server that a test starts, kills and restarts with the same
// ports.
type program struct {
	t       *testing.T
	name    string
	args    []string
	env     []string
	ready   string // URL that responds with 200 when the server is ready
	command *exec.Cmd
	output  bytes.Buffer
}

// installed returns the path of a file that install.sh installed.
func installed(t *testing.T, file string) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(cache, "sligo", file)
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("%v; install.sh installs it", err)
	}
	return path
}

// start starts the program and waits until it is ready. The program is
// killed at the end of the test.
func (p *program) start() error {
	p.command = exec.Command(p.name, p.args...)
	p.command.Env = append(os.Environ(), p.env...)
	p.command.Stdout, p.command.Stderr = &p.output, &p.output
	if err := p.command.Start(); err != nil {
		return err
	}
	return eventually(func() error {
		_, err := get[any](p.ready)
		return err
	})
}

// kill ends the program without a chance to shut down.
func (p *program) kill() {
	if p.command != nil {
		_ = p.command.Process.Kill()
		_ = p.command.Wait()
		p.command = nil
	}
}

func (p *program) cleanUp() {
	p.t.Cleanup(func() {
		p.kill()
		if p.t.Failed() {
			p.t.Logf("output of %s:\n%s", filepath.Base(p.name), p.output.Bytes())
		}
	})
}

// jaeger is Jaeger with its storage in memory.
type jaeger struct {
	program
	otlp, otlpgrpc, zipkin, query string // URLs
}

func newJaeger(t *testing.T) *jaeger {
	t.Helper()
	port := func() string { return fmt.Sprintf("127.0.0.1:%d", freePort(t)) }
	http, grpc, zipkin, query := port(), port(), port(), port()
	j := &jaeger{otlp: "http://" + http, otlpgrpc: "http://" + grpc, zipkin: "http://" + zipkin, query: "http://" + query}
	j.program = program{t: t, name: installed(t, "jaeger-1.62.0"), ready: j.query + "/api/services", args: []string{
		"--collector.otlp.http.host-port=" + http, "--collector.otlp.grpc.host-port=" + grpc,
		"--collector.zipkin.host-port=" + zipkin, "--query.http-server.host-port=" + query,
	}}
	for _, unused := range []string{
		"query.grpc-server", "admin.http", "collector.http-server", "collector.grpc-server", "http-server",
	} {
		j.args = append(j.args, "--"+unused+".host-port="+port())
	}
	for _, unused := range []string{"binary", "compact"} {
		j.args = append(j.args, "--processor.jaeger-"+unused+".server-host-port="+port())
	}
	j.args = append(j.args, "--processor.zipkin-compact.server-host-port="+port())
	j.cleanUp()
	return j
}

// zipkin is Zipkin with its storage in memory.
type zipkin struct {
	program
	url string
}

func newZipkin(t *testing.T) *zipkin {
	t.Helper()
	port := freePort(t)
	z := &zipkin{url: fmt.Sprintf("http://127.0.0.1:%d", port)}
	z.program = program{
		t: t, name: "java", args: []string{"-Xmx256m", "-jar", installed(t, "zipkin-server-3.4.4-slim.jar")},
		env: []string{fmt.Sprintf("QUERY_PORT=%d", port)}, ready: z.url + "/health",
	}
	z.cleanUp()
	return z
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

// get returns the JSON at a URL. It returns an error unless the status is 200.
func get[T any](url string) (T, error) {
	var parsed T
	response, err := http.Get(url)
	if err != nil {
		return parsed, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s: %s", url, response.Status, body)
	}
	if err == nil {
		err = json.Unmarshal(body, &parsed)
	}
	return parsed, err
}

// eventually calls check until it returns nil. After a minute it returns the
// last error.
func eventually(check func() error) error {
	var err error
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		if err = check(); err == nil {
			return nil
		}
	}
	return err
}
