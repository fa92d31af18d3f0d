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
	// objectives, which must all have the same. It is required without objectives.
	Service string

	// Admin is the TCP address on which [Kit.Run] serves [Kit.Admin]. Empty means
	// 127.0.0.1:9464, OpenTelemetry's port for Prometheus; in a container, ":9464"
	// lets Prometheus reach it. The variables OTEL_EXPORTER_PROMETHEUS_HOST and
	// OTEL_EXPORTER_PROMETHEUS_PORT override it. "-" means no listener, whatever
	// the variables say: the program mounts Kit.Admin where it likes.
	Admin string

	// Registry receives the kit's collectors. Nil means a new registry with the
	// collectors for Go and the process. A registry accepts one kit. The example
	// shows how several kits share a page of metrics; see also [StatusPage].
	Registry *prometheus.Registry

	// LogTo receives the log lines. Nil means standard output. A *delivery.Buffer
	// keeps a slow writer from delaying requests; the kit flushes it, and the
	// program closes it.
	LogTo io.Writer

	// Logging configures the log. The kit adds the trace to each line, unless
	// Trace is set, and groups errors into issues, unless the Observers have a
	// *logissue.Tracker.
	Logging logging.Options

	// Tracing configures the traces. Its nil Logger is the kit's, and its
	// LookupEnv and Globals are the kit's.
	//
	// Without Exporters, spans are exported only if the environment names an
	// exporter in OTEL_TRACES_EXPORTER, or an endpoint of OTLP or Zipkin. The
	// exporters otlp, zipkin and console are always Selectable.
	Tracing tracing.Options

	// Middleware configures the instrument. Its nil Spans, RequestID, AccessLog
	// and Logger are the kit's: each request has a span, an ID and a line. Omit
	// leaves signals out.
	Middleware middleware.Options

	// Policy decides about releases in [Kit.Status] and on the status page.
	Policy budget.Policy

	// Page configures the status page, which [Kit.Admin] serves at /slo/. Its
	// empty Title is the service, and its nil Logger, Routes, Errors, Lost and
	// Telemetry are the kit's. Its Ledger also holds for the budgets: events in
	// the time of a kind that it excludes spend nothing, on the page and in
	// [Kit.Status]. Its Allow can hide the page.
	Page statuspage.Options

	// Snapshot is the path of a file in which the budgets survive a restart, such
	// as "/var/lib/users/slo.snapshot". Its folder must exist, and each instance
	// and each kit needs a file of its own. A file that is damaged is set aside
	// with the suffix ".bad", and the budgets begin at zero. Empty means none.
	Snapshot string

	// Drain is how long the servers still accept requests after SIGTERM, while
	// /readyz answers 503, because load balancers learn of the shutdown when the
	// process does, or later. Zero means 3 s, and a negative value no time. After
	// SIGINT there is no drain.
	Drain time.Duration

	// Timeout bounds the whole shutdown in [Kit.Run], including the drain. Zero
	// means 20 s, because Kubernetes kills a process after 30 s. The last quarter
	// is for traces and logs.
	Timeout time.Duration

	// NoSignals leaves SIGTERM and SIGINT to the program. It ends Run by the
	// context or by [Kit.Shutdown], for example to end several kits in order. A
	// test that calls Run in a bubble of testing/synctest needs it: the runtime
	// fails if a process begins to handle signals in a bubble.
	NoSignals bool

	// Globals also sets the global provider and propagator of OpenTelemetry and
	// slog's default logger, and takes Prometheus' default registry if Registry is
	// nil. Without it, libraries that know only these globals, such as otelsql,
	// and calls of slog.Info stay silent.
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
