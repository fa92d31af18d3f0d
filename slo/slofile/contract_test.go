package slofile_test

import (
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/budget/ledger"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
	"github.com/sligo-go/sligo/slo/slofile"
)

// contract is docs/file.md.
type contract struct {
	text     string
	sections map[string][]row // by the path of a mapping
}

// row is a key of a mapping.
type row struct{ key, value, meaning string }

func (r row) required() bool { return strings.Contains(r.meaning, "; required.") }

var (
	heading = regexp.MustCompile("(?m)^### (.*)$")
	path    = regexp.MustCompile("`([^`]+)`")
	keyRow  = regexp.MustCompile("(?m)^\\| `(\\w+)` \\| ([^|]+) \\| (.+) \\|$")
)

func readContract(t *testing.T) contract {
	t.Helper()
	data, err := os.ReadFile("../../docs/file.md")
	if err != nil {
		t.Fatal(err)
	}
	c := contract{text: string(data), sections: make(map[string][]row)}
	keys, _, _ := strings.Cut(c.text, "\n## Values")
	titles := heading.FindAllStringSubmatchIndex(keys, -1)
	for i, at := range titles {
		end := len(keys)
		if i+1 < len(titles) {
			end = titles[i+1][0]
		}
		paths := path.FindAllStringSubmatch(keys[at[2]:at[3]], -1)
		if paths == nil {
			paths = [][]string{{"", ""}} // the top of the file
		}
		for _, p := range paths {
			for _, m := range keyRow.FindAllStringSubmatch(keys[at[1]:end], -1) {
				c.sections[p[1]] = append(c.sections[p[1]], row{m[1], m[2], m[3]})
			}
		}
	}
	return c
}

// below returns the path and the type of the mappings that a key holds, and no
// type if it holds scalars.
func below(at string, f slofile.Field) (string, reflect.Type) {
	at = strings.TrimPrefix(at+"."+f.Key, ".")
	t := f.Go.Type
	switch {
	case f.Reference || t == reflect.TypeFor[map[string]string]():
		return at, nil
	case t.Kind() == reflect.Slice:
		at, t = at+"[]", t.Elem()
	case t.Kind() == reflect.Map:
		at, t = at+".NAME", t.Elem()
	}
	if slofile.IsScalar(t) {
		return at, nil
	}
	return at, t
}

// TestContract compares the tables of docs/file.md with the types, in order.
func TestContract(t *testing.T) {
	c := readContract(t)
	var walk func(at string, of reflect.Type)
	walk = func(at string, of reflect.Type) {
		var want, got []string
		for _, f := range slofile.Fields(of) {
			want = append(want, f.Key)
			if child, of := below(at, f); of != nil {
				walk(child, of)
			}
		}
		for _, r := range c.sections[at] {
			got = append(got, r.key)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-types +docs/file.md): %s", at, diff)
		}
		delete(c.sections, at)
	}
	walk("", slofile.Document)
	for at := range c.sections {
		t.Errorf("docs/file.md has a section %q without a type", at)
	}
}

// TestKeysAreTheNamesOfJSON compares the keys with the JSON form of the same
// values.
func TestKeysAreTheNamesOfJSON(t *testing.T) {
	var walk func(at string, of reflect.Type)
	walk = func(at string, of reflect.Type) {
		for _, f := range slofile.Fields(of) {
			if name, _, _ := strings.Cut(f.Go.Tag.Get("json"), ","); name != "" && name != "-" && name != f.Key {
				t.Errorf("%s: the key is %s, in JSON it is %s", at, f.Key, name)
			}
			if child, of := below(at, f); of != nil {
				walk(child, of)
			}
		}
	}
	walk("", slofile.Document)
}

// TestContractExamples reads the YAML of docs/file.md, and compares its errors
// with the present ones.
func TestContractExamples(t *testing.T) {
	c := readContract(t)
	block := regexp.MustCompile("(?s)```(yaml|text)\n(.*?)```").FindAllStringSubmatch(c.text, -1)
	if len(block) != 3 || block[0][1] != "yaml" || block[1][1] != "yaml" || block[2][1] != "text" {
		t.Fatalf("got %d blocks, want two files and errors", len(block))
	}
	for _, example := range block[:2] {
		f, err := slofile.Parse("slo.yaml", []byte(example[2]), nil)
		if err != nil {
			t.Fatal(err)
		}
		roundTrip(t, f)
		for _, environment := range f.Environments() {
			other, err := slofile.Parse("slo.yaml", []byte(example[2]), &slofile.Options{Environment: environment})
			if err != nil {
				t.Fatal(err)
			}
			roundTrip(t, other)
		}
		formatted, err := slofile.Format("slo.yaml", []byte(example[2]))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(example[2], string(formatted)); diff != "" {
			t.Errorf("the file is not in its usual form: %s", diff)
		}
	}
	broken := "version: sligo/v1\nservice: a\nindicators:\n  - name: b\nobjectives:\n  - indicator: b\n    target: 99\n    window: 30d\n" +
		"  - indicator: b\n    name: c\n    window: 30d\n    targte: 99.9\n\n\n  - indicator: b\n    name: d\n    window: 1d\n\n    target: \"0.999\"\n"
	if _, err := slofile.Parse("slo.yaml", []byte(broken), nil); err == nil || err.Error()+"\n" != block[2][2] {
		t.Errorf("got  %v\nwant %s", err, block[2][2])
	}
}

