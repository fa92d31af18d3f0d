package sligrpc_test

import (
	"context"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/middleware/sligrpc"
)

// TestContract compares the metrics in docs/metrics.md with the exposed ones,
// each as "name type label label…".
func TestContract(t *testing.T) {
	text, err := os.ReadFile("../../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	section := regexp.MustCompile("(?ms)^### `(rpc_\\w+)` \\((\\w+)\\)$(.*?)\n\n[^|\n]*\n(?:[^|\n]+\n)*\n((?:\\|[^\n]*\n)+)")
	label := regexp.MustCompile("(?m)^\\| `(\\w+)` \\|")
	var documented []string
	for _, m := range section.FindAllStringSubmatch(string(text), -1) {
		line := []string{m[1], m[2]}
		for _, row := range label.FindAllStringSubmatch(m[4], -1) {
			line = append(line, row[1])
		}
		slices.Sort(line[2:])
		documented = append(documented, strings.Join(line, " "))
	}
	slices.Sort(documented)

	all := &sligrpc.Options{FirstMessage: true, EachMessage: true, Sizes: true}
	s := start(t, config{opts: all, clientOpts: all, service: &shop{
		get:  func(_ context.Context, in *message) (*message, error) { return in, nil },
		open: echo,
	}})
	for _, call := range []func(*testing.T, *shopServer) error{oneGet, openAll(chat, 1)} {
		if err := call(t, s); err != nil {
			t.Fatal(err)
		}
	}
	s.server.wait(t, 3) // with the first message
	var exposed []string
	for _, side := range []*side{s.server, s.client} {
		families, err := side.reg.Gather()
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range families {
			if !strings.HasPrefix(f.GetName(), "rpc_") {
				continue
			}
			line := []string{f.GetName(), strings.ToLower(f.GetType().String())}
			for _, pair := range f.GetMetric()[0].GetLabel() {
				line = append(line, pair.GetName())
			}
			exposed = append(exposed, strings.Join(line, " "))
		}
	}
	slices.Sort(exposed)
	if diff := cmp.Diff(documented, exposed); diff != "" {
		t.Errorf("(-documented +exposed):\n%s", diff)
	}
}
