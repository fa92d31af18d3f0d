package slofile_test

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/internal/promtext"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
	"github.com/sligo-go/sligo/slo/slofile"
)

// TestSchema makes the schema of the types, with the words of docs/file.md, and
// compares it with both copies. With -update it writes them.
func TestSchema(t *testing.T) {
	s := schemaWriter{contract: readContract(t), enums: enumerations(t)}
	root := s.mapping("", slofile.Document)
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["$id"] = "https://raw.githubusercontent.com/sligo-go/sligo/main/docs/slo.schema.json"
	root["anyOf"] = []object{ // the file's service, or one of each indicator
		{"required": []string{"service"}},
		{"properties": object{"indicators": object{"items": object{"required": []string{"service"}}}}},
	}
	root["title"] = "Service level objectives (" + slofile.Version + ")"
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(root); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"schema.json", "../../docs/slo.schema.json"} {
		golden(t, path, text.String())
	}
	if embedded := slofile.Schema(); !*update && string(embedded) != text.String() {
		t.Error("Schema differs from schema.json")
	}
	if !strings.Contains(s.text, root["$id"].(string)) {
		t.Error("docs/file.md does not name the address of the schema")
	}
}

// object is a JSON object. Its keys are written in order.
type object map[string]any

// schemaWriter makes schemas of types.
type schemaWriter struct {
	contract
	enums map[reflect.Type][]string
}

// mapping returns the schema of a struct.
func (s schemaWriter) mapping(at string, t reflect.Type) object {
	properties := object{}
	var required []string
	for i, f := range slofile.Fields(t) {
		r := s.sections[at][i]
		value := s.field(at, t, f)
		value["description"] = plainText(r.meaning)
		if m := defaultInWords.FindStringSubmatch(value["description"].(string)); m != nil {
			value["default"] = number(m[1])
		}
		if all := examples[t.Name()+"."+f.Go.Name]; all != nil {
			value["examples"] = all
		}
		properties[f.Key] = value
		if r.required() {
			required = append(required, f.Key)
		}
	}
	schema := object{"type": "object", "properties": properties, "additionalProperties": false}
	if required != nil {
		schema["required"] = required
	}
	return schema
}

// defaultInWords matches a default that a key could have as its value.
var defaultInWords = regexp.MustCompile(`[Bb]y default (ratio|process|page|reviewed|[0-9]+[smh%]?)[;.]`)

// number returns a whole number in decimal digits as a number, and other text
// as it is.
func number(text string) any {
	if n, err := strconv.Atoi(text); err == nil {
		return n
	}
	return text
}

// examples are values that editors offer, by their struct and field. For an
// enumeration, editors offer all values.
var examples = map[string][]any{
	"document.Service":     {"users"},
	"document.Matchers":    {[]string{`env="prod"`}},
	"environment.Matchers": {[]string{`env="staging"`}},
	"Indicator.Name":       {"availability", "latency"},
	"Indicator.Journey":    {"profile"},
	"Indicator.Requests":   {[]string{"GET /users/{userid}"}, []string{"GET /users/*", "!GET /users/healthz"}},
	"Indicator.Patience":   {"1s", "-1s"},
	"Condition.Status":     {[]string{"2xx", "3xx", "4xx"}, []string{"!400", "500-504"}},
	"Condition.Code":       {[]string{"OK", "NotFound"}, []string{"!Canceled"}},
	"Condition.Within":     {"100ms"},
	"Condition.Rate":       {"500/s"},
	"Groups.Values":        {[]string{"free", "paid"}},
	"Collection.Where":     {"load balancer"},
	"Collection.Field":     {"the response-time field"},
	"Collection.Every":     {"10s"},
	"Aggregation.Over":     {"1m"},
	"Aggregation.By":       {"ratio", "p95", "p99"},
	"Objective.Name":       {"availability-contract"},
	"Objective.Indicator":  {"availability", "orders/availability"},
	"Objective.Target":     {99.95, "99.95%"},
	"Objective.Window":     {"30d", "month", "month Asia/Seoul"},
	"Objective.Tier":       {"1", "critical"},
	"Objective.Owner":      {"users-team"},
	"Objective.Runbook":    {"https://example.com/runbooks/users"},
	"Objective.DependsOn":  {[]string{"database/availability"}},
	"override.Target":      {99.5},
	"override.Window":      {"7d"},
	"Alert.Budget":         {"2%"},
	"Alert.Long":           {"1h"},
	"Alert.Short":          {"5m"},
	"Slices.Length":        {"1m"},
	"Slices.Bound":         {"95%"},
	"Step.From":            {"75%"},
	"Step.Until":           {"65%"},
	"Entry.Start":          {"2024-11-16T21:00:00+09:00"},
	"Entry.End":            {"2024-11-16T23:00:00+09:00"},
}

// plainText returns a text of Markdown without its marks.
func plainText(markdown string) string { return strings.ReplaceAll(markdown, "`", "") }

const (
	namePattern   = `[a-zA-Z0-9]([a-zA-Z0-9._-]{0,61}[a-zA-Z0-9])?`
	numberPattern = `[0-9]+(\.[0-9]+)?`
	unitPattern   = `(([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))`

	durationPattern = `(\+?` + unitPattern + `+|[0-9]+d` + unitPattern + `*)`
)

