package slo_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/slo"
)

// TestValidateOperation checks the fields that tell how an objective is
// operated.
func TestValidateOperation(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*slo.Objective)
		want   string
	}{
		{"all fields", func(o *slo.Objective) {
			o.Stage, o.Tier, o.Owner, o.Runbook = slo.StageObserve, "critical", "Users & Orders", "https://example.com/runbooks/users?lang=en#bad"
			o.DependsOn = []string{"database/availability", "users/latency"}
			o.Labels = map[string]string{"team": "users", "_x9": "", "costCenter": "\n"}
		}, ""},
		{"stage measure", func(o *slo.Objective) { o.Stage = slo.StageMeasure }, ""},
		{"stage page", func(o *slo.Objective) { o.Stage = slo.StagePage }, ""},
		{"stage", func(o *slo.Objective) { o.Stage = "Page" }, `Stage: unknown stage "Page": want one of "measure", "observe", "page"`},
		{"tier", func(o *slo.Objective) { o.Tier = "tier 1" },
			`Tier: invalid name "tier 1": want at most 63 of the letters a-z and A-Z, digits, and between them '-', '_' and '.'`},
		{"owner of two lines", func(o *slo.Objective) { o.Owner = "users\nteam" },
			`Owner: invalid owner "users\nteam": want printable characters, and spaces only between them, such as "users-team"`},
		{"owner of spaces", func(o *slo.Objective) { o.Owner = " " },
			`Owner: invalid owner " ": want printable characters, and spaces only between them, such as "users-team"`},
		{"owner in no encoding", func(o *slo.Objective) { o.Owner = "\xff" },
			`Owner: invalid owner "\xff": want printable characters, and spaces only between them, such as "users-team"`},
		{"a runbook without its host", func(o *slo.Objective) { o.Runbook = "/runbooks/users" },
			`Runbook: invalid runbook "/runbooks/users": want an absolute URL such as "https://example.com/runbooks/users"`},
		{"a runbook of another scheme", func(o *slo.Objective) { o.Runbook = "javascript://example.com/" },
			`Runbook: invalid runbook "javascript://example.com/": want an absolute URL such as "https://example.com/runbooks/users"`},
		{"a runbook that is no URL", func(o *slo.Objective) { o.Runbook = "https://a b/" },
			`Runbook: invalid runbook "https://a b/": want an absolute URL such as "https://example.com/runbooks/users"`},
		{"dependencies", func(o *slo.Objective) {
			o.DependsOn = []string{"database", "/x", "a/b/c", "a/b c", "users/availability", "a/b", "a/b"}
		}, `DependsOn[0]: invalid ID "database": want a service and a name such as "users/availability"
DependsOn[1]: invalid ID "/x": want a service and a name such as "users/availability"
DependsOn[2]: invalid ID "a/b/c": invalid name "b/c": want at most 63 of the letters a-z and A-Z, digits, and between them '-', '_' and '.'
DependsOn[3]: invalid ID "a/b c": invalid name "b c": want at most 63 of the letters a-z and A-Z, digits, and between them '-', '_' and '.'
DependsOn[4]: invalid ID "users/availability": an objective cannot depend on itself
DependsOn[6]: duplicate ID "a/b"`},
		{"labels", func(o *slo.Objective) {
			o.Labels = map[string]string{"owner": "a", "sli_service": "b", "severity": "c", "app.name": "d", "__x": "e", "9": "f", "": "g", "é": "h", "team": "\xff"}
		}, `Labels[""]: invalid label "": want letters a-z and A-Z, digits and "_", without a digit or "__" in front
Labels["9"]: invalid label "9": want letters a-z and A-Z, digits and "_", without a digit or "__" in front
Labels["__x"]: invalid label "__x": want letters a-z and A-Z, digits and "_", without a digit or "__" in front
Labels["app.name"]: invalid label "app.name": want letters a-z and A-Z, digits and "_", without a digit or "__" in front
Labels["owner"]: reserved label "owner": its value comes from Owner
Labels["severity"]: reserved label "severity": its value comes from Alerts
Labels["sli_service"]: reserved label "sli_service": its value comes from Indicator.Service
Labels["team"]: invalid value "\xff": want valid UTF-8
Labels["é"]: invalid label "é": want letters a-z and A-Z, digits and "_", without a digit or "__" in front`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := profile()[0]
			tt.change(&o)
			if diff := cmp.Diff(tt.want, text(o.Validate())); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// chain returns objectives a, b, c and so on of one service, with the given
// dependencies.
func chain(dependsOn ...string) []slo.Objective {
	var objectives []slo.Objective
	for i, names := range dependsOn {
		o := profile()[0]
		o.Name = string(rune('a' + i))
		for _, name := range strings.Fields(names) {
			o.DependsOn = append(o.DependsOn, "users/"+name)
		}
		objectives = append(objectives, o)
	}
	return objectives
}

func TestValidateReportsCycles(t *testing.T) {
	for _, tt := range []struct {
		name       string
		objectives []slo.Objective
		want       string
	}{
		{"none", chain("b c", "c", "other"), ""},
		{"two", chain("b", "a"), `objectives[1].DependsOn[0]: cycle: "users/a" depends on "users/b" depends on "users/a"`},
		{"not from the first", chain("b", "c", "d", "x b"),
			`objectives[3].DependsOn[1]: cycle: "users/b" depends on "users/c" depends on "users/d" depends on "users/b"`},
		{"two cycles", chain("b c", "a", "a"), `objectives[1].DependsOn[0]: cycle: "users/a" depends on "users/b" depends on "users/a"
objectives[2].DependsOn[0]: cycle: "users/a" depends on "users/c" depends on "users/a"`},
		{"long", chain("b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "a"),
			`objectives[11].DependsOn[0]: cycle: "users/a" depends on "users/b" depends on "users/c" depends on "users/d" depends on "users/e" ` +
				`depends on "users/f" depends on "users/g" depends on "users/h" depends on "users/i" depends on "users/j" ` +
				`depends on 2 others, which depend on "users/a"`},
		{"itself", chain("a"), `objectives[0].DependsOn[0]: invalid ID "users/a": an objective cannot depend on itself`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, text(slo.Validate(tt.objectives))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestCyclesMatchTheClosure compares with the transitive closure of random
// graphs.
func TestCyclesMatchTheClosure(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		n := 2 + random.IntN(6)
		dependsOn := make([]string, n)
		reaches := make([][]bool, n)
		for i := range n {
			reaches[i] = make([]bool, n)
			for j := range n {
				if i != j && random.IntN(n+2) == 0 {
					dependsOn[i] += fmt.Sprintf("%c ", 'a'+j)
					reaches[i][j] = true
				}
			}
		}
		for k := range n {
			for i := range n {
				for j := range n {
					reaches[i][j] = reaches[i][j] || reaches[i][k] && reaches[k][j]
				}
			}
		}
		want := false
		for i := range n {
			want = want || reaches[i][i]
		}
		if err := slo.Validate(chain(dependsOn...)); (err != nil) != want {
			t.Errorf("%q: got %v, want a cycle: %t", dependsOn, err, want)
		}
	}
}
