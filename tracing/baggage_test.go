package tracing_test

import (
	"context"
	"log/slog"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.opentelemetry.io/otel"
	otelbaggage "go.opentelemetry.io/otel/baggage"
	"go.opentelemetry.io/otel/propagation"

	"github.com/sligo-go/sligo/tracing"
)

// TestLongHeadersAreCheap extracts headers of 128 kB in total. Whoever splits,
// decodes or copies one allocates as much at least.
func TestLongHeadersAreCheap(t *testing.T) {
	const size = 128 << 10
	id := strings.Repeat("1", size)
	for _, test := range []struct {
		header string
		values []string
	}{
		{"Baggage", []string{strings.Repeat("a,", size/2)}},
		{"Baggage", strings.Split(strings.Repeat("a=1;p,;", size/8), ";")},
		{"Baggage", []string{"k=" + strings.Repeat("%41", size/3)}},
		{"Tracestate", []string{strings.Repeat("a=1,", size/4)}},
		{"Tracestate", strings.Split(strings.Repeat("a=1;", size/4), ";")},
		{"Traceparent", []string{"01-" + trace1 + "-" + span1 + "-01" + strings.Repeat("-a", size/2)}},
		{"B3", []string{strings.Repeat("1-", size/2)}},
		{"X-B3-Traceid", []string{id}},
		{"X-Request-Id", []string{id}},
	} {
		t.Run(test.header, func(t *testing.T) {
			header := http.Header{"Traceparent": {traceparent}}
			header[test.header] = test.values
			p := start(t, &tracing.Options{Logger: slog.New(slog.DiscardHandler)}).Propagator()
			const tries = 10
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			for range tries {
				p.Extract(t.Context(), propagation.HeaderCarrier(header))
			}
			runtime.ReadMemStats(&after)
			if bytes := (after.TotalAlloc - before.TotalAlloc) / tries; bytes > size/8 {
				t.Errorf("%d values allocate %d bytes, want at most an eighth of their length", len(test.values), bytes)
			}
		})
	}
}

func TestBaggageIsBounded(t *testing.T) {
	longest := "a=" + strings.Repeat("x", 8190)
	tests := []struct {
		name string
		in   []string
		want map[string]string
	}{
		{"valid", []string{"a=1,b=%20"}, map[string]string{"a": "1", "b": " "}},
		{"valid members of nonsense", []string{"a=1,nonsense,b=2"}, map[string]string{"a": "1", "b": "2"}},
		{"two headers", []string{"a=1", "b=2"}, map[string]string{"a": "1", "b": "2"}},
		{"one header of two is nonsense", []string{"nonsense", "b=2"}, map[string]string{"b": "2"}},
		{"the longest", []string{longest}, map[string]string{"a": longest[2:]}},
		{"too long", []string{longest + "x"}, nil},
		{"too long together", []string{longest, "b=2"}, nil},
		{"nonsense", []string{"nonsense"}, nil},
		{"empty", []string{""}, nil},
	}
	p := start(t, &tracing.Options{Logger: slog.New(slog.DiscardHandler)}).Propagator()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, carrier := range []propagation.TextMapCarrier{
				propagation.HeaderCarrier(http.Header{"Baggage": test.in}), tracing.MetadataCarrier{"baggage": test.in},
			} {
				got := otelbaggage.FromContext(p.Extract(t.Context(), carrier))
				if got.Len() != len(test.want) {
					t.Errorf("%T: %d members, want %d", carrier, got.Len(), len(test.want))
				}
				for key, want := range test.want {
					if value := got.Member(key).Value(); value != want {
						t.Errorf("%T: %s is %q, want %q", carrier, key, value, want)
					}
				}
			}
		})
	}
}

// TestNonsenseBaggageIsLoggedOnceAMinute counts the lines about 1000 requests,
// and about one after a minute.
func TestNonsenseBaggageIsLoggedOnceAMinute(t *testing.T) {
	handled := 0
	before := otel.GetErrorHandler()
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(error) { handled++ }))
	defer otel.SetErrorHandler(before)
	for _, nonsense := range []string{"nonsense", "a=1,secret", "a=%zz", "secret" + strings.Repeat("x", 9000), "=,;="} {
		synctest.Test(t, func(t *testing.T) {
			var log strings.Builder
			tr, err := tracing.Start(t.Context(), "users", &tracing.Options{
				Logger: slog.New(slog.NewTextHandler(&log, nil)), LookupEnv: environment(),
			})
			if err != nil {
				t.Fatal(err)
			}
			extract := func() { tr.Propagator().Extract(context.Background(), propagation.MapCarrier{"baggage": nonsense}) }
			for range 1000 {
				extract()
			}
			if n := strings.Count(log.String(), "\n"); n != 1 {
				t.Errorf("%.20q: %d lines, want 1:\n%s", nonsense, n, log.String())
			}
			time.Sleep(time.Minute)
			extract()
			lines := strings.Split(strings.TrimSpace(log.String()), "\n")
			if len(lines) != 2 || !strings.Contains(lines[1], "requests=1000") || strings.Contains(log.String(), "secret") {
				t.Errorf("%.20q: after a minute\n%s", nonsense, log.String())
			}
		})
	}
	if handled != 0 {
		t.Errorf("%d calls of the global error handler", handled)
	}
}
