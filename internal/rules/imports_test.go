package rules_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// A ban says what some packages of the module must not depend on, and why. Patterns are those of the
// go command, "./..." being this module; "std" is all of the standard library. A "!" in front takes
// out again what the patterns before it took in.
type ban struct {
	in     []string
	on     []string
	reason string
	direct bool // what a dependency imports is its own business
	tests  bool // holds for what the packages' tests import as well
}

var bans = []ban{
	{
		in: []string{"./sli"}, on: []string{"...", "!std", "!./internal/..."},
		reason: "sli is the ground floor: every service that counts an event links it, so it stands on the standard library alone and knows nothing of what is made of the counts",
	},
	{
		in: []string{"./slo"}, on: []string{"...", "!std", "!./internal/...", "!./sli"},
		reason: "a promise is made about an indicator and is read by tools of every kind: it stands on sli and the standard library alone, and knows nothing of budgets",
	},
	{
		in: []string{"./budget"}, on: []string{"...", "!std", "!./internal/...", "!./sli", "!./slo"},
		reason: "a budget is arithmetic over slo and sli: anything else would make it depend on how counts are acquired or shown",
	},
	{
		in: []string{"./...", "!.", "!./slo/...", "!./budget/...", "!./examples/...", "!./cmd/..."}, on: []string{"./slo/...", "./budget/..."},
		reason: "what happened is recorded without knowing what was promised: a service that only counts links no objectives",
	},
	{
		in: []string{"./...", "!./middleware/sligrpc", "!./examples/..."}, on: []string{"google.golang.org/grpc/..."},
		reason: "gRPC is for those who serve gRPC: only middleware/sligrpc links it, and tracing/otlpgrpc, which is a module of its own",
	},
	{
		in:     []string{"./...", "!./sli/sliprom", "!./sli/slitest", "!./middleware", "!./logging/logprom", "!./tracing/traceprom", "!./examples/..."},
		on:     []string{"github.com/prometheus/..."},
		reason: "Prometheus' client belongs to the adapters that expose metrics; everything else hands out counts",
	},
	{
		in:     []string{"./...", "!./sli/sliprom", "!./sli/slitest", "!./middleware/...", "!./logging/logprom", "!./logging/logroute", "!./tracing/...", "!./examples/..."},
		on:     []string{"...", "!std", "!./..."},
		reason: "only an adapter at the edge depends on another module, and an adapter is named here",
	},
	{
		in: []string{"./..."}, on: []string{"github.com/prometheus/prometheus/...", "github.com/prometheus/alertmanager/...", "k8s.io/..."},
		reason: "servers are large and promise no stable API: their real code judges ours in the e2e module, where it reaches no user",
	},
	{
		in: []string{"./...", "!./examples/...", "!./cmd/..."}, on: []string{"./examples/...", "./cmd/..."},
		reason: "examples and commands are users of the library: what they share belongs into a package that can be tested and documented for others",
	},
	{
		in:     []string{"./...", "!./sli/slitest", "!./tracing/tracingtest"},
		on:     []string{"testing/...", "net/http/httptest", "./sli/slitest", "./tracing/tracingtest", "github.com/google/go-cmp/..."},
		direct: true, // a newer github.com/prometheus/common brings in testing by itself
		reason: "a service must not carry test code, which registers flags and panics by design; packages that serve tests are named ...test",
	},
	{
		in: []string{"./...", "!./examples/...", "!./cmd/..."}, on: []string{"expvar", "flag", "net/http/pprof"}, direct: true,
		reason: "these register process globals, which belong to main",
	},
	{ // where a server has no ErrorLog, middleware logs a panic that it keeps from net/http where net/http would
		in: []string{"./...", "!./middleware", "!./examples/...", "!./cmd/..."}, on: []string{"log"}, direct: true,
		reason: "the standard logger is a process global, which belongs to main: take a *slog.Logger from the caller",
	},
	{
		in: []string{"./..."}, on: []string{"unsafe", "math/rand", "io/ioutil", "golang.org/x/exp/..."}, direct: true, tests: true,
		reason: "the standard library has a safe or newer counterpart (math/rand/v2, os, slices, maps)",
	},
	{
		in: []string{"./..."}, on: []string{"github.com/stretchr/testify/...", "github.com/onsi/...", "go.uber.org/mock/...", "github.com/golang/mock/..."}, tests: true,
		reason: "tests use the standard library and go-cmp; a fake is ten lines beside its test",
	},
}

func TestImports(t *testing.T) { none(t, breachesOfBans(this(t), bans)) }

// TestBansApply holds the table to the tree: a ban whose package was renamed would hold for nothing.
func TestBansApply(t *testing.T) { none(t, idle(this(t), bans)) }

// breachesOfBans names, for each ban and each package that it holds for, the nearest forbidden
// dependency and how it comes in.
func breachesOfBans(m *module, bans []ban) []string {
	var breaches []string
	for _, b := range bans {
		for _, p := range m.own {
			if !m.selects(b.in, p.ImportPath) {
				continue
			}
			if chain := m.chain(p, b); chain != nil {
				breaches = append(breaches, fmt.Sprintf("%s must not depend on %s: %s\n\t%s",
					m.short(p.ImportPath), chain[len(chain)-1], b.reason, strings.Join(chain, " -> ")))
			}
		}
	}
	return breaches
}

