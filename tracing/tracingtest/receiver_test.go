package tracingtest_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/tracing/tracingtest"
)

const spans = `[{"traceId":"1","id":"2","parentId":"3","name":"a","localEndpoint":{"serviceName":"users"}},{"traceId":"1","id":"4"}]`

func post(ctx context.Context, url, contentType, body string) *http.Request {
	request, _ := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	request.Header.Set("Content-Type", contentType)
	return request
}

// TestBehaviors uses the receiver without a network.
func TestBehaviors(t *testing.T) {
	tests := []struct {
		name     string // the text of behavior
		behavior tracingtest.Behavior
		status   int // 0 if there is no response
		err      error
		took     time.Duration
		spans    int
	}{
		{"accept", tracingtest.BehaviorAccept, 200, nil, 0, 2},
		{"refuse", tracingtest.BehaviorRefuse, 0, syscall.ECONNREFUSED, 0, 0},
		{"hang", tracingtest.BehaviorHang, 0, context.DeadlineExceeded, time.Minute, 0},
		{"slow", tracingtest.BehaviorSlow, 200, nil, time.Second, 2},
		{"unavailable", tracingtest.BehaviorUnavailable, 503, nil, 0, 0},
		{"throttle", tracingtest.BehaviorThrottle, 429, nil, 0, 0},
		{"too large", tracingtest.BehaviorTooLarge, 413, nil, 0, 0},
		{"reject", tracingtest.BehaviorReject, 400, nil, 0, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				if got := test.behavior.String(); got != test.name {
					t.Errorf("text %q, want %q", got, test.name)
				}
				var r tracingtest.Receiver
				r.Behave(test.behavior)
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				began := time.Now()
				response, err := r.RoundTrip(post(ctx, "http://zipkin/api/v2/spans", "application/json", spans))
				if !errors.Is(err, test.err) || err == nil && response.StatusCode != test.status || time.Since(began) != test.took {
					t.Errorf("after %v: %v, %v", time.Since(began), response, err)
				}
				if len(r.Spans()) != test.spans || r.Requests() != 1 {
					t.Errorf("%d spans in %d requests", len(r.Spans()), r.Requests())
				}
			})
		})
	}
}

func TestReceived(t *testing.T) {
	var r tracingtest.Receiver
	if _, err := r.RoundTrip(post(t.Context(), "http://zipkin/api/v2/spans", "application/json", spans)); err != nil {
		t.Fatal(err)
	}
	want := []tracingtest.Received{
		{Service: "users", Name: "a", TraceID: "0000000000000001", SpanID: "0000000000000002", ParentID: "0000000000000003"},
		{TraceID: "0000000000000001", SpanID: "0000000000000004"},
	}
	if diff := cmp.Diff(want, r.Spans()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for name, request := range map[string]*http.Request{
		"wrong path": post(t.Context(), "http://x/", "application/json", spans),
		"wrong type": post(t.Context(), "http://x/v1/traces", "application/json", spans),
		"no JSON":    post(t.Context(), "http://x/api/v2/spans", "application/json", "{"),
		"no OTLP":    post(t.Context(), "http://x/v1/traces", "application/x-protobuf", "{"),
	} {
		if response, err := r.RoundTrip(request); err != nil || response.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %v, %v", name, response, err)
		}
	}
}

// TestPortIsClosedAndOpenedAgain uses the network.
func TestPortIsClosedAndOpenedAgain(t *testing.T) {
	var r tracingtest.Receiver
	url := r.URL(t)
	send := func() error {
		request := post(t.Context(), url+"/api/v2/spans", "application/json", spans)
		request.Close = true // the next request would use the closed connection
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return err
		}
		_, _ = io.Copy(io.Discard, response.Body)
		return response.Body.Close()
	}
	for i, step := range []struct {
		behavior tracingtest.Behavior
		want     error
	}{{tracingtest.BehaviorAccept, nil}, {tracingtest.BehaviorRefuse, syscall.ECONNREFUSED}, {tracingtest.BehaviorAccept, nil}} {
		r.Behave(step.behavior)
		if err := send(); !errors.Is(err, step.want) {
			t.Errorf("step %d: %v", i, err)
		}
	}
	if len(r.Spans()) != 4 || r.URL(t) != url {
		t.Errorf("%d spans at %s", len(r.Spans()), r.URL(t))
	}
	var down tracingtest.Receiver
	down.Behave(tracingtest.BehaviorRefuse)
	if _, err := http.Get(down.URL(t)); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("a receiver that is down from the start: %v", err)
	}
}
