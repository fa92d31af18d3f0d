package sloprom_test

import (
	"math/big"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
	"github.com/sligo-go/sligo/slo/sloprom"
)

func objective(service, sliName, name, target, window string) slo.Objective {
	return slo.Objective{
		Name:      name,
		Indicator: sli.Indicator{Service: service, Name: sliName, Kind: sli.KindLatency, Journey: "profile"},
		Target:    slo.MustParseTarget(target), Window: slo.MustParseWindow(window),
		Owner: "users-team", Tier: "1", Labels: map[string]string{"other": "x"},
	}
}

func TestCollector(t *testing.T) {
	c := sloprom.NewCollector(
		objective("users", "latency", "", "90%", "30d"),
		objective("users", "latency", "slow", "99.9999999%", "month Asia/Seoul"),
		slo.Objective{Indicator: sli.Indicator{Service: "orders", Name: "latency"}, Window: slo.MustParseWindow("1d12h")},
	)
	want := `# HELP slo_info Always 1. The labels describe the objective.
# TYPE slo_info gauge
slo_info{journey="",kind="",owner="",sli="latency",sli_service="orders",slo="latency",tier="",window="1d12h"} 1
slo_info{journey="profile",kind="latency",owner="users-team",sli="latency",sli_service="users",slo="latency",tier="1",window="30d"} 1
slo_info{journey="profile",kind="latency",owner="users-team",sli="latency",sli_service="users",slo="slow",tier="1",window="month Asia/Seoul"} 1
# HELP slo_target_ratio The share of the SLI's valid events that the objective promises to be good, from 0 to 1.
# TYPE slo_target_ratio gauge
slo_target_ratio{sli="latency",sli_service="users",slo="latency",window="30d"} 0.9
slo_target_ratio{sli="latency",sli_service="users",slo="slow",window="month Asia/Seoul"} 0.999999999
`
	if err := testutil.CollectAndCompare(c, strings.NewReader(want)); err != nil {
		t.Error(err)
	}
	problems, err := testutil.CollectAndLint(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

// TestMistakesFailNoScrape has objectives that slo.Validate refuses.
func TestMistakesFailNoScrape(t *testing.T) {
	broken := objective("us\xffers", "latency", "\xff", "90%", "30d")
	broken.Indicator.Journey, broken.Indicator.Kind, broken.Owner = "\xff", "\xfe", "a\xffb"
	same := objective("users", "latency", "", "99%", "30d")
	other := objective("users", "latency", "", "99%", "28d")
	c := sloprom.NewCollector(objective("users", "latency", "", "90%", "30d"), same, other, broken, slo.Objective{}, slo.Objective{})
	reg := prometheus.NewPedanticRegistry()
	reg.MustRegister(c)
	if got, err := testutil.GatherAndCount(reg, "slo_info"); err != nil || got != 4 {
		t.Errorf("got %d slo_info, %v, want 4", got, err)
	}
	if got, err := testutil.GatherAndCount(reg, "slo_target_ratio"); err != nil || got != 3 {
		t.Errorf("got %d slo_target_ratio, %v, want 3", got, err)
	}
	if err := reg.Register(sloprom.NewCollector()); err == nil {
		t.Error("the registry accepted a second collector")
	}
}

// TestTargetIsTheNearestNumber checks that no arithmetic blurs a target.
func TestTargetIsTheNearestNumber(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		target, err := slo.TargetOf(1 + random.Int64N(999_999_999))
		if err != nil {
			t.Fatal(err)
		}
		got := testutil.ToFloat64(only{sloprom.NewCollector(slo.Objective{Target: target})})
		if want, _ := new(big.Rat).SetFrac64(target.PartsPerBillion(), 1_000_000_000).Float64(); got != want {
			t.Errorf("%v: got %v, want %v", target, got, want)
		}
	}
}

// only leaves the first metric of a collector, the target.
type only struct{ prometheus.Collector }

func (o only) Collect(ch chan<- prometheus.Metric) {
	all := make(chan prometheus.Metric, 2)
	o.Collector.Collect(all)
	ch <- <-all
}

// TestContract compares the metrics in docs/metrics.md with the exposed ones,
// each as "name type label label…".
func TestContract(t *testing.T) {
	text, err := os.ReadFile("../../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	section := regexp.MustCompile("(?ms)^### `(slo_\\w+)` \\((\\w+)\\)$(.*?)\n#")
	labelRow := regexp.MustCompile("(?m)^\\| `(\\w+)` \\|")
	var documented []string
	for _, m := range section.FindAllStringSubmatch(strings.ReplaceAll(string(text), "\n#", "\n#\n#"), -1) {
		line := []string{m[1], m[2]}
		for _, row := range labelRow.FindAllStringSubmatch(m[3], -1) {
			line = append(line, row[1])
		}
		slices.Sort(line[2:])
		documented = append(documented, strings.Join(line, " "))
	}
	slices.Sort(documented)

	reg := prometheus.NewPedanticRegistry()
	reg.MustRegister(sloprom.NewCollector(objective("users", "latency", "slow", "90%", "30d")))
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var exposed []string
	for _, f := range families {
		line := []string{f.GetName(), strings.ToLower(f.GetType().String())}
		for _, pair := range f.GetMetric()[0].GetLabel() {
			line = append(line, pair.GetName())
		}
		exposed = append(exposed, strings.Join(line, " "))
	}
	if diff := cmp.Diff(documented, exposed); diff != "" {
		t.Errorf("(-documented +exposed):\n%s", diff)
	}
}
