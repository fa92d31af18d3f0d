package rules_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/common/model"
	"github.com/prometheus/common/promslog"
	"github.com/prometheus/prometheus/config"
	_ "github.com/prometheus/prometheus/discovery/kubernetes" // its configuration
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	mesh "istio.io/api/mesh/v1alpha1"
	networking "istio.io/api/networking/v1alpha3"
	telemetry "istio.io/api/telemetry/v1alpha1"
	apps "k8s.io/api/apps/v1"
	"sigs.k8s.io/yaml"

	"github.com/sligo-go/sligo/slo/slofile"
)

// checkYAML reads a file as the program that the file is for reads it.
func checkYAML(t *testing.T, text string) error {
	t.Helper()
	top, err := parsed(text)
	if err != nil {
		return err
	}
	has := func(keys ...string) bool {
		return slices.ContainsFunc(keys, func(key string) bool { _, ok := top[key]; return ok })
	}
	switch {
	case has("version"):
		_, err := slofile.Parse("slo.yaml", []byte(text), nil)
		return err
	case has("groups"):
		_, errs := rulefmt.Parse([]byte(text), false, model.UTF8Validation, parser.NewParser(parser.Options{}), nil)
		return errors.Join(errs...)
	case has("apiVersion"):
		return checkObject([]byte(text))
	case has("route", "receivers", "inhibit_rules"):
		return checkAlertmanager(t, text, top)
	case has("global", "scrape_configs", "alerting", "remote_write", "rule_files", "storage"):
		_, err := config.Load(text, promslog.NewNopLogger())
		return err
	}
	return errors.New("no test knows this kind of file")
}

var receiver = regexp.MustCompile(`receiver: "?([\w-]+)`)

// checkAlertmanager reads a part of Alertmanager's configuration, together with
// the receivers that it lacks.
func checkAlertmanager(t *testing.T, text string, top map[string]any) error {
	if _, ok := top["route"]; !ok {
		text += "\nroute: {receiver: people}\n"
	} else if !strings.Contains(text, "receiver:") {
		text = strings.Replace(text, "route:\n", "route:\n  receiver: people\n", 1)
	}
	if _, ok := top["receivers"]; !ok {
		text += "\nreceivers:\n"
		var names []string
		for _, m := range receiver.FindAllStringSubmatch(text, -1) {
			names = append(names, m[1])
		}
		slices.Sort(names)
		for _, name := range slices.Compact(names) {
			text += "- name: " + name + "\n"
		}
	}
	file := filepath.Join(t.TempDir(), "alertmanager.yml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return err
	}
	out, err := exec.Command(debian(t, "amtool", "prometheus-alertmanager"), "check-config", file).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
}

// checkObject reads an object of Kubernetes by the types of its program.
func checkObject(text []byte) error {
	var object struct {
		APIVersion, Kind string
		Spec             json.RawMessage
	}
	if err := yaml.Unmarshal(text, &object); err != nil {
		return err
	}
	switch object.APIVersion + " " + object.Kind {
	case "apps/v1 Deployment":
		var d apps.Deployment
		if err := yaml.UnmarshalStrict(text, &d); err != nil {
			return err
		}
		return checkMessage([]byte(d.Spec.Template.Annotations["proxy.istio.io/config"]), new(mesh.ProxyConfig))
	case "networking.istio.io/v1 VirtualService":
		return checkMessage(object.Spec, new(networking.VirtualService))
	case "telemetry.istio.io/v1 Telemetry":
		return checkMessage(object.Spec, new(telemetry.Telemetry))
	case "install.istio.io/v1alpha1 IstioOperator":
		var spec struct{ MeshConfig json.RawMessage }
		if err := yaml.UnmarshalStrict(object.Spec, &spec); err != nil {
			return err
		}
		return checkMessage(spec.MeshConfig, new(mesh.MeshConfig))
	}
	return fmt.Errorf("no test knows %s of %s", object.Kind, object.APIVersion)
}

// checkMessage reads the YAML or JSON form of a message. No text is no message.
func checkMessage(text []byte, message proto.Message) error {
	if len(text) == 0 {
		return nil
	}
	text, err := yaml.YAMLToJSON(text)
	if err != nil {
		return err
	}
	return protojson.Unmarshal(text, message)
}

var (
	metricTitle = regexp.MustCompile("(?m)^### `(\\w+)` \\((\\w+)\\)$")
	seriesRow   = regexp.MustCompile("(?m)^\\| `(slo?i?:[\\w:]+)` \\|")
)

// series returns the names that the contracts of metrics and of rules list.
func series(t *testing.T) map[string]bool {
	t.Helper()
	known := map[string]bool{"ALERTS": true, "up": true}
	read := func(name string, names *regexp.Regexp) [][]string {
		text, err := os.ReadFile("../../docs/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return names.FindAllStringSubmatch(string(text), -1)
	}
	for _, m := range read("metrics.md", metricTitle) {
		known[m[1]] = true
		if m[2] == "histogram" {
			for _, part := range []string{"_bucket", "_sum", "_count"} {
				known[m[1]+part] = true
			}
		}
	}
	for _, m := range read("rules.md", seriesRow) {
		known[m[1]] = true
	}
	for _, want := range []string{"sli_good_events_total", "http_server_request_duration_seconds_bucket", "sli:good:increase5m", "slo:release_state"} {
		if !known[want] {
			t.Fatalf("the contracts do not list %s", want)
		}
	}
	return known
}

// perObjective matches recorded series whose names depend on the objective.
var perObjective = regexp.MustCompile(`^(slo:(?:good|valid):)(increase)?\w+$`)

// checkQueries parses queries, which blank lines separate. Each series must be
// known, unless the block names the program that exposes it, as "promql istio".
func checkQueries(b snippet, known map[string]bool) error {
	for _, query := range strings.Split(strings.TrimSpace(b.text), "\n\n") {
		expr, err := parser.NewParser(parser.Options{}).ParseExpr(query)
		if err != nil {
			return err
		}
		if b.info != "" {
			continue
		}
		for _, selector := range parser.ExtractSelectors(expr) {
			name := nameOf(selector)
			shape := perObjective.ReplaceAllStringFunc(name, func(name string) string {
				m := perObjective.FindStringSubmatch(name)
				if m[2] != "" {
					return m[1] + "increaseWINDOW"
				}
				return m[1] + "PERIOD"
			})
			if !known[name] && !known[shape] {
				return fmt.Errorf("no contract lists the series %q", name)
			}
		}
	}
	return nil
}

// nameOf returns the name that a selector demands, or its text.
func nameOf(selector []*labels.Matcher) string {
	for _, m := range selector {
		if m.Name == model.MetricNameLabel && m.Type == labels.MatchEqual {
			return m.Value
		}
	}
	return fmt.Sprint(selector)
}