// chain is the shortest way from p to a package that b forbids, nil without one. The standard
// library's own imports are not followed.
func (m *module) chain(p *pkg, b ban) []string {
	type step struct {
		path string
		from *step
	}
	first := &step{path: p.ImportPath}
	queue := []*step{}
	seen := map[string]bool{p.ImportPath: true}
	follow := func(from *step, imports []string) {
		for _, path := range imports {
			if !seen[path] {
				seen[path] = true
				queue = append(queue, &step{path, from})
			}
		}
	}
	follow(first, p.Imports)
	if b.tests {
		follow(first, slices.Concat(p.TestImports, p.XTestImports))
	}
	for ; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		if m.selects(b.on, at.path) && at.path != p.ImportPath {
			var chain []string
			for s := at; s != nil; s = s.from {
				chain = append(chain, m.short(s.path))
			}
			slices.Reverse(chain)
			return chain
		}
		if next := m.pkgs[at.path]; next != nil && !next.Standard && !b.direct {
			follow(at, next.Imports)
		}
	}
	return nil
}

// idle names the patterns of bans that hold for no package.
func idle(m *module, bans []ban) []string {
	var idle []string
	for _, b := range bans {
		for _, pattern := range b.in {
			holds := func(p *pkg) bool { return under(pattern, m.short(p.ImportPath)) }
			if pattern[0] != '!' && !slices.ContainsFunc(m.own, holds) {
				idle = append(idle, fmt.Sprintf("no package is %s, for which a ban says: %s", pattern, b.reason))
			}
		}
	}
	return idle
}

// selects says whether the last pattern that fits takes the path in.
func (m *module) selects(patterns []string, path string) bool {
	selected := false
	for _, pattern := range patterns {
		positive, not := strings.CutPrefix(pattern, "!")
		if positive == "std" && m.isStandard(path) || under(positive, m.short(path)) {
			selected = !not
		}
	}
	return selected
}

// isStandard knows a package that only tests import by its path, whose first element has no dot.
func (m *module) isStandard(path string) bool {
	if p := m.pkgs[path]; p != nil {
		return p.Standard
	}
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}

// under says whether a path is the pattern, or below it where that ends in "...".
func under(pattern, path string) bool {
	above, tree := strings.CutSuffix(pattern, "...")
	if !tree {
		return path == pattern
	}
	return path+"/" == above || strings.HasPrefix(path, above)
}

func TestBreachesOfBans(t *testing.T) {
	m := loadFixture(t, map[string]string{
		"go.mod":             "module a.example/m\n\ngo 1.25.0\n\nrequire b.example/big v1.0.0\n\nreplace b.example/big => ./big\n",
		"big/go.mod":         "module b.example/big\n\ngo 1.25.0\n",
		"big/big.go":         "package big\n\nimport _ \"expvar\"\n",
		"core/core.go":       "package core\n\nimport (\n\t_ \"fmt\"\n\n\t_ \"a.example/m/internal/x\"\n)\n",
		"core/core_test.go":  "package core_test\n\nimport _ \"b.example/big\"\n",
		"internal/x/x.go":    "package x\n\nimport _ \"b.example/big\"\n",
		"edge/edge.go":       "package edge\n\nimport _ \"b.example/big\"\n",
		"edge/near/near.go":  "package near\n\nimport _ \"a.example/m/core\"\n",
		"tested/tested.go":   "package tested\n",
		"tested/own_test.go": "package tested\n\nimport _ \"b.example/big\"\n",
	})
	tests := []struct {
		name string
		ban  ban
		want []string
	}{
		{"kept", ban{in: []string{"./core"}, on: []string{"os", "net/..."}}, nil},
		{
			"through an internal package",
			ban{in: []string{"./core"}, on: []string{"...", "!std", "!./internal/..."}, reason: "too big"},
			[]string{"./core must not depend on b.example/big: too big\n\t./core -> ./internal/x -> b.example/big"},
		},
		{
			"all but one package and what imports it",
			ban{in: []string{"./...", "!./edge/...", "!./internal/..."}, on: []string{"b.example/..."}, reason: "r"},
			[]string{"./core must not depend on b.example/big: r\n\t./core -> ./internal/x -> b.example/big"},
		},
		{
			"of the standard library, by a dependency",
			ban{in: []string{"./edge"}, on: []string{"expvar"}, reason: "r"},
			[]string{"./edge must not depend on expvar: r\n\t./edge -> b.example/big -> expvar"},
		},
		{"a dependency's own business", ban{in: []string{"./edge"}, on: []string{"expvar"}, direct: true}, nil},
		{
			"between own packages",
			ban{in: []string{"./edge/..."}, on: []string{"./core/..."}, reason: "r"},
			[]string{"./edge/near must not depend on ./core: r\n\t./edge/near -> ./core"},
		},
		{"by tests, allowed", ban{in: []string{"./tested"}, on: []string{"b.example/big"}}, nil},
		{
			"by tests",
			ban{in: []string{"./tested"}, on: []string{"b.example/big"}, tests: true, reason: "r"},
			[]string{"./tested must not depend on b.example/big: r\n\t./tested -> b.example/big"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			exactly(t, breachesOfBans(m, []ban{test.ban}), test.want...)
		})
	}
	exactly(t, idle(m, []ban{{in: []string{"./core", "./gone", "!./absent"}, reason: "r"}}),
		"no package is ./gone, for which a ban says: r")
}
