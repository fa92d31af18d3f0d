package otlpgrpc_test

import (
	"context"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
	collectorpb "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/sligo-go/sligo/telemetry"
	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/otlpgrpc"
)

// receiver is a server of OTLP whose responses the test determines.
type receiver struct {
	collectorpb.UnimplementedTraceServiceServer
	// answer returns the response to a try; nil accepts everything.
	answer func(try int) (*collectorpb.ExportTraceServiceResponse, error)

	mu       sync.Mutex
	tries    int
	spans    int
	metadata metadata.MD
}

func (r *receiver) Export(ctx context.Context, request *collectorpb.ExportTraceServiceRequest) (*collectorpb.ExportTraceServiceResponse, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tries++
	r.metadata, _ = metadata.FromIncomingContext(ctx)
	if r.answer != nil {
		if response, err := r.answer(r.tries); response != nil || err != nil {
			return response, err
		}
	}
	for _, ofResource := range request.ResourceSpans {
		for _, ofScope := range ofResource.ScopeSpans {
			r.spans += len(ofScope.Spans)
		}
	}
	return &collectorpb.ExportTraceServiceResponse{}, nil
}

// serve starts a server at an address and returns the address.
func serve(t *testing.T, r *receiver, address string) (string, *grpc.Server) {
	t.Helper()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	return listener.Addr().String(), serveOn(t, r, listener)
}

func environment(pairs ...string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		for _, pair := range pairs {
			if n, value, _ := strings.Cut(pair, "="); n == name {
				return value, true
			}
		}
		return "", false
	}
}

func start(t *testing.T, opts *otlpgrpc.Options, env ...string) *tracing.Provider {
	t.Helper()
	tr, err := tracing.Start(t.Context(), "users", &tracing.Options{
		Exporters: []tracing.Exporter{otlpgrpc.Exporter(opts)},
		LookupEnv: environment(env...),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tr.Shutdown(context.WithoutCancel(t.Context())) })
	return tr
}

// patient returns the context of a shutdown that a busy machine may delay by
// more than the default of 5 s.
func patient(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func spans(tr *tracing.Provider, n, bytes int) {
	attr := trace.WithAttributes(attribute.String("k", strings.Repeat("x", bytes)))
	for range n {
		_, s := tr.TracerProvider().Tracer("t").Start(context.Background(), "GET /users/{userid}", attr)
		s.End()
	}
}

func TestAnswers(t *testing.T) {
	withDetails := func(code codes.Code) error {
		s, err := status.New(code, "busy").WithDetails(&errdetails.RetryInfo{RetryDelay: durationpb.New(time.Millisecond)})
		if err != nil {
			t.Fatal(err)
		}
		return s.Err()
	}
	once := func(err error) func(int) (*collectorpb.ExportTraceServiceResponse, error) {
		return func(try int) (*collectorpb.ExportTraceServiceResponse, error) {
			if try > 1 {
				return nil, nil
			}
			return nil, err
		}
	}
	tests := []struct {
		name         string
		answer       func(int) (*collectorpb.ExportTraceServiceResponse, error)
		done, failed uint64
		text         string // in the error of Shutdown
	}{
		{"accepted", nil, 5, 0, ""},
		{"partial success", func(int) (*collectorpb.ExportTraceServiceResponse, error) {
			return &collectorpb.ExportTraceServiceResponse{PartialSuccess: &collectorpb.ExportTracePartialSuccess{RejectedSpans: 2, ErrorMessage: "too old"}}, nil
		}, 3, 2, "the receiver rejected 2 spans: too old"},
		{"partial success with a long message", func(int) (*collectorpb.ExportTraceServiceResponse, error) {
			return &collectorpb.ExportTraceServiceResponse{PartialSuccess: &collectorpb.ExportTracePartialSuccess{
				RejectedSpans: 2, ErrorMessage: strings.Repeat("x", 5<<20)}}, nil
		}, 3, 2, "the receiver rejected 2 spans: xxx"},
		{"a warning", func(int) (*collectorpb.ExportTraceServiceResponse, error) {
			return &collectorpb.ExportTraceServiceResponse{PartialSuccess: &collectorpb.ExportTracePartialSuccess{ErrorMessage: "old version"}}, nil
		}, 5, 0, ""},
		{"unavailable", once(status.Error(codes.Unavailable, "")), 5, 0, ""},
		{"deadline exceeded", once(status.Error(codes.DeadlineExceeded, "")), 5, 0, ""},
		{"data loss", once(status.Error(codes.DataLoss, "")), 5, 0, ""},
		{"exhausted, with a delay", once(withDetails(codes.ResourceExhausted)), 5, 0, ""},
		{"exhausted, without a delay", once(status.Error(codes.ResourceExhausted, "quota")), 0, 5, "quota"},
		{"too large", once(status.Error(codes.ResourceExhausted, "grpc: received message larger than max (5 vs. 4)")), 5, 0, ""},
		{"rejected", once(status.Error(codes.InvalidArgument, "bad")), 0, 5, "bad"},
		{"rejected, with a delay", once(withDetails(codes.PermissionDenied)), 0, 5, "busy"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := &receiver{answer: test.answer}
			address, _ := serve(t, r, "127.0.0.1:0")
			tr := start(t, &otlpgrpc.Options{Endpoint: "http://" + address})
			spans(tr, 5, 10)
			err := tr.Shutdown(patient(t))
			want := []tracing.Stats{{Exporter: "otlp", Counts: telemetry.Counts{Done: test.done, Failed: test.failed}}}
			if diff := cmp.Diff(want, tr.Stats()); diff != "" {
				t.Errorf("stats (-want +got):\n%s", diff)
			}
			if (err == nil) != (test.text == "") || err != nil && !strings.Contains(err.Error(), test.text) {
				t.Errorf("Shutdown: %v", err)
			}
		})
	}
}

