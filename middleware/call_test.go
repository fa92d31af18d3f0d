package middleware_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
)

var importing = sli.Indicator{
	Service: "shop", Name: "import", Requests: []string{"import"}, Patience: 10 * time.Second,
}

var errNoStock = errors.New("dial postgres://bob:hunter2@db/shop")

// TestVerdictsOfWork has the rows of the table in the package documentation,
// and more.
func TestVerdictsOfWork(t *testing.T) {
	canceled := func(cause error) func(context.Context) error {
		return func(ctx context.Context) error {
			ctx, cancel := context.WithCancelCause(ctx)
			cancel(cause)
			return ctx.Err()
		}
	}
	cases := []struct {
		name      string
		work      func(context.Context) error
		within    time.Duration // deadline of the caller's context, or 0
		cancel    time.Duration // after which the caller leaves, or 0
		cause     error         // of it
		errorType string
		good      uint64
		valid     uint64
	}{
		{name: "returned nil", work: func(context.Context) error { return nil }, good: 1, valid: 1},
		{name: "returned an error", work: func(context.Context) error { return errNoStock }, errorType: "_OTHER", valid: 1},
		{name: "a wrapped deadline", work: func(context.Context) error { return fmt.Errorf("query: %w", context.DeadlineExceeded) }, errorType: "timeout", valid: 1},
		{name: "returned context.DeadlineExceeded", within: time.Second, work: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }, errorType: "timeout", valid: 1},
		{name: "returned context.Canceled before the bound", cancel: time.Second, work: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }, errorType: "canceled"},
		{name: "returned context.Canceled after the bound", cancel: 11 * time.Second, work: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }, errorType: "canceled", valid: 1},
		{name: "the program canceled the context with a cause", cancel: 11 * time.Second, cause: errNoStock, work: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }, errorType: "canceled"},
		{name: "the work canceled itself", work: canceled(errNoStock), errorType: "canceled"},
		{name: "the caller left, and the work succeeded", cancel: time.Second, work: func(ctx context.Context) error { <-ctx.Done(); return nil }, good: 1, valid: 1},
		{name: "panicked", work: func(context.Context) error { panic("boom") }, errorType: "panic", valid: 1},
		{name: "called runtime.Goexit", work: func(context.Context) error { runtime.Goexit(); return nil }, errorType: "aborted", valid: 1},
	}
	documented := documentedWork(t)
	for _, c := range cases {
		verdict := [...]string{"ignored", "bad", "good"}[c.good+c.valid]
		if row, ok := documented[c.name]; ok && row != [2]string{c.errorType, verdict} {
			t.Errorf("%s: documented as %q, want %q %s", c.name, row, c.errorType, verdict)
		}
		delete(documented, c.name)
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var record middleware.Record
				in, rec := newInstrument(t, &middleware.Options{Done: func(r middleware.Record) { record = r }}, importing)
				ctx := context.Background()
				if c.within > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, c.within)
					defer cancel()
				}
				if c.cancel > 0 {
					var cancel context.CancelCauseFunc
					ctx, cancel = context.WithCancelCause(ctx)
					time.AfterFunc(c.cancel, func() { cancel(c.cause) })
				}
				var wg sync.WaitGroup
				wg.Go(func() {
					defer func() { _ = recover() }()
					_ = in.Do(ctx, "import", c.work)
				})
				wg.Wait()
				if record.ErrorType != c.errorType {
					t.Errorf("got error type %q, want %q", record.ErrorType, c.errorType)
				}
				checkCounts(t, rec, "import", sli.Counts{Good: c.good, Valid: c.valid})
			})
		})
	}
	if len(documented) > 0 {
		t.Errorf("rows without a test: %v", documented)
	}
}

// documentedWork returns the error type and the verdict by row of the table in
// the package documentation.
func documentedWork(t *testing.T) map[string][2]string {
	t.Helper()
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(text), "the function of Do ")
	table, _, _ = strings.Cut(table, "\n// The context's deadline")
	rows := make(map[string][2]string)
	row := regexp.MustCompile(`(?m)^//\t(\S.*?) {2,}(\S+)? +(good|bad|ignored)$`)
	for _, m := range row.FindAllStringSubmatch(table, -1) {
		rows[m[1]] = [2]string{m[2], m[3]}
	}
	if len(rows) != 8 {
		t.Fatalf("got %d rows, want 8", len(rows))
	}
	return rows
}

func TestDoPanicsOn(t *testing.T) {
	in, _ := newInstrument(t, nil)
	defer func() {
		if got, _ := recover().(error); !errors.Is(got, errNoStock) {
			t.Errorf("got panic %v, want %v", got, errNoStock)
		}
	}()
	_ = in.Do(context.Background(), "import", func(context.Context) error { panic(errNoStock) })
}

