package e2e_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	"github.com/sligo-go/sligo/tracing/tracingtest"
)

const (
	drain   = 2 * time.Second
	timeout = 20 * time.Second // the kit's default
)

// load is clients that send 2,000 requests a second together, or as many as the
// machine can. A request is lost if it began before half of the drain was over
// and has no answer: load balancers need a part of the drain to learn of it.
type load struct {
	url      string
	removed  atomic.Bool  // the load balancer sends no more requests
	signaled atomic.Int64 // when the drain began, in Unix time
	answered atomic.Uint64
	clients  sync.WaitGroup
}

const (
	clients = 20
	pause   = 10 * time.Millisecond // between two requests of a client
)

// start starts the clients. Half of them are behind a load balancer. The others
// keep their connections while the service keeps them, and send until nobody
// listens.
func (l *load) start(t *testing.T) {
	for i := range clients {
		l.clients.Go(func() { l.client(t, i%2 == 0) })
	}
}

// startBalanced starts clients behind a load balancer.
func (l *load) startBalanced(t *testing.T) {
	for range clients {
		l.clients.Go(func() { l.client(t, true) })
	}
}

func (l *load) client(t *testing.T, balanced bool) {
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	for next := time.Now(); !balanced || !l.removed.Load(); next = next.Add(pause) {
		time.Sleep(time.Until(next))
		began := time.Now()
		if err := ask(client, l.url+"/users/Lora"); err != nil {
			if balanced || l.isLost(began) {
				t.Errorf("a request was lost: %v", err)
			}
			return
		}
		l.answered.Add(1)
	}
}

func (l *load) isLost(began time.Time) bool {
	signaled := l.signaled.Load()
	return signaled == 0 || began.Before(time.Unix(0, signaled).Add(drain/2))
}

// ask reads the answer to a request.
func ask(client *http.Client, url string) error {
	res, err := client.Get(url)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d", res.StatusCode)
	}
	return nil
}

// waitFor waits until a condition holds. After a minute it fails the test.
func waitFor(t *testing.T, name string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !condition(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not true after a minute: %s", name)
		}
	}
}

// TestEndUnderLoad sends SIGTERM to a service under load, with a collector in
// each state. No request is lost, each has its line, each span is delivered or
// counted as lost, and the service ends within its bound.
func TestEndUnderLoad(t *testing.T) {
	program := build(t, "e2e/kit")
	for _, test := range []struct {
		collector tracingtest.Behavior
		loses     bool
	}{
		{collector: tracingtest.BehaviorAccept},
		{collector: tracingtest.BehaviorSlow},
		{collector: tracingtest.BehaviorRefuse, loses: true},
		{collector: tracingtest.BehaviorHang, loses: true},
	} {
		t.Run(test.collector.String(), func(t *testing.T) {
			var collector tracingtest.Receiver
			collector.Behave(test.collector)
			s := startKit(t, program, []string{"OTEL_EXPORTER_OTLP_ENDPOINT=" + collector.URL(t)}, "-drain", drain.String())
			l := &load{url: s.url}
			began := time.Now()
			l.start(t)
			waitFor(t, "2,000 requests have answers", func() bool { return l.answered.Load() >= 2000 })
			rate := float64(l.answered.Load()) / time.Since(began).Seconds()

			l.signaled.Store(time.Now().UnixNano())
			s.terminate(t)
			waitFor(t, "the service drains", s.drains)
			time.Sleep(100 * time.Millisecond) // the load balancer takes its time
			l.removed.Store(true)
			l.clients.Wait()
			status := s.wait(t)
			checkEnd(t, s, l.answered.Load(), status, test.loses, uint64(len(collector.Spans())))
			t.Logf("%d requests, %.0f a second; ended after %v: %s", s.valid, rate, s.took, &s.errors)
		})
	}
}

// checkEnd compares the counts of a service with what its clients saw.
func checkEnd(t *testing.T, s *kitService, answered uint64, status int, loses bool, received uint64) {
	t.Helper()
	if s.good != answered || s.valid != answered {
		t.Errorf("%d answers, but the service counts %d good of %d", answered, s.good, s.valid)
	}
	if n := s.lines(`"route":"/users/{userid}"`); n != answered {
		t.Errorf("%d lines about requests, want %d", n, answered)
	}
	if s.took > timeout {
		t.Errorf("the service ended after %v, later than %v", s.took, timeout)
	}
	lost, all, told := s.spans()
	switch {
	case told != (status != 0):
		t.Errorf("status %d, and the service says: %s", status, &s.errors)
	case loses && !told:
		t.Error("the service says nothing about the spans that the collector did not take")
	case !told && received != answered:
		t.Errorf("the collector has %d spans, want %d", received, answered)
	// The collector may have taken spans whose answer came too late.
	case told && (all != answered || received+lost < all):
		t.Errorf("the collector has %d spans and %d of %d are lost, want %d", received, lost, all, answered)
	}
}

// TestEndCutsRequests ends a service with requests that hang. They are cut when
// their time is over, and still have a span and a line each.
func TestEndCutsRequests(t *testing.T) {
	var collector tracingtest.Receiver
	s := startKit(t, build(t, "e2e/kit"), []string{"OTEL_EXPORTER_OTLP_ENDPOINT=" + collector.URL(t)}, "-drain", "-1s", "-timeout", "8s")
	var hanging sync.WaitGroup
	for range 2 {
		hanging.Go(func() { _ = ask(http.DefaultClient, s.url+"/hang") })
	}
	conn, err := grpc.NewClient("passthrough:///"+s.target, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	ctx := t.Context()
	watch, err := healthpb.NewHealthClient(conn).Watch(ctx, &healthpb.HealthCheckRequest{}, grpc.WaitForReady(true))
	if err != nil {
		t.Fatal(err)
	}
	want := func(status healthpb.HealthCheckResponse_ServingStatus) {
		t.Helper()
		if res, err := watch.Recv(); err != nil || res.GetStatus() != status {
			t.Errorf("health %v, %v, want %v", res.GetStatus(), err, status)
		}
	}
	want(healthpb.HealthCheckResponse_SERVING)
	if _, err := conn.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true}, "/users.Users/Hang"); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "all requests hang", func() bool {
		metrics, _ := get(s.admin + "/metrics")
		return strings.Contains(string(metrics), `http_server_active_requests{http_request_method="GET",url_scheme="http"} 2`) &&
			strings.Contains(string(metrics), `rpc_server_active_streams{rpc_method="users.Users/Hang",rpc_system_name="grpc"} 1`)
	})
	s.terminate(t)
	want(healthpb.HealthCheckResponse_NOT_SERVING)
	status := s.wait(t)
	hanging.Wait()
	if !strings.Contains(s.errors.String(), ": 3 requests cut after 6s\n") || status != 1 {
		t.Errorf("status %d, and the service says %s", status, &s.errors)
	}
	if n := len(collector.Spans()); n != 3 {
		t.Errorf("%d spans, want 3: %v", n, collector.Spans())
	}
	if n := s.lines(`"error_type":"aborted"`); n != 3 {
		t.Errorf("%d lines about cut requests, want 3:\n%s", n, &s.log)
	}
}
