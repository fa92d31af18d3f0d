package slofile_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/budget/ledger"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
	"github.com/sligo-go/sligo/slo/slofile"
)

const day = 24 * time.Hour

// exact compares the values of files.
var exact = cmp.Options{
	cmp.AllowUnexported(slo.Target{}, slo.Share{}), cmpopts.EquateEmpty(),
	cmpopts.IgnoreUnexported(slofile.File{}), cmpopts.IgnoreFields(sli.Condition{}, "Func"),
}

func share(text string) slo.Share { return slo.MustParseShare(text) }

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}

// full is the content of testdata/good/full.yaml.
func full() *slofile.File {
	availability := sli.Indicator{
		Name: "availability", Service: "users", Journey: "profile", Kind: sli.KindAvailability, Workload: sli.WorkloadUserFacing,
		Requests:    []string{"GET /users/{userid}", "!GET /users/health"},
		Good:        sli.Condition{Status: []string{"2xx", "3xx", "404"}, Code: []string{"!Internal"}, Failed: sli.PresenceExclude},
		Valid:       sli.Condition{Canceled: sli.PresenceInclude},
		Patience:    2 * time.Second,
		Groups:      sli.Groups{Values: []string{"free", "paid"}},
		Collection:  sli.Collection{Where: "load balancer", How: sli.SourceProcess, Field: "the status field", Every: 10 * time.Second},
		Aggregation: sli.Aggregation{Over: time.Minute, By: "ratio"},
	}
	return &slofile.File{
		Matchers: []string{`env="prod"`, `cluster=~"eu-.*"`},
		Objectives: []slo.Objective{
			{
				Indicator: availability, Target: slo.MustParseTarget("99.95%"), Window: slo.MustParseWindow("30d"),
				Alerts: slo.AlertPolicy{MinBad: 10, Rules: []slo.Alert{
					{Severity: slo.SeverityPage, Budget: share("2%"), Long: time.Hour, Short: 5 * time.Minute},
					{Severity: slo.SeverityTicket, Budget: share("10%"), Long: 3 * day},
				}},
				Stage: slo.StagePage, Description: "The profile is served.\nClients see it.\n", Tier: "1", Owner: "users-team",
				Runbook: "https://example.com/runbooks/users", DependsOn: []string{"database/availability", "users/latency"},
				Labels: map[string]string{"team": "users", "cost_center": "42"},
			},
			{
				Name: "contract", Indicator: availability, Target: slo.MustParseTarget("99.9%"),
				Window: slo.MustParseWindow("month Asia/Seoul"), Alerts: slo.AlertPolicy{Disabled: true},
			},
			{
				Indicator: sli.Indicator{
					Name: "latency", Service: "users", Kind: sli.KindLatency,
					Good: sli.Condition{Within: 100 * time.Millisecond}, Groups: sli.Groups{Max: 50},
				},
				Target: slo.MustParseTarget("90%"), Window: slo.MustParseWindow("4w"),
				Slices: slo.Slices{Length: time.Minute, Bound: share("95%")}, Stage: slo.StageObserve,
			},
			{
				Indicator: sli.Indicator{
					Name: "rows", Service: "imports", Kind: sli.KindThroughput, Requests: []string{"nightly-import"},
					Good: sli.Condition{Rate: sli.Rate{Items: 500, Per: time.Second}},
				},
				Target: slo.MustParseTarget("99%"), Window: slo.MustParseWindow("quarter"), Stage: slo.StageMeasure,
			},
		},
		Policy: budget.Policy{
			Steps: []budget.Step{
				{Name: "healthy", Release: budget.ReleaseFree, Action: "release as planned"},
				{Name: "frozen", From: share("100%"), Until: share("90%"), Release: budget.ReleaseFrozen},
			},
			Postmortem: share("20%"), NoData: budget.ReleaseReviewed, MinKnown: share("10%"),
		},
		Exclusions: []ledger.Entry{{
			Kind: ledger.KindMaintenance, Name: "database upgrade",
			Start: at("2026-03-10T01:00:00Z"), End: at("2026-03-10T03:00:00Z"),
		}},
	}
}

