package sligo

import (
	"io"
	"os"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/budget/statuspage"
	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/tracing"
)

// Options configures [Start]. The zero Options and nil mean the defaults.
type Options struct {
	// Service is the name of the service. Empty means the service of the
	// objectives. All objectives must name the same service. Service is required
	// without objectives.
	Service string

	// Admin is the TCP address on which [Kit.Run] serves [Kit.Admin]. Empty means
	// 127.0.0.1:9464, OpenTelemetry's port for Prometheus; in a container, ":9464"
	// lets Prometheus reach it. The variables OTEL_EXPORTER_PROMETHEUS_HOST and
	// OTEL_EXPORTER_PROMETHEUS_PORT override it. "-" means no listener, whatever
	// the variables say: the program mounts [Kit.Admin] itself.
	Admin string

	// Registry receives the kit's collectors. Nil means a new registry with the
	// collectors for Go and the process. A registry accepts one kit. The example
	// shows how several kits share a page of metrics; see also [StatusPage].
	Registry *prometheus.Registry

	// LogTo receives the log lines. Nil means standard output. A *delivery.Buffer
	// keeps a slow writer from delaying requests; the kit flushes it, and the
	// program closes it.
	LogTo io.Writer

	// Logging configures the log. The kit adds the trace to each line unless Trace
	// is set. It groups errors into issues unless the Observers include a
	// *logissue.Tracker.
	Logging logging.Options

	// Tracing configures the traces. A nil Logger or LookupEnv means the kit's,
	// and Options.Globals sets its Globals.
	//
	// Without Exporters, spans are exported only if the environment names an
	// exporter in OTEL_TRACES_EXPORTER, or an endpoint of OTLP or Zipkin. The
	// exporters otlp, zipkin and console are always Selectable.
	Tracing tracing.Options

	// Middleware configures the instrument. The kit fills in a nil Spans,
	// RequestID, AccessLog and Logger, so that each request has a span, an ID and
	// a log line. Omit leaves signals out.
	Middleware middleware.Options

	// Policy decides about releases in [Kit.Status] and on the status page.
	Policy budget.Policy

	// Page configures the status page, which [Kit.Admin] serves at /slo/. An empty
	// Title means the service. The kit fills in a nil Logger, Routes, Errors, Lost
	// and Telemetry. The Ledger also applies to [Kit.Status]: events during an
	// entry of an excluded kind spend no budget. Allow can hide the page.
	Page statuspage.Options

	// Snapshot is the path of a file in which the budgets survive a restart, such
	// as "/var/lib/users/slo.snapshot". Its folder must exist, and each instance
	// and each kit needs a file of its own. A file that is damaged is set aside
	// with the suffix ".bad", and the budgets begin at zero. Empty means none.
	Snapshot string

	// Drain is how long the servers still accept requests after SIGTERM, while
	// /readyz answers 503. Load balancers learn of the shutdown only when the
	// process does, or later. Zero means 3 s, and a negative value means no drain.
	// After SIGINT there is no drain.
	Drain time.Duration

	// Timeout bounds the whole shutdown in [Kit.Run], including the drain. Zero
	// means 20 s, because Kubernetes kills a process after 30 s. The last quarter
	// is for traces and logs.
	Timeout time.Duration

	// NoSignals leaves SIGTERM and SIGINT to the program, which ends Run by the
	// context or by [Kit.Shutdown], for example to end several kits in order. A
	// test that calls Run in a bubble of testing/synctest needs NoSignals, because
	// the runtime fails if a process begins to handle signals in a bubble.
	NoSignals bool

	// Globals also sets OpenTelemetry's global provider and propagator and slog's
	// default logger. If Registry is nil, it uses Prometheus' default registry.
	// Without Globals, calls of slog.Info and libraries that know only these
	// globals, such as otelsql, stay silent.
	Globals bool

	// LookupEnv reads an environment variable. Nil means [os.LookupEnv].
	LookupEnv func(name string) (value string, ok bool)
}

const (
	defaultAdmin   = "127.0.0.1:9464"
	defaultDrain   = 3 * time.Second
	defaultTimeout = 20 * time.Second

	// noAdmin is the Admin of a program that mounts [Kit.Admin] itself.
	noAdmin = "-"

	// unnamed is OpenTelemetry's name for a service without one.
	unnamed = "unknown_service"
)

func (o *Options) withDefaults() Options {
	var d Options
	if o != nil {
		d = *o
	}
	if d.LogTo == nil {
		d.LogTo = os.Stdout
	}
	if d.LookupEnv == nil {
		d.LookupEnv = os.LookupEnv
	}
	return d
}
