package tracing_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/redact"
	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/console"
	"github.com/sligo-go/sligo/tracing/otlp"
	"github.com/sligo-go/sligo/tracing/tracingtest"
	"github.com/sligo-go/sligo/tracing/zipkin"
)

// exported returns the span that an exporter receives if use sets up the span.
func exported(t *testing.T, opts tracing.Options, use func(trace.Span)) tracetest.SpanStub {
	t.Helper()
	var kept keeper
	opts.Exporters = []tracing.Exporter{kept.exporter()}
	tr := begin(t, &opts)
	_, s := tr.TracerProvider().Tracer("t").Start(context.Background(), "GET /users/{userid}")
	use(s)
	s.End()
	if err := tr.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	return kept.spans[0]
}

const secret = "hunter2Xk29"

// TestSecretAttributes checks each kind of attribute that may hold a secret.
func TestSecretAttributes(t *testing.T) {
	const hidden = redact.Replacement
	tests := []struct {
		attr attribute.KeyValue
		want string // the exported value
	}{
		// By name.
		{attribute.String("password", secret), hidden},
		{attribute.String("app.api_key", secret), hidden},
		{attribute.Int("pin", 1234), hidden},
		{attribute.Float64("password", 12.5), hidden},
		{attribute.Int64Slice("pin", []int64{1234, 5678}), fmt.Sprintf(`["%s","%[1]s"]`, hidden)},
		{attribute.Float64Slice("password", []float64{1.5}), fmt.Sprintf(`["%s"]`, hidden)},
		{attribute.StringSlice("passwords", []string{secret}), fmt.Sprintf(`["%s"]`, hidden)},
		{attribute.ByteSlice("password", []byte{0xff, 0xfe}), hidden},
		// Headers, by their list.
		{attribute.StringSlice("http.request.header.authorization", []string{"Bearer " + secret}), fmt.Sprintf(`["%s"]`, hidden)},
		{attribute.StringSlice("http.request.header.x-assertion", []string{secret}), fmt.Sprintf(`["%s"]`, hidden)},
		{attribute.String("http.response.header.set_cookie", "a="+secret), hidden},
		{attribute.StringSlice("rpc.grpc.request.metadata.x-session", []string{secret}), fmt.Sprintf(`["%s"]`, hidden)},
		// URLs.
		{attribute.String("url.full", "https://bob:"+secret+"@db/x?id=5"), "https://bob:REDACTED@db/x?id=5"},
		{attribute.String("http.url", "https://db/x?token="+secret+"&id=5"), "https://db/x?token=REDACTED&id=5"},
		{attribute.String("url.query", "id=5&access_token="+secret), "id=5&access_token=REDACTED"},
		{attribute.String("http.target", "/x?sig="+secret), "/x?sig=REDACTED"},
		// Free text.
		{attribute.String("db.query.text", "set password = '"+secret+"' where id = 5"), "set password = 'REDACTED' where id = 5"},
		{attribute.String("db.statement", "select 1 where password='"+secret+"' and id=5"), "select 1 where password='REDACTED' and id=5"},
		{attribute.String("process.command_line", "app --password "+secret+" -v"), "app --password REDACTED -v"},
		{attribute.StringSlice("process.command_args", []string{"app", "--password", secret, "-v"}), `["app","--password","REDACTED","-v"]`},
		{attribute.StringSlice("args", []string{"a", "token=" + secret}), `["a","token=REDACTED"]`},
		{attribute.String("body", `{"user":"bob","password":"`+secret+`"}`), `{"user":"bob","password":"REDACTED"}`},
		{attribute.ByteSlice("body", []byte("password="+secret)), "password=REDACTED"},
		// Nested values.
		{attribute.Map("request", attribute.String("user", "bob"), attribute.String("password", secret)), `{"password":"REDACTED","user":"bob"}`},
		{attribute.Slice("all", attribute.StringValue("a"), attribute.StringValue("token="+secret)), `["a","token=REDACTED"]`},
	}
	for _, test := range tests {
		t.Run(string(test.attr.Key), func(t *testing.T) {
			got := exported(t, tracing.Options{}, func(s trace.Span) {
				s.SetAttributes(attribute.String("first", "1"), test.attr, attribute.String("last", "9"))
			})
			if len(got.Attributes) != 3 || got.Attributes[0].Value.AsString() != "1" || got.Attributes[2].Value.AsString() != "9" {
				t.Fatalf("other attributes change: %v", got.Attributes)
			}
			if value := got.Attributes[1].Value.String(); value != test.want {
				t.Errorf("got %s, want %s", value, test.want)
			}
		})
	}
}

