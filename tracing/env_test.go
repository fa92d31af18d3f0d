package tracing_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/tracing/tracingtest"
)

var update = flag.Bool("update", false, "write docs/tracing-env.md")

// setting is a variable of OpenTelemetry and its treatment.
type setting struct {
	name    string
	meaning string
	observe observer
	// The first valid value, its effect, and the effect without the variable.
	valid, effect, absent string
	shown                 string // instead of valid in the document
	with                  []string
	invalid               []string
	secret                bool // errors do not quote the value
}

// observer starts tracing with an environment. It returns an effect as text,
// and the error.
type observer func(t *testing.T, env []string) (effect string, err error)

// section is a part of OpenTelemetry's specification.
type section struct {
	title    string
	settings []setting
}

// TestSettings sets each variable to a valid value, and to invalid ones. It
// compares the table of the results with docs/tracing-env.md.
func TestSettings(t *testing.T) {
	var doc strings.Builder
	doc.WriteString(intro)
	all := sections(t)
	for _, s := range all {
		fmt.Fprintf(&doc, "\n## %s\n\n| variable | meaning | without it | example | error, after which tracing goes on without it |\n| --- | --- | --- | --- | --- |\n", s.title)
		for _, v := range s.settings {
			v.write(&doc, v.check(t))
		}
	}
	doc.WriteString("\n## Not about traces\n\nThese variables are ignored, whatever their value.\n\n| variables | reason |\n| --- | --- |\n")
	for _, g := range ignored {
		checkIgnored(t, g.names)
		fmt.Fprintf(&doc, "| `%s` | %s |\n", strings.Join(g.names, "`, `"), g.reason)
	}
	checkComplete(t, all)
	const file = "../docs/tracing-env.md"
	if *update {
		if err := os.WriteFile(file, []byte(doc.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), doc.String()); diff != "" {
		t.Errorf("%s differs; write it by the flag -update (-want +got):\n%s", file, diff)
	}
}

// TestEveryMistakeAtOnce sets all variables to invalid values.
func TestEveryMistakeAtOnce(t *testing.T) {
	var env, want []string
	for _, s := range sections(t) {
		for _, v := range s.settings {
			if v.invalid != nil {
				env, want = append(env, v.name+"="+v.invalid[0]), append(want, v.name)
			}
		}
	}
	var receiver tracingtest.Receiver
	opts := via(&receiver)
	opts.Exporters = append(opts.Exporters, opts.Selectable...)
	opts.Selectable = nil
	tr, err := beginIn(t, opts, env)
	slices.Sort(want)
	if diff := cmp.Diff(want, paths(err)); diff != "" {
		t.Errorf("the variables in the error (-want +got):\n%s", diff)
	}
	span(tr, "a")
	if err := tr.Shutdown(t.Context()); err != nil || len(receiver.Spans()) != 2 {
		t.Errorf("%d spans, want one from each exporter; error %v", len(receiver.Spans()), err)
	}
}

const intro = `# OpenTelemetry's environment variables

The variables of OpenTelemetry's specification and their treatment by package tracing and its exporters. They override the
options. An empty variable counts as absent. A wrong one does too, and is in the error of tracing.Start: tracing goes on with
the value of the option, or else with the default below. The valid elements of a list hold.

The test of package tracing writes this table. For each variable it checks the effect of the example, the error, and that the
effect after an error is the same as without the variable.

A variable for traces has precedence over the one for all signals: if OTEL_EXPORTER_OTLP_TRACES_TIMEOUT is wrong,
OTEL_EXPORTER_OTLP_TIMEOUT holds. An exporter reads its variables only if it is in use, and not if its options give it another
name.
`

// check checks the effects of a variable and returns the error of the first
// invalid value.
func (s setting) check(t *testing.T) (mistake string) {
	t.Helper()
	if s.valid != "" {
		got, err := s.observe(t, append([]string{s.name + "=" + s.valid}, s.with...))
		if got != s.effect || err != nil {
			t.Errorf("%s=%s: got %q, want %q, error %v", s.name, s.valid, got, s.effect, err)
		}
	}
	if got, err := s.observe(t, []string{s.name + "="}); got != s.absent || err != nil {
		t.Errorf("%s empty: got %q, want %q, error %v", s.name, got, s.absent, err)
	}
	for i, value := range s.invalid {
		got, err := s.observe(t, append([]string{s.name + "=" + value}, s.with...))
		if got != s.absent {
			t.Errorf("%s=%s: got %q, want %q", s.name, value, got, s.absent)
		}
		text := s.mistake(t, value, err)
		if i == 0 {
			mistake = text
		}
	}
	return mistake
}

// mistake checks that an error is about the variable only and quotes its value.
func (s setting) mistake(t *testing.T, value string, err error) string {
	t.Helper()
	var field *sli.FieldError
	if !errors.As(err, &field) {
		t.Errorf("%s=%s: error %v", s.name, value, err)
		return ""
	}
	for line := range strings.Lines(err.Error()) {
		if !strings.HasPrefix(line, s.name+": ") {
			t.Errorf("%s=%s: error %q", s.name, value, line)
		}
	}
	if s.secret == strings.Contains(err.Error(), value) {
		t.Errorf("%s=%s: error %v, quotes a secret: %t", s.name, value, err, s.secret)
	}
	return fmt.Sprintf("`%s`: %v", value, field.Err)
}

// write writes the row of a variable.
func (s setting) write(doc *strings.Builder, mistake string) {
	example := ""
	if s.valid != "" {
		value := s.valid
		if s.shown != "" {
			value = s.shown
		}
		example = fmt.Sprintf("`%s`: %s", value, s.effect)
	}
	if mistake == "" {
		mistake = "none: every text is valid"
	}
	fmt.Fprintf(doc, "| `%s` | %s | %s | %s | %s |\n", s.name, s.meaning, s.absent, example, mistake)
}

// checkIgnored sets variables that have no effect on traces.
func checkIgnored(t *testing.T, names []string) {
	t.Helper()
	for _, name := range names {
		for _, value := range []string{"-1", "none", "/none", "5s"} {
			if got, err := requested(address)(t, []string{name + "=" + value}); got != standardURL || err != nil {
				t.Errorf("%s=%s: %s, %v", name, value, got, err)
			}
		}
	}
}

// checkComplete compares the names with those in the specification.
func checkComplete(t *testing.T, all []section) {
	t.Helper()
	var names []string
	for _, s := range all {
		for _, v := range s.settings {
			names = append(names, v.name)
		}
	}
	for _, g := range ignored {
		names = append(names, g.names...)
	}
	slices.Sort(names)
	if diff := cmp.Diff(specified(), names); diff != "" {
		t.Errorf("names (-specification +table):\n%s", diff)
	}
}

// specified returns the sorted names in OpenTelemetry's specification, of the
// pages on environment variables, on exporters of OTLP and on exporters of
// metrics by OTLP, and the names that these pages once had.
func specified() []string {
	names := strings.Fields(`
		OTEL_SDK_DISABLED OTEL_ENTITIES OTEL_RESOURCE_ATTRIBUTES OTEL_SERVICE_NAME OTEL_LOG_LEVEL OTEL_PROPAGATORS
		OTEL_TRACES_SAMPLER OTEL_TRACES_SAMPLER_ARG
		OTEL_BSP_SCHEDULE_DELAY OTEL_BSP_EXPORT_TIMEOUT OTEL_BSP_MAX_QUEUE_SIZE OTEL_BSP_MAX_EXPORT_BATCH_SIZE
		OTEL_BLRP_SCHEDULE_DELAY OTEL_BLRP_EXPORT_TIMEOUT OTEL_BLRP_MAX_QUEUE_SIZE OTEL_BLRP_MAX_EXPORT_BATCH_SIZE
		OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT OTEL_ATTRIBUTE_COUNT_LIMIT
		OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT OTEL_SPAN_EVENT_COUNT_LIMIT
		OTEL_SPAN_LINK_COUNT_LIMIT OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT OTEL_LINK_ATTRIBUTE_COUNT_LIMIT
		OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT
		OTEL_EXPORTER_ZIPKIN_ENDPOINT OTEL_EXPORTER_ZIPKIN_TIMEOUT OTEL_EXPORTER_ZIPKIN_PROTOCOL
		OTEL_EXPORTER_PROMETHEUS_HOST OTEL_EXPORTER_PROMETHEUS_PORT
		OTEL_TRACES_EXPORTER OTEL_METRICS_EXPORTER OTEL_LOGS_EXPORTER
		OTEL_METRICS_EXEMPLAR_FILTER OTEL_METRIC_EXPORT_INTERVAL OTEL_METRIC_EXPORT_TIMEOUT
		OTEL_CONFIG_FILE OTEL_EXPERIMENTAL_CONFIG_FILE
		OTEL_EXPORTER_OTLP_SPAN_INSECURE OTEL_EXPORTER_OTLP_METRIC_INSECURE
		OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION
		OTEL_EXPORTER_JAEGER_PROTOCOL OTEL_EXPORTER_JAEGER_ENDPOINT OTEL_EXPORTER_JAEGER_TIMEOUT
		OTEL_EXPORTER_JAEGER_USER OTEL_EXPORTER_JAEGER_PASSWORD
		OTEL_EXPORTER_JAEGER_AGENT_HOST OTEL_EXPORTER_JAEGER_AGENT_PORT`)
	for _, of := range []string{"", "TRACES_", "METRICS_", "LOGS_"} {
		for _, s := range []string{"ENDPOINT", "INSECURE", "CERTIFICATE", "CLIENT_KEY", "CLIENT_CERTIFICATE", "HEADERS", "COMPRESSION", "TIMEOUT", "PROTOCOL"} {
			names = append(names, "OTEL_EXPORTER_OTLP_"+of+s)
		}
	}
	slices.Sort(names)
	return names
}
