package sligo_test

import (
	"io"
	"log/slog"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/sligo-go/sligo"
	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/otlp"
)

// paths returns the paths of the mistakes in an error of Start.
func paths(err error) []string {
	var all []string
	for _, m := range sli.Mistakes(err) {
		all = append(all, m.Path)
	}
	slices.Sort(all)
	return all
}

func TestStartReportsEveryMistakeAndWorks(t *testing.T) {
	three := append(append(users(), users()...), users()...)
	three[1].Name, three[1].Window = "contract", slo.Window{}
	three[2].Indicator.Name, three[2].Indicator.Service = "other", "orders"
	kit, err := start(t, three, sligo.Options{
		LogTo:      io.Discard,
		Admin:      "9464",
		Logging:    logging.Options{Sinks: []logging.Sink{{}}},
		Tracing:    tracing.Options{Exporters: []tracing.Exporter{{Name: "none"}}},
		Middleware: middleware.Options{Buckets: []time.Duration{-1}},
		Policy:     budget.Policy{NoData: 9},
		Timeout:    -1, Drain: time.Minute,
		LookupEnv: in("OTEL_TRACES_SAMPLER=often", "OTEL_EXPORTER_PROMETHEUS_PORT=x", "OTEL_EXPORTER_PROMETHEUS_HOST=a:1"),
	})
	want := []string{
		"OTEL_EXPORTER_PROMETHEUS_HOST", "OTEL_EXPORTER_PROMETHEUS_PORT", "OTEL_TRACES_SAMPLER",
		"Options.Admin", "Options.Drain", "Options.Logging.Sinks[0].Name", "Options.Logging.Sinks[0].Writer",
		"Options.Middleware.Buckets[0]", "Options.Policy.NoData", "Options.Timeout",
		"Options.Tracing.Exporters[0].Name", "Options.Tracing.Exporters[0].New",
		"objectives[1].Window", "objectives[2].Indicator.Service",
	}
	if diff := cmp.Diff(want, paths(err)); diff != "" {
		t.Errorf("mistakes (-want +got):\n%s\n%v", diff, err)
	}
	get(kit.Handler(api()), "/users/Lora")
	s := kit.Status()
	if len(s.Objectives) != 1 || s.Objectives[0].Budget.Counts() != (sli.Counts{Good: 1, Valid: 1}) {
		t.Errorf("the objective without a mistake: %v", s)
	}
}

func TestWithoutObjectives(t *testing.T) {
	kit, err := start(t, nil, sligo.Options{})
	if got := paths(err); !slices.Equal(got, []string{"Options.Service"}) {
		t.Errorf("mistakes at %q", got)
	}
	if status, _ := get(kit.Handler(api()), "/users/Lora"); status != http.StatusOK {
		t.Errorf("status %d", status)
	}
	kit, err = start(t, nil, sligo.Options{Service: "batch"})
	if err != nil || len(kit.Status().Objectives) != 0 {
		t.Errorf("error %v, status %v", err, kit.Status())
	}
}