// TestPlainAttributes checks that ordinary attributes keep their values and
// types.
func TestPlainAttributes(t *testing.T) {
	want := []attribute.KeyValue{
		attribute.String("http.request.method", "GET"),
		attribute.Int("http.response.status_code", 200),
		attribute.String("http.route", "/users/{userid}"),
		attribute.String("url.full", "https://api.example.com/users/123?sort=name"),
		attribute.String("server.address", "api.example.com"),
		attribute.String("user_agent.original", "curl/8.5.0"),
		attribute.String("db.query.text", "SELECT name FROM users WHERE id = $1 AND password = $2"),
		attribute.String("k8s.pod.uid", "275ecb36-5aa8-4c2a-9c47-d8bb681b9aff"),
		attribute.Int("gen_ai.usage.input_tokens", 4096),
		attribute.StringSlice("http.request.header.accept", []string{"text/html", "*/*"}),
		attribute.StringSlice("http.request.header.content_type", []string{"text/html"}),
		attribute.Bool("password", true),
		attribute.BoolSlice("flags", []bool{true, false}),
		attribute.Int64Slice("sizes", []int64{1, 2}),
		attribute.Float64Slice("ratios", []float64{0.5, 1e6}),
		attribute.StringSlice("names", []string{"a", "<b>", "\"c\""}),
		attribute.ByteSlice("raw", []byte{0xff, 0xfe}),
		attribute.ByteSlice("text", []byte("hello")),
		attribute.Map("request", attribute.String("user", "bob"), attribute.Int("size", 5)),
		attribute.Slice("all", attribute.StringValue("a"), attribute.IntValue(5)),
		attribute.String("empty", ""),
	}
	got := exported(t, tracing.Options{}, func(s trace.Span) { s.SetAttributes(want...) })
	for i, kv := range want {
		if got := got.Attributes[i]; got != kv && got.Value.String() != kv.Value.String() || got.Value.Type() != kv.Value.Type() {
			t.Errorf("%s: got %v %s, want %v %s", kv.Key, got.Value.Type(), got.Value.String(), kv.Value.Type(), kv.Value.String())
		}
	}
}

// secretEverywhere puts a secret into each part of a span.
func secretEverywhere(s trace.Span) {
	text := "dial postgres://bob:" + secret + "@db:5432/shop"
	s.SetName("GET /reset?token=" + secret)
	s.SetAttributes(attribute.String("password", secret))
	s.SetStatus(codes.Error, text)
	s.AddEvent("login password="+secret, trace.WithAttributes(attribute.String("api_key", secret)))
	s.RecordError(fmt.Errorf("%s", text), trace.WithAttributes(attribute.String("exception.stacktrace", text+"\nmain.go:12")))
	s.AddLink(trace.Link{
		SpanContext: trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{1}}),
		Attributes:  []attribute.KeyValue{attribute.String("password", secret)},
	})
}

