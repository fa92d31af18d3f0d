package tracing_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestShop follows one request through the four services of the shop, which
// speak HTTP, gRPC and HTTP: in Jaeger and in Zipkin, in the logs, and from
// exemplars in Prometheus. The shop itself compares its counters with the
// tally of its clients.
func TestShop(t *testing.T) {
	j, z := newJaeger(t), newZipkin(t)
	if err := errors.Join(j.start(), z.start()); err != nil {
		t.Fatal(err)
	}
	s := startShop(t, "OTEL_TRACES_EXPORTER=otlp,zipkin", "OTEL_EXPORTER_OTLP_ENDPOINT="+j.otlp, "OTEL_EXPORTER_ZIPKIN_ENDPOINT="+z.url+"/api/v2/spans")
	const requestID = "the-request-of-lora"
	id := s.profile(t, requestID)
	for _, store := range []store{j, z} {
		checkShopTrace(t, store, id)
		checkShopGraph(t, store)
	}
	checkLines(t, s.log, requestID, id)
	checkExemplars(t, s, j)
	s.stop(t)
}

// runningShop is the shop in a process of its own.
type runningShop struct {
	command    *exec.Cmd
	output     bytes.Buffer
	admin, url string // of its metrics, and of the service shop
	log        string // file of the access logs
}

func startShop(t *testing.T, env ...string) *runningShop {
	t.Helper()
	dir := t.TempDir()
	program := filepath.Join(dir, "shop")
	build := exec.Command("go", "build", "-o", program, ".")
	build.Dir = "../../examples/shop"
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	s := &runningShop{log: filepath.Join(dir, "access.log")}
	s.command = exec.Command(program, "-addr", "127.0.0.1:0", "-admin", "127.0.0.1:0", "-rate", "20", "-log", s.log)
	s.command.Env = append(os.Environ(), env...)
	stdout, err := s.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	s.command.Stderr = &s.output
	if err := s.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.command.Process.Kill() })
	lines := bufio.NewReader(stdout)
	first, err := lines.ReadString('\n')
	if n, err2 := fmt.Sscanf(first, "admin: http://%s  shop: %s", &s.admin, &s.url); n != 2 {
		t.Fatalf("the shop's first line is %q: %v, %v", first, err, err2)
	}
	s.admin, s.url = strings.TrimSuffix(s.admin, "/"), strings.TrimSuffix(s.url, "/")
	go func() { _, _ = io.Copy(io.Discard, lines) }()
	return s
}

// profile requests a profile and returns the ID of the request's trace.
func (s *runningShop) profile(t *testing.T, requestID string) (traceID string) {
	t.Helper()
	traceID = "4bf92f3577b34da6a3ce929d0e0e4736"
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/profile/lora", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Request-Id", requestID)
	r.Header.Set("Traceparent", "00-"+traceID+"-00f067aa0ba902b7-01")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if got := response.Header.Get("X-Request-Id"); response.StatusCode != http.StatusOK || got != requestID {
		t.Fatalf("got %s and the request ID %q", response.Status, got)
	}
	return traceID
}

// stop interrupts the shop, which fails if its counters differ from the tally
// of its clients by one event. Its own client makes the calls for the profile.
func (s *runningShop) stop(t *testing.T) {
	t.Helper()
	_ = s.command.Process.Signal(syscall.SIGINT)
	if err := s.command.Wait(); err != nil {
		t.Errorf("the shop: %v\n%s", err, s.output.Bytes())
	}
}