// The zero Options and nil read the environment of the process and write to
// standard output.
func TestZeroOptions(t *testing.T) {
	for name, o := range map[string]*sligo.Options{"nil": nil, "zero": {}} {
		kit, err := sligo.Start(users(), o)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := kit.Shutdown(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEnvironment(t *testing.T) {
	const otlpURL, zipkinURL = "OTEL_EXPORTER_OTLP_ENDPOINT=http://user:secret@collector:4318", "OTEL_EXPORTER_ZIPKIN_ENDPOINT=http://zipkin:9411/api/v2/spans"
	other := tracing.Options{Exporters: spans(nil).options().Exporters}
	inCode := tracing.Options{Exporters: append([]tracing.Exporter{otlp.Exporter(&otlp.Options{Endpoint: "https://lora:secret@jaeger:4318/in"})}, other.Exporters...)}
	selectable := tracing.Options{Selectable: []tracing.Exporter{{Name: "otlp", New: other.Exporters[0].New}}}
	for name, test := range map[string]struct {
		env     []string
		options sligo.Options
		want    string // a line of String
	}{
		"default address":     {want: "metrics:    http://127.0.0.1:9464/metrics (default)"},
		"address":             {options: sligo.Options{Admin: "10.0.0.1:80"}, want: "metrics:    http://10.0.0.1:80/metrics (config)"},
		"port":                {env: []string{"OTEL_EXPORTER_PROMETHEUS_PORT=9999"}, want: "metrics:    http://127.0.0.1:9999/metrics (env OTEL_EXPORTER_PROMETHEUS_PORT)"},
		"host overrides":      {env: []string{"OTEL_EXPORTER_PROMETHEUS_HOST=::1"}, options: sligo.Options{Admin: ":80"}, want: "metrics:    http://[::1]:80/metrics (env OTEL_EXPORTER_PROMETHEUS_HOST)"},
		"empty is absent":     {env: []string{"OTEL_EXPORTER_PROMETHEUS_PORT="}, want: "metrics:    http://127.0.0.1:9464/metrics (default)"},
		"every address":       {env: []string{"OTEL_EXPORTER_PROMETHEUS_HOST=0.0.0.0"}, want: "metrics:    http://localhost:9464/metrics, on every address (env OTEL_EXPORTER_PROMETHEUS_HOST)"},
		"no listener":         {env: []string{"OTEL_EXPORTER_PROMETHEUS_PORT=1"}, options: sligo.Options{Admin: "-"}, want: "metrics:    no listener, see Kit.Admin (config)"},
		"no traces":           {want: "traces:     not exported (default)"},
		"OTLP":                {env: []string{otlpURL}, want: "traces:     otlp http://collector:4318/v1/traces (env OTEL_EXPORTER_OTLP_ENDPOINT)"},
		"Zipkin":              {env: []string{zipkinURL}, want: "traces:     zipkin http://zipkin:9411/api/v2/spans (env OTEL_EXPORTER_ZIPKIN_ENDPOINT)"},
		"both":                {env: []string{otlpURL, zipkinURL}, want: "traces:     otlp http://collector:4318/v1/traces (env OTEL_EXPORTER_OTLP_ENDPOINT); zipkin http://zipkin:9411/api/v2/spans (env OTEL_EXPORTER_ZIPKIN_ENDPOINT)"},
		"by name":             {env: []string{"OTEL_TRACES_EXPORTER=console,zipkin"}, want: "traces:     console (env OTEL_TRACES_EXPORTER); zipkin http://localhost:9411/api/v2/spans (env OTEL_TRACES_EXPORTER)"},
		"none by name":        {env: []string{otlpURL, "OTEL_TRACES_EXPORTER=none"}, want: "traces:     not exported (env OTEL_TRACES_EXPORTER)"},
		"own exporter":        {env: []string{otlpURL}, options: sligo.Options{Tracing: other}, want: "traces:     backend (config)"},
		"receiver in code":    {options: sligo.Options{Tracing: inCode}, want: "traces:     otlp https://jaeger:4318/in (config); backend (config)"},
		"receiver overridden": {env: []string{otlpURL}, options: sligo.Options{Tracing: inCode}, want: "traces:     otlp http://collector:4318/v1/traces (config, env OTEL_EXPORTER_OTLP_ENDPOINT); backend (config)"},
		"code, by name":       {env: []string{"OTEL_TRACES_EXPORTER=otlp"}, options: sligo.Options{Tracing: inCode}, want: "traces:     otlp https://jaeger:4318/in (env OTEL_TRACES_EXPORTER)"},
		"name and receiver":   {env: []string{"OTEL_TRACES_EXPORTER=otlp", otlpURL}, want: "traces:     otlp http://collector:4318/v1/traces (env OTEL_TRACES_EXPORTER, OTEL_EXPORTER_OTLP_ENDPOINT)"},
		"selectable":          {env: []string{otlpURL}, options: sligo.Options{Tracing: selectable}, want: "traces:     otlp (env OTEL_EXPORTER_OTLP_ENDPOINT)"},
		"disabled":            {env: []string{otlpURL, "OTEL_SDK_DISABLED=true"}, want: "traces:     off (env OTEL_SDK_DISABLED)"},
		"every trace":         {want: "sampler:    every trace (default)"},
		"sampler":             {env: []string{"OTEL_TRACES_SAMPLER=traceidratio", "OTEL_TRACES_SAMPLER_ARG=0.1"}, want: "sampler:    traceidratio 0.1 (env OTEL_TRACES_SAMPLER)"},
		"level":               {options: sligo.Options{Logging: logging.Options{Level: slog.LevelWarn}}, want: "logs:       the writer of LogTo, from WARN (config)"},
		"drain":               {options: sligo.Options{Drain: -1}, want: "drain:      0s (config)"},
		"time-out":            {options: sligo.Options{Timeout: time.Minute}, want: "timeout:    1m0s (config)"},
		"same name on traces": {env: []string{"OTEL_SERVICE_NAME=users"}, want: "service:    users (default)"},
		"name on traces":      {env: []string{"OTEL_SERVICE_NAME=a"}, want: `warning:    OTEL_SERVICE_NAME renames the service to "a" on traces only: metrics, rules and log lines keep "users"`},
		"pod":                 {env: []string{"KUBERNETES_SERVICE_HOST=10.0.0.1"}, want: "warning:    nobody outside of the pod can scrape 127.0.0.1:9464: set Options.Admin or OTEL_EXPORTER_PROMETHEUS_HOST, for example to 0.0.0.0"},
	} {
		t.Run(name, func(t *testing.T) {
			test.options.LookupEnv = in(test.env...)
			text := mustStart(t, test.options).String()
			if !slices.Contains(strings.Split(text, "\n"), test.want) {
				t.Errorf("no line %q in\n%s", test.want, text)
			}
			if warned := strings.Contains(text, "\nwarning:"); warned != strings.HasPrefix(test.want, "warning:") {
				t.Errorf("warnings in\n%s", text)
			}
			if strings.Contains(text, "secret") {
				t.Errorf("a password in\n%s", text)
			}
		})
	}
}

// With a wrong endpoint, spans are not sent to the default receiver, which
// nobody named.
func TestWrongEndpoint(t *testing.T) {
	for name, test := range map[string]struct {
		env   []string
		wrong []string
		want  string
	}{
		"OTLP":   {[]string{"OTEL_EXPORTER_OTLP_ENDPOINT=collector:4318"}, []string{"OTEL_EXPORTER_OTLP_ENDPOINT"}, "traces:     not exported (default)"},
		"Zipkin": {[]string{"OTEL_EXPORTER_ZIPKIN_ENDPOINT=zipkin:9411"}, []string{"OTEL_EXPORTER_ZIPKIN_ENDPOINT"}, "traces:     not exported (default)"},
		"one of two": {
			[]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=collector:4318", "OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4318"},
			[]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"}, "traces:     otlp http://collector:4318/v1/traces (env OTEL_EXPORTER_OTLP_ENDPOINT)",
		},
		"one of two exporters": {
			[]string{"OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4318", "OTEL_EXPORTER_ZIPKIN_ENDPOINT=zipkin:9411"},
			[]string{"OTEL_EXPORTER_ZIPKIN_ENDPOINT"}, "traces:     otlp http://collector:4318/v1/traces (env OTEL_EXPORTER_OTLP_ENDPOINT)",
		},
	} {
		t.Run(name, func(t *testing.T) {
			kit, err := start(t, users(), sligo.Options{LookupEnv: in(test.env...)})
			if got := paths(err); !slices.Equal(got, test.wrong) {
				t.Errorf("mistakes at %q, want %q", got, test.wrong)
			}
			if text := kit.String(); !slices.Contains(strings.Split(text, "\n"), test.want) {
				t.Errorf("no line %q in\n%s", test.want, text)
			}
		})
	}
}

// No goroutine of a kit outlives its Shutdown.
func TestShutdownLeavesNoGoroutine(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 20 {
		kit, err := sligo.Start(users(), &sligo.Options{LogTo: io.Discard, LookupEnv: in("OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:1")})
		if err != nil {
			t.Fatal(err)
		}
		_ = kit.Shutdown(t.Context())
	}
	// Goroutines that have done their work may not have ended yet.
	for range 1000 {
		if runtime.NumGoroutine() < before+20 {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
}

// Without Globals, a kit leaves the process' globals alone.
func TestNoGlobals(t *testing.T) {
	log, registry := slog.Default(), prometheus.DefaultRegisterer
	kit := mustStart(t, sligo.Options{})
	if slog.Default() != log || prometheus.DefaultRegisterer != registry || prometheus.Registerer(kit.Registry) == registry {
		t.Error("the kit has set a global")
	}
}
