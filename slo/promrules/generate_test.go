package promrules_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
	"github.com/sligo-go/sligo/slo/promrules"
)

var update = flag.Bool("update", false, "write the golden files")

var from2026 = time.Date(2026, time.November, 26, 0, 0, 0, 0, time.UTC)

// golden compares with a file in testdata, or writes it with -update.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

func TestGolden(t *testing.T) {
	latency := slo.Objective{
		Indicator: sli.Indicator{
			Service: "users", Name: "latency", Kind: sli.KindLatency, Journey: "profile",
			Good: sli.Condition{Within: 100 * time.Millisecond},
		},
		Target: slo.MustParseTarget("90%"), Window: slo.MustParseWindow("7d"),
		Stage: slo.StageObserve, Labels: map[string]string{"squad": `{{ "x" }}`},
		Description: "Profiles open\nwithin 100 ms {{ always }}.",
	}
	contract := availability
	contract.Name, contract.Target, contract.Window = "contract", slo.MustParseTarget("99.9%"), slo.MustParseWindow("month Europe/London")
	measured := calendar("quarter Asia/Seoul")
	measured.Stage = slo.StageMeasure
	tests := []struct {
		name       string
		objectives []slo.Objective
		options    promrules.Options
	}{
		{"availability", []slo.Objective{availability}, promrules.Options{}},
		{"latency-prom3", []slo.Objective{latency}, promrules.Options{
			Dialect: promrules.DialectProm3, Matchers: []string{`env="prod"`, `cluster=~"eu-.*"`},
			Dashboard: "https://grafana.example.com/d/slo?var-service={service}&var-slo={slo}",
		}},
		{"windows", []slo.Objective{availability, contract, measured}, promrules.Options{ZonesFrom: from2026}},
		{"scaled", []slo.Objective{availability}, promrules.Options{Scale: 60}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := generate(t, &test.options, test.objectives...)
			golden(t, test.name+".yml", r.YAML())
			golden(t, test.name+"_test.yml", r.Tests(test.name+".yml"))
			again := generate(t, &test.options, test.objectives...)
			if !bytes.Equal(r.YAML(), again.YAML()) || !bytes.Equal(r.Tests("x"), again.Tests("x")) {
				t.Error("two runs differ")
			}
		})
	}
}

