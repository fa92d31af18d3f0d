package rules_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// A ban lists dependencies that some packages must not have, with the reason.
// A pattern is written as for the go command: "./..." is this module and
// "std" the standard library. A "!" in front takes back a part of the
// patterns before it.
type ban struct {
	in     []string
	on     []string
	reason string
	direct bool // ignores the imports of dependencies
	tests  bool // holds for the imports of tests as well
}

// foreign lists the packages that depend on other modules, each with the
// modules of its one foreign dependency. All others need the standard library
// only.
var foreign = map[string][]string{
	".":                       {"github.com/prometheus/..."},
	"./sli/sliprom":           {"github.com/prometheus/..."},
	"./slo/sloprom":           {"github.com/prometheus/..."},
	"./slo/slofile":           {"go.yaml.in/..."},
	"./internal/call":         {"github.com/prometheus/..."},
	"./internal/headsampling": {"go.opentelemetry.io/..."},
	"./middleware":            {"github.com/prometheus/...", "go.opentelemetry.io/..."},
	"./logging/logprom":       {"github.com/prometheus/..."},
	"./logging/logroute":      {"github.com/samber/..."},
	"./tracing":               {"go.opentelemetry.io/..."},
	"./tracing/console":       {"go.opentelemetry.io/..."},
	"./tracing/otlp":          {"go.opentelemetry.io/...", "google.golang.org/protobuf/..."},
	"./tracing/zipkin":        {"go.opentelemetry.io/...", "github.com/openzipkin/..."},
	"./tracing/traceprom":     {"github.com/prometheus/..."},
	"./tracing/tracingtest":   {"go.opentelemetry.io/...", "google.golang.org/protobuf/...", "github.com/openzipkin/..."},
	"./tracing/internal/pack": {"go.opentelemetry.io/..."},
	"./tracing/internal/post": {},
	"./tracing/internal/wire": {"go.opentelemetry.io/...", "google.golang.org/protobuf/..."},
}

// signals are the packages that report events. They build on sli.
var signals = []string{"./middleware/...", "./logging/...", "./tracing/...", "./redact/..."}

