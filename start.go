package sligo

import (
	"cmp"
	"io"
	"log/slog"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/logissue"
	"github.com/sligo-go/sligo/logging/logprom"
	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/sli/sliprom"
	"github.com/sligo-go/sligo/slo"
	"github.com/sligo-go/sligo/slo/sloprom"
	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/traceprom"
)

// Start sets up a service that keeps the objectives: their counters, metrics,
// log, traces and status page. It never connects and never blocks, so a
// backend that is down does not keep the service from starting. Nil options
// mean the defaults.
//
// Start reports all mistakes in the objectives, the options and the environment
// as one error that joins [*sli.FieldError] values. A path begins with the
// parameter, such as "objectives[1].Window" or "Options.Drain", or is the name
// of a variable. Even with an error, Start returns a Kit that works as far as
// it can: a wrong setting has its default, and only objectives without a
// mistake count. A service should not start with wrong objectives or options.
// It may log mistakes in the environment and continue.
//
// Call [Kit.Run] to serve. A program or test that does not must call
// [Kit.Shutdown] at the end.
func Start(objectives []slo.Objective, options *Options) (*Kit, error) {
	s := &setup{Options: options.withDefaults()}
	s.env = s.LookupEnv
	s.kit = &Kit{stop: make(chan struct{}), stopped: make(chan struct{})}
	s.name(objectives)
	judged := s.objectives(objectives)
	s.log(options)
	s.traces()
	s.instrument()
	s.metrics(judged)
	s.adminPages()
	s.shutdownTimes()
	s.globals()
	s.book(judged)
	s.page()
	s.kit.warnings = s.env.warnings(s.kit.service, s.kit.admin.value)
	return s.kit, s.errs.Err()
}

// setup is one call of Start.
type setup struct {
	Options
	kit  *Kit
	env  environment
	errs sli.FieldErrors
}

func (s *setup) set(settings ...setting) { s.kit.settings = append(s.kit.settings, settings...) }

// name finds the name of the service.
func (s *setup) name(objectives []slo.Objective) {
	source := byConfig
	s.kit.service = s.Service
	if s.kit.service == "" {
		s.kit.service, source = serviceOf(objectives), byDefault
	}
	if strings.TrimSpace(s.kit.service) == "" {
		if len(objectives) == 0 {
			s.errs.Addf("Options.Service", "service is empty: want a name, because there are no objectives")
		}
		s.kit.service = unnamed
	}
	s.set(setting{"service", s.kit.service, source})
}

// objectives makes the recorder and returns the objectives without a mistake.
func (s *setup) objectives(objectives []slo.Objective) []slo.Objective {
	indicators, judged := usable(objectives, s.kit.service, &s.errs)
	recorder, err := sli.NewRecorder(indicators...)
	s.errs.Add("", err)
	s.kit.Recorder = recorder
	var texts []string
	for _, o := range judged {
		texts = append(texts, o.String())
	}
	if texts == nil {
		texts = []string{"none"}
	}
	s.set(setting{"objectives", strings.Join(texts, "; "), ""})
	return judged
}

// log makes the handler of the log. If its options have a mistake, the
// defaults hold.
func (s *setup) log(given *Options) {
	o := s.Logging
	if o.Trace == nil {
		o.Trace = tracing.IDs
	}
	s.observeErrors(&o)
	to, source := "the writer of LogTo", byConfig
	if given == nil || given.LogTo == nil {
		to, source = "standard output", byDefault
	}
	handler, err := logging.New(s.kit.service, s.LogTo, &o)
	if err != nil {
		s.errs.Add("", mapFields(err, loggingPath))
		s.LogTo, o = s.usableWriter(err), logging.Options{Trace: tracing.IDs}
		handler, _ = logging.New(s.kit.service, s.LogTo, &o) // valid
	}
	s.kit.logs, s.kit.Log = handler, slog.New(handler)
	s.kit.sinks = sinksOf(s.LogTo, o.Sinks)
	level := slog.LevelInfo
	if o.Level != nil {
		level = o.Level.Level()
	}
	s.set(setting{"logs", to + ", from " + level.String(), source})
}

// observeErrors groups errors into issues, unless the program does so.
func (s *setup) observeErrors(o *logging.Options) {
	for _, observer := range o.Observers {
		if t, ok := observer.(*logissue.Tracker); ok && t != nil {
			s.kit.issues = t
			return
		}
	}
	options := &logissue.Options{Redactor: o.Redactor}
	s.kit.issues, _ = logissue.New(options) // valid
	s.kit.ownIssues = true
	o.Observers = append(o.Observers[:len(o.Observers):len(o.Observers)], s.kit.issues)
}