// TestReceiverStartsLate sends spans before the receiver starts.
func TestReceiverStartsLate(t *testing.T) {
	r := &receiver{}
	address, server := serve(t, r, "127.0.0.1:0")
	server.Stop()
	tr := start(t, &otlpgrpc.Options{Endpoint: "http://" + address})
	spans(tr, 5, 10)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := tr.ForceFlush(ctx); err == nil {
		t.Error("ForceFlush delivered spans without a receiver")
	}
	serve(t, r, address)
	if err := tr.Shutdown(patient(t)); err != nil || r.spans != 5 {
		t.Errorf("%d arrived, %v", r.spans, err)
	}
}

// TestLargeBatchesAreSentInParts exceeds the limit of a server.
func TestLargeBatchesAreSentInParts(t *testing.T) {
	r := &receiver{}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serveOn(t, r, listener, grpc.MaxRecvMsgSize(3<<19))
	address := listener.Addr().String()
	// With a high limit of its own the exporter learns the server's. A batch
	// has at most 2 MiB and is sent in halves.
	tr := start(t, &otlpgrpc.Options{Endpoint: "http://" + address, MaxBytes: 64 << 20})
	attr := make([]attribute.KeyValue, 3)
	for i := range attr {
		attr[i] = attribute.String(strings.Repeat("k", i+1), strings.Repeat("x", 4096))
	}
	for range 512 {
		_, s := tr.TracerProvider().Tracer("t").Start(t.Context(), "a", trace.WithAttributes(attr...))
		s.End()
	}
	if err := tr.Shutdown(patient(t)); err != nil || r.spans != 512 || r.tries != 6+1 {
		t.Errorf("%d spans in %d messages, %v", r.spans, r.tries, err)
	}
	// With the same limit no message is too large.
	limited := start(t, &otlpgrpc.Options{Endpoint: "http://" + address, MaxBytes: 3 << 19})
	spans(limited, 512, 4096)
	spans(limited, 1, 1)
	if err := limited.Shutdown(patient(t)); err != nil || r.spans != 1025 {
		t.Errorf("%d spans in %d messages, %v", r.spans, r.tries, err)
	}
}

func TestHeaders(t *testing.T) {
	r := &receiver{}
	address, _ := serve(t, r, "127.0.0.1:0")
	tr := start(t, &otlpgrpc.Options{Headers: map[string]string{"X-Key": "code", "X-Other": "o"}},
		"OTEL_EXPORTER_OTLP_ENDPOINT=http://"+address, "OTEL_EXPORTER_OTLP_HEADERS=X-Key=env", "OTEL_EXPORTER_OTLP_COMPRESSION=gzip",
		"OTEL_EXPORTER_OTLP_PROTOCOL=grpc")
	spans(tr, 1, 10)
	if err := tr.Shutdown(patient(t)); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"x-key": "env", "x-other": "o"} {
		if got := r.metadata.Get(name); len(got) != 1 || got[0] != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

// TestBytesThatAreNotUTF8LoseNoBatch sends a batch in which one span has such
// bytes.
func TestBytesThatAreNotUTF8LoseNoBatch(t *testing.T) {
	r := &receiver{}
	address, _ := serve(t, r, "127.0.0.1:0")
	tr := start(t, &otlpgrpc.Options{Endpoint: "http://" + address}, "OTEL_RESOURCE_ATTRIBUTES=k=%FF")
	spans(tr, 400, 10)
	_, s := tr.TracerProvider().Tracer("t\xff").Start(t.Context(), "curl\xff", trace.WithAttributes(attribute.String("k\xff", "\xff")))
	s.End()
	if err := tr.Shutdown(patient(t)); err != nil || r.spans != 401 {
		t.Errorf("%d spans received, want 401; error %v", r.spans, err)
	}
}

func TestExporterTellsItsReceiver(t *testing.T) {
	exporter, err := otlpgrpc.Exporter(&otlpgrpc.Options{Endpoint: "https://collector:4317"}).New(nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(exporter); got != "dns:///collector:4317" {
		t.Errorf("receiver %q, want dns:///collector:4317", got)
	}
}

func TestMistakes(t *testing.T) {
	tests := []struct {
		name string
		opts otlpgrpc.Options
		env  []string
		want []string
	}{
		{"options", otlpgrpc.Options{Endpoint: "jaeger:port", Timeout: -1, MaxBytes: -1, Headers: map[string]string{"a b": ""}}, nil,
			[]string{`Endpoint: invalid port in "jaeger:port"`, "Timeout: invalid duration -1ns: want zero or more", "MaxBytes: invalid size -1: want zero or more", `Headers["a b"]: `}},
		{"a path", otlpgrpc.Options{Endpoint: "http://jaeger:4317/v1/traces"}, nil, []string{"has a path"}},
		{"the environment", otlpgrpc.Options{}, []string{"OTEL_EXPORTER_OTLP_ENDPOINT=localhost:port", "OTEL_EXPORTER_OTLP_INSECURE=1"},
			[]string{"OTEL_EXPORTER_OTLP_ENDPOINT: ", "OTEL_EXPORTER_OTLP_INSECURE: "}},
		{"another name", otlpgrpc.Options{Name: "vendor"}, []string{"OTEL_EXPORTER_OTLP_ENDPOINT=localhost:port"}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			e, err := otlpgrpc.Exporter(&test.opts).New(environment(test.env...))
			if (err == nil) != (test.want == nil) {
				t.Fatalf("got %v", err)
			}
			if shutdown := e.Shutdown(t.Context()); shutdown != nil {
				t.Error(shutdown)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("no %q in\n%v", want, err)
				}
			}
		})
	}
}