// TestSecretParts checks each part of a span that may hold a secret.
func TestSecretParts(t *testing.T) {
	got := exported(t, tracing.Options{Resource: []attribute.KeyValue{
		attribute.StringSlice("process.command_args", []string{"app", "--password", secret}),
	}}, secretEverywhere)
	const text = "dial postgres://bob:REDACTED@db:5432/shop"
	args, _ := got.Resource.Set().Value("process.command_args")
	event, exception := got.Events[0], got.Events[1]
	for _, part := range []struct{ name, got, want string }{
		{"name", got.Name, "GET /reset?token=REDACTED"},
		{"attribute", got.Attributes[0].Value.String(), "REDACTED"},
		{"status", got.Status.Description, text},
		{"event", event.Name, "login password=REDACTED"},
		{"attribute of an event", event.Attributes[0].Value.String(), "REDACTED"},
		{"exception", exception.Name, "exception"},
		{"attribute of a link", got.Links[0].Attributes[0].Value.String(), "REDACTED"},
		{"resource", args.String(), `["app","--password","REDACTED"]`},
	} {
		if part.got != part.want {
			t.Errorf("%s: got %q, want %q", part.name, part.got, part.want)
		}
	}
	byKey := make(map[attribute.Key]string)
	for _, kv := range exception.Attributes {
		byKey[kv.Key] = kv.Value.String()
	}
	want := map[attribute.Key]string{"exception.type": "*fmt.wrapError", "exception.message": text, "exception.stacktrace": text + "\nmain.go:12"}
	want["exception.type"] = byKey["exception.type"]
	if diff := cmp.Diff(want, byKey); diff != "" {
		t.Errorf("exception (-want +got):\n%s", diff)
	}
	if got.Status.Code != codes.Error || !got.Links[0].SpanContext.IsValid() || event.Time.IsZero() {
		t.Errorf("redaction changes other parts: %v", got)
	}
}

// bodies is a transport that keeps the bodies of requests.
type bodies struct {
	mu   sync.Mutex
	text bytes.Buffer
	tracingtest.Receiver
}

func (b *bodies) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	b.text.Write(body)
	b.mu.Unlock()
	r.Body = io.NopCloser(bytes.NewReader(body))
	return b.Receiver.RoundTrip(r)
}

// TestSecretsInExporters checks the bytes that each exporter writes, and the
// spans that the program's processors see.
func TestSecretsInExporters(t *testing.T) {
	var jaeger, zipkins bodies
	var out, seen bytes.Buffer
	tr := begin(t, &tracing.Options{
		Exporters: []tracing.Exporter{
			otlp.Exporter(&otlp.Options{Transport: &jaeger}),
			zipkin.Exporter(&zipkin.Options{Transport: &zipkins}),
			console.Exporter(&console.Options{Writer: &out}),
		},
		Processors: []sdktrace.SpanProcessor{&spy{end: func(s sdktrace.ReadOnlySpan) {
			fmt.Fprintf(&seen, "%+v", tracetest.SpanStubFromReadOnlySpan(s))
		}}},
		Resource: []attribute.KeyValue{attribute.String("app.password", secret)},
	})
	_, s := tr.TracerProvider().Tracer("t", trace.WithInstrumentationAttributes(attribute.String("password", secret))).Start(t.Context(), "a")
	secretEverywhere(s)
	s.End()
	if err := tr.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"otlp": jaeger.text.String(), "zipkin": zipkins.text.String(), "console": out.String(), "a processor": seen.String()} {
		if strings.Contains(text, secret) || !strings.Contains(text, redact.Replacement) {
			t.Errorf("%s has the secret:\n%s", name, text)
		}
	}
}

// TestRedactor checks that the program's policy decides, also in a processor.
func TestRedactor(t *testing.T) {
	policy, err := redact.New(&redact.Policy{Keys: []string{"tenant"}, Plain: []string{"session.id"}, Headers: []string{"x-shard"}})
	if err != nil {
		t.Fatal(err)
	}
	attrs := []attribute.KeyValue{
		attribute.String("tenant", "acme"), attribute.String("session.id", "s1"),
		attribute.StringSlice("http.request.header.x-shard", []string{"7"}),
	}
	want := []string{redact.Replacement, "s1", `["7"]`}
	check := func(got []attribute.KeyValue) {
		t.Helper()
		for i, kv := range got {
			if kv.Value.String() != want[i] {
				t.Errorf("%s: got %s, want %s", kv.Key, kv.Value.String(), want[i])
			}
		}
	}
	check(exported(t, tracing.Options{Redactor: policy}, func(s trace.Span) { s.SetAttributes(attrs...) }).Attributes)

	var kept keeper
	p, provider := newProcessor(t, tracing.ProcessorOptions{Redactor: policy}, []tracing.Exporter{kept.exporter()},
		sdktrace.WithResource(resource.NewSchemaless(attribute.String("tenant", "acme"), attribute.String("service.name", "users"))))
	_, s := provider.Tracer("t").Start(t.Context(), "a", trace.WithAttributes(attrs...))
	s.End()
	if err := p.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	check(kept.spans[0].Attributes)
	if got, want := kept.spans[0].Resource.String(), "service.name=users,tenant=REDACTED"; got != want {
		t.Errorf("resource: got %s, want %s", got, want)
	}
}

