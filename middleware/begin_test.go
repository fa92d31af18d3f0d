package middleware_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
)

var listing = sli.Indicator{
	Service: "shop", Name: "list", Requests: []string{"/shop.Orders/List"}, Patience: time.Second,
	Good: sli.Condition{Code: []string{"OK"}},
}

// TestAllowedTime holds calls open while the caller's deadline comes.
func TestAllowedTime(t *testing.T) {
	for _, c := range []struct {
		name       string
		allowed    time.Duration
		leave, end time.Duration // 0 means never
		answer     bool
		inFlight   sli.Counts
		atEnd      sli.Counts
		expired    bool
	}{
		{name: "the handler hangs", allowed: 300 * time.Millisecond, inFlight: sli.Counts{Valid: 1}, atEnd: sli.Counts{Valid: 1}, expired: true},
		{name: "the answer began", allowed: 300 * time.Millisecond, answer: true, atEnd: sli.Counts{Good: 1, Valid: 1}},
		{name: "the caller left shortly before", allowed: 300 * time.Millisecond, leave: 290 * time.Millisecond, inFlight: sli.Counts{Valid: 1}, atEnd: sli.Counts{Valid: 1}, expired: true},
		{name: "the caller left long before", allowed: time.Hour, leave: 290 * time.Millisecond},
		{name: "at most 50 ms before", allowed: time.Minute, leave: time.Minute - 60*time.Millisecond, inFlight: sli.Counts{Valid: 1}, atEnd: sli.Counts{Valid: 1}},
		{name: "too short", allowed: 9 * time.Millisecond, expired: true},
		{name: "no deadline", atEnd: sli.Counts{Good: 1, Valid: 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				in, rec := newInstrument(t, nil, listing)
				ctx, leave := context.WithCancel(context.Background())
				call := in.Begin(ctx, middleware.CallInfo{Operation: "/shop.Orders/List", Kind: trace.SpanKindServer, Allowed: c.allowed})
				if c.answer {
					call.Answered()
				}
				time.Sleep(c.leave)
				if c.leave > 0 {
					leave()
				} else {
					time.Sleep(400 * time.Millisecond)
				}
				if got := call.Expired(); got != c.expired {
					t.Errorf("got expired %t, want %t", got, c.expired)
				}
				middleware.WalkCalls(in)
				checkCounts(t, rec, "list", c.inFlight)
				result := middleware.Result{Code: "OK"}
				if call.Expired() {
					result = middleware.Result{Code: "DEADLINE_EXCEEDED", TimedOut: true}
				} else if c.leave > 0 {
					result = middleware.Result{Code: "CANCELLED", Canceled: true}
				}
				call.End(result)
				checkCounts(t, rec, "list", c.atEnd)
				leave()
			})
		})
	}
}

// TestCanceledStream cancels a stream long after the bound of the indicator,
// which is for calls that are no streams.
func TestCanceledStream(t *testing.T) {
	for _, c := range []struct {
		stream bool
		want   sli.Counts
	}{{true, sli.Counts{}}, {false, sli.Counts{Valid: 1}}} {
		synctest.Test(t, func(t *testing.T) {
			in, rec := newInstrument(t, nil, listing)
			ctx, leave := context.WithCancel(context.Background())
			call := in.Begin(ctx, middleware.CallInfo{Operation: "/shop.Orders/List", Kind: trace.SpanKindServer, Stream: c.stream})
			time.Sleep(time.Minute)
			if got := call.Elapsed(); got != time.Minute {
				t.Errorf("got %v since Begin, want a minute", got)
			}
			leave()
			middleware.WalkCalls(in)
			call.End(middleware.Result{Code: "CANCELLED", Canceled: true})
			checkCounts(t, rec, "list", c.want)
		})
	}
}

func TestOmittedSignals(t *testing.T) {
	for _, omit := range []middleware.Signal{0, middleware.SignalEvent, middleware.SignalMetrics, middleware.SignalSpan, middleware.SignalLine, middleware.SignalAll} {
		o := observe(t, sdktrace.AlwaysSample(), nil)
		c := o.in.Begin(context.Background(), middleware.CallInfo{Operation: "/shop.Orders/List", Kind: trace.SpanKindServer, Omit: omit})
		middleware.WalkCalls(o.in)
		c.End(middleware.Result{Code: "OK"})
		var made middleware.Signal
		if o.rec.Report().Indicators[0].Counts.Valid == 1 {
			made |= middleware.SignalEvent
		}
		if testutil.CollectAndCount(o.in, "sli_operation_duration_seconds") == 1 {
			made |= middleware.SignalMetrics
		}
		if len(o.spans.Ended()) == 1 {
			made |= middleware.SignalSpan
		}
		if o.lines.Len() > 0 {
			made |= middleware.SignalLine
		}
		if want := middleware.SignalAll &^ omit; made != want {
			t.Errorf("without %04b: made %04b, want %04b", omit, made, want)
		}
	}
}

