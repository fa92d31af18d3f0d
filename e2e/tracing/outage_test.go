package tracing_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/telemetry"
	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/otlp"
	"github.com/sligo-go/sligo/tracing/otlpgrpc"
	"github.com/sligo-go/sligo/tracing/tracingtest"
	zipkinexport "github.com/sligo-go/sligo/tracing/zipkin"
)

const (
	rate     = 100 // requests per second, with one span each
	traffic  = 85 * time.Second
	interval = time.Second / rate
	fails    = 8 * time.Second // the receivers begin to fail then
)

// server is a receiver that is killed.
type server interface {
	start() error
	kill()
	spans(service string) ([]stored, error)
}

// scenario is a service that traces its requests with a receiver that fails.
type scenario struct {
	name     string
	exporter []tracing.Exporter
	server   server // nil without a real server
	fake     *tracingtest.Receiver
	behavior tracingtest.Behavior
	outage   time.Duration
	late     bool // the server is not killed but starts late
	loses    bool // the outage outlasts the queue and the timeout

	service   string
	tracing   *tracing.Provider
	latencies []time.Duration
	delivered int // spans read back
	shutdown  time.Duration
}

// TestOutages runs one service for each kind of outage, all at the same
// time, and prints the fate of their spans.
func TestOutages(t *testing.T) {
	z := newZipkin(t)
	late, ten, sixty := newJaeger(t), newJaeger(t), newJaeger(t)
	http := func(url string) []tracing.Exporter {
		return []tracing.Exporter{otlp.Exporter(&otlp.Options{Endpoint: url})}
	}
	grpc := func(url string) []tracing.Exporter {
		return []tracing.Exporter{otlpgrpc.Exporter(&otlpgrpc.Options{Endpoint: url})}
	}
	json := func(url string) []tracing.Exporter {
		return []tracing.Exporter{zipkinexport.Exporter(&zipkinexport.Options{Endpoint: url})}
	}
	scenarios := []*scenario{
		{name: "no exporter"},
		{name: "otlp, fake, healthy", fake: new(tracingtest.Receiver), outage: time.Second},
		{name: "otlp, Jaeger, down at start for 10 s", exporter: http(late.otlp), server: late, outage: 10 * time.Second, late: true},
		{name: "otlp, Jaeger, killed for 10 s", exporter: http(ten.otlp), server: ten, outage: 10 * time.Second},
		{name: "otlpgrpc, Jaeger, killed for 10 s", exporter: grpc(ten.otlpgrpc), server: ten, outage: 10 * time.Second},
		{name: "zipkin, Zipkin, killed for 10 s", exporter: json(z.url), server: z, outage: 10 * time.Second},
		{name: "otlp, Jaeger, killed for 60 s", exporter: http(sixty.otlp), server: sixty, outage: time.Minute},
		{name: "otlpgrpc, Jaeger, killed for 60 s", exporter: grpc(sixty.otlpgrpc), server: sixty, outage: time.Minute},
		{name: "zipkin, Jaeger, killed for 60 s", exporter: json(sixty.zipkin), server: sixty, outage: time.Minute},
		{name: "otlp, hangs for 60 s", fake: new(tracingtest.Receiver), behavior: tracingtest.BehaviorHang, outage: time.Minute},
		{name: "otlp, slow (1 s) for 60 s", fake: new(tracingtest.Receiver), behavior: tracingtest.BehaviorSlow, outage: time.Minute},
		{name: "otlp, 503 for 60 s", fake: new(tracingtest.Receiver), behavior: tracingtest.BehaviorUnavailable, outage: time.Minute},
		{name: "otlp, 429 for 60 s", fake: new(tracingtest.Receiver), behavior: tracingtest.BehaviorThrottle, outage: time.Minute},
		{name: "otlp, hangs to the end", fake: new(tracingtest.Receiver), behavior: tracingtest.BehaviorHang, outage: time.Hour, loses: true},
		{name: "otlp, refuses to the end", fake: new(tracingtest.Receiver), behavior: tracingtest.BehaviorRefuse, outage: time.Hour, loses: true},
	}
	if err := errors.Join(z.start(), ten.start(), sixty.start()); err != nil {
		t.Fatal(err)
	}
	for i, s := range scenarios {
		s.service = fmt.Sprint("outage", i)
		if s.fake != nil {
			s.exporter = http(s.fake.URL(t))
		}
		var err error
		s.tracing, err = tracing.Start(t.Context(), s.service, &tracing.Options{
			Exporters: s.exporter, Logger: slog.New(slog.DiscardHandler), LookupEnv: nothing,
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	var wg sync.WaitGroup
	wg.Go(func() { fail(t, scenarios) })
	for _, s := range scenarios {
		wg.Go(s.serve)
	}
	wg.Wait()
	for _, s := range scenarios {
		s.settle(t)
	}
	report(t, scenarios)
}

// serve sends requests to the service. Each request creates one span.
func (s *scenario) serve() {
	tracer := s.tracing.TracerProvider().Tracer("e2e")
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := s.tracing.Propagator().Extract(r.Context(), propagation.HeaderCarrier(r.Header))
		_, span := tracer.Start(ctx, "GET /users/{userid}", trace.WithSpanKind(trace.SpanKindServer))
		defer span.End()
		w.WriteHeader(http.StatusNoContent)
	})
	server := httptest.NewServer(handler)
	defer server.Close()
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for range int(traffic / interval) {
		began := time.Now()
		response, err := server.Client().Get(server.URL)
		if err != nil {
			panic(err) // the server is in this process
		}
		_ = response.Body.Close()
		s.latencies = append(s.latencies, time.Since(began))
		<-ticker.C
	}
}

// fail makes the receivers fail and recover.
func fail(t *testing.T, scenarios []*scenario) {
	time.Sleep(fails)
	servers := make(map[server][]*scenario)
	for _, s := range scenarios {
		if s.fake != nil {
			s.fake.Behave(s.behavior)
			if !s.loses {
				time.AfterFunc(s.outage, func() { s.fake.Behave(tracingtest.BehaviorAccept) })
			}
		} else if s.server != nil {
			servers[s.server] = append(servers[s.server], s)
		}
	}
	var wg sync.WaitGroup
	for server, of := range servers {
		wg.Go(func() {
			outage := of[0].outage
			if of[0].late {
				outage -= fails
			} else if err := read(of); err != nil {
				t.Error(err)
			}
			server.kill()
			time.Sleep(outage)
			if err := server.start(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// read reads the spans back from a server before it is killed. No span is sent
// between the flush and the kill, because spans wait for five seconds.
func read(scenarios []*scenario) error {
	var errs []error
	for _, s := range scenarios {
		_ = s.tracing.ForceFlush(context.Background())
	}
	for _, s := range scenarios {
		errs = append(errs, s.read())
	}
	return errors.Join(errs...)
}

// read waits until the server has all spans delivered since its last start.
func (s *scenario) read() error {
	distinct := make(map[string]bool)
	err := eventually(func() error {
		want := int(s.tracing.Stats()[0].Counts.Done) - s.delivered
		spans, err := s.server.spans(s.service)
		clear(distinct)
		for _, span := range spans {
			distinct[span.id] = true
		}
		if err == nil && len(distinct) != want {
			err = fmt.Errorf("%s: the server has %d spans, but %d were delivered", s.name, len(distinct), want)
		}
		return err
	})
	s.delivered += len(distinct)
	return err
}

// settle shuts tracing down and checks the fate of the spans.
func (s *scenario) settle(t *testing.T) {
	ctx := patient(t)
	if s.loses {
		ctx = context.Background() // it gives up after 5 s
	}
	began := time.Now()
	err := s.tracing.Shutdown(ctx)
	s.shutdown = time.Since(began)
	if len(s.tracing.Stats()) == 0 {
		return
	}
	if s.fake != nil {
		s.delivered = len(s.fake.Spans())
	} else if err := s.read(); err != nil {
		t.Error(err)
	}
	counts := s.tracing.Stats()[0].Counts
	if want := uint64(traffic / interval); counts.Accepted() != want || counts.Queued != 0 {
		t.Errorf("%s: got %v, want %d accepted and none queued", s.name, counts, want)
	}
	if int(counts.Done) > s.delivered {
		t.Errorf("%s: %d done, but %d arrived", s.name, counts.Done, s.delivered)
	}
	if (counts.Lost() > 0) != s.loses || (err != nil) != s.loses {
		t.Errorf("%s: lost %d, Shutdown returned %v", s.name, counts.Lost(), err)
	}
}

// report logs a table of the scenarios.
func report(t *testing.T, scenarios []*scenario) {
	var text strings.Builder
	w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "receiver\taccepted\tdelivered\tlost\tshutdown\trequests p50\tp99\t")
	for _, s := range scenarios {
		slices.Sort(s.latencies)
		var counts telemetry.Counts
		if all := s.tracing.Stats(); len(all) > 0 {
			counts = all[0].Counts
		}
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%v\t%v\t%v\t\n", s.name, counts.Accepted(), s.delivered, counts.Lost(),
			s.shutdown.Round(time.Millisecond), s.percentile(50), s.percentile(99))
	}
	_ = w.Flush()
	t.Log("\n" + text.String())
}

func (s *scenario) percentile(p int) time.Duration {
	return s.latencies[len(s.latencies)*p/100].Round(time.Microsecond)
}
