package finding_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/cmd/sligo/internal/finding"
)

// FuzzAnnotation reads a workflow command back as the runner of GitHub Actions
// does.
//
// Source: actions/runner, src/Runner.Common/ActionCommand.cs.
func FuzzAnnotation(f *testing.F) {
	f.Add("slo.yaml", 12, "unknown field")
	f.Add("100%,a:b\r\n.yaml", 1, "100%25::error::x\r\nsecond")
	f.Fuzz(func(t *testing.T, file string, line int, message string) {
		if file == "" || file == finding.Stdin || line <= 0 || strings.Contains(file, `\`) {
			t.Skip("without a place")
		}
		report := finding.Report{Findings: []finding.Finding{{File: file, Line: line, Message: message}}}
		text, err := report.Encode(finding.GitHub)
		if err != nil {
			t.Fatal(err)
		}
		command, rest, _ := strings.Cut(string(text), "\n")
		if rest != "" || strings.Contains(command, "\r") {
			t.Fatalf("more than a line: %q", text)
		}
		head, data, _ := strings.Cut(strings.TrimPrefix(command, "::"), "::")
		name, properties, _ := strings.Cut(head, " ")
		got := make(map[string]string)
		for _, p := range strings.Split(properties, ",") {
			key, value, _ := strings.Cut(p, "=")
			got[key] = unescape(value, "%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",")
		}
		data = unescape(data, "%0D", "\r", "%0A", "\n")
		if name != "error" || got["file"] != file || got["line"] != strconv.Itoa(line) || data != message {
			t.Errorf("%q reads as %s %q, %q, want %q:%d, %q", command, name, got, data, file, line, message)
		}
	})
}

// unescape replaces the pairs, and "%25" last, as the runner does.
func unescape(text string, pairs ...string) string {
	return strings.NewReplacer(append(pairs, "%25", "%")...).Replace(text)
}