func load(t *testing.T, name, environment string) *slofile.File {
	t.Helper()
	f, err := slofile.Load(name, &slofile.Options{Environment: environment})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestLoadReadsEveryKey(t *testing.T) {
	got := load(t, "testdata/good/full.yaml", "")
	if diff := cmp.Diff(full(), got, exact); diff != "" {
		t.Error(diff)
	}
	if err := got.Validate(); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"empty", "staging"}, got.Environments()); diff != "" {
		t.Error(diff)
	}
}

func TestLoadSelectsAnEnvironment(t *testing.T) {
	want := full()
	if diff := cmp.Diff(want, load(t, "testdata/good/full.yaml", "empty"), exact); diff != "" {
		t.Errorf("empty: %s", diff)
	}
	want.Matchers[0] = `env="staging"`
	want.Objectives[0].Target, want.Objectives[0].Window = slo.MustParseTarget("99%"), slo.MustParseWindow("7d")
	want.Objectives[3].Target = slo.MustParseTarget("95%")
	want.Exclusions = append(want.Exclusions, ledger.Entry{
		Kind: ledger.KindDrill, Name: "load test", Start: at("2026-03-11T01:00:00Z"), End: at("2026-03-11T03:00:00Z"),
	})
	if diff := cmp.Diff(want, load(t, "testdata/good/full.yaml", "staging"), exact); diff != "" {
		t.Errorf("staging: %s", diff)
	}
}