func TestStranger(t *testing.T) {
	o := observe(t, sdktrace.AlwaysSample(), nil)
	received := propagation.MapCarrier{
		"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "x-request-id": "abc-123",
	}
	o.in.Begin(context.Background(), middleware.CallInfo{Kind: trace.SpanKindServer, Carrier: received, Public: true}).End(middleware.Result{})
	span := o.spans.Ended()[0]
	if span.Parent().IsValid() || len(span.Links()) != 1 || span.Links()[0].SpanContext.SpanID().String() != "b7ad6b7169203331" {
		t.Errorf("got parent %v and links %v", span.Parent(), span.Links())
	}
	if id := o.records[0].RequestID; id == "abc-123" || id == "" {
		t.Errorf("got request ID %q, want a new one", id)
	}
}

func TestCaller(t *testing.T) {
	for _, c := range []struct{ caller, forwarded, want string }{
		{"192.0.2.1:4711", "203.0.113.9", "192.0.2.1"},
		{"10.0.0.7:4711", "198.51.100.1, 203.0.113.9", "203.0.113.9"},
		{"10.0.0.7:4711", "", "10.0.0.7"},
		{"@", "203.0.113.9", "203.0.113.9"},
		{"", "203.0.113.9", ""},
	} {
		o := observe(t, sdktrace.NeverSample(), func(opts *middleware.Options) {
			opts.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
		})
		o.in.Begin(context.Background(), middleware.CallInfo{
			Kind: trace.SpanKindServer, Caller: c.caller, Carrier: propagation.MapCarrier{"x-forwarded-for": c.forwarded},
		}).End(middleware.Result{})
		if got := o.records[0].Caller; got != c.want {
			t.Errorf("%s, forwarded for %q: got %q, want %q", c.caller, c.forwarded, got, c.want)
		}
		more, _ := o.line(t)["additional_info"].(map[string]any)
		if got, _ := more["client_address"].(string); got != c.want {
			t.Errorf("%s: got %q on the line, want %q", c.caller, got, c.want)
		}
	}
}

// TestCause ends calls with errors that are no failure by themselves.
func TestCause(t *testing.T) {
	o := observe(t, sdktrace.AlwaysSample(), nil)
	end := func(r middleware.Result) {
		o.in.Begin(context.Background(), middleware.CallInfo{Operation: "/shop.Orders/List", Kind: trace.SpanKindServer}).End(r)
	}
	end(middleware.Result{Code: "NOT_FOUND", Cause: errNoStock, Attributes: []attribute.KeyValue{attribute.Int("messages", 3)}})
	end(middleware.Result{Code: "INTERNAL", ErrorType: "panic", Err: &middleware.PanicError{Value: "boom", Stack: "main.list(orders.go:12)"}})
	if r := o.records[0]; r.Event.Err != nil || r.Event.Status != 404 || !errors.Is(r.Cause, errNoStock) {
		t.Errorf("got record %+v", r)
	}
	lines := strings.Split(strings.TrimSpace(o.lines.String()), "\n")
	for i, want := range []string{
		`"level":"WARN","application":"users","message":"Request served"`, `"error_message":"dial postgres://bob:REDACTED@db/shop"`,
		`"level":"ERROR","application":"users","message":"Request failed"`, `"stack_trace":"main.list(orders.go:12)"`,
	} {
		if !strings.Contains(lines[i/2], want) {
			t.Errorf("got line %s\nwant %s", lines[i/2], want)
		}
	}
	spans := o.spans.Ended()
	if attributesOf(spans[0])["messages"] != int64(3) {
		t.Errorf("got attributes %v", attributesOf(spans[0]))
	}
	var stack string
	for _, a := range spans[1].Events()[0].Attributes {
		if a.Key == "exception.stacktrace" {
			stack = a.Value.AsString()
		}
	}
	if stack != "main.list(orders.go:12)" {
		t.Errorf("got stack %q", stack)
	}
}

func TestStreamsOfCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, rec := newInstrument(t, nil, listing)
		opts := middleware.FamilyOptions{
			Name: "rpc_server_call_duration_seconds", Help: "Duration of calls.", Labels: []string{"rpc_method"},
			StatusLabel: "rpc_response_status_code", Streams: "rpc_server_active_streams",
		}
		f, err := in.SharedFamily(opts)
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := in.SharedFamily(opts); again != f {
			t.Error("got another family of the same name")
		}
		reg := prometheus.NewPedanticRegistry()
		reg.MustRegister(in)
		left, leave := context.WithCancel(context.Background())
		begin := func(operation string) *middleware.Call {
			return in.Begin(left, middleware.CallInfo{Operation: operation, Kind: trace.SpanKindServer, Family: f, Stream: true})
		}
		watch, unnamed := begin("/shop.Orders/List"), begin("")
		unnamed.SetOperation("/shop.Orders/Watch")
		time.Sleep(2 * time.Second)
		watch.Answered()
		leave()
		time.Sleep(2 * time.Second)
		middleware.WalkCalls(in)
		checkCounts(t, rec, "list", sli.Counts{})
		checkGauge(t, reg, "rpc_server_active_streams", `{/shop.Orders/List} 1`, `{/shop.Orders/Watch} 1`, `{unknown} 0`)
		watch.End(middleware.Result{Code: "OK"})
		unnamed.End(middleware.Result{Code: "OK"})
		checkGauge(t, reg, "rpc_server_active_streams", `{/shop.Orders/List} 0`, `{/shop.Orders/Watch} 0`, `{unknown} 0`)
		checkCounts(t, rec, "list", sli.Counts{Good: 1, Valid: 1})
	})
}

// checkGauge compares a gauge with one label.
func checkGauge(t *testing.T, reg *prometheus.Registry, name string, want ...string) {
	t.Helper()
	families, err := reg.Gather()
	if err != nil {
		t.Error(err)
	}
	var got []string
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if f.GetName() == name {
				got = append(got, fmt.Sprintf("{%s} %v", m.GetLabel()[0].GetValue(), m.GetGauge().GetValue()))
			}
		}
	}
	if slices.Sort(got); !slices.Equal(got, want) {
		t.Errorf("got %s %q, want %q", name, got, want)
	}
}

// TestStreamsThatEndWhileTheyAreNamed ends streams while another goroutine sets
// their operation.
func TestStreamsThatEndWhileTheyAreNamed(t *testing.T) {
	in, _ := newInstrument(t, nil, availability)
	family, err := in.NewFamily(middleware.FamilyOptions{
		Name: "call_duration_seconds", Help: "Duration.", Labels: []string{"method"}, Streams: "active_streams",
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 200_000 {
		c := in.Begin(t.Context(), middleware.CallInfo{Operation: "unknown", Family: family, Stream: true})
		var named sync.WaitGroup
		named.Go(func() { c.SetOperation("Watch") })
		c.End(middleware.Result{})
		named.Wait()
	}
	for _, m := range gather(t, family)["active_streams"].GetMetric() {
		if got := m.GetGauge().GetValue(); got != 0 {
			t.Errorf("got %v streams of %v, want none", got, labels(m))
		}
	}
}

func TestStreamDuration(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := observe(t, sdktrace.NeverSample(), nil)
		for _, answered := range []bool{true, false} {
			c := o.in.Begin(context.Background(), middleware.CallInfo{Stream: true})
			time.Sleep(time.Second)
			if answered {
				c.Answered()
			}
			time.Sleep(time.Minute)
			c.SetGroup("gold")
			c.End(middleware.Result{})
		}
		var got []time.Duration
		for _, r := range o.records {
			got = append(got, r.Event.Duration)
			if r.Event.Group != "gold" {
				t.Errorf("got group %q, want gold", r.Event.Group)
			}
		}
		if diff := cmp.Diff([]time.Duration{time.Second, time.Minute + time.Second}, got); diff != "" {
			t.Errorf("durations (-want +got):\n%s", diff)
		}
	})
}

// TestRequestIDOfCalls follows the ID from the caller's headers to the
// answer's, and from the program's headers to the call that it makes.
func TestRequestIDOfCalls(t *testing.T) {
	for _, c := range []struct {
		kind trace.SpanKind
		sent string
		keep bool
	}{
		{trace.SpanKindServer, "abc-123", true}, {trace.SpanKindServer, "abc 123", false}, {trace.SpanKindServer, "", false},
		{trace.SpanKindClient, "abc-123", true}, {trace.SpanKindClient, "", false},
	} {
		o := observe(t, sdktrace.AlwaysSample(), nil)
		headers, answer := propagation.MapCarrier{}, propagation.MapCarrier{}
		if c.sent != "" {
			headers["x-request-id"] = c.sent
		}
		call := o.in.Begin(context.Background(), middleware.CallInfo{Kind: c.kind, Carrier: headers})
		call.WriteRequestID(answer)
		call.End(middleware.Result{})
		id := o.records[0].RequestID
		if (id == c.sent) != c.keep {
			t.Errorf("%v, sent %q: got %q", c.kind, c.sent, id)
		}
		want := propagation.MapCarrier{}
		if c.kind == trace.SpanKindServer && !c.keep {
			want["x-request-id"] = id
		}
		if diff := cmp.Diff(want, answer); diff != "" {
			t.Errorf("%v, sent %q: answer (-want +got):\n%s", c.kind, c.sent, diff)
		}
		if c.kind == trace.SpanKindClient && headers["x-request-id"] != id {
			t.Errorf("sent %v, want %q", headers, id)
		}
	}
}