// TestSecretsOfKeptSpans checks that the spans that the tail keeps are
// redacted.
func TestSecretsOfKeptSpans(t *testing.T) {
	sampling := tracing.Sampling{Root: sdktrace.NeverSample(), Tail: &tracing.Tail{}}
	got := exported(t, tracing.Options{Sampling: sampling}, secretEverywhere)
	if text := fmt.Sprintf("%+v", got); strings.Contains(text, secret) {
		t.Errorf("got %s", text)
	}
}

// TestRedactionIsShared checks that spans without secrets are not copied, and
// that all spans share their redacted resource.
func TestRedactionIsShared(t *testing.T) {
	var kept keeper
	tr := begin(t, &tracing.Options{
		Exporters: []tracing.Exporter{kept.exporter()},
		Resource:  []attribute.KeyValue{attribute.String("password", secret)},
	})
	span(tr, "a")
	span(tr, "b")
	if err := tr.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	if kept.spans[0].Resource != kept.spans[1].Resource {
		t.Error("two resources")
	}
}

// TestEndDoesNotRedact checks that redaction costs the service's goroutine
// nothing: it happens when an exporter reads the span.
func TestEndDoesNotRedact(t *testing.T) {
	run := func(provider trace.TracerProvider, value string) float64 {
		tracer := provider.Tracer("t")
		return testing.AllocsPerRun(1000, func() {
			_, s := tracer.Start(context.Background(), "a")
			s.SetAttributes(attribute.String("text", value))
			s.End()
		})
	}
	provider := func(sampler sdktrace.Sampler) trace.TracerProvider {
		return begin(t, &tracing.Options{
			Exporters: []tracing.Exporter{(&fake{}).exporter("a")},
			Sampling:  tracing.Sampling{Root: sampler},
			Batch:     tracing.Batch{Queue: 1 << 14, Size: 1 << 14, Delay: time.Hour},
		}).TracerProvider()
	}
	if hidden, plain := run(provider(nil), "password="+secret), run(provider(nil), "plain"); hidden > plain {
		t.Errorf("a span with a secret allocates %v times, one without %v times", hidden, plain)
	}
	sdk := sdktrace.NewTracerProvider(sdktrace.WithSampler(sdktrace.NeverSample()))
	if ours, theirs := run(provider(sdktrace.NeverSample()), "password="+secret), run(sdk, "plain"); ours > theirs {
		t.Errorf("an unsampled span allocates %v times, with the SDK alone %v times", ours, theirs)
	}
}

// BenchmarkRedaction measures the redaction of a span of an HTTP request, which
// takes place in the exporter's goroutine.
func BenchmarkRedaction(b *testing.B) {
	recorder := tracetest.NewSpanRecorder()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder))
	_, s := provider.Tracer("t").Start(context.Background(), "GET /users/{userid}")
	s.SetAttributes(
		attribute.String("http.request.method", "GET"),
		attribute.Int("http.response.status_code", 200),
		attribute.String("http.route", "/users/{userid}"),
		attribute.String("url.full", "https://api.example.com/users/123?sort=name"),
		attribute.String("server.address", "api.example.com"),
		attribute.String("user_agent.original", "curl/8.5.0"),
		attribute.String("network.peer.address", "10.0.0.1"),
		attribute.String("db.query.text", "SELECT name FROM users WHERE id = $1"),
	)
	s.End()
	ended := recorder.Ended()[0]
	b.ReportAllocs()
	for b.Loop() {
		tracing.RedactedName(ended)
	}
}