// patterns are the forms of texts, by their struct and field.
var patterns = map[string]string{
	"Indicator.Name":       "^" + namePattern + "$",
	"Indicator.Service":    "^" + namePattern + "$",
	"Indicator.Journey":    "^" + namePattern + "$",
	"document.Service":     "^" + namePattern + "$",
	"document.Matchers":    promtext.MatcherSyntax,
	"environment.Matchers": promtext.MatcherSyntax,
	"Objective.Name":       "^" + namePattern + "$",
	"Objective.Tier":       "^" + namePattern + "$",
	"Objective.Indicator":  "^" + namePattern + "(/" + namePattern + ")?$",
	"Objective.Runbook":    "^[Hh][Tt][Tt][Pp][Ss]?://[^/]",
	"Objective.DependsOn":  "^" + namePattern + "/" + namePattern + "$",
	"Condition.Status":     "^!?([1-5]xx|[1-5][0-9][0-9](-[1-5][0-9][0-9])?)$",
}

// field returns the schema of the value of a key.
func (s schemaWriter) field(at string, in reflect.Type, f slofile.Field) object {
	name := in.Name() + "." + f.Go.Name
	child, mapping := below(at, f)
	switch t := f.Go.Type; {
	case name == "document.Version":
		return object{"const": slofile.Version}
	case f.Reference:
		return text(patterns[name])
	case t == reflect.TypeFor[map[string]string]():
		return object{
			"type": "object", "additionalProperties": object{"type": []string{"string", "number"}},
			"propertyNames": object{"pattern": "^[a-zA-Z_][a-zA-Z0-9_]*$"},
		}
	case t.Kind() == reflect.Map:
		return object{"type": "object", "additionalProperties": s.mapping(child, mapping)}
	case t.Kind() == reflect.Slice && mapping != nil:
		return bounded(name, object{"type": "array", "items": s.mapping(child, mapping)})
	case t.Kind() == reflect.Slice:
		return bounded(name, object{"type": "array", "items": s.scalar(t.Elem(), patterns[name])})
	case mapping != nil:
		return s.mapping(child, mapping)
	default:
		return bounded(name, s.scalar(t, patterns[name]))
	}
}

// bounded adds the bounds of a struct's field to its schema.
func bounded(name string, schema object) object {
	if schema["type"] == "array" {
		schema["minItems"] = 1
	}
	switch name {
	case "Objective.DependsOn", "Groups.Values":
		schema["uniqueItems"] = true
	case "Groups.Max":
		schema["maximum"] = 1000
	case "AlertPolicy.MinBad":
		schema["maximum"] = 1_000_000_000
	case "Indicator.Patience":
		schema["pattern"] = "^-?" + durationPattern + "$"
	case "Step.From":
		return oneOf("^(0|"+numberPattern+" ?%)$", object{"const": 0})
	}
	return schema
}

// text returns the schema of a text, which may be a number as it is written.
func text(pattern string) object {
	schema := object{"type": []string{"string", "number"}}
	if pattern != "" {
		schema["pattern"] = pattern
	} else {
		schema["minLength"] = 1
	}
	return schema
}

func oneOf(pattern string, number object) object {
	return object{"anyOf": []object{number, {"type": "string", "pattern": pattern}}}
}

// scalar returns the schema of a value without keys or entries.
func (s schemaWriter) scalar(t reflect.Type, pattern string) object {
	if enum := s.enums[t]; enum != nil {
		return object{"enum": enum}
	}
	switch t {
	case reflect.TypeFor[slo.Target]():
		return oneOf("^"+numberPattern+" ?%?$", object{"type": "number", "exclusiveMinimum": 1, "exclusiveMaximum": 100})
	case reflect.TypeFor[slo.Share]():
		return object{"type": "string", "pattern": "^" + numberPattern + " ?%$"}
	case reflect.TypeFor[slo.Window]():
		return object{"type": "string", "pattern": `^((month|quarter|year)( \S+)?|([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?)$`, "minLength": 2}
	case reflect.TypeFor[time.Duration]():
		return object{"type": "string", "pattern": "^" + durationPattern + "$"}
	case reflect.TypeFor[time.Time]():
		return object{"type": "string", "pattern": `^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.,]+(Z|[-+][0-9]{2}:[0-9]{2})$`}
	case reflect.TypeFor[sli.Rate]():
		return object{"type": "string", "pattern": "^[0-9]+/.+$"}
	}
	switch t.Kind() {
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Int, reflect.Uint64:
		return object{"type": "integer", "minimum": 1}
	}
	return text(pattern)
}

// TestSchemaKnowsEveryKey checks the shape of the schema without a validator,
// which is in the e2e module: the properties of the top are the keys, and the
// required ones are as documented.
func TestSchemaKnowsEveryKey(t *testing.T) {
	data, err := os.ReadFile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Properties map[string]struct {
			Items struct {
				Properties map[string]any
				Required   []string
			}
		}
		Required []string
	}
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	for _, f := range slofile.Fields(slofile.Document) {
		if _, known := got.Properties[f.Key]; !known {
			t.Errorf("the schema lacks %s", f.Key)
		}
	}
	slices.Sort(got.Required)
	if diff := cmp.Diff([]string{"objectives", "version"}, got.Required); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"indicator", "target", "window"}, got.Properties["objectives"].Items.Required); diff != "" {
		t.Error(diff)
	}
}