func TestSpanLabel(t *testing.T) {
	o := observe(t, sdktrace.AlwaysSample(), nil)
	f, err := o.in.NewFamily(middleware.FamilyOptions{
		Name: "rpc_server_call_duration_seconds", Help: "Duration of calls.", Labels: []string{"rpc_system_name", "rpc_method"},
		SpanLabel: "rpc_method", Attributes: []attribute.KeyValue{attribute.String("rpc.system.name", "grpc")},
	})
	if err != nil {
		t.Fatal(err)
	}
	o.in.Begin(context.Background(), middleware.CallInfo{
		Operation: "/shop.Orders/List", Kind: trace.SpanKindServer, Family: f, Labels: []string{"grpc", "shop.Orders/List"}, Caller: "192.0.2.1:4711",
	}).End(middleware.Result{})
	span := o.spans.Ended()[0]
	if got := attributesOf(span); span.Name() != "shop.Orders/List" || got["rpc.system.name"] != "grpc" || got["client.address"] != "192.0.2.1" {
		t.Errorf("got span %q with %v", span.Name(), got)
	}
}

// TestAllowedByTheCallersClock has a caller that allows as long as the bound,
// and whose clock has run when it says so.
func TestAllowedByTheCallersClock(t *testing.T) {
	within := listing
	within.Good.Within = 100 * time.Millisecond
	for allowed, want := range map[time.Duration]sli.Counts{
		99_950 * time.Microsecond: {Good: 1, Valid: 1}, 98_950 * time.Microsecond: {},
	} {
		in, rec := newInstrument(t, nil, within)
		in.Begin(context.Background(), middleware.CallInfo{
			Operation: "/shop.Orders/List", Kind: trace.SpanKindServer, Allowed: allowed,
		}).End(middleware.Result{Code: "OK"})
		checkCounts(t, rec, "list", want)
	}
}

func TestCount(t *testing.T) {
	grouped := listing
	grouped.Name, grouped.Good.Within, grouped.Groups = "messages", time.Second, sli.Groups{Values: []string{"gold"}}
	rec, err := sli.NewRecorder(grouped)
	if err != nil {
		t.Fatal(err)
	}
	in, err := middleware.New(rec, &middleware.Options{RequestID: &middleware.IDOptions{}, Done: func(middleware.Record) { t.Error("a record") }})
	if err != nil {
		t.Fatal(err)
	}
	info := middleware.CallInfo{Operation: "/shop.Orders/List", Kind: trace.SpanKindServer, Group: "gold"}
	in.Count(info, time.Second, middleware.Result{Code: "OK"})
	in.Count(info, time.Second+1, middleware.Result{Code: "OK"})
	in.Count(info, 0, middleware.Result{Code: "INTERNAL", ErrorType: "INTERNAL"})
	info.Omit = middleware.SignalMetrics
	in.Count(info, 0, middleware.Result{Code: "OK"})
	info.Omit = middleware.SignalEvent
	in.Count(info, 0, middleware.Result{Code: "OK"})
	for _, g := range rec.Report().Indicators[0].Groups {
		if want := (sli.Counts{Good: 2, Valid: 4}); g.Name == "gold" && g.Counts != want {
			t.Errorf("got %v, want %v", g.Counts, want)
		}
	}
	if got := testutil.CollectAndCount(in, "sli_operation_duration_seconds"); got != 2 {
		t.Errorf("got %d series, want 2", got)
	}
}