func TestErrors(t *testing.T) {
	with := func(change func(o *slo.Objective)) []slo.Objective {
		o := availability
		change(&o)
		return []slo.Objective{o}
	}
	page := func(share string, long, short time.Duration) slo.AlertPolicy {
		return slo.AlertPolicy{Rules: []slo.Alert{{Severity: slo.SeverityPage, Budget: slo.MustParseShare(share), Long: long, Short: short}}}
	}
	tests := []struct {
		name       string
		objectives []slo.Objective
		options    *promrules.Options
		want       []string // paths, and the beginnings of texts
	}{
		{"an invalid objective", with(func(o *slo.Objective) { o.Target = slo.Target{} }), nil, []string{"objectives[0].Target: required"}},
		{"time slices", with(func(o *slo.Objective) { o.Slices.Length = time.Minute }), nil,
			[]string{`objectives[0].Slices: unsupported "slices of 1m"`}},
		{"a zone of half hours", with(func(o *slo.Objective) { o.Window = slo.MustParseWindow("month Asia/Kolkata") }), nil,
			[]string{`objectives[0].Window: invalid window "month Asia/Kolkata": it begins at 18:30 in UTC`}},
		{"a short window of two scrapes", with(func(o *slo.Objective) { o.Alerts = page("2%", time.Hour, time.Minute) }), nil,
			[]string{"objectives[0].Alerts.Rules[0].Short: invalid window 1m: want at least 2m,"}},
		{"a long window beyond the budget's", with(func(o *slo.Objective) {
			o.Window, o.Alerts = slo.MustParseWindow("year"), page("50%", 60*24*time.Hour, time.Hour)
		}), nil, []string{"objectives[0].Alerts.Rules[0].Long: invalid window 60d: want at most 30d, whose budget the alerts of a calendar window weigh"}},
		{"an alert that no outage fires", with(func(o *slo.Objective) {
			o.Target, o.Alerts = slo.MustParseTarget("90%"), page("2%", time.Hour, 0)
		}), nil, []string{"objectives[0].Alerts.Rules[0].Budget: invalid share 2% in 1h"}},
		{"no default alert", with(func(o *slo.Objective) {
			o.Target, o.Window = slo.MustParseTarget("1%"), slo.MustParseWindow("366d")
		}), nil, []string{"objectives[0].Alerts: no default alert can fire for 1% over 366d"}},
		{"labels of the environment", with(func(o *slo.Objective) { o.Labels = map[string]string{"env": "y"} }),
			&promrules.Options{Matchers: []string{`env="prod"`}}, []string{`objectives[0].Labels["env"]: the environment has a matcher`}},
		{"labels of the rules", with(func(o *slo.Objective) { o.Labels = map[string]string{"long": "x"} }), nil,
			[]string{`objectives[0].Labels["long"]: reserved label "long"`}},
		{"options", with(func(*slo.Objective) {}), &promrules.Options{
			Dialect: "prom4", Scale: -1, ScrapeInterval: 2 * time.Minute, Dashboard: "javascript:alert(1)",
			Policy: budget.Policy{Steps: []budget.Step{{Name: "x"}}},
		}, []string{`Options.Dialect: unknown dialect "prom4"`, "Options.Policy.Steps[0].Release: required", "Options.ScrapeInterval: invalid interval 2m0s",
			"Options.Scale: invalid scale -1", `Options.Dashboard: invalid dashboard "javascript:alert(1)"`}},
		{"a year before all clocks", with(func(*slo.Objective) {}), &promrules.Options{ZonesFrom: time.Date(1969, time.December, 31, 0, 0, 0, 0, time.UTC)},
			[]string{"Options.ZonesFrom: invalid year 1969: want 1970 to 9999"}},
		{"a year of five digits", with(func(*slo.Objective) {}), &promrules.Options{ZonesFrom: time.Date(10000, time.January, 1, 0, 0, 0, 0, time.UTC)},
			[]string{"Options.ZonesFrom: invalid year 10000: want 1970 to 9999"}},
		{"a query offset of prom2", with(func(*slo.Objective) {}), &promrules.Options{QueryOffset: time.Minute},
			[]string{`Options.QueryOffset: offset 1m0s needs the dialect "prom3"`}},
		{"a short query offset", with(func(*slo.Objective) {}), &promrules.Options{Dialect: promrules.DialectProm3, QueryOffset: time.Second},
			[]string{"Options.QueryOffset: invalid offset 1s: want 5s to 10m0s"}},
		{"a long query offset", with(func(*slo.Objective) {}), &promrules.Options{QueryOffset: time.Hour},
			[]string{"Options.QueryOffset: invalid offset 1h0m0s: want 5s to 10m0s"}},
		{"a scale with fractions", with(func(*slo.Objective) {}), &promrules.Options{Scale: 7}, []string{"Options.Scale: invalid scale 7: want 1 to 3000, and 30s / scale"}},
		{"matchers", with(func(*slo.Objective) {}), &promrules.Options{Matchers: []string{
			`env`, `env="`, `sli="x"`, `__name__="x"`, `env=""`, `a=~"("`, `b="x"`, `b!="y"`, "c=\"x\ny\"", `d="x"} or {e="y"`, `e=~"a^"`, `f="\xff"`,
			`g=~""`, `h!~".+"`, `i!~".*"`,
		}}, []string{`Options.Matchers[0]: invalid matcher "env"`, `Options.Matchers[1]: invalid matcher "env=\""`, "Options.Matchers[2]: ", "Options.Matchers[3]: ",
			"Options.Matchers[4]: ", "Options.Matchers[5]: ", `Options.Matchers[7]: duplicate matcher of label "b"`, "Options.Matchers[8]: ", "Options.Matchers[9]: ", "Options.Matchers[10]: ", "Options.Matchers[11]: ",
			`Options.Matchers[12]: invalid matcher "g=~\"\"": it selects series without the label; if they are meant, write g!~".+"`, "Options.Matchers[14]: "}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r, err := promrules.Generate(test.objectives, test.options)
			if err == nil || r != nil {
				t.Fatalf("got %v, %v, want an error only", r, err)
			}
			var field *sli.FieldError
			if !errors.As(err, &field) {
				t.Errorf("got a %T, want FieldErrors", err)
			}
			lines := strings.Split(err.Error(), "\n")
			if len(lines) != len(test.want) {
				t.Fatalf("got %d errors, want %d:\n%v", len(lines), len(test.want), err)
			}
			for i, want := range test.want {
				if !strings.HasPrefix(lines[i], want) {
					t.Errorf("got  %s\nwant %s…", lines[i], want)
				}
			}
		})
	}
}

// TestNothing writes valid files of no objectives.
func TestNothing(t *testing.T) {
	r := generate(t, nil)
	if got, want := string(r.YAML()), "groups: []\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func BenchmarkGenerate(b *testing.B) {
	objectives := make([]slo.Objective, 1000)
	for i := range objectives {
		objectives[i] = availability
		objectives[i].Indicator.Name = "a" + strings.Repeat("b", i%50) + string(rune('a'+i/50))
	}
	for b.Loop() {
		r, err := promrules.Generate(objectives, nil)
		if err != nil {
			b.Fatal(err)
		}
		r.YAML()
	}
}

// TestDefaultAlerts checks that the default alerts suit every usual window and
// target.
func TestDefaultAlerts(t *testing.T) {
	for _, target := range []string{"50%", "93.1%", "99.95%"} {
		for hours := 1; hours <= 40*24; hours++ {
			o := availability
			o.Target = slo.MustParseTarget(target)
			window, err := slo.Rolling(time.Duration(hours) * time.Hour)
			if err != nil {
				t.Fatal(err)
			}
			o.Window = window
			if _, err := promrules.Generate([]slo.Objective{o}, nil); err != nil {
				t.Errorf("%v: %v", o, err)
			}
		}
	}
}
