package logging_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"math/big"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/logging"
)

// A place is where a schema has a field: a member, or a member of an object.
type place struct{ object, name string }

// places returns the rows of the table of schemas in docs/logs.md: for each
// default name, the places in ECS and OpenTelemetry.
func places(t testing.TB) map[string][2]place {
	t.Helper()
	text, err := os.ReadFile("../docs/logs.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ = bytes.Cut(text, []byte("| default | ECS | OpenTelemetry |"))
	text, _, _ = bytes.Cut(text, []byte("\n\n"))
	row := regexp.MustCompile("(?m)^\\| (\\w+) \\| `([^`]+)` \\| `([^`]+)`(?: in `(\\w+)`)?")
	rows := map[string][2]place{}
	for _, m := range row.FindAllStringSubmatch(string(text), -1) {
		rows[m[1]] = [2]place{{name: m[2]}, {m[4], m[3]}}
	}
	return rows
}

// decoded returns a line as a map, with numbers as they are written. It refuses
// names that occur twice in an object.
func decoded(t testing.TB, line string) map[string]any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(line))
	d.UseNumber()
	var m map[string]any
	if err := d.Decode(&m); err != nil {
		t.Fatalf("%v in %s", err, line)
	}
	if again, err := json.Marshal(m); err != nil || strings.Count(string(again), `":`) != strings.Count(line, `":`) {
		t.Fatalf("%v: a name occurs twice in %s", err, line)
	}
	return m
}

// expected translates a default line by the table. It is a model of the
// layouts that works on maps.
func expected(t testing.TB, rows map[string][2]place, schema logging.Schema, line map[string]any) map[string]any {
	t.Helper()
	m := map[string]any{}
	set := func(p place, v any) {
		in := m
		if p.object != "" {
			if m[p.object] == nil {
				m[p.object] = map[string]any{}
			}
			in = m[p.object].(map[string]any)
		}
		in[p.name] = v
	}
	for name, v := range line {
		if name == "execution_time_ms" {
			v = nanoseconds(t, v.(json.Number))
		}
		if name == "additional_info" {
			continue
		}
		set(rows[name][schema-1], v)
	}
	info, _ := line["additional_info"].(map[string]any)
	if schema == logging.SchemaECS {
		m["ecs.version"] = "8.11.0"
		flatten(set, "", info)
		return m
	}
	for name, v := range info {
		set(place{"Attributes", name}, v)
	}
	return m
}

func nanoseconds(t testing.TB, ms json.Number) json.Number {
	t.Helper()
	r, ok := new(big.Rat).SetString(ms.String())
	if !ok {
		t.Fatalf("%s is not a number", ms)
	}
	r.Mul(r, big.NewRat(1e6, 1))
	ns := new(big.Int).Quo(r.Num(), r.Denom())
	if !ns.IsInt64() {
		ns.SetInt64(math.MaxInt64)
		if r.Sign() < 0 {
			ns.SetInt64(math.MinInt64)
		}
	}
	return json.Number(ns.String())
}

func flatten(set func(place, any), prefix string, members map[string]any) {
	for name, v := range members {
		name = prefix + strings.NewReplacer(".", "_", "*", "_", `\`, "_").Replace(name)
		object, isObject := v.(map[string]any)
		if isObject && len(object) > 0 {
			flatten(set, name+"_", object)
			continue
		}
		if isObject || hasObject(v) {
			v = asJSON(v)
		}
		set(place{"labels", name}, v)
	}
}

// hasObject reports whether a value is a list with an object.
func hasObject(v any) bool {
	list, _ := v.([]any)
	return slices.ContainsFunc(list, func(v any) bool {
		_, isObject := v.(map[string]any)
		return isObject || hasObject(v)
	})
}

// sortTexts sorts the members of JSON within the texts of labels.
func sortTexts(line map[string]any) map[string]any {
	labels, _ := line["labels"].(map[string]any)
	for name, v := range labels {
		d := json.NewDecoder(strings.NewReader(fmt.Sprint(v)))
		d.UseNumber()
		var within any
		if d.Decode(&within) == nil && within != nil {
			labels[name] = asJSON(within)
		}
	}
	return line
}

func asJSON(v any) string {
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil {
		return "!"
	}
	return strings.TrimSpace(buf.String())
}

// logInAll logs the same record to handlers of all schemas and compares the
// lines.
func logInAll(t testing.TB, rows map[string][2]place, log func(h slog.Handler)) {
	t.Helper()
	h, buf := newHandler(t, &logging.Options{NoStackTrace: true, Level: slog.LevelDebug})
	log(h)
	standard := decoded(t, buf.String())
	delete(standard, "timestamp")
	for _, schema := range []logging.Schema{logging.SchemaECS, logging.SchemaOTel} {
		h, other := newHandler(t, &logging.Options{NoStackTrace: true, Level: slog.LevelDebug, Schema: schema})
		log(h)
		got := decoded(t, other.String())
		delete(got, rows["timestamp"][schema-1].name)
		delete(got, "SeverityNumber")
		sortTexts(got)
		if want := sortTexts(expected(t, rows, schema, standard)); !reflect.DeepEqual(got, want) {
			t.Errorf("got  %s\nwant %s\nfrom %s", asJSON(got), asJSON(want), buf)
		}
	}
}
