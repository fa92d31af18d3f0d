package sligo

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sligo-go/sligo/tracing"
)

// noteReceivers returns the exporters so that each notes its receiver by name
// when it is made.
func noteReceivers(exporters []tracing.Exporter, receivers map[string]string) []tracing.Exporter {
	all := slices.Clone(exporters)
	for i, e := range exporters {
		if e.New != nil { // else a mistake
			all[i].New = noteReceiver(e.New, func(receiver string) { receivers[e.Name] = receiver })
		}
	}
	return all
}

// noteReceiver returns a function New of an exporter that notes its receiver.
func noteReceiver[Exporter any](create func(environment func(string) (string, bool)) (Exporter, error), note func(string)) func(func(string) (string, bool)) (Exporter, error) {
	return func(environment func(string) (string, bool)) (Exporter, error) {
		exporter, err := create(environment)
		if receiver, ok := any(exporter).(fmt.Stringer); ok {
			note(receiver.String())
		}
		return exporter, err
	}
}

// exporting describes the exporters in use, each with its receiver if it tells
// it, and with the sources of both.
func (s *setup) exporting(receivers map[string]string, wrong map[string]bool) setting {
	if strings.EqualFold(s.env.get(envDisabled), "true") {
		return setting{"traces", "off", "env " + envDisabled}
	}
	byName := s.env.get(envTracesExporter) != "" && !wrong[envTracesExporter]
	var texts []string
	for _, e := range s.kit.Tracing.Stats() {
		receiver := receivers[e.Exporter]
		texts = append(texts, setting{
			value:  strings.TrimSpace(e.Exporter + " " + receiver),
			source: s.sourceOf(e.Exporter, byName, receiver != "", wrong),
		}.String())
	}
	switch {
	case texts != nil:
		return setting{"traces", strings.Join(texts, "; "), ""}
	case byName:
		return setting{"traces", "not exported", "env " + envTracesExporter}
	}
	return setting{"traces", "not exported", byDefault}
}

// sourceOf returns the source of an exporter: the options, or the variable with
// its name or its receiver. If the receiver is known, a variable that names it
// counts for the others too.
func (s *setup) sourceOf(exporter string, byName, known bool, wrong map[string]bool) string {
	var sources, variables []string
	switch {
	case byName:
		variables = append(variables, envTracesExporter)
	case inUse(s.Tracing.Exporters, exporter):
		sources = append(sources, byConfig)
	default:
		known = true
	}
	if v := s.endpointOf(exporter, wrong); v != "" && known {
		variables = append(variables, v)
	}
	if variables != nil {
		sources = append(sources, "env "+strings.Join(variables, ", "))
	}
	return strings.Join(sources, ", ")
}

// endpointOf returns the variable that names the receiver of an exporter, or
// "". Exporters with other names do not read it.
func (s *setup) endpointOf(exporter string, wrong map[string]bool) string {
	for _, v := range endpoints {
		if v.exporter == exporter && s.env.get(v.name) != "" && !wrong[v.name] {
			return v.name
		}
	}
	return ""
}

// sampling describes the sampler.
func (s *setup) sampling(o tracing.Sampling, wrong map[string]bool) setting {
	switch name := s.env.get(envTracesSampler); {
	case name != "" && !wrong[envTracesSampler]:
		if arg := s.env.get(envSamplerArg); arg != "" && !wrong[envSamplerArg] {
			name += " " + arg
		}
		return setting{"sampler", name, "env " + envTracesSampler}
	case o.Root != nil:
		return setting{"sampler", "the sampler of Sampling.Root", byConfig}
	}
	return setting{"sampler", "every trace", byDefault}
}