// enumerations are the texts of each enumeration, as its Validate lists them.
func enumerations(t *testing.T) map[reflect.Type][]string {
	t.Helper()
	presence := sli.Condition{Canceled: "?"}
	ind := sli.Indicator{Kind: "?", Workload: "?", Good: presence, Collection: sli.Collection{How: "?"}}
	release := new(budget.Release).UnmarshalText([]byte("?"))
	return map[reflect.Type][]string{
		reflect.TypeFor[sli.Kind]():       wanted(t, ind.Validate(), "Kind"),
		reflect.TypeFor[sli.Workload]():   wanted(t, ind.Validate(), "Workload"),
		reflect.TypeFor[sli.Presence]():   wanted(t, ind.Validate(), "Good.Canceled"),
		reflect.TypeFor[sli.Source]():     wanted(t, ind.Validate(), "Collection.How"),
		reflect.TypeFor[slo.Stage]():      wanted(t, slo.Objective{Stage: "?"}.Validate(), "Stage"),
		reflect.TypeFor[slo.Severity]():   wanted(t, slo.AlertPolicy{Rules: []slo.Alert{{Severity: "?"}}}.Validate(), "Rules[0].Severity"),
		reflect.TypeFor[ledger.Kind]():    wanted(t, ledger.Ledger{Exclude: []ledger.Kind{"?"}}.Validate(), "Exclude[0]"),
		reflect.TypeFor[budget.Release](): wanted(t, &sli.FieldError{Path: "x", Err: release}, "x"),
	}
}

var quotedText = regexp.MustCompile(`"([^"]*)"`)

// wanted returns the texts that the mistake of a path lists.
func wanted(t *testing.T, err error, path string) []string {
	t.Helper()
	for line := range strings.Lines(err.Error()) {
		_, list, ok := strings.Cut(line, "want one of ")
		if !ok || !strings.HasPrefix(line, path+": ") {
			continue
		}
		var texts []string
		for _, m := range quotedText.FindAllStringSubmatch(list, -1) {
			texts = append(texts, m[1])
		}
		return texts
	}
	t.Fatalf("%s has no list in %v", path, err)
	return nil
}

// TestContractEnumerations compares the values of enumerations.
func TestContractEnumerations(t *testing.T) {
	_, section, _ := strings.Cut(readContract(t).text, "## Enumerations")
	section, _, _ = strings.Cut(section, "\n## ")
	var got, want []string
	for _, m := range regexp.MustCompile("(?m)^\\| `.*` ?[^|]*\\| (.*) \\|$").FindAllStringSubmatch(section, -1) {
		got = append(got, m[1])
	}
	for _, texts := range enumerations(t) {
		want = append(want, strings.Join(texts, ", "))
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-types +docs/file.md): %s", diff)
	}
}

// TestContractKinds compares the criteria that kinds require with the errors.
func TestContractKinds(t *testing.T) {
	_, section, _ := strings.Cut(readContract(t).text, "\n## Kinds")
	section, _, _ = strings.Cut(section, "\n## ")
	documented := 0
	for _, m := range regexp.MustCompile("(?m)^\\| ([a-z-][a-z, -]*) \\| .* \\| (–|`good\\.(\\w+)`) \\|$").FindAllStringSubmatch(section, -1) {
		for kind := range strings.SplitSeq(m[1], ", ") {
			documented++
			want := ""
			if m[3] != "" {
				want = fmt.Sprintf("slo.yaml:4:14: indicators[0].good.%s: required for an indicator of kind %q", m[3], kind)
			}
			_, err := slofile.Parse("slo.yaml", []byte(strings.Replace(minimal, "good: {status: [2xx, 3xx, 4xx]}", "kind: "+kind, 1)), nil)
			got := ""
			if err != nil {
				got = err.Error()
			}
			if want != "" && !strings.HasSuffix(got, want[len("slo.yaml:4:14"):]) || want == "" && got != "" {
				t.Errorf("%s: got %s, want %s", kind, got, want)
			}
		}
	}
	if kinds := len(enumerations(t)[reflect.TypeFor[sli.Kind]()]); documented != kinds {
		t.Errorf("got %d kinds, want %d", documented, kinds)
	}
}

// TestContractLimits compares the limits in docs/file.md with the errors.
func TestContractLimits(t *testing.T) {
	text := readContract(t).text
	for _, want := range []string{"at most 100:", "1 MiB", "deeper than 32", "100,000 keys and values", "4,096 bytes"} {
		if !strings.Contains(text, want) {
			t.Errorf("docs/file.md lacks %q", want)
		}
	}
	deep := func(n int) error {
		_, err := slofile.Format("slo.yaml", []byte("a: "+strings.Repeat("[", n)+strings.Repeat("]", n)))
		return err
	}
	if err := deep(31); err != nil {
		t.Errorf("31 lists in a mapping: %v", err)
	}
	if err := deep(33); err == nil || !strings.Contains(err.Error(), fmt.Sprint(32)) {
		t.Errorf("33 lists in a mapping: got %v", err)
	}
}