func TestDoReturnsTheError(t *testing.T) {
	in, _ := newInstrument(t, nil)
	if err := in.Do(context.Background(), "", func(context.Context) error { return errNoStock }); !errors.Is(err, errNoStock) {
		t.Errorf("got %v, want %v", err, errNoStock)
	}
}

// TestSignalsOfWorkAgree reads all signals of a message that a service consumes
// and the call that it makes for it.
func TestSignalsOfWorkAgree(t *testing.T) {
	o := observe(t, sdktrace.AlwaysSample(), nil)
	received := propagation.MapCarrier{
		"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "x-request-id": "abc-123",
	}
	c := o.in.Begin(context.Background(), middleware.CallInfo{
		Operation: "process orders", Kind: trace.SpanKindConsumer, Carrier: received,
		Attributes: []attribute.KeyValue{attribute.String("messaging.system", "kafka")},
	})
	logging.SetUser(c.Context(), "lora")
	sent := propagation.MapCarrier{}
	query := o.in.Begin(c.Context(), middleware.CallInfo{Operation: "charge", Kind: trace.SpanKindClient, Carrier: sent})
	query.End(middleware.Result{Code: "UNAVAILABLE", Err: errNoStock})
	c.EndError(nil)
	c.EndError(errNoStock) // has no effect
	spans := o.spans.Ended()
	inner, outer := spans[0], spans[1]
	if got := outer.Parent().SpanID().String(); got != "b7ad6b7169203331" || inner.Parent().SpanID() != outer.SpanContext().SpanID() {
		t.Errorf("got parents %v and %v", outer.Parent(), inner.Parent())
	}
	if outer.SpanKind() != trace.SpanKindConsumer || inner.SpanKind() != trace.SpanKindClient || outer.Name() != "process orders" {
		t.Errorf("got %v %q and %v", outer.SpanKind(), outer.Name(), inner.SpanKind())
	}
	wantSent := propagation.MapCarrier{
		"x-request-id": "abc-123",
		"traceparent":  "00-0af7651916cd43dd8448eb211c80319c-" + inner.SpanContext().SpanID().String() + "-01",
	}
	if diff := cmp.Diff(wantSent, sent); diff != "" {
		t.Errorf("sent headers (-want +got):\n%s", diff)
	}
	if got := inner.Status(); got.Code != codes.Error || got.Description != "dial postgres://bob:REDACTED@db/shop" {
		t.Errorf("got status %+v", got)
	}
	wantAttributes := map[string]any{"messaging.system": "kafka", "request_id": "abc-123"}
	if diff := cmp.Diff(wantAttributes, attributesOf(outer)); diff != "" {
		t.Errorf("attributes (-want +got):\n%s", diff)
	}
	lines := strings.Split(strings.TrimSpace(o.lines.String()), "\n")
	if len(lines) != 2 || !strings.Contains(lines[0], `"message":"Operation failed","user_id":"lora","request_id":"abc-123"`) ||
		!strings.Contains(lines[0], `"code":"UNAVAILABLE"`) || strings.Contains(lines[0], "hunter2") ||
		!strings.Contains(lines[1], `"level":"INFO","application":"users","message":"Operation completed","user_id":"lora"`) ||
		!strings.Contains(lines[1], `"operation":"process orders"`) {
		t.Errorf("got lines\n%s", o.lines.String())
	}
	if len(o.records) != 2 || o.records[0].Event.Operation != "charge" || o.records[1].RequestID != "abc-123" || o.records[1].ErrorType != "" {
		t.Errorf("got records %+v", o.records)
	}
}

func TestWorkInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, rec := newInstrument(t, nil, importing)
		within, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		in.Begin(within, middleware.CallInfo{Operation: "import"})
		answered := in.Begin(within, middleware.CallInfo{Operation: "import"})
		answered.Answered()
		left, leave := context.WithCancel(context.Background())
		in.Begin(left, middleware.CallInfo{Operation: "import"})
		waits := in.Begin(context.Background(), middleware.CallInfo{Operation: "import"})
		leave()
		time.Sleep(2 * time.Second)
		middleware.Walk(in)
		checkCounts(t, rec, "import", sli.Counts{Valid: 1})
		time.Sleep(9 * time.Second)
		middleware.Walk(in)
		checkCounts(t, rec, "import", sli.Counts{Valid: 2})
		if got := rec.Report().Indicators[0].Overdue; got != 1 {
			t.Errorf("got %d overdue calls, want 1", got)
		}
		waits.EndError(nil)
		answered.End(middleware.Result{Err: errNoStock, TimedOut: true})
		checkCounts(t, rec, "import", sli.Counts{Good: 1, Valid: 4})
	})
}

