//go:build unix

package sligo_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/sligo-go/sligo"
)

// asService makes the test's binary a service; see TestMain.
const asService = "SLIGO_TEST_SERVICE"

// itsSnapshot names the snapshot of that service.
const itsSnapshot = "SLIGO_TEST_SNAPSHOT"

func init() { runService = serveUsers }

// serveUsers is the service of the tests of signals. It prints its counts and
// its error at the end.
func serveUsers(address string) int {
	kit, err := sligo.Start(users(), &sligo.Options{
		Admin: "127.0.0.1:0", LogTo: os.Stderr, Drain: time.Second, Snapshot: os.Getenv(itsSnapshot),
	})
	if err != nil {
		fmt.Println("start:", err)
		return 2
	}
	mux := api().(*http.ServeMux)
	mux.Handle("/admin/", http.StripPrefix("/admin", kit.Admin()))
	mux.HandleFunc("GET /hang", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	err = kit.Run(context.Background(), &http.Server{Addr: address, Handler: kit.Handler(mux)})
	counts, _ := kit.Recorder.Counts("availability")
	fmt.Printf("counts %d/%d, error %v\n", counts.Good, counts.Valid, err)
	return 0
}

// service is the test's binary as a service.
type service struct {
	cmd *exec.Cmd
	url string
	// admin is the URL of the admin listener.
	admin string
	out   bytes.Buffer
	log   lines
}

// startService starts the service on a free port and waits for it.
func startService(t *testing.T, env ...string) *service {
	t.Helper()
	address := freeAddress(t)
	s := &service{cmd: exec.Command(os.Args[0]), url: "http://" + address}
	s.cmd.Env = append(append(os.Environ(), asService+"="+address), env...)
	s.cmd.Stdout, s.cmd.Stderr = &s.out, &s.log
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.cmd.Process.Kill() })
	_, rest, _ := strings.Cut(s.await(t, "Service started"), `"metrics":"`)
	s.admin, _, _ = strings.Cut(rest, "/metrics")
	for {
		if res, err := http.Get(s.url + "/"); err == nil {
			_ = res.Body.Close()
			return s
		}
		time.Sleep(time.Millisecond)
	}
}

// await waits for a line of the log with a text, and returns it.
func (s *service) await(t *testing.T, text string) string {
	t.Helper()
	for {
		for line := range strings.Lines(s.log.String()) {
			if strings.Contains(line, text) && strings.HasSuffix(line, "\n") {
				return line
			}
		}
		time.Sleep(time.Millisecond)
	}
}

func (s *service) signal(t *testing.T, signal os.Signal) {
	t.Helper()
	if err := s.cmd.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
}

// end waits for the end, and returns the output and the status.
func (s *service) end() (string, int) {
	_ = s.cmd.Wait()
	return s.out.String(), s.cmd.ProcessState.ExitCode()
}

// No request is lost at SIGTERM while clients send until the load balancer has
// removed the service, which it does some requests after /readyz answers 503.
// The service counts exactly the requests that the clients sent.
func TestSIGTERMUnderLoad(t *testing.T) {
	s := startService(t)
	var answered atomic.Uint64
	var removed atomic.Bool
	var clients sync.WaitGroup
	for range 8 {
		clients.Go(func() {
			client := &http.Client{Transport: &http.Transport{}}
			for !removed.Load() {
				res, err := client.Get(s.url + "/users/Lora")
				if err != nil {
					t.Errorf("a request failed: %v", err)
					return
				}
				_, _ = io.Copy(io.Discard, res.Body)
				_ = res.Body.Close()
				answered.Add(1)
			}
		})
	}
	waitFor(func() bool { return answered.Load() >= 1000 })
	s.signal(t, syscall.SIGTERM)
	waitFor(func() bool { return s.readyz() == http.StatusServiceUnavailable })
	n := answered.Load()
	waitFor(func() bool { return answered.Load() >= n+200 })
	removed.Store(true)
	clients.Wait()
	output, status := s.end()
	n = answered.Load()
	if want := fmt.Sprintf("counts %d/%d, error <nil>\n", n, n); output != want || status != 0 {
		t.Errorf("status %d, output %q, want 0 and %q", status, output, want)
	}
}

func waitFor(condition func() bool) {
	for !condition() {
		time.Sleep(time.Millisecond)
	}
}

// readyz returns the status of /readyz, or 0 without a response.
func (s *service) readyz() int {
	res, err := http.Get(s.admin + "/readyz")
	if err != nil {
		return 0
	}
	_ = res.Body.Close()
	return res.StatusCode
}

func TestSecondSignalExitsAtOnce(t *testing.T) {
	s := startService(t)
	go func() {
		if res, err := http.Get(s.url + "/hang"); err == nil {
			_ = res.Body.Close()
		}
	}()
	s.signal(t, syscall.SIGTERM)
	if line := s.await(t, "Service stopping"); !strings.Contains(line, "signal terminated") {
		t.Errorf("reason in %s", line)
	}
	s.signal(t, os.Interrupt)
	if output, status := s.end(); status != 1 || output != "" {
		t.Errorf("status %d, output %q, want 1 and none", status, output)
	}
}

// The program of TestNoSignals handles the signal, and ends Run by the context.
func TestNoSignals(t *testing.T) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM)
	defer signal.Stop(signals)
	var log lines
	kit := mustStart(t, sligo.Options{Admin: "-", LogTo: &log, Drain: -1, NoSignals: true})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- kit.Run(ctx) }()
	waitFor(func() bool { return strings.Contains(log.String(), "Service started") })
	for range 2 { // when the second one arrives, the first has reached everybody
		if err := syscall.Kill(os.Getpid(), syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		<-signals
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if got := log.String(); !strings.Contains(got, `"reason":"context canceled"`) {
		t.Errorf("Run did not end by its context:\n%s", got)
	}
}

// varying matches the parts of a line that differ between two starts.
var varying = regexp.MustCompile(`"timestamp":"[^"]*"|127\.0\.0\.1:\d+`)

func TestLineAtStart(t *testing.T) {
	var log lines
	kit := mustStart(t, sligo.Options{Admin: "127.0.0.1:0", LogTo: &log, Drain: -1})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := kit.Run(ctx); err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(varying.ReplaceAllString(log.String(), "~"), "\n")
	const want = `{~,"level":"INFO","application":"users","message":"Service started","additional_info":{` +
		`"service":"users (default)","objectives":"users/availability: 99.95% over 30d","logs":"the writer of LogTo, from INFO (config)",` +
		`"traces":"not exported (default)","sampler":"every trace (default)","metrics":"http://~/metrics (config)",` +
		`"page":"http://~/slo/ (config)","snapshot":"none, so budgets begin at zero after a restart (default)",` +
		`"drain":"0s (config)","timeout":"20s (default)",` +
		`"globals":"not set, so libraries on process globals, such as otelsql and slog.Info, stay silent (default)"}}`
	if first != want {
		t.Errorf("line\n%s\nwant\n%s", first, want)
	}
}