var bans = []ban{
	{
		in: []string{"./internal/..."}, on: []string{"./...", "!./internal/..."},
		reason: "internal is the ground floor: every package may stand on it, so it knows none of them",
	},
	{
		in: []string{"./internal/call"}, on: []string{"net/http/...", "google.golang.org/grpc/..."}, direct: true,
		reason: "calls of every protocol share it, so it knows none of them",
	},
	{
		in: []string{"."}, on: []string{"./slo/slofile", "./slo/promrules", "go.yaml.in/...", "./logging/logroute", "google.golang.org/grpc/..."},
		reason: "every service links the kit: files, rules, routes of the log and gRPC join by their own packages",
	},
	{
		in: []string{"./...", "!.", "!./examples/..."}, on: []string{"."},
		reason: "the kit wires the packages, so none of them knows it",
	},
	{
		in: []string{"./middleware"}, on: []string{"go.opentelemetry.io/otel/sdk/...", "./logging", "./tracing"},
		reason: "the program chooses the SDK and the log's handler: the instrument knows OpenTelemetry's API and slog",
	},
	{
		in: []string{"./sli/..."}, on: slices.Concat(signals, []string{"./slo/...", "./budget/..."}),
		reason: "every service that counts an event links sli: it knows neither the signals that report events nor the promises made about them",
	},
	{
		in: []string{"./sli", "./sli/slilog", "./sli/slitest"}, on: []string{"...", "!std", "!./sli/...", "!./internal/..."},
		reason: "reading logs and testing an indicator must cost a team no dependency",
	},
	{
		in: []string{"./slo"}, on: []string{"...", "!std", "!./internal/...", "!./sli"},
		reason: "tools of every kind read a promise: it stands on sli and the standard library, and knows nothing of budgets",
	},
	{
		in:     []string{"./slo/slofile"},
		on:     []string{"...", "!std", "!go.yaml.in/...", "!./internal/...", "!./sli", "!./slo", "!./budget", "!./budget/ledger"},
		reason: "tools of every kind read the file: it knows promises and policies, and no program that measures, shows or sends them",
	},
	{
		in:     []string{"./budget", "./budget/ledger", "./budget/compose", "./budget/evidence", "./budget/forecast", "./budget/planning", "./budget/snapshot"},
		on:     []string{"...", "!std", "!./internal/...", "!./sli", "!./slo", "!./budget/..."},
		reason: "a budget is arithmetic over slo and sli: it must not depend on the way in which counts are acquired or shown",
	},
	{
		in: []string{"./budget/status"}, on: []string{"...", "!std", "!./internal/...", "!./sli", "!./slo", "!./budget/...", "./budget/statuspage", "net/http/..."},
		reason: "a reading is plain records: programs without a page, and sources of every kind, build on it",
	},
	{
		in: []string{"./budget/statuspage"}, on: slices.Concat([]string{"...", "!std", "!./internal/...", "!./sli", "!./slo", "!./budget/..."}, signals),
		reason: "budget knows no signal: routes, errors and traces reach the page through its options, as plain records",
	},
	{
		in: []string{"./slo/promrules"}, on: []string{"...", "!std", "!./internal/...", "!./sli", "!./slo", "!./budget"},
		reason: "rules are text: a program that writes them links no server, no client library and no YAML library",
	},
	{
		in: []string{"./redact/..."}, on: []string{"...", "!std", "!./internal/...", "!./sli", "!./redact/..."},
		reason: "every signal writes through redact: it stands on the standard library, and on sli for FieldError only",
	},
	{
		in: []string{"./internal/redaction/name"}, on: []string{"./...", "!./internal/redaction/name"},
		reason: "names are judged without knowing texts or encodings",
	},
	{
		in: []string{"./internal/redaction/text"}, on: []string{"./internal/redaction/encode"},
		reason: "text is searched without knowing how it is written: the encoder passes its hooks in",
	},
	{
		in: []string{"./...", "!./redact", "!./internal/redaction/..."}, on: []string{"./internal/redaction/..."}, direct: true,
		reason: "redact is the way into the engine, so that no signal can redact by another policy",
	},
	{
		in: signals, on: []string{"./slo/...", "./budget/..."},
		reason: "events are recorded without knowing the promises: a service that only counts links no objectives",
	},
	{
		in: []string{"./..."}, on: []string{"google.golang.org/grpc/..."},
		reason: "gRPC is for services that speak gRPC: it is linked by modules of their own",
	},
	{
		in: []string{"./..."}, on: []string{"github.com/spf13/..."}, tests: true,
		reason: "flags and commands belong to programs: cmd/sligo is a module of its own",
	},
	{
		in: []string{"./..."}, on: []string{"github.com/prometheus/prometheus/...", "github.com/prometheus/alertmanager/...", "k8s.io/..."},
		reason: "servers are large and promise no stable API: their real code judges ours in the e2e module, where it reaches no user",
	},
	{
		in: []string{"./...", "!./examples/..."}, on: []string{"./examples/..."},
		reason: "examples are users of the library: code that others need belongs in a package that is tested and documented",
	},
	{
		in:     []string{"./...", "!./sli/slitest", "!./tracing/tracingtest"},
		on:     []string{"testing/...", "net/http/httptest", "./sli/slitest", "./tracing/tracingtest", "github.com/google/go-cmp/..."},
		direct: true, // a newer github.com/prometheus/common imports testing
		reason: "a service must not carry test code, which registers flags and panics by design; packages that serve tests are named ...test",
	},
	{
		in: []string{"./...", "!./examples/..."}, on: []string{"expvar", "flag", "net/http/pprof"}, direct: true,
		reason: "these register process globals, which belong to main",
	},
	{
		// If a server has no ErrorLog, middleware logs a recovered panic as
		// net/http would.
		in: []string{"./...", "!./middleware", "!./examples/..."}, on: []string{"log"}, direct: true,
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

// unrequired lists modules that must not be in the root's go.mod, with the
// module that has them. A requirement reaches every user, even one that no
// package imports.
var unrequired = map[string]string{
	"connectrpc.com/":                       "middleware/sliconnect",
	"github.com/santhosh-tekuri/jsonschema": "e2e",
	"github.com/spf13/":                     "cmd/sligo",
	"google.golang.org/grpc":                "middleware/sligrpc and tracing/otlpgrpc",
	"istio.io/":                             "e2e/rules",
	"k8s.io/":                               "e2e/rules",
}

func TestRequirements(t *testing.T) { none(t, misplaced(root, unrequired)) }

// misplaced returns the requirements of the module in dir that belong to other
// modules. The keys of unrequired are the beginnings of module paths.
func misplaced(dir string, unrequired map[string]string) []string {
	text, err := goTool(dir, "mod", "edit", "-json")
	if err != nil {
		return []string{err.Error()}
	}
	var mod struct{ Require []struct{ Path string } }
	if err := json.Unmarshal([]byte(text), &mod); err != nil {
		return []string{err.Error()}
	}
	var found []string
	for _, r := range mod.Require {
		for prefix, home := range unrequired {
			if strings.HasPrefix(r.Path, prefix) {
				found = append(found, fmt.Sprintf("go.mod requires %s, which belongs to %s", r.Path, home))
			}
		}
	}
	return found
}

func TestMisplaced(t *testing.T) {
	dir := fixture(t, map[string]string{
		"go.mod": "module a.example/m\n\ngo 1.25.0\n\nrequire (\n\tb.example/big v1.0.0 // indirect\n\tc.example/x v1.0.0\n)\n",
	})
	exactly(t, misplaced(dir, map[string]string{"b.example/": "edge"}), "go.mod requires b.example/big, which belongs to edge")
}

func TestImports(t *testing.T) { none(t, breachesOfBans(this(t), bans)) }

// TestForeign holds packages to their one foreign dependency.
func TestForeign(t *testing.T) { none(t, strangers(this(t), foreign)) }

// strangers returns the imports of other modules by packages that are not
// listed with them, and the listed packages that do not exist. A package that
// imports a listed one must be listed itself, unless it is an example.
func strangers(m *module, foreign map[string][]string) []string {
	var found []string
	for _, p := range m.own {
		name := m.short(p.ImportPath)
		if under("./examples/...", name) {
			continue
		}
		allowed, listed := foreign[name]
		for _, path := range p.Imports {
			_, edge := foreign[m.short(path)]
			switch {
			case m.isStandard(path), listed && m.selects(allowed, path):
			case m.short(path) == path:
				found = append(found, fmt.Sprintf("%s imports %s, which is not its one foreign dependency", name, path))
			case edge && !listed:
				found = append(found, fmt.Sprintf("%s imports %s and with it another module: list it as an adapter", name, m.short(path)))
			}
		}
	}
	for name := range foreign {
		if !slices.ContainsFunc(m.own, func(p *pkg) bool { return m.short(p.ImportPath) == name }) {
			found = append(found, fmt.Sprintf("%s is listed with a foreign dependency and does not exist", name))
		}
	}
	slices.Sort(found)
	return found
}

func TestStrangers(t *testing.T) {
	m := loadFixture(t, map[string]string{
		"go.mod":          "module a.example/m\n\ngo 1.25.0\n\nrequire (\n\tb.example/big v1.0.0\n\tc.example/big v1.0.0\n)\n\nreplace (\n\tb.example/big => ./b\n\tc.example/big => ./c\n)\n",
		"b/go.mod":        "module b.example/big\n\ngo 1.25.0\n",
		"b/big.go":        "package big\n",
		"c/go.mod":        "module c.example/big\n\ngo 1.25.0\n",
		"c/big.go":        "package big\n",
		"core/core.go":    "package core\n\nimport _ \"b.example/big\"\n",
		"edge/edge.go":    "package edge\n\nimport (\n\t_ \"fmt\"\n\n\t_ \"b.example/big\"\n\t_ \"c.example/big\"\n)\n",
		"near/near.go":    "package near\n\nimport _ \"a.example/m/edge\"\n",
		"examples/x/x.go": "package x\n\nimport _ \"c.example/big\"\n",
	})
	exactly(t, strangers(m, map[string][]string{"./edge": {"b.example/..."}, "./gone": nil}),
		"./core imports b.example/big, which is not its one foreign dependency",
		"./edge imports c.example/big, which is not its one foreign dependency",
		"./gone is listed with a foreign dependency and does not exist",
		"./near imports ./edge and with it another module: list it as an adapter",
	)
}

// TestBansApply fails if a ban names a package that does not exist, for example
// after a renaming.
func TestBansApply(t *testing.T) { none(t, idle(this(t), bans)) }

// breachesOfBans returns the nearest forbidden dependency of each package and
// ban, with the chain of imports that leads to it.
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

// chain returns the shortest chain of imports from p to a package that b
// forbids, or nil. It does not follow the imports of the standard library.
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

// idle returns the patterns of bans that match no package.
func idle(m *module, bans []ban) []string {
	var idle []string
	for _, b := range bans {
		for _, pattern := range b.in {
			holds := func(p *pkg) bool { return under(pattern, m.short(p.ImportPath)) }
			if pattern[0] != '!' && !slices.ContainsFunc(m.own, holds) {
				idle = append(idle, fmt.Sprintf("no package is %s, as a ban assumes with the reason: %s", pattern, b.reason))
			}
		}
	}
	return idle
}

// selects reports whether the last pattern that matches includes the path.
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

// isStandard reports whether a package belongs to the standard library. If go
// list did not load it, the first element of its path decides, which has no
// dot.
func (m *module) isStandard(path string) bool {
	if p := m.pkgs[path]; p != nil {
		return p.Standard
	}
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}

// under reports whether a path equals the pattern, or is below a pattern that
// ends in "...".
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
		"no package is ./gone, as a ban assumes with the reason: r")
}