// usableWriter returns the log's writer, or one that discards all lines if err
// has a mistake in the writer.
func (s *setup) usableWriter(err error) io.Writer {
	for _, f := range sli.Mistakes(err) {
		if f.Path == "w" {
			return io.Discard
		}
	}
	return s.LogTo
}

// loggingPath returns the path of a mistake that logging.New reports.
func loggingPath(path string) string {
	switch path {
	case "application":
		return "Options.Service"
	case "w":
		return "Options.LogTo"
	}
	return "Options.Logging." + path
}

// instrument makes the instrument. If its options have a mistake, the defaults
// hold.
func (s *setup) instrument() {
	o := s.Middleware
	s.connect(&o)
	in, err := middleware.New(s.kit.Recorder, &o)
	if err != nil {
		s.errs.Add("Options.Middleware", err)
		o = middleware.Options{}
		s.connect(&o)
		in, _ = middleware.New(s.kit.Recorder, &o) // valid
	}
	s.kit.Instrument = in
}

// connect connects the instrument with the log and the traces.
func (s *setup) connect(o *middleware.Options) {
	spans, lines := middleware.SpanOptions{}, middleware.LogOptions{}
	if o.Spans != nil {
		spans = *o.Spans
	}
	if spans.TracerProvider == nil {
		spans.TracerProvider = s.kit.Tracing.TracerProvider()
	}
	if spans.Propagator == nil {
		spans.Propagator = s.kit.Tracing.Propagator()
	}
	if o.AccessLog != nil {
		lines = *o.AccessLog
	}
	if lines.Logger == nil {
		lines.Logger = s.kit.Log
	}
	o.Spans, o.AccessLog = &spans, &lines
	if o.RequestID == nil {
		o.RequestID = &middleware.IDOptions{}
	}
	if o.Logger == nil {
		o.Logger = s.kit.Log
	}
}

// metrics registers the collectors: all of them, or none if the registry has
// some of their metrics.
func (s *setup) metrics(judged []slo.Objective) {
	s.kit.Registry = s.registry()
	var registered []prometheus.Collector
	for _, c := range []prometheus.Collector{
		sliprom.NewCollector(s.kit.Recorder), sloprom.NewCollector(judged...),
		s.kit.Instrument, traceprom.NewCollector(s.kit.Tracing),
		// Last, because it describes no metrics and so cannot be unregistered.
		logprom.NewCollector(s.kit.logs, &logprom.Options{Issues: s.kit.issues}),
	} {
		if err := s.kit.Registry.Register(c); err != nil {
			s.errs.Addf("Options.Registry", "the registry already has metrics of a kit: want a registry for each kit: %w", err)
			for _, r := range registered {
				s.kit.Registry.Unregister(r)
			}
			return
		}
		registered = append(registered, c)
	}
}

func (s *setup) registry() *prometheus.Registry {
	if s.Registry != nil {
		return s.Registry
	}
	if global, ok := prometheus.DefaultRegisterer.(*prometheus.Registry); ok && s.Globals {
		return global
	}
	reg := prometheus.NewRegistry()
	reg.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return reg
}

// adminPages sets the address of the metrics and of the status page, and tells
// where its budgets are kept.
func (s *setup) adminPages() {
	s.kit.admin = s.env.admin(s.Admin, &s.errs)
	page := s.kit.admin
	page.name = "page"
	s.set(s.kit.admin, page, configured("snapshot", s.Snapshot, "none, so budgets begin at zero after a restart"))
}

// shutdownTimes sets how a run ends.
func (s *setup) shutdownTimes() {
	if s.Timeout < 0 {
		s.errs.Addf("Options.Timeout", "invalid duration %v: want more than 0", s.Timeout)
		s.Timeout = 0
	}
	s.kit.noSignals = s.NoSignals
	s.kit.timeout, s.kit.drain = cmp.Or(s.Timeout, defaultTimeout), max(cmp.Or(s.Drain, defaultDrain), 0)
	if s.Drain > 0 && s.kit.drain >= s.kit.timeout {
		s.errs.Addf("Options.Drain", "invalid duration %v: want less than Timeout, %v", s.Drain, s.kit.timeout)
	}
	s.kit.drain = min(s.kit.drain, s.kit.timeout/2)
	s.set(settingOf("drain", s.kit.drain, s.Drain), settingOf("timeout", s.kit.timeout, s.Timeout))
}

func (s *setup) globals() {
	g := setting{"globals", "not set, so libraries on process globals, such as otelsql and slog.Info, stay silent", byDefault}
	if s.Globals {
		g.value, g.source = "OpenTelemetry, slog and Prometheus", byConfig
		slog.SetDefault(s.kit.Log)
	}
	s.set(g)
}
