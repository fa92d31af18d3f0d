package otlp_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	otelttest "go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/telemetry"
	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/otlp"
	"github.com/sligo-go/sligo/tracing/tracingtest"
)

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

// spans returns n spans of one trace, each with an attribute of 1 kB.
func spans(n int) []sdktrace.ReadOnlySpan {
	stubs := make(otelttest.SpanStubs, n)
	for i := range stubs {
		stubs[i] = otelttest.SpanStub{
			Name: "GET /users/{userid}",
			SpanContext: trace.NewSpanContext(trace.SpanContextConfig{
				TraceID: trace.TraceID{1}, SpanID: trace.SpanID{byte(i), byte(i >> 8), 1}, TraceFlags: trace.FlagsSampled}),
			Attributes: []attribute.KeyValue{attribute.String("k", strings.Repeat("v", 1000))},
			StartTime:  time.Unix(1, 0), EndTime: time.Unix(2, 0),
		}
	}
	return stubs.Snapshots()
}

// recorded keeps the last request.
type recorded struct {
	*http.Request
	body   []byte
	answer func(http.ResponseWriter)
}

func (r *recorded) RoundTrip(request *http.Request) (*http.Response, error) {
	r.Request = request
	r.body, _ = io.ReadAll(request.Body)
	w := httptest.NewRecorder()
	if r.answer != nil {
		r.answer(w)
	}
	return w.Result(), nil
}