func TestLoadRefusesAnUnknownEnvironment(t *testing.T) {
	for file, want := range map[string]string{
		"testdata/good/full.yaml":    `testdata/good/full.yaml:95:3: environments: unknown environment "prod": want one of "empty", "staging"`,
		"testdata/good/anchors.yaml": `testdata/good/anchors.yaml: environments: unknown environment "prod": the file has none`,
	} {
		_, err := slofile.Load(file, &slofile.Options{Environment: "prod"})
		if err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

// TestEnvironmentReplacesExclusionsByName has an exclusion that staging moves.
func TestEnvironmentReplacesExclusionsByName(t *testing.T) {
	text := minimal + `
matchers: ['env="prod"', 'zone="a"']
exclusions:
  - {kind: drill, name: a, start: 2026-03-10T01:00:00Z, end: 2026-03-10T02:00:00Z}
  - {kind: drill, name: b, start: 2026-03-10T01:00:00Z, end: 2026-03-10T02:00:00Z}
environments:
  staging:
    matchers: ['env!="prod"']
    exclusions:
      - {kind: maintenance, name: a, start: 2026-03-11T01:00:00Z, end: 2026-03-11T02:00:00Z}
`
	f, err := slofile.Parse("slo.yaml", []byte(text), &slofile.Options{Environment: "staging"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range f.Exclusions {
		got = append(got, e.String())
	}
	got = append(got, f.Matchers...)
	want := []string{
		`maintenance "a" from 2026-03-11T01:00:00Z for 1 hour`, `drill "b" from 2026-03-10T01:00:00Z for 1 hour`, `env!="prod"`, `zone="a"`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	mistake := f.Locate(&sli.FieldError{Path: "Exclusions[0].End", Err: errors.New("too late")})
	if want := "slo.yaml:19:72: environments.staging.exclusions[0].end: too late"; mistake.Error() != want {
		t.Errorf("got  %v\nwant %s", mistake, want)
	}
}

const minimal = `version: sligo/v1
service: users
indicators:
  - name: availability
    good: {status: [2xx, 3xx, 4xx]}
objectives:
  - indicator: availability
    target: 99.95
    window: 30d
`

// TestAnchors compares a file with anchors and merge keys with its meaning.
func TestAnchors(t *testing.T) {
	availability := sli.Indicator{Name: "availability", Service: "users", Good: sli.Condition{Status: []string{"2xx", "3xx", "4xx"}}}
	search := availability
	search.Name, search.Valid = "search", sli.Condition{Status: availability.Good.Status}
	base := slo.Objective{
		Indicator: availability, Target: slo.MustParseTarget("99.9%"), Window: slo.MustParseWindow("30d"),
		Owner: "users-team", Labels: map[string]string{"team": "users"},
	}
	strict, monthly := base, base
	strict.Indicator, strict.Target, strict.Tier = search, slo.MustParseTarget("99.99%"), "1"
	monthly.Name, monthly.Window, monthly.Tier, monthly.Owner = "month", slo.MustParseWindow("month"), "2", "orders-team"
	want := []slo.Objective{base, strict, monthly}
	if diff := cmp.Diff(want, load(t, "testdata/good/anchors.yaml", "").Objectives, exact); diff != "" {
		t.Error(diff)
	}
}

// TestBytes checks texts that the corpus cannot hold.
func TestBytes(t *testing.T) {
	utf16 := []byte("\xFF\xFEv\x00e\x00")
	for _, tt := range []struct {
		name string
		data []byte
		want string
	}{
		{"line ends of Windows", []byte(strings.ReplaceAll(minimal, "\n", "\r\n")), ""},
		{"old line ends", []byte(strings.ReplaceAll(minimal, "\n", "\r")), ""},
		{"a byte order mark", []byte("\uFEFF" + minimal), ""},
		{"no newline at the end", []byte(strings.TrimSpace(minimal)), ""},
		{"an explicit document", []byte("---\n" + minimal + "...\n"), ""},
		{"a directive", []byte("%YAML 1.2\n---\n" + minimal), `slo.yaml:1:1: unexpected "%": want no directive, and quotes around text that begins with it`},
		{"JSON", []byte(`{"version":"sligo/v1","service":"a","indicators":[{"name":"b"}],"objectives":[{"indicator":"b","target":99.9,"window":"1d"}]}`), ""},
		{"letters of many bytes", []byte(minimal + "    description: \"목표 \u0000x\"\n"), "slo.yaml:10:22: invalid control character: want text"},
		{"an escaped control character", []byte(minimal + "    description: \"a\\0b\"\n"), ""},
		{"UTF-16", utf16, "slo.yaml:1:1: invalid encoding UTF-16: want UTF-8"},
		{"UTF-16, the other order", []byte("\xFE\xFF\x00v"), "slo.yaml:1:1: invalid encoding UTF-16: want UTF-8"},
		{"NUL", []byte(minimal + "\x00"), "slo.yaml:10:1: invalid control character: want text"},
		{"one byte too many", append([]byte(minimal), bytes.Repeat([]byte("#"), 1<<20+1-len(minimal))...), "slo.yaml: too large: want at most 1048576 bytes"},
		{"as large as possible", append([]byte(minimal), bytes.Repeat([]byte("#"), 1<<20-len(minimal))...), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := ""
			if _, err := slofile.Parse("slo.yaml", tt.data, nil); err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// TestBombs checks that files which would expand to billions of values are
// refused, by the number of the values that are looked at.
func TestBombs(t *testing.T) {
	many := strings.TrimSuffix(strings.Repeat("*o, ", 2000), ", ")
	for name, text := range map[string]string{
		"objectives": "version: sligo/v1\nobjectives:\n  - &o\n    labels: {" + strings.Repeat("a: x, ", 300) + "}\n" + strings.Repeat("  - *o\n", 50_000),
		"merge keys": "version: sligo/v1\nobjectives:\n  - &o\n    <<: [" + many + "]\n",
		"depth":      "version: " + strings.Repeat("[", 500_000),
		"indent":     strings.Repeat("- ", 500_000),
		"anchors":    strings.Repeat("&a ", 300_000),
		"references": "version: sligo/v1\nservice: a\nindicators:\n" + numbered("  - {name: i%[1]d}\n", 9000) + "objectives:\n" + numbered("  - indicator: j%[1]d\n", 9000),
		"cycles":     "version: sligo/v1\nservice: a\nindicators: [{name: i}]\nobjectives:\n" + numbered("  - {name: o%[1]d, indicator: i, depends_on: [a/o0, a/o%[2]d]}\n", 7000),
		"a name":     "version: sligo/v1\nservice: &n " + strings.Repeat("é-", 1300) + "\nindicators: [{name: *n}]\nobjectives:\n" + numbered("  - {name: *n, tier: *n, indicator: a%[1]d, stage: *n}\n", 9000),
		"a text":     "version: sligo/v1\nservice: " + strings.Repeat("x", 4097) + "\n",
		"a key":      "version: sligo/v1\n" + strings.Repeat("key", 300_000) + ": x\n",
		"a tag":      "version: !" + strings.Repeat("tag", 300_000) + " x\n",
		"keys":       "version: sligo/v1\n" + strings.Repeat("a: x\n", 200_000),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // each takes seconds with the race detector
			_, err := slofile.Parse("slo.yaml", []byte(text), nil)
			if err == nil {
				t.Fatal("got no error")
			}
			if lines := strings.Count(err.Error(), "\n"); lines > 100 {
				t.Errorf("got %d lines of errors", lines)
			}
			if size := len(err.Error()); size > 110_000 {
				t.Errorf("got %d bytes of errors", size)
			}
		})
	}
}

// numbered returns a text for each number from 0, which may also have the next
// number.
func numbered(format string, n int) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, format, i, i+1)
	}
	return text.String()
}

// TestLargeFile reads a file in which every objective has the same large
// indicator.
func TestLargeFile(t *testing.T) {
	text := "version: sligo/v1\nservice: a\nindicators:\n  - name: i\n    requests: [" + numbered("/%[1]d, ", 4000) + "]\nobjectives:\n" +
		numbered("  - {name: o%[1]d, indicator: i, target: 99, window: 1d}\n", 9000)
	f, err := slofile.Parse("slo.yaml", []byte(text), nil)
	if err != nil || len(f.Objectives) != 9000 || len(f.Objectives[8999].Indicator.Requests) != 4000 {
		t.Errorf("got %v", err)
	}
}

func TestLoadFromAFileSystem(t *testing.T) {
	fsys := fstest.MapFS{"users/slo.yaml": {Data: []byte(minimal)}}
	f, err := slofile.Load("users/slo.yaml", &slofile.Options{FS: fsys})
	if err != nil || f.Objectives[0].ID() != "users/availability" {
		t.Errorf("got %v, %v", f, err)
	}
	if _, err = slofile.Load("slo.yaml", &slofile.Options{FS: fsys}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v, want an error of a missing file", err)
	}
	if _, err = slofile.Load("testdata", nil); err == nil {
		t.Error("a folder: got no error")
	}
}

func TestErrorHasItsPlace(t *testing.T) {
	_, err := slofile.Parse("slo.yaml", []byte(strings.Replace(minimal, "99.95", "0.999", 1)), nil)
	var got *slofile.Error
	if !errors.As(err, &got) {
		t.Fatalf("got %v", err)
	}
	want := &slofile.Error{File: "slo.yaml", Line: 8, Column: 13, Path: "objectives[0].target"}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(slofile.Error{}, "Err")); diff != "" {
		t.Error(diff)
	}
	data, jsonErr := json.Marshal(got)
	if want := `{"file":"slo.yaml","line":8,"column":13,"path":"objectives[0].target","err":"\"0.999\" is 0.999%; did you mean 99.9%?"}`; string(data) != want || jsonErr != nil {
		t.Errorf("JSON: got %s, %v, want %s", data, jsonErr, want)
	}
	var back slofile.Error
	if err := json.Unmarshal(data, &back); err != nil || back.Error() != got.Error() {
		t.Errorf("JSON: got %v, %v, want %v", &back, err, got)
	}
	if err := json.Unmarshal([]byte(`{"lin":1}`), &back); err == nil {
		t.Error("JSON with an unknown field: got no error")
	}
	if !errors.Is(got, got.Err) {
		t.Error("Unwrap does not return Err")
	}
}

// TestLocate gives mistakes of other packages their places.
func TestLocate(t *testing.T) {
	f := load(t, "testdata/good/full.yaml", "staging")
	const name = "testdata/good/full.yaml"
	for path, want := range map[string]string{
		"objectives[0].Target":                   name + ":98:30: environments.staging.objectives.availability.target",
		"Objectives[1].Target":                   name + ":64:13: objectives[1].target",
		"Objectives[1].Indicator.Good.Status[1]": name + ":16:21: indicators[0].good.status[1]",
		"Objectives[2].Indicator.Service":        name + ":3:10: service",
		"Objectives[3].Indicator.Service":        name + ":37:14: indicators[2].service",
		"Objectives[0].Indicator":                name + ":9:5: indicators[0]",
		`Objectives[0].Labels["team"]`:           name + ":60:13: objectives[0].labels.team",
		"Objectives[0].Alerts.Rules[1].Short":    name + ":49:11: objectives[0].alerts.rules[1].short",
		"Objectives[0].DependsOn[1]":             name + ":58:41: objectives[0].depends_on[1]",
		"Policy.Steps[1].Until":                  name + ":82:14: policy.steps[1].until",
		"Matchers[0]":                            name + ":96:16: environments.staging.matchers[0]",
		"Matchers[1]":                            name + ":6:5: matchers[1]",
		"Options.Matchers[1]":                    name + ":6:5: matchers[1]",
		"Options.Policy.Steps[1].Until":          name + ":82:14: policy.steps[1].until",
		"Options.Dialect":                        name + ":2:1: options.dialect",
		"":                                       name + ":2:1",
	} {
		err := f.Locate(&sli.FieldError{Path: path, Err: errors.New(`want Until, not "Until"`)})
		if want += `: want until, not "Until"`; err.Error() != want {
			t.Errorf("%s: got %v, want %s", path, err, want)
		}
	}
	if err := f.Locate(nil); err != nil {
		t.Errorf("nil: got %v", err)
	}
	unread, mistake := full(), &sli.FieldError{Path: "Objectives[0].Target", Err: errors.New("x")}
	if err := unread.Locate(mistake); !errors.Is(err, mistake) || unread.Environments() != nil {
		t.Errorf("a file that was not read: got %v", err)
	}
}

// TestLocateFindsEveryValue locates a mistake in each text of a file by its
// path in Go, and compares the text at the place with the value.
func TestLocateFindsEveryValue(t *testing.T) {
	const name = "testdata/good/full.yaml"
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(data), "\n")
	f := load(t, name, "")
	found := 0
	var visit func(path string, v reflect.Value)
	visit = func(path string, v reflect.Value) {
		switch v.Kind() {
		case reflect.Struct:
			for i := range v.NumField() {
				if field := v.Type().Field(i); field.IsExported() {
					visit(strings.TrimPrefix(path+"."+field.Name, "."), v.Field(i))
				}
			}
		case reflect.Slice:
			for i := range v.Len() {
				visit(fmt.Sprintf("%s[%d]", path, i), v.Index(i))
			}
		case reflect.Map:
			for _, key := range v.MapKeys() {
				visit(fmt.Sprintf("%s[%q]", path, key), v.MapIndex(key))
			}
		case reflect.String:
			got := new(slofile.Error)
			if v.String() == "" || !errors.As(f.Locate(&sli.FieldError{Path: path, Err: errors.New("x")}), &got) {
				return
			}
			found++
			text := string([]rune(lines[got.Line-1])[got.Column-1:])
			if text = strings.TrimLeft(text, `"'`); !strings.HasPrefix(text, v.String()) && text != "|" {
				t.Errorf("%s: %s:%d:%d has %q, want %q", path, name, got.Line, got.Column, text, v)
			}
		}
	}
	visit("", reflect.ValueOf(f).Elem())
	if found < 60 {
		t.Errorf("got %d texts, want at least 60", found)
	}
}

func TestValidateReportsEveryMistakeAtOnce(t *testing.T) {
	f := full()
	f.Objectives[1].Target = slo.Target{}
	f.Policy.Steps[0].Name = ""
	f.Matchers = append(f.Matchers, "zone")
	f.Exclusions = append(f.Exclusions, ledger.Entry{Kind: ledger.KindOutage, Name: "database upgrade", Start: at("2026-03-10T01:00:00Z"), Degree: share("50%")})
	want := `Objectives[1].Target: required, such as "99.9%"
Policy.Steps[0].Name: required
Matchers[2]: invalid matcher "zone": want a label, one of = != =~ !~, and a quoted value without spaces between them, such as env="prod"
Exclusions[1].Name: duplicate name "database upgrade": Exclusions[0] has it
Exclusions[1].Kind: invalid kind "outage": outages always spend, want one of "maintenance", "deployment", "drill"
Exclusions[1].End: required
Exclusions[1].Degree: invalid degree 50%: an exclusion is never partial`
	if diff := cmp.Diff(want, f.Validate().Error()); diff != "" {
		t.Error(diff)
	}
	if got := new(slofile.File).Validate(); got == nil || got.Error() != "Objectives: required" {
		t.Errorf("the zero File: got %v", got)
	}
}

func TestParsePercentage(t *testing.T) {
	for text, want := range map[string]string{
		"99.95": "99.95%", "99.95%": "99.95%", "99.95 %": "99.95%", "0.5%": "0.5%", "1%": "1%", "1.5": "1.5%",
	} {
		if got, err := slofile.ParsePercentage(text); got.String() != want || err != nil {
			t.Errorf("%q: got %v, %v, want %s", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"0.999": `"0.999" is 0.999%; did you mean 99.9%?`,
		".5":    `".5" is .5%; did you mean 50%?`,
		"1":     `"1" may be 1% or 100%: want a percentage such as "99.9%"`,
		"0":     `invalid percentage "0": 0% promises nothing`,
		"100":   `invalid percentage "100": 100% leaves no error budget`,
		"99,9":  `invalid percentage "99,9"; did you mean 99.9%?`,
		"x":     `invalid percentage "x": want a percentage such as "99.95%", with at most 7 decimals`,
		"":      `invalid percentage "": want a percentage such as "99.95%", with at most 7 decimals`,
	} {
		if got, err := slofile.ParsePercentage(text); err == nil || err.Error() != want || got.IsValid() {
			t.Errorf("%q: got %v, %v, want %s", text, got, err, want)
		}
	}
}

// FuzzParsePercentage shows that a number is a percentage with and without its
// sign, and that a ratio is refused without it.
func FuzzParsePercentage(f *testing.F) {
	for _, text := range []string{"99.9", "99.9%", "0.999", "0.999%", "1", "1.0", "100", "x", "", "99,9", " 99 ", "99 %"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		target, err := slofile.ParsePercentage(text)
		if err != nil {
			return
		}
		percent := text
		if !strings.HasSuffix(text, "%") {
			percent += "%"
			if ratio, err := slo.ParseShare(text); err == nil {
				t.Errorf("%q is the ratio %v, but got %v", text, ratio, target)
			}
		}
		if want, err := slo.ParseTarget(percent); err != nil || target != want {
			t.Errorf("%q: got %v, want %v, %v", text, target, want, err)
		}
	})
}
