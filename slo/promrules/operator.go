package promrules

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/sligo-go/sligo/internal/identifier"
	"github.com/sligo-go/sligo/sli"
)

// Manifest describes the PrometheusRule of a set of rules.
type Manifest struct {
	// Name is the name of the object: at most 253 lower-case letters, digits, '-'
	// and '.', with a letter or digit at both ends. It is required.
	Name string
	// Namespace is the namespace of the object. Empty means the namespace in which
	// it is applied.
	Namespace string
	// Labels are the labels of the object. The Prometheus object of the Operator
	// selects rules and monitors by them, such as release: prometheus.
	Labels map[string]string
}

// Operator returns the rules as a PrometheusRule of the Prometheus Operator. It
// reports mistakes in the manifest as joined [*sli.FieldError] values.
func (r *Rules) Operator(m Manifest) ([]byte, error) {
	if err := m.validate(); err != nil {
		return nil, err
	}
	var w writer
	m.write(&w, "PrometheusRule")
	w.groups(2, r.Groups)
	return w.Bytes(), nil
}

// Monitor describes a ServiceMonitor or PodMonitor, by which Prometheus finds
// the targets that expose the counters.
type Monitor struct {
	// Manifest is the object.
	Manifest
	// Selector are labels of the services or pods. It is required.
	Selector map[string]string
	// Pods selects pods instead of services.
	Pods bool
	// Port is the name of the port. It is required.
	Port string
	// Path is the path of the metrics. Empty means "/metrics".
	Path string
	// Interval is the time between two scrapes, in whole milliseconds. Zero means
	// 30 s, the default of [Options.ScrapeInterval].
	Interval time.Duration
}

// Operator returns the monitor for the Prometheus Operator. It reports all
// mistakes at once, as joined [*sli.FieldError] values.
func (m Monitor) Operator() ([]byte, error) {
	if err := m.validate(); err != nil {
		return nil, err
	}
	kind, endpoints := "ServiceMonitor", "endpoints"
	if m.Pods {
		kind, endpoints = "PodMonitor", "podMetricsEndpoints"
	}
	if m.Path == "" {
		m.Path = "/metrics"
	}
	if m.Interval == 0 {
		m.Interval = defaultScrape
	}
	var w writer
	m.write(&w, kind)
	w.line(2, "selector:")
	w.texts(4, "matchLabels", m.Selector)
	w.line(2, "%s:", endpoints)
	w.line(2, "- port: %s", quote(m.Port))
	w.line(2, "  path: %s", quote(m.Path))
	w.line(2, "  interval: %s", scale(1).text(m.Interval))
	return w.Bytes(), nil
}

// write writes the head of an object, up to its spec.
func (m Manifest) write(w *writer, kind string) {
	w.line(0, "apiVersion: monitoring.coreos.com/v1")
	w.line(0, "kind: %s", kind)
	w.line(0, "metadata:")
	w.line(2, "name: %s", quote(m.Name))
	if m.Namespace != "" {
		w.line(2, "namespace: %s", quote(m.Namespace))
	}
	w.texts(2, "labels", m.Labels)
	w.line(0, "spec:")
}

func (m Manifest) validate() error {
	var errs sli.FieldErrors
	errs.Add("Name", checkObjectName(m.Name, 253, true))
	if m.Namespace != "" {
		errs.Add("Namespace", checkObjectName(m.Namespace, 63, false))
	}
	errs.Add("Labels", checkObjectLabels(m.Labels))
	return errs.Err()
}

func (m Monitor) validate() error {
	var errs sli.FieldErrors
	errs.Add("", m.Manifest.validate())
	if len(m.Selector) == 0 {
		errs.Addf("Selector", "required: an empty selector selects everything in the namespace")
	}
	errs.Add("Selector", checkObjectLabels(m.Selector))
	if m.Port == "" {
		errs.Addf("Port", "required, such as \"metrics\"")
	} else {
		errs.Add("Port", checkObjectName(m.Port, 63, false))
	}
	if m.Path != "" && (!strings.HasPrefix(m.Path, "/") || strings.ContainsAny(m.Path, " \n?#")) {
		errs.Addf("Path", "invalid path %q: want a path such as \"/metrics\"", m.Path)
	}
	if m.Interval < 0 || m.Interval > maxScrape || m.Interval%time.Millisecond != 0 {
		errs.Addf("Interval", "invalid interval %v: want at most %v, in whole milliseconds", m.Interval, maxScrape)
	}
	return errs.Err()
}

// checkObjectName accepts the names of Kubernetes' objects.
func checkObjectName(name string, most int, dots bool) error {
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789"
	inner := letters + "-"
	if dots {
		inner += "."
	}
	if name == "" {
		return errors.New("required")
	}
	if len(name) > most || strings.Trim(name, inner) != "" || strings.Trim(name, "-.") != name {
		return fmt.Errorf("invalid name %q: want at most %d lower-case letters, digits and, between them, %q", name, most, inner[len(letters):])
	}
	return nil
}

// checkObjectLabels accepts the labels of Kubernetes' objects: a name, after an
// optional domain and slash, and a value.
func checkObjectLabels(labels map[string]string) error {
	var errs sli.FieldErrors
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		path := fmt.Sprintf("[%q]", key)
		prefix, name, hasPrefix := strings.Cut(key, "/")
		if !hasPrefix {
			prefix, name = "", key
		}
		if hasPrefix {
			errs.Add(path, checkObjectName(prefix, 253, true))
		}
		if name == "" {
			errs.Addf(path, "label has no name")
		}
		errs.Add(path, identifier.Check(name))
		errs.Add(path, identifier.Check(labels[key]))
	}
	return errs.Err()
}
