package finding_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/cmd/sligo/internal/finding"
)

var findings = []finding.Finding{
	{File: "slo.yaml", Line: 12, Column: 5, Path: "objectives[1].targte", Message: "unknown field; did you mean target?"},
	{File: "slo.yaml", Line: 12, Message: "no column"},
	{File: "slo.yaml", Message: "no line"},
	{File: "100%, a:b.yaml", Line: 1, Column: 1, Message: "100%, a:b\r\nsecond\nline ::error::x"},
	{File: finding.Stdin, Line: 3, Column: 4, Message: "a mistake"},
	{Message: "no file"},
}

func TestEncode(t *testing.T) {
	report := finding.Report{Findings: findings, Verdict: "invalid: 100% wrong"}
	for format, want := range map[finding.Format]string{
		finding.Text: `slo.yaml:12:5: objectives[1].targte: unknown field; did you mean target?
slo.yaml:12: no column
slo.yaml: no line
100%, a:b.yaml:1:1: 100%, a:b
	second
	line ::error::x
<stdin>:3:4: a mistake
no file
invalid: 100% wrong
`,
		finding.GitHub: `::error file=slo.yaml,line=12,col=5::objectives[1].targte: unknown field; did you mean target?
::error file=slo.yaml,line=12::no column
::error file=slo.yaml::no line
::error file=100%25%2C a%3Ab.yaml,line=1,col=1::100%25, a:b%0D%0Asecond%0Aline ::error::x
::error::<stdin>:3:4: a mistake
::error::no file
invalid: 100% wrong
`,
	} {
		got, err := report.Encode(format)
		if err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Errorf("%s: -want +got:\n%s", format, diff)
		}
	}
}

func TestEncodeJSON(t *testing.T) {
	for _, report := range []finding.Report{
		{Findings: findings, Files: 2, Objectives: 3, Verdict: "<invalid>"},
		{OK: true, Files: 1},
	} {
		text, err := report.Encode(finding.JSON)
		if err != nil {
			t.Fatal(err)
		}
		var got struct {
			Version, Files, Objectives int
			OK                         bool
			Findings                   []finding.Finding
			Verdict                    string
		}
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatal(err)
		}
		if got.Findings == nil {
			t.Errorf("findings are null in %s", text)
		}
		want := report
		if want.Findings == nil {
			want.Findings = []finding.Finding{}
		}
		back := finding.Report{OK: got.OK, Files: got.Files, Objectives: got.Objectives, Findings: got.Findings, Verdict: got.Verdict}
		if diff := cmp.Diff(want, back); diff != "" || got.Version != 1 {
			t.Errorf("version %d, -want +got:\n%s", got.Version, diff)
		}
	}
}

func TestSort(t *testing.T) {
	got := finding.Sort([]finding.Finding{
		{File: "b", Line: 1}, {File: "a", Line: 10}, {File: "a", Line: 9, Column: 10}, {File: "a", Line: 9, Column: 9},
		{File: "b", Line: 1}, {Message: "no file"}, {File: "a", Line: 9, Column: 9, Message: "second"},
	})
	want := []finding.Finding{
		{Message: "no file"}, {File: "a", Line: 9, Column: 9}, {File: "a", Line: 9, Column: 9, Message: "second"},
		{File: "a", Line: 9, Column: 10}, {File: "a", Line: 10}, {File: "b", Line: 1},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
