package sligo

import (
	"context"
	"slices"
	"strings"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/console"
	"github.com/sligo-go/sligo/tracing/otlp"
	"github.com/sligo-go/sligo/tracing/zipkin"
)

// endpoints are the variables that name a receiver, with the exporter that
// sends to it.
var endpoints = []struct{ name, exporter string }{
	{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "otlp"},
	{"OTEL_EXPORTER_OTLP_ENDPOINT", "otlp"},
	{"OTEL_EXPORTER_ZIPKIN_ENDPOINT", "zipkin"},
}

// traces starts tracing.
func (s *setup) traces() {
	o := s.Tracing
	if o.Logger == nil {
		o.Logger = s.kit.Log
	}
	if o.LookupEnv == nil {
		o.LookupEnv = s.LookupEnv
	}
	o.Globals = o.Globals || s.Globals
	o.Selectable = withOwn(o.Exporters, o.Selectable)
	if len(o.Exporters) == 0 {
		s.promote(&o)
	}
	receivers := map[string]string{}
	o.Exporters, o.Selectable = noteReceivers(o.Exporters, receivers), noteReceivers(o.Selectable, receivers)
	err := s.startTracing(&o)
	s.errs.Add("", err)
	wrong := map[string]bool{}
	for _, f := range sli.Mistakes(err) {
		wrong[f.Path] = true
	}
	s.set(s.exporting(receivers, wrong), s.sampling(o.Sampling, wrong))
}

// startTracing returns the mistakes with the paths of Options.
func (s *setup) startTracing(o *tracing.Options) error {
	var err error
	s.kit.Tracing, err = tracing.Start(context.Background(), s.kit.service, o)
	return mapFields(err, func(path string) string {
		if strings.HasPrefix(path, "OTEL_") {
			return path
		}
		return "Options.Tracing." + path
	})
}

// withOwn adds the exporters of this module to the selectable ones, except
// those that the program has.
func withOwn(listed, selectable []tracing.Exporter) []tracing.Exporter {
	all := slices.Clone(selectable)
	for _, own := range []tracing.Exporter{otlp.Exporter(nil), zipkin.Exporter(nil), console.Exporter(nil)} {
		if !slices.ContainsFunc(slices.Concat(listed, selectable), func(e tracing.Exporter) bool { return replaces(e, own) }) {
			all = append(all, own)
		}
	}
	return all
}

// replaces reports whether tracing.Start would refuse own beside e.
func replaces(e, own tracing.Exporter) bool {
	if !strings.EqualFold(e.Name, own.Name) {
		return false
	}
	return len(e.Protocols) == 0 || len(own.Protocols) == 0 ||
		slices.ContainsFunc(e.Protocols, func(p string) bool { return slices.Contains(own.Protocols, p) })
}

// promote moves the exporters whose endpoint is in the environment to those in
// use.
func (s *setup) promote(o *tracing.Options) {
	var wrong []rejected
	for _, v := range endpoints {
		if s.env.get(v.name) == "" {
			continue
		}
		if mistake := s.wrongEndpoint(v.name, v.exporter); mistake != nil {
			wrong = append(wrong, rejected{v.exporter, mistake})
			continue
		}
		i := slices.IndexFunc(o.Selectable, func(e tracing.Exporter) bool { return strings.EqualFold(e.Name, v.exporter) })
		if i >= 0 && !inUse(o.Exporters, v.exporter) {
			o.Exporters = append(o.Exporters, o.Selectable[i])
			o.Selectable = slices.Delete(o.Selectable, i, i+1)
		}
	}
	for _, w := range wrong {
		// An exporter in use reports the mistake itself.
		if !inUse(o.Exporters, w.exporter) && !s.selects(w.exporter) {
			s.errs.Add("", w.mistake)
		}
	}
}

// rejected is a mistake in a variable that names the receiver of an exporter.
type rejected struct {
	exporter string
	mistake  error
}

func inUse(exporters []tracing.Exporter, name string) bool {
	return slices.ContainsFunc(exporters, func(e tracing.Exporter) bool { return strings.EqualFold(e.Name, name) })
}

// selects reports whether OTEL_TRACES_EXPORTER names an exporter.
func (s *setup) selects(exporter string) bool {
	return slices.ContainsFunc(strings.Split(s.env.get(envTracesExporter), ","), func(name string) bool {
		return strings.EqualFold(strings.TrimSpace(name), exporter)
	})
}

// wrongEndpoint returns the mistake in a variable that names a receiver. With
// it, an exporter would send to its default, a receiver that nobody named. An
// exporter of the program judges the variable itself.
func (s *setup) wrongEndpoint(name, exporter string) *sli.FieldError {
	if inUse(s.Tracing.Selectable, exporter) {
		return nil
	}
	own := otlp.Exporter(nil)
	if exporter == "zipkin" {
		own = zipkin.Exporter(nil)
	}
	_, err := own.New(func(asked string) (string, bool) {
		if asked != name {
			return "", false
		}
		return s.env(name)
	})
	for _, f := range sli.Mistakes(err) {
		if f.Path == name {
			return f
		}
	}
	return nil
}
