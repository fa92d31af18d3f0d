package logging_test

import (
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/internal/canary"
	"github.com/sligo-go/sligo/redact"
)

// TestLevelsAreDocumented compares the tables of docs/logs.md with the sections
// of the table of cases: each documented row has a case that TestTable logs,
// and each section is documented.
func TestLevelsAreDocumented(t *testing.T) {
	document, err := os.ReadFile("../docs/logs.md")
	if err != nil {
		t.Fatal(err)
	}
	for heading, level := range map[string]canary.Level{
		"Promised": canary.Promised, "Attempted": canary.Attempted, "Outside the scope": canary.Outside,
	} {
		var sections []string
		for _, c := range canary.Table(level) {
			sections = append(sections, c.Section)
		}
		slices.Sort(sections)
		sections = slices.Compact(sections)
		rows := firstColumn(string(document), heading)
		slices.Sort(rows)
		if !slices.Equal(rows, sections) {
			t.Errorf("docs/logs.md, %s: the rows are %q\nthe cases have the sections %q", heading, rows, sections)
		}
	}
}

// TestSecretIsRedacted logs a redact.Secret in the places of the row Types.
func TestSecretIsRedacted(t *testing.T) {
	const secret = redact.Secret("Typed-Iris-40")
	for name, value := range map[string]any{
		"attribute":            secret,
		"key of a map":         map[redact.Secret]int{secret: 2},
		"value of a map":       map[string]redact.Secret{"a": secret},
		"list within a struct": struct{ All []redact.Secret }{[]redact.Secret{secret}},
		"pointer in a list":    []any{ptr(secret)},
	} {
		h, b := newHandler(t, nil)
		slog.New(h).Info("m", "v", value)
		if line := b.String(); strings.Contains(line, string(secret)) || !strings.Contains(line, "REDACTED") {
			t.Errorf("%s: got %s", name, line)
		}
	}
}

func ptr[T any](v T) *T { return &v }

// firstColumn returns the first column of the first table under the heading,
// without the table's own heading.
func firstColumn(document, heading string) []string {
	_, section, _ := strings.Cut(document, "\n### "+heading+"\n")
	_, table, _ := strings.Cut(section, "\n| --- |")
	table, _, _ = strings.Cut(table, "\n\n")
	var column []string
	for line := range strings.Lines(table) {
		if strings.HasPrefix(line, "| ") {
			column = append(column, strings.TrimSpace(strings.Split(line, "|")[1]))
		}
	}
	return column
}
