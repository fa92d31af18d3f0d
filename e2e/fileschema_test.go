package e2e_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"

	"github.com/sligo-go/sligo/slo/slofile"
)

const fileCorpus = "../slo/slofile/testdata/"

func fileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := jsonschema.UnmarshalJSON(bytes.NewReader(slofile.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("slo.schema.json", text); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("slo.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// fromYAML returns the JSON value of a YAML file.
func fromYAML(data []byte) (any, error) {
	var value any
	if err := yaml.Load(data, &value); err != nil {
		return nil, err
	}
	text, err := json.Marshal(plainJSON(value))
	if err != nil {
		return nil, err
	}
	return jsonschema.UnmarshalJSON(bytes.NewReader(text))
}

// plainJSON replaces the values that JSON does not have.
func plainJSON(value any) any {
	switch value := value.(type) {
	case time.Time:
		return value.Format(time.RFC3339Nano)
	case []any:
		for i := range value {
			value[i] = plainJSON(value[i])
		}
	case map[string]any:
		for key := range value {
			value[key] = plainJSON(value[key])
		}
	case map[any]any:
		text := make(map[string]any, len(value))
		for key := range value {
			text[fmt.Sprint(key)] = plainJSON(value[key])
		}
		return text
	case float64:
		if _, err := json.Marshal(value); err != nil {
			return fmt.Sprint(value) // an infinity
		}
	}
	return value
}

// TestFileSchemaAcceptsValidFiles checks that every file which slofile reads
// is valid by its schema.
func TestFileSchemaAcceptsValidFiles(t *testing.T) {
	schema := fileSchema(t)
	texts := make(map[string][]byte)
	for _, pattern := range []string{"good/*.yaml", "format/*", "*.yaml"} {
		paths, err := filepath.Glob(fileCorpus + pattern)
		if err != nil || len(paths) == 0 {
			t.Fatal(pattern, err)
		}
		for _, path := range paths {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			texts[path] = data
		}
	}
	page, err := os.ReadFile("../docs/file.md")
	if err != nil {
		t.Fatal(err)
	}
	for i, block := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllSubmatch(page, -1) {
		texts[fmt.Sprintf("docs/file.md, file %d", i+1)] = block[1]
	}
	read := 0
	for name, text := range texts {
		if _, err := slofile.Parse(name, text, nil); err != nil {
			continue // only its form is of interest
		}
		read++
		value, err := fromYAML(text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if read < 5 {
		t.Errorf("got %d valid files, want at least 5", read)
	}
}

// TestFileSchemaAcceptsValidValues tries many forms of each kind of value. If
// slofile reads one, the schema must accept it.
func TestFileSchemaAcceptsValidValues(t *testing.T) {
	schema := fileSchema(t)
	values := []string{
		"0", "1", "2", "4.0", "-1", "07", "1e3", ".5", "99", "99.9", "99.95%", "099 %", "0%", "3%", "100%", `"90"`, "1.10", "2xx", "2XX", "!4xx", "404", `"404"`,
		"500-504", "1d", "1d1h", "-1s", "+1s", "1.s", ".5h", "1m30s", "100us", "100µs", "100μs", "4w", "1w1d", "36h", "month", "year Asia/Seoul", "500/s",
		"10/1h30m", "true", "false", "yes", "name", "A.b-c_d", "a/b", "1/2", "2024-11-16T12:00:00Z", `"2024-11-16T12:00:00.5+09:00"`, "2024-11-16",
		"HTTPS://a/b", "http://a", "error-rate", "storage", "log", "page", "observe", "free", "drill", "only", `env="a"`, `'env=~"a|b"'`, "text with spaces", `""`, "[]", "{}", "[a]",
		"[2xx, 404]", "[OK]", "[a, b]", "[a/b]", "{a: b}", "{a: 1}", "~", "p99.9",
		`['env="a"']`, "[{kind: drill, name: e, start: 2024-11-16T10:00:00Z, end: 2024-11-17T10:00:00Z}]",
	}
	keys := map[string][]string{
		"indicator": {"name", "service", "journey", "kind", "workload", "requests", "patience", "good", "groups"},
		"good":      {"status", "code", "within", "rate", "canceled", "failed"},
		"groups":    {"values", "max"}, "collection": {"where", "how", "field", "every"}, "aggregation": {"over", "by"},
		"objective": {"name", "target", "window", "stage", "description", "tier", "owner", "runbook", "depends_on", "labels"},
		"alerts":    {"disabled", "min_bad"}, "slices": {"length", "bound"}, "rule": {"severity", "budget", "long", "short"},
		"policy": {"postmortem", "no_data", "min_known"}, "step": {"name", "from", "until", "release", "action"},
		"file": {"service", "matchers", "exclusions"}, "exclusion": {"kind", "name", "start", "end"}, "override": {"target", "window"},
	}
	accepted := 0
	for in, names := range keys {
		for _, key := range names {
			before := accepted
			for _, value := range values {
				text := []byte(withValue(in, key, value))
				if _, err := slofile.Parse("slo.yaml", text, nil); err != nil {
					continue
				}
				accepted++
				parsed, err := fromYAML(text)
				if err == nil {
					err = schema.Validate(parsed)
				}
				if err != nil {
					t.Errorf("%s.%s of %s: %v", in, key, value, err)
				}
			}
			if accepted == before {
				t.Errorf("%s.%s: no value is valid", in, key)
			}
		}
	}
}

// withValue returns a file in which a key of one of its mappings has a value.
func withValue(in, key, value string) string {
	mapping := func(name, rest string) string {
		if name == in {
			rest = regexp.MustCompile(`(^|, )`+key+`: [^,]*`).ReplaceAllString(rest, "")
			rest = strings.TrimPrefix(rest+", "+key+": "+value, ", ")
		}
		return "{" + rest + "}"
	}
	indicator := mapping("indicator", "name: i")
	reference := regexp.MustCompile(`name: ([^,}]*)`).FindStringSubmatch(indicator)[1]
	if in == "indicator" && key == "service" {
		reference = "\"" + strings.Trim(value, `"`) + "/i\""
	}
	inside := map[string]string{"good": "indicator", "groups": "indicator", "collection": "indicator", "aggregation": "indicator"}
	if inside[in] != "" {
		indicator = "{name: i, valid: {canceled: include}, " + in + ": " + mapping(in, "") + "}"
	}
	objective := mapping("objective", "target: 99.9%, window: 30d")
	objective = "{indicator: " + reference + ", " + objective[1:]
	switch in {
	case "alerts", "slices":
		objective = "{indicator: i, target: 99.9%, window: 30d, " + in + ": " + mapping(in, "length: 1m") + "}"
		if in == "alerts" {
			objective = strings.Replace(objective, "length: 1m, ", "", 1)
		}
	case "rule":
		objective = "{indicator: i, target: 99.9%, window: 30d, alerts: {rules: [" + mapping(in, "severity: page, budget: 2%, long: 6h") + "]}}"
	}
	name := reference
	if in == "objective" && key == "name" {
		name = "\"" + strings.Trim(value, `"`) + "\""
	}
	exclusion := mapping("exclusion", "kind: drill, name: e, start: 2024-11-16T10:00:00Z, end: 2024-11-17T10:00:00Z")
	policy := mapping("policy", "steps: [{name: a, release: free}, "+mapping("step", "name: b, from: 100%, release: frozen")+"]")
	if in == "step" && key == "from" {
		policy = "{steps: [{name: a, release: free}, {name: b, release: frozen, from: " + value + "}]}"
	}
	file := "service: s"
	if in == "file" {
		file = strings.Trim(mapping("file", file), "{}")
		if key == "service" {
			file = "service: " + value
		}
	}
	return "{version: sligo/v1, " + strings.Join([]string{
		file, "indicators: [" + indicator + "]", "objectives: [" + objective + "]", "policy: " + policy,
		"environments: {e: {exclusions: [" + exclusion + "], objectives: {" + name + ": " + mapping("override", "target: 99%") + "}}}",
	}, ", ") + "}\n"
}

// TestFileSchemaOffersValidValues checks that the examples and defaults, which
// editors offer, are valid where they are offered.
func TestFileSchemaOffersValidValues(t *testing.T) {
	text, err := jsonschema.UnmarshalJSON(bytes.NewReader(slofile.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("slo.schema.json", text); err != nil {
		t.Fatal(err)
	}
	offered := 0
	var visit func(at string, schema any)
	visit = func(at string, schema any) {
		properties, ok := schema.(map[string]any)
		if !ok {
			return
		}
		values, _ := properties["examples"].([]any)
		if value, ok := properties["default"]; ok {
			values = append(slices.Clone(values), value)
		}
		for _, value := range values {
			offered++
			if err := compiler.MustCompile("slo.schema.json#" + at).Validate(value); err != nil {
				t.Errorf("%s: %v", at, err)
			}
		}
		for key, child := range properties {
			visit(at+"/"+key, child)
		}
	}
	visit("", text)
	if offered < 40 {
		t.Errorf("got %d examples and defaults, want at least 40", offered)
	}
}

// beyondSchema are the bad files that the schema accepts, with the reason.
var beyondSchema = map[string]string{
	"alert-and-step-that-do-nothing":       "it depends on other entries",
	"alert-that-cannot-fire":               "it depends on the target and the window",
	"cycle":                                "it depends on other objectives",
	"duplicate-indicator":                  "it depends on other indicators",
	"duplicate-objective":                  "it depends on other objectives",
	"excluded-requests":                    "it depends on other entries",
	"indicator-without-an-objective":       "it depends on the objectives",
	"indicator-without-its-service":        "it depends on the indicators",
	"unknown-indicator":                    "it depends on the indicators",
	"unknown-indicator-of-another-service": "it depends on the indicators",
	"latency-without-a-bound":              "it depends on the kind",
	"sli-that-never-changes":               "it depends on other conditions",
	"binary":                               "JSON has no tags",
	"unsupported-tag":                      "JSON has no tags",
}

// TestFileSchemaRefusesBadFiles checks the other direction: the schema refuses
// each bad file, except files that YAML itself refuses and the listed ones.
func TestFileSchemaRefusesBadFiles(t *testing.T) {
	schema := fileSchema(t)
	paths, err := filepath.Glob(fileCorpus + "bad/*.yaml")
	if err != nil || len(paths) < 40 {
		t.Fatal(len(paths), err)
	}
	accepted := make(map[string]bool)
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		value, err := fromYAML(data)
		if err == nil && schema.Validate(value) == nil {
			accepted[strings.TrimSuffix(filepath.Base(path), ".yaml")] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(accepted)) {
		if beyondSchema[name] == "" {
			t.Errorf("the schema accepts %s", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(beyondSchema)) {
		if !accepted[name] {
			t.Errorf("the schema refuses %s", name)
		}
	}
}