func TestOperationsAreBounded(t *testing.T) {
	in, _ := newInstrument(t, nil)
	for i := range 3000 {
		c := in.Begin(context.Background(), middleware.CallInfo{Operation: fmt.Sprint("import ", i)})
		c.SetOperation(fmt.Sprint("export ", i))
		c.End(middleware.Result{ErrorType: fmt.Sprint("error ", i)})
	}
	for i := range 3000 {
		in.Begin(context.Background(), middleware.CallInfo{Operation: "export 0"}).End(middleware.Result{ErrorType: fmt.Sprint(i)})
	}
	if got := testutil.CollectAndCount(in, "sli_operation_duration_seconds"); got > 1000+2*101 {
		t.Errorf("got %d series, want at most 1202", got)
	}
}

func TestFamily(t *testing.T) {
	in, _ := newInstrument(t, nil)
	f, err := in.NewFamily(middleware.FamilyOptions{
		Name: "rpc_server_call_duration_seconds", Help: "Duration of calls.", Labels: []string{"rpc_system_name", "rpc_method"},
		StatusLabel: "rpc_response_status_code", Buckets: []time.Duration{time.Second, time.Millisecond},
	})
	if err != nil {
		t.Fatal(err)
	}
	reg := prometheus.NewPedanticRegistry()
	reg.MustRegister(in, f)
	synctest.Test(t, func(*testing.T) {
		info := middleware.CallInfo{Operation: "/shop.Orders/List", Kind: trace.SpanKindServer, Family: f, Labels: []string{"grpc", "shop.Orders/List"}}
		c := in.Begin(context.Background(), info)
		time.Sleep(500 * time.Millisecond)
		c.End(middleware.Result{Code: "OK"})
		in.Begin(context.Background(), info).End(middleware.Result{Code: "UNAVAILABLE", ErrorType: "UNAVAILABLE"})
	})
	want := `# HELP rpc_server_call_duration_seconds Duration of calls.
# TYPE rpc_server_call_duration_seconds histogram
rpc_server_call_duration_seconds_bucket{error_type="",rpc_method="shop.Orders/List",rpc_response_status_code="OK",rpc_system_name="grpc",le="0.001"} 0
rpc_server_call_duration_seconds_bucket{error_type="",rpc_method="shop.Orders/List",rpc_response_status_code="OK",rpc_system_name="grpc",le="1"} 1
rpc_server_call_duration_seconds_bucket{error_type="",rpc_method="shop.Orders/List",rpc_response_status_code="OK",rpc_system_name="grpc",le="+Inf"} 1
rpc_server_call_duration_seconds_sum{error_type="",rpc_method="shop.Orders/List",rpc_response_status_code="OK",rpc_system_name="grpc"} 0.5
rpc_server_call_duration_seconds_count{error_type="",rpc_method="shop.Orders/List",rpc_response_status_code="OK",rpc_system_name="grpc"} 1
rpc_server_call_duration_seconds_bucket{error_type="UNAVAILABLE",rpc_method="shop.Orders/List",rpc_response_status_code="UNAVAILABLE",rpc_system_name="grpc",le="0.001"} 1
rpc_server_call_duration_seconds_bucket{error_type="UNAVAILABLE",rpc_method="shop.Orders/List",rpc_response_status_code="UNAVAILABLE",rpc_system_name="grpc",le="1"} 1
rpc_server_call_duration_seconds_bucket{error_type="UNAVAILABLE",rpc_method="shop.Orders/List",rpc_response_status_code="UNAVAILABLE",rpc_system_name="grpc",le="+Inf"} 1
rpc_server_call_duration_seconds_sum{error_type="UNAVAILABLE",rpc_method="shop.Orders/List",rpc_response_status_code="UNAVAILABLE",rpc_system_name="grpc"} 0
rpc_server_call_duration_seconds_count{error_type="UNAVAILABLE",rpc_method="shop.Orders/List",rpc_response_status_code="UNAVAILABLE",rpc_system_name="grpc"} 1
`
	if err := testutil.GatherAndCompare(reg, strings.NewReader(want), "rpc_server_call_duration_seconds"); err != nil {
		t.Error(err)
	}
}

func TestFamilyMistakes(t *testing.T) {
	in, _ := newInstrument(t, nil)
	_, err := in.NewFamily(middleware.FamilyOptions{Name: "a-b", Labels: []string{"x", "x", "le", "__y"}, StatusLabel: "error_type", Buckets: []time.Duration{0}, Streams: "9", SpanLabel: "y"})
	want := `Name: invalid metric name "a-b"
Help: help text is empty
Streams: invalid metric name "9"
Labels[1]: invalid label "x": want a name that is not taken
Labels[2]: invalid label "le": want a name that is not taken
Labels[3]: invalid label "__y": want a name that is not taken
StatusLabel: invalid label "error_type": want a name that is not taken
SpanLabel: unknown label "y": want one of Labels
Buckets[0]: invalid bound 0s: want a positive duration`
	if diff := cmp.Diff(want, fmt.Sprint(err)); diff != "" {
		t.Errorf("mistakes (-want +got):\n%s", diff)
	}
}