func TestEndpoint(t *testing.T) {
	tests := []struct {
		name     string
		endpoint string
		env      []string
		want     string
	}{
		{"default", "", nil, "http://localhost:4318/v1/traces"},
		{"base", "http://jaeger:4318", nil, "http://jaeger:4318/v1/traces"},
		{"base with a slash", "http://jaeger:4318/", nil, "http://jaeger:4318/v1/traces"},
		{"with a path", "https://x.example/otlp/v1/traces", nil, "https://x.example/otlp/v1/traces"},
		{"environment", "http://a", []string{"OTEL_EXPORTER_OTLP_ENDPOINT=http://b:1"}, "http://b:1/v1/traces"},
		{"environment with a path", "", []string{"OTEL_EXPORTER_OTLP_ENDPOINT=http://b:1/otlp/"}, "http://b:1/otlp/v1/traces"},
		{"environment for traces", "", []string{"OTEL_EXPORTER_OTLP_ENDPOINT=http://b:1", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://c/x"}, "http://c/x"},
		{"environment for traces, the root", "", []string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://c/"}, "http://c/"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var r recorded
			e, err := otlp.Exporter(&otlp.Options{Endpoint: test.endpoint, Transport: &r}).New(environment(test.env...))
			if err != nil {
				t.Fatal(err)
			}
			if err := e.ExportSpans(t.Context(), spans(1)); err != nil {
				t.Fatal(err)
			}
			if got := r.URL.String(); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestMistakes(t *testing.T) {
	file := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		opts otlp.Options
		env  []string
		want []string // parts of the errors
	}{
		{"options", otlp.Options{Endpoint: "jaeger:4318", Timeout: -1, MaxBytes: -1, Headers: map[string]string{"a b": "c"}}, nil,
			[]string{"Endpoint: ", "Timeout: invalid duration -1ns: want zero or more", "MaxBytes: invalid size -1: want zero or more", `Headers["a b"]: invalid header name`}},
		{"the environment", otlp.Options{}, []string{
			"OTEL_EXPORTER_OTLP_ENDPOINT=127.0.0.1:4318", "OTEL_EXPORTER_OTLP_TIMEOUT=10s", "OTEL_EXPORTER_OTLP_COMPRESSION=zstd",
			"OTEL_EXPORTER_OTLP_HEADERS=secret",
			"OTEL_EXPORTER_OTLP_CERTIFICATE=" + file, "OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY=" + file,
		}, []string{
			`OTEL_EXPORTER_OTLP_ENDPOINT: "127.0.0.1:4318" does not begin with http://`, `OTEL_EXPORTER_OTLP_TIMEOUT: invalid duration "10s"`,
			`OTEL_EXPORTER_OTLP_COMPRESSION: invalid compression "zstd": want gzip or none`,
			"OTEL_EXPORTER_OTLP_HEADERS: element 1", "OTEL_EXPORTER_OTLP_CERTIFICATE: ", "OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY: ",
		}},
		{"headers in the form of HTTP", otlp.Options{}, []string{"OTEL_EXPORTER_OTLP_HEADERS=a=b,Authorization: Bearer secret,Authorization: Basic secret=,c=%0asecret"},
			[]string{"OTEL_EXPORTER_OTLP_HEADERS: element 2 ", "OTEL_EXPORTER_OTLP_HEADERS: invalid element", "OTEL_EXPORTER_OTLP_HEADERS: invalid element"}},
		{"missing files", otlp.Options{}, []string{"OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE=/none", "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE=/none"},
			[]string{"OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE: open /none", "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: "}},
		{"files without a key pair", otlp.Options{}, []string{"OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE=" + file, "OTEL_EXPORTER_OTLP_CLIENT_KEY=" + file},
			[]string{"OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: "}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			e, err := otlp.Exporter(&test.opts).New(environment(test.env...))
			if err == nil || e == nil {
				t.Fatalf("exporter %v, error %v", e, err)
			}
			lines := strings.Split(err.Error(), "\n")
			if len(lines) != len(test.want) {
				t.Errorf("%d errors, want %d:\n%v", len(lines), len(test.want), err)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("no %q in\n%v", want, err)
				}
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("a secret in\n%v", err)
			}
		})
	}
}

func TestHeadersAndCompressionFromTheEnvironment(t *testing.T) {
	var r recorded
	env := environment("OTEL_EXPORTER_OTLP_HEADERS=x-key=a%20b", "OTEL_EXPORTER_OTLP_TRACES_COMPRESSION=GZip", "OTEL_EXPORTER_OTLP_COMPRESSION=none")
	e, err := otlp.Exporter(&otlp.Options{Headers: map[string]string{"x-key": "code", "x-other": "o"}, Transport: &r}).New(env)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.ExportSpans(t.Context(), spans(10)); err != nil {
		t.Fatal(err)
	}
	if r.Header.Get("X-Key") != "a b" || r.Header.Get("X-Other") != "o" || r.Header.Get("Content-Encoding") != "gzip" || len(r.body) > 1000 {
		t.Errorf("%v, %d bytes", r.Header, len(r.body))
	}
	named := otlp.Exporter(&otlp.Options{Name: "vendor", Transport: &r})
	if e, err = named.New(env); err != nil {
		t.Fatal(err)
	}
	if err := e.ExportSpans(t.Context(), spans(1)); err != nil || named.Name != "vendor" || r.Header.Get("X-Key") != "" {
		t.Errorf("an exporter with another name reads the environment: %v, %v", r.Header, err)
	}
}

func FuzzResponse(f *testing.F) {
	f.Add([]byte{0x0a, 0x02, 0x08, 0x03})
	f.Fuzz(func(t *testing.T, answer []byte) {
		for _, status := range []int{200, 400} {
			r := recorded{answer: func(w http.ResponseWriter) {
				w.WriteHeader(status)
				_, _ = w.Write(answer)
			}}
			e, err := otlp.Exporter(&otlp.Options{Transport: &r}).New(nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := e.ExportSpans(t.Context(), spans(1)); status == 400 && err == nil {
				t.Error("a response with status 400 is no error")
			}
		}
	})
}

// TestTLS uses a receiver that requires a client certificate and has one of
// its own that the system does not know.
func TestTLS(t *testing.T) {
	var r tracingtest.Receiver
	server := httptest.NewUnstartedServer(&r)
	server.TLS = &tls.Config{MinVersion: tls.VersionTLS12, ClientAuth: tls.RequireAnyClientCert}
	server.StartTLS()
	defer server.Close()
	key, err := x509.MarshalPKCS8PrivateKey(server.TLS.Certificates[0].PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	cert := pemFile(t, "CERTIFICATE", server.Certificate().Raw)
	root, client := "OTEL_EXPORTER_OTLP_CERTIFICATE="+cert, "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE="+cert
	clientKey := "OTEL_EXPORTER_OTLP_CLIENT_KEY=" + pemFile(t, "PRIVATE KEY", key)
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	tests := []struct {
		name string
		tls  *tls.Config
		env  []string
		ok   bool
	}{
		{"environment", nil, []string{root, client, clientKey}, true},
		{"root in the options", &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, []string{client, clientKey}, true},
		{"options", &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12, Certificates: server.TLS.Certificates}, nil, true},
		{"without a root", nil, []string{client, clientKey}, false},
		{"without a client certificate", nil, []string{root}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			e, err := otlp.Exporter(&otlp.Options{Endpoint: server.URL, TLS: test.tls}).New(environment(test.env...))
			if err != nil {
				t.Fatal(err)
			}
			before := len(r.Spans())
			err = e.ExportSpans(t.Context(), spans(1))
			if arrived := len(r.Spans()) > before; arrived != test.ok || (err == nil) != test.ok {
				t.Errorf("arrived: %t, error %v", arrived, err)
			}
			if err := e.Shutdown(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

func pemFile(t *testing.T, kind string, der []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "file.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestLargeBatchesAreSentInParts sends 512 spans of 10 kB with a limit of 1
// MiB. They make two batches of 2 MiB, each sent in halves, and a smaller one.
func TestLargeBatchesAreSentInParts(t *testing.T) {
	var r tracingtest.Receiver
	tr, err := tracing.Start(t.Context(), "users", &tracing.Options{
		Exporters: []tracing.Exporter{otlp.Exporter(&otlp.Options{Transport: &r, MaxBytes: 1 << 20})},
		LookupEnv: environment(),
	})
	if err != nil {
		t.Fatal(err)
	}
	large := attribute.StringSlice("k", []string{strings.Repeat("x", 4000), strings.Repeat("y", 4000), strings.Repeat("z", 2000)})
	for range 512 {
		_, s := tr.TracerProvider().Tracer("t").Start(t.Context(), "a", trace.WithAttributes(large))
		s.End()
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := tr.Shutdown(ctx); err != nil {
		t.Error(err)
	}
	if len(r.Spans()) != 512 || r.Requests() != 5 {
		t.Errorf("%d spans in %d requests", len(r.Spans()), r.Requests())
	}
}

// TestReceiversThatFail sends 30 s of traffic to a receiver that fails for
// the first 15 s.
func TestReceiversThatFail(t *testing.T) {
	for name, behavior := range map[string]tracingtest.Behavior{
		"refuses": tracingtest.BehaviorRefuse, "hangs": tracingtest.BehaviorHang, "is slow": tracingtest.BehaviorSlow, "responds with 503": tracingtest.BehaviorUnavailable,
		"responds with 429": tracingtest.BehaviorThrottle, "responds with 413": tracingtest.BehaviorTooLarge,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var r tracingtest.Receiver
				r.Behave(behavior)
				tr, err := tracing.Start(t.Context(), "users", &tracing.Options{
					Exporters: []tracing.Exporter{otlp.Exporter(&otlp.Options{Transport: &r, Gzip: true})},
					LookupEnv: environment(),
				})
				if err != nil {
					t.Fatal(err)
				}
				for i := range 3000 {
					if i == 1500 {
						r.Behave(tracingtest.BehaviorAccept)
					}
					_, s := tr.TracerProvider().Tracer("t").Start(t.Context(), "a")
					s.End()
					time.Sleep(10 * time.Millisecond)
				}
				if err := tr.Shutdown(context.WithoutCancel(t.Context())); err != nil {
					t.Error(err)
				}
				seen := make(map[tracingtest.Received]bool)
				for _, s := range r.Spans() {
					seen[s] = true
				}
				if diff := cmp.Diff([]tracing.Stats{{Exporter: "otlp", Counts: telemetry.Counts{Done: 3000}}}, tr.Stats()); diff != "" || len(seen) != 3000 {
					t.Errorf("%d arrived; stats (-want +got):\n%s", len(seen), diff)
				}
			})
		})
	}
}

// largeSpans ends spans with 64 texts of 4096 characters each.
func largeSpans(t *testing.T, tr *tracing.Provider, n int) {
	t.Helper()
	attrs := make([]attribute.KeyValue, 64)
	for i := range attrs {
		attrs[i] = attribute.String(fmt.Sprint("k", i), strings.Repeat("x", 4096))
	}
	for range n {
		_, s := tr.TracerProvider().Tracer("t").Start(t.Context(), "a", trace.WithAttributes(attrs...))
		s.End()
	}
}

// TestMemoryOfLargeBatches sends 511 spans of 262 kB. It measures the heap with
// each request.
func TestMemoryOfLargeBatches(t *testing.T) {
	var most uint64
	var requests int
	hold := make(chan struct{})
	transport := transportFunc(func(r *http.Request) (*http.Response, error) {
		<-hold
		n, _ := io.Copy(io.Discard, r.Body)
		_ = r.Body.Close()
		if n > 4<<20 {
			t.Errorf("a request has %d bytes", n)
		}
		requests++
		var m runtime.MemStats
		runtime.GC() // count no garbage
		runtime.ReadMemStats(&m)
		most = max(most, m.HeapInuse)
		return httptest.NewRecorder().Result(), nil
	})
	tr, err := tracing.Start(t.Context(), "users", &tracing.Options{
		Exporters: []tracing.Exporter{otlp.Exporter(&otlp.Options{Transport: transport, Timeout: time.Minute})},
		Batch:     tracing.Batch{QueueBytes: 256 << 20},
		LookupEnv: environment(),
	})
	if err != nil {
		t.Fatal(err)
	}
	largeSpans(t, tr, 511)
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	close(hold)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := tr.Shutdown(ctx); err != nil {
		t.Error(err)
	}
	if c := tr.Stats()[0].Counts; c.Done != 511 || requests < 511*262/4096 {
		t.Errorf("%d requests, %v", requests, c)
	}
	if grown := int64(most) - int64(before.HeapInuse); grown > 48<<20 {
		t.Errorf("the heap has grown by %d bytes", grown)
	}
}

// TestLargeBatchOfAnotherCaller exports a batch that is above the limit, as a
// pipeline of the program may do.
func TestLargeBatchOfAnotherCaller(t *testing.T) {
	text := strings.Repeat("x", 262_000)
	stubs := make(otelttest.SpanStubs, 511)
	for i := range stubs {
		stubs[i] = otelttest.SpanStub{Attributes: []attribute.KeyValue{attribute.String("k", text)}}
	}
	all := stubs.Snapshots()
	e, err := otlp.Exporter(&otlp.Options{Transport: new(tracingtest.Receiver)}).New(nil)
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err = e.ExportSpans(t.Context(), all)
	runtime.ReadMemStats(&after)
	var tooLarge *tracing.ExportError
	if !errors.As(err, &tooLarge) || !tooLarge.TooLarge {
		t.Errorf("got %v", err)
	}
	if bytes := after.TotalAlloc - before.TotalAlloc; bytes > 4<<20 {
		t.Errorf("%d bytes were allocated", bytes)
	}
}

type transportFunc func(*http.Request) (*http.Response, error)

func (f transportFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