// TestServes asks within a handler who measures the request.
func TestServes(t *testing.T) {
	for _, signals := range []bool{false, true} {
		for contentType, want := range map[string]bool{"application/grpc": true, "application/grpc+proto": true, "application/json": false} {
			var event sli.Event
			opts := &middleware.Options{Done: func(r middleware.Record) { event = r.Event }}
			if signals {
				opts.RequestID = &middleware.IDOptions{}
			}
			in, _ := newInstrument(t, opts)
			other, _ := newInstrument(t, nil)
			mux := http.NewServeMux()
			mux.HandleFunc("POST /shop.Orders/{method}", func(_ http.ResponseWriter, r *http.Request) {
				if in.Serves(r.Context()) != want || other.Serves(r.Context()) {
					t.Errorf("signals %t, %s: got %t, want %t", signals, contentType, !want, want)
				}
			})
			r := httptest.NewRequest("POST", "/shop.Orders/List", strings.NewReader("Lora"))
			r.Header.Set("Content-Type", contentType)
			in.Handler(mux).ServeHTTP(httptest.NewRecorder(), r)
			if event.Operation != "POST /shop.Orders/{method}" || r.Pattern == "" {
				t.Errorf("signals %t, %s: got operation %q and pattern %q", signals, contentType, event.Operation, r.Pattern)
			}
		}
	}
}

func TestMinDeadline(t *testing.T) {
	for _, c := range []struct {
		min, allowed time.Duration
		want         sli.Counts
	}{
		{0, 9 * time.Millisecond, sli.Counts{}}, {0, 10 * time.Millisecond, sli.Counts{Good: 1, Valid: 1}},
		{-1, time.Nanosecond, sli.Counts{Good: 1, Valid: 1}},
		{time.Second, 900 * time.Millisecond, sli.Counts{}}, {time.Second, time.Second, sli.Counts{Good: 1, Valid: 1}},
	} {
		in, rec := newInstrument(t, &middleware.Options{MinDeadline: c.min}, listing)
		in.Begin(context.Background(), middleware.CallInfo{
			Operation: "/shop.Orders/List", Kind: trace.SpanKindServer, Allowed: c.allowed,
		}).End(middleware.Result{Code: "OK"})
		checkCounts(t, rec, "list", c.want)
		r := httptest.NewRequest("POST", "/shop.Orders/List", nil)
		r.Header.Set("Content-Type", "application/grpc")
		r.Header.Set("Grpc-Timeout", fmt.Sprint(c.allowed.Nanoseconds()/1000, "u"))
		if c.allowed < time.Microsecond {
			r.Header.Set("Grpc-Timeout", "1n")
		}
		mux := http.NewServeMux()
		mux.HandleFunc("POST /shop.Orders/List", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/grpc")
			w.Header().Set("Grpc-Status", "0")
		})
		in.Handler(mux).ServeHTTP(httptest.NewRecorder(), r)
		c.want.Good, c.want.Valid = 2*c.want.Good, 2*c.want.Valid
		if c.min >= 0 {
			checkCounts(t, rec, "list", c.want)
		}
	}
}

func TestSizesOfAFamily(t *testing.T) {
	in, _ := newInstrument(t, nil)
	opts := middleware.FamilyOptions{
		Name: "rpc_server_call_duration_seconds", Help: "Duration of calls.",
		Sizes: []middleware.SizeOptions{
			{Name: "rpc_server_request_size_bytes", Help: "Size of requests."},
			{Name: "rpc_server_request_messages", Help: "Number of requests.", Buckets: []int64{10, 1}},
		},
	}
	f, err := in.NewFamily(opts)
	if err != nil {
		t.Fatal(err)
	}
	for _, sizes := range [][]int64{{2000, 2}, {-1, 3}, {5}, nil, {7, 8, 9}} {
		in.Begin(context.Background(), middleware.CallInfo{Family: f}).End(middleware.Result{Sizes: sizes})
	}
	reg := prometheus.NewPedanticRegistry()
	reg.MustRegister(f)
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	got := make(map[string]string)
	for _, family := range families {
		h := family.GetMetric()[0].GetHistogram()
		got[family.GetName()] = fmt.Sprint(h.GetSampleCount(), " ", h.GetSampleSum(), " ", len(h.GetBucket()))
	}
	delete(got, "rpc_server_call_duration_seconds")
	want := map[string]string{"rpc_server_request_size_bytes": "3 2012 7", "rpc_server_request_messages": "3 13 2"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	opts.Sizes = []middleware.SizeOptions{{Name: "a-b", Buckets: []int64{1, 0}}}
	_, err = in.NewFamily(opts)
	mistakes := `Sizes[0].Name: invalid metric name "a-b"
Sizes[0].Help: help text is empty
Sizes[0].Buckets[1]: invalid bound 0: want a positive number`
	if diff := cmp.Diff(mistakes, fmt.Sprint(err)); diff != "" {
		t.Errorf("mistakes (-want +got):\n%s", diff)
	}
}
