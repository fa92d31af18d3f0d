package rules_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// A snippet is a fenced block of a document.
type snippet struct {
	place      string // "docs/rules.md:12", its first line
	lang, info string // the words after the fence
	text       string
}

var fenced = regexp.MustCompile("(?ms)^( *)```(\\w+) *([^\n]*)\n(.*?)^ *```$")

// snippets returns the blocks of a document. The indentation of a list is cut.
func snippets(name, text string) []snippet {
	var all []snippet
	for _, m := range fenced.FindAllStringSubmatchIndex(text, -1) {
		part := func(i int) string { return text[m[2*i]:m[2*i+1]] }
		body := regexp.MustCompile("(?m)^"+part(1)).ReplaceAllString(part(4), "")
		line := 2 + strings.Count(text[:m[0]], "\n")
		all = append(all, snippet{fmt.Sprintf("%s:%d", name, line), part(2), strings.TrimSpace(part(3)), body})
	}
	return all
}

// documents returns the blocks of all documents, by the path from the root.
func documents(t *testing.T) map[string][]snippet {
	t.Helper()
	root, all := "../..", make(map[string][]snippet)
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.Name() == ".git" || entry.IsDir() && entry.Name() == "testdata":
			return skipFolder(entry)
		case filepath.Ext(path) != ".md":
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		all[filepath.ToSlash(name)] = snippets(filepath.ToSlash(name), string(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func skipFolder(entry fs.DirEntry) error {
	if entry.IsDir() {
		return fs.SkipDir
	}
	return nil
}

// TestDocuments checks each block of YAML and of PromQL in the documents. A
// block named broken.yaml must have mistakes.
func TestDocuments(t *testing.T) {
	known, checked := series(t), make(map[string]int)
	for _, blocks := range documents(t) {
		for _, b := range blocks {
			var err error
			switch b.lang {
			case "yaml":
				err = checkYAML(t, b.text)
				if b.info == "broken.yaml" && err != nil {
					err = nil
				} else if b.info == "broken.yaml" {
					err = errors.New("no mistake is found")
				}
			case "promql":
				err = checkQueries(b, known)
			default:
				continue
			}
			checked[b.lang]++
			if err != nil {
				t.Errorf("%s: %v", b.place, err)
			}
		}
	}
	if checked["yaml"] < 7 || checked["promql"] < 3 {
		t.Errorf("checked %v, which are fewer than the documents have", checked)
	}
}

// TestDocumentsRefuses shows that each check finds a mistake.
func TestDocumentsRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"a file of objectives": "version: sligo/v1\nservice: users\nindicators: []\n",
		"rules":                "groups:\n- name: a\n  rules:\n  - record: a\n    expr: sum(\n",
		"Prometheus":           "scrape_configs:\n- job_name: a\n  static_config: []\n",
		"a relabeling":         "alerting:\n  alert_relabel_configs:\n  - source_label: [a]\n    action: drop\n",
		"Alertmanager":         "route:\n  receiver: a\n  group_waits: 1m\n",
		"an inhibit rule":      "inhibit_rules:\n- source_matcher: [a=b]\n",
		"Istio's retries":      "apiVersion: networking.istio.io/v1\nkind: VirtualService\nspec:\n  hosts: [a]\n  http:\n  - retries: {attempt: 0}\n",
		"Istio's mesh":         "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec:\n  meshConfig: {enableTraces: true}\n",
		"a proxy's annotation": "apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    metadata:\n      annotations:\n        proxy.istio.io/config: |\n          terminationDrain: 1s\n",
		"a pod":                "apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n      - {name: a, port: 1}\n",
		"an unknown object":    "apiVersion: a.example/v1\nkind: Thing\n",
		"an unknown file":      "a: b\n",
		"no YAML":              "a: [\n",
	} {
		if err := checkYAML(t, text); err == nil {
			t.Errorf("%s: no mistake is found in\n%s", name, text)
		}
	}
	known := map[string]bool{"slo_info": true}
	for text, want := range map[string]bool{
		"slo_info\n\nsum(\n  slo_info)\n": true, "slo_infos": false, "sum(slo_info": false, "": false,
		`{__name__=~"slo.*"}`: false, `slo:good:increase30d{sli="a"} / slo:release_state`: false,
	} {
		if err := checkQueries(snippet{text: text}, known); (err == nil) != want {
			t.Errorf("%q: %v", text, err)
		}
	}
	if err := checkQueries(snippet{text: "http_requests_total", info: "promhttp"}, known); err != nil {
		t.Error(err)
	}
}

// parsed returns the top of a YAML document.
func parsed(text string) (map[string]any, error) {
	var top map[string]any
	err := yaml.Unmarshal([]byte(text), &top)
	return top, err
}