// TestFamilyMetricsDiffer gives one name twice. Each scrape would fail.
func TestFamilyMetricsDiffer(t *testing.T) {
	in, _ := newInstrument(t, nil)
	sizes := []middleware.SizeOptions{{Name: "b_bytes", Help: "B."}, {Name: "b_bytes", Help: "B."}, {Name: "a_seconds", Help: "A."}}
	_, err := in.NewFamily(middleware.FamilyOptions{Name: "a_seconds", Help: "A.", Streams: "a_seconds", Sizes: sizes})
	want := `Streams: duplicate metric name "a_seconds"
Sizes[1].Name: duplicate metric name "b_bytes"
Sizes[2].Name: duplicate metric name "a_seconds"`
	if diff := cmp.Diff(want, fmt.Sprint(err)); diff != "" {
		t.Errorf("mistakes (-want +got):\n%s", diff)
	}
}

func TestClassify(t *testing.T) {
	var got []string
	in, _ := newInstrument(t, &middleware.Options{
		Classify: func(_ context.Context, err error) middleware.Result {
			if errors.Is(err, errNoStock) {
				return middleware.Result{}
			}
			panic("no")
		},
		Done: func(r middleware.Record) { got = append(got, r.ErrorType) },
	})
	for _, err := range []error{nil, errNoStock, errors.New("other")} {
		_ = in.Do(context.Background(), "import", func(context.Context) error { return err })
	}
	if diff := cmp.Diff([]string{"", "", "_OTHER"}, got); diff != "" {
		t.Errorf("error types (-want +got):\n%s", diff)
	}
}

func TestAllocationsOfWork(t *testing.T) {
	in, _ := newInstrument(t, nil, importing)
	ctx, work := context.Background(), func(context.Context) error { return nil }
	if got := testing.AllocsPerRun(1000, func() { _ = in.Do(ctx, "import", work) }); got > 1 {
		t.Errorf("got %v allocations, want 1", got)
	}
}

// TestAllocationsBeyondTheBounds has more operations and results than have
// series of their own. A further one must not copy the maps of all others.
func TestAllocationsBeyondTheBounds(t *testing.T) {
	in, _ := newInstrument(t, nil, importing)
	for i := range 1001 {
		in.Begin(context.Background(), middleware.CallInfo{Operation: fmt.Sprint(i)}).End(middleware.Result{})
		in.Begin(context.Background(), middleware.CallInfo{Operation: "0"}).End(middleware.Result{ErrorType: fmt.Sprint(i)})
	}
	for _, c := range []struct{ operation, errorType string }{{"beyond", ""}, {"0", "beyond"}} {
		got := testing.AllocsPerRun(1000, func() {
			in.Begin(context.Background(), middleware.CallInfo{Operation: c.operation}).End(middleware.Result{ErrorType: c.errorType})
		})
		if got > 1 {
			t.Errorf("%v: got %v allocations, want 1", c, got)
		}
	}
}

// TestCallKinds checks that spans have the kind of their call, and are internal
// if the kind is zero or unknown.
func TestCallKinds(t *testing.T) {
	for kind := trace.SpanKind(-1); kind < 9; kind++ {
		o := observe(t, sdktrace.AlwaysSample(), nil)
		o.in.Begin(context.Background(), middleware.CallInfo{Kind: kind}).EndError(nil)
		want := trace.SpanKindInternal
		if kind >= trace.SpanKindServer && kind <= trace.SpanKindConsumer {
			want = kind
		}
		if got := o.spans.Ended()[0].SpanKind(); got != want {
			t.Errorf("kind %d: the span's is %v, want %v", int(kind), got, want)
		}
	}
}

// checkCounts compares the counts of an indicator.
func checkCounts(t *testing.T, rec *sli.Recorder, name string, want sli.Counts) {
	t.Helper()
	for ind, got := range rec.All() {
		if ind.Name == name && got != want {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
}

// TestNilContext must not crash the reader of the counters.
func TestNilContext(t *testing.T) {
	in, _ := newInstrument(t, nil, dependencies)
	c := in.Begin(nil, middleware.CallInfo{Operation: "//shop", Kind: trace.SpanKindClient}) //nolint:staticcheck // the test is about it
	middleware.WalkCalls(in)
	c.End(middleware.Result{})
	if n := middleware.CallsInFlight(in); n != 0 {
		t.Errorf("%d calls are in flight, want 0", n)
	}
}