// checkShopTrace reads the trace of the request back. Its root is the span of
// the caller, which nobody exported.
func checkShopTrace(t *testing.T, s store, id string) {
	t.Helper()
	want := `shop: get /profile/{userid}
  shop: get
    orders: get /orders/users/{userid}
      orders: shop.shipping/track
        shipping: shop.shipping/track
          shipping: get
            users: get /users/{userid}
  shop: get
    users: get /users/{userid}
`
	err := eventually(func() error {
		spans, err := s.trace(id)
		if err != nil {
			return err
		}
		got := strings.ToLower(treeBelow(spans, "00f067aa0ba902b7"))
		if diff := cmp.Diff(want, got); diff != "" {
			return fmt.Errorf("the tree in %T (-want +got):\n%s", s, diff)
		}
		if n := strings.Count(want, "\n"); len(spans) != n {
			return fmt.Errorf("%T has %d spans of the trace, %d of them in the tree", s, len(spans), n)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// checkShopGraph reads the graph of the services. Their traffic is in it, too.
func checkShopGraph(t *testing.T, s store) {
	t.Helper()
	want := []string{"orders -> shipping", "shipping -> users", "shop -> orders", "shop -> users"}
	err := eventually(func() error {
		all, err := s.dependencies()
		if diff := cmp.Diff(want, slices.Sorted(maps.Keys(all))); diff != "" {
			return errors.Join(err, fmt.Errorf("the graph in %T (-want +got):\n%s", s, diff))
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// checkLines finds the request in the access logs of the four services. Two of
// them call users.
func checkLines(t *testing.T, file, requestID, traceID string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for line := range strings.Lines(string(text)) {
		var l struct {
			Application string
			RequestID   string                            `json:"request_id"`
			TraceID     string                            `json:"trace_id"`
			Info        struct{ Route, Operation string } `json:"additional_info"`
		}
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		if l.TraceID == traceID || l.RequestID == requestID {
			got = append(got, fmt.Sprintln(l.Application, l.Info.Route+l.Info.Operation, l.RequestID, l.TraceID))
		}
	}
	slices.Sort(got)
	want := []string{
		fmt.Sprintln("orders", "/orders/users/{userid}", requestID, traceID),
		fmt.Sprintln("shipping", "/shop.Shipping/Track", requestID, traceID),
		fmt.Sprintln("shop", "/profile/{userid}", requestID, traceID),
		fmt.Sprintln("users", "/users/{userid}", requestID, traceID),
		fmt.Sprintln("users", "/users/{userid}", requestID, traceID),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

// checkExemplars asks a real Prometheus for exemplars of both protocols, and
// Jaeger for the trace of each.
func checkExemplars(t *testing.T, s *runningShop, j *jaeger) {
	t.Helper()
	address := startPrometheus(t, s.admin)
	for series, span := range map[string]string{
		`http_server_request_duration_seconds_bucket{http_route="/profile/{userid}"}`: "GET /profile/{userid}",
		`rpc_server_call_duration_seconds_bucket{rpc_method="shop.Shipping/Track"}`:   "shop.Shipping/Track",
		`http_client_request_duration_seconds_bucket{}`:                               "GET",
		`rpc_client_call_duration_seconds_bucket{rpc_method="shop.Shipping/Track"}`:   "shop.Shipping/Track",
	} {
		err := eventually(func() error {
			id, err := exemplar(address, series)
			if err != nil {
				return err
			}
			spans, err := j.trace(id)
			if !slices.ContainsFunc(spans, func(s stored) bool { return s.name == span }) {
				return errors.Join(err, fmt.Errorf("the trace %q of an exemplar of %s has the spans %v", id, series, spans))
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// startPrometheus starts a Prometheus that scrapes a target each second, and
// returns its address.
func startPrometheus(t *testing.T, target string) (address string) {
	t.Helper()
	dir := t.TempDir()
	address = fmt.Sprintf("127.0.0.1:%d", freePort(t))
	config := fmt.Sprintf("scrape_configs: [{job_name: shop, scrape_interval: 1s, static_configs: [{targets: [%q]}]}]\n", target)
	if err := os.WriteFile(filepath.Join(dir, "prometheus.yml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	p := &program{t: t, name: "prometheus", ready: "http://" + address + "/api/v1/status/buildinfo", args: []string{
		"--config.file=" + filepath.Join(dir, "prometheus.yml"), "--storage.tsdb.path=" + filepath.Join(dir, "data"),
		"--web.listen-address=" + address, "--enable-feature=exemplar-storage",
	}}
	p.cleanUp()
	if err := p.start(); err != nil {
		t.Fatal(err)
	}
	return address
}

// exemplar returns the trace ID of an exemplar of the series.
func exemplar(address, series string) (traceID string, err error) {
	query := url.Values{
		"query": {series},
		"start": {fmt.Sprint(time.Now().Add(-time.Hour).Unix())}, "end": {fmt.Sprint(time.Now().Add(time.Hour).Unix())},
	}
	answer, err := get[struct {
		Data []struct {
			Exemplars []struct{ Labels map[string]string }
		}
	}]("http://" + address + "/api/v1/query_exemplars?" + query.Encode())
	if err == nil && len(answer.Data) == 0 {
		err = fmt.Errorf("no exemplar of %s", series)
	}
	if err != nil {
		return "", err
	}
	return answer.Data[0].Exemplars[0].Labels["trace_id"], nil
}
