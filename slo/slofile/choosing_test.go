package slofile_test

import (
	"encoding/json"
	"os"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
	"github.com/sligo-go/sligo/slo/slofile"
)

// These are the objectives of docs/choosing-slis.md, by the names of its files.

var users = []slo.Objective{
	{
		Indicator: sli.Indicator{
			Service: "users", Name: "availability", Kind: sli.KindAvailability,
			Requests: []string{"GET /users/{userid}"},
			Good:     sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
			Valid:    sli.Condition{Status: []string{"!400"}},
		},
		Target: slo.MustParseTarget("99.95%"), Window: slo.MustParseWindow("30d"),
	},
	{
		Indicator: sli.Indicator{
			Service: "users", Name: "latency", Kind: sli.KindLatency,
			Requests: []string{"GET /users/{userid}"},
			Good:     sli.Condition{Within: 100 * time.Millisecond},
			Valid:    sli.Condition{Status: []string{"2xx", "3xx", "4xx", "!400"}},
		},
		Target: slo.MustParseTarget("90%"), Window: slo.MustParseWindow("30d"),
	},
}

var profiles = []slo.Objective{
	{
		Indicator: sli.Indicator{
			Service: "profile", Name: "availability", Kind: sli.KindAvailability,
			Requests: []string{"/profile.v1.Profile/*", "!/profile.v1.Profile/Export"},
			Good:     sli.Condition{Code: []string{"OK", "NotFound", "AlreadyExists", "FailedPrecondition"}},
			Valid:    sli.Condition{Code: []string{"!InvalidArgument", "!Unauthenticated", "!PermissionDenied"}},
		},
		Target: slo.MustParseTarget("99.9%"), Window: slo.MustParseWindow("30d"),
	},
	{
		Indicator: sli.Indicator{
			Service: "profile", Name: "latency", Kind: sli.KindLatency,
			Requests: []string{"/profile.v1.Profile/Get"},
			Good:     sli.Condition{Within: 50 * time.Millisecond},
			Valid:    sli.Condition{Code: []string{"OK", "NotFound", "AlreadyExists", "FailedPrecondition"}},
		},
		Target: slo.MustParseTarget("99%"), Window: slo.MustParseWindow("30d"),
	},
}

var orders = []slo.Objective{
	{
		Indicator: sli.Indicator{
			Service: "orders", Name: "handled", Kind: sli.KindErrorRate,
			Requests: []string{"handle order"},
		},
		Target: slo.MustParseTarget("99.9%"), Window: slo.MustParseWindow("30d"),
	},
	{
		Indicator: sli.Indicator{
			Service: "orders", Name: "delay", Kind: sli.KindEndToEndLatency,
			Requests: []string{"order handled"},
			Good:     sli.Condition{Within: 30 * time.Second},
		},
		Target: slo.MustParseTarget("99%"), Window: slo.MustParseWindow("30d"),
	},
}

var settlement = []slo.Objective{
	{
		Indicator: sli.Indicator{
			Service: "settlement", Name: "orders", Kind: sli.KindErrorRate, Workload: sli.WorkloadDataAnalysis,
			Requests: []string{"settle order"},
		},
		Target: slo.MustParseTarget("99.9%"), Window: slo.MustParseWindow("30d"),
	},
	{
		Indicator: sli.Indicator{
			Service: "settlement", Name: "throughput", Kind: sli.KindThroughput, Workload: sli.WorkloadDataAnalysis,
			Requests: []string{"settle slice"},
			Good:     sli.Condition{Rate: sli.Rate{Items: 500, Per: time.Second}},
		},
		Target: slo.MustParseTarget("95%"), Window: slo.MustParseWindow("30d"),
	},
	{
		Indicator: sli.Indicator{
			Service: "settlement", Name: "freshness", Kind: sli.KindFreshness, Workload: sli.WorkloadDataAnalysis,
			Requests:   []string{"check freshness"},
			Good:       sli.Condition{Within: 26 * time.Hour},
			Collection: sli.Collection{Where: "Prometheus", How: sli.SourceQuery, Every: time.Minute},
		},
		Target: slo.MustParseTarget("99%"), Window: slo.MustParseWindow("30d"),
	},
}

var pictures = []slo.Objective{
	{
		Indicator: sli.Indicator{
			Service: "pictures", Name: "durability", Kind: sli.KindDurability, Workload: sli.WorkloadStorage,
			Requests:   []string{"read back"},
			Collection: sli.Collection{Every: time.Minute},
		},
		Target: slo.MustParseTarget("99.99%"), Window: slo.MustParseWindow("year"),
	},
	{
		Indicator: sli.Indicator{
			Service: "pictures", Name: "queue", Kind: sli.KindEndToEndLatency, Workload: sli.WorkloadStorage,
			Requests: []string{"take from queue"},
			Good:     sli.Condition{Within: 10 * time.Second},
		},
		Target: slo.MustParseTarget("99%"), Window: slo.MustParseWindow("30d"),
	},
}

// page returns an objective for a page of the journey "browse".
func page(name, route string) slo.Objective {
	return slo.Objective{
		Indicator: sli.Indicator{
			Service: "shop", Name: name, Journey: "browse", Kind: sli.KindAvailability,
			Requests: []string{route},
			Good:     sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
		},
		Target: slo.MustParseTarget("99.95%"), Window: slo.MustParseWindow("30d"),
	}
}

var shop = []slo.Objective{
	page("home", "GET /{$}"),
	page("search", "GET /search"),
	page("category", "GET /categories/{name}"),
	page("detail", "GET /items/{id}"),
}

// TestChoosingSLIs compares each file of docs/choosing-slis.md with the Go
// values that the page shows beside it.
func TestChoosingSLIs(t *testing.T) {
	text, err := os.ReadFile("../../docs/choosing-slis.md")
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[string]string)
	for _, m := range regexp.MustCompile("(?ms)^```yaml (\\S+)\n(.*?)^```$").FindAllStringSubmatch(string(text), -1) {
		files[m[1]] = m[2]
	}
	for name, want := range map[string][]slo.Objective{
		"users.yaml": users, "profile.yaml": profiles, "orders.yaml": orders,
		"settlement.yaml": settlement, "pictures.yaml": pictures, "shop.yaml": shop,
	} {
		f, err := slofile.Parse(name, []byte(files[name]), nil)
		if err != nil {
			t.Error(err)
			continue
		}
		if diff := cmp.Diff(lines(t, want), lines(t, f.Objectives)); diff != "" {
			t.Errorf("%s (-Go +YAML):\n%s", name, diff)
		}
		formatted, err := slofile.Format(name, []byte(files[name]))
		if err != nil || string(formatted) != files[name] {
			t.Errorf("%s is not formatted: %v\n%s", name, err, formatted)
		}
		delete(files, name)
	}
	for name := range files {
		t.Errorf("docs/choosing-slis.md has %s, which is not in Go", name)
	}
}

// lines returns the JSON of each objective.
func lines(t *testing.T, objectives []slo.Objective) []string {
	t.Helper()
	var all []string
	for _, o := range objectives {
		if err := o.Validate(); err != nil {
			t.Error(err)
		}
		text, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(text))
	}
	return all
}
