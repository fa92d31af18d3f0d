package canary_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"log/slog"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/internal/canary"
)

// every returns the cases of the corpus and of the table.
func every() []canary.Case {
	all := canary.Cases()
	for _, level := range canary.Levels {
		all = append(all, canary.Table(level)...)
	}
	return all
}

func TestIDsAreUnique(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range every() {
		if seen[c.ID] {
			t.Errorf("duplicate ID %q", c.ID)
		}
		seen[c.ID] = true
	}
}

// TestNumberOfCases guards against a case file that lost lines. The sections of
// the reference file have IDs of one letter.
func TestNumberOfCases(t *testing.T) {
	all, reference := map[canary.Kind]int{}, map[canary.Kind]int{}
	for _, c := range canary.Cases() {
		all[c.Kind]++
		if c.ID[1] <= '9' {
			reference[c.Kind]++
		}
	}
	for kind, want := range map[canary.Kind]int{canary.KindMust: 152, canary.KindKeep: 48, canary.KindPolicy: 6} {
		if reference[kind] != want {
			t.Errorf("%d %s cases in the reference file, want %d", reference[kind], kind, want)
		}
	}
	if all[canary.KindMust] < 1265 || all[canary.KindKeep] < 611 {
		t.Errorf("cases by kind are %v, want must:1265 and keep:611 or more", all)
	}
}

// TestNumberOfTableCases guards against a file of the table that lost lines.
func TestNumberOfTableCases(t *testing.T) {
	for level, want := range map[canary.Level]int{
		canary.Promised: 186, canary.Attempted: 423, canary.Outside: 13, canary.Ordinary: 342,
	} {
		kind := canary.KindKeep
		if level == canary.Promised || level == canary.Attempted {
			kind = canary.KindMust
		}
		cases := canary.Table(level)
		if len(cases) < want {
			t.Errorf("%d cases of the level %s, want %d or more", len(cases), level, want)
		}
		for _, c := range cases {
			if c.Kind != kind || c.Section == "" {
				t.Errorf("%s: kind %s and section %q, want %s and a section", c.ID, c.Kind, c.Section, kind)
			}
		}
	}
}

// TestMustCasesFailWithoutRedaction checks that each case can fail: a handler
// that redacts nothing shows its secret.
func TestMustCasesFailWithoutRedaction(t *testing.T) {
	for _, c := range every() {
		if c.Kind != canary.KindMust {
			continue
		}
		var shown bytes.Buffer
		c.Log(slog.New(revealer{&shown}))
		line := []byte(`{"line":` + quote(shown.String()) + `}`)
		if c.Check(line) == nil {
			t.Errorf("%s: the secret %q is not in %.500s", c.ID, c.Secrets, line)
		}
	}
}

// TestKeepCasesFailIfAllIsRedacted checks that each case can fail: a handler
// that redacts every value writes a line without the case's values.
func TestKeepCasesFailIfAllIsRedacted(t *testing.T) {
	redactAll := &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		return slog.String(a.Key, "REDACTED")
	}}
	for _, c := range every() {
		var line bytes.Buffer
		c.Log(slog.New(slog.NewJSONHandler(&line, redactAll)))
		if c.Kind == canary.KindKeep && c.Check(line.Bytes()) == nil {
			t.Errorf("%s: passes with the line %s", c.ID, line.Bytes())
		}
	}
}

// TestKeepCasesPassWithoutRedaction checks the expectations against the encoder
// of log/slog.
func TestKeepCasesPassWithoutRedaction(t *testing.T) {
	for _, c := range every() {
		var line bytes.Buffer
		c.Log(slog.New(slog.NewJSONHandler(&line, nil)))
		if c.Kind == canary.KindMust {
			continue
		}
		if err := c.Check(line.Bytes()); err != nil {
			t.Error(err)
		}
	}
}

// TestCasesShareNoValues checks that a handler that changes a value cannot hide
// a secret from the next handler.
func TestCasesShareNoValues(t *testing.T) {
	maps := 0
	for range 2 {
		for _, c := range every() {
			c.Log(slog.New(eraser{t, &maps}))
		}
	}
	if maps < 10 || maps%2 != 0 {
		t.Errorf("the two runs saw %d maps, want an even number of 10 or more", maps)
	}
}

// An eraser removes the elements of each map in a record. It reports a map that
// is empty already.
type eraser struct {
	t    *testing.T
	maps *int
}

func (eraser) Enabled(context.Context, slog.Level) bool { return true }
func (e eraser) WithAttrs([]slog.Attr) slog.Handler     { return e }
func (e eraser) WithGroup(string) slog.Handler          { return e }
func (e eraser) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool {
		m, ok := a.Value.Any().(map[string]any)
		if !ok || m == nil {
			return true
		}
		*e.maps++
		if len(m) == 0 {
			e.t.Errorf("the map under %q is empty", a.Key)
		}
		clear(m)
		return true
	})
	return nil
}

func TestCheckFindsEncodedSecrets(t *testing.T) {
	c := canary.Case{ID: "A01", Note: "a note", Kind: canary.KindMust, Secrets: []string{`pass "word" & <more>`}}
	for name, text := range map[string]string{
		"verbatim":             `pass "word" & <more>`,
		"base64 at offset 0":   base64.StdEncoding.EncodeToString([]byte(c.Secrets[0])),
		"base64 at offset 1":   base64.StdEncoding.EncodeToString([]byte("a" + c.Secrets[0] + "bc")),
		"base64 at offset 2":   base64.StdEncoding.EncodeToString([]byte("ab" + c.Secrets[0] + "c")),
		"base64 of more texts": base64.StdEncoding.EncodeToString([]byte("abcdef" + c.Secrets[0])),
	} {
		err := c.Check([]byte(`{"v":` + quote(text) + `}`))
		if err == nil || !strings.HasPrefix(err.Error(), "A01 (a note): the line shows one of") {
			t.Errorf("%s: got error %v", name, err)
		}
	}
	if err := c.Check([]byte(`{"v":"pass "}`)); err != nil {
		t.Errorf("a part of the secret: %v", err)
	}
}

func TestCheckEscapes(t *testing.T) {
	c := canary.Case{ID: "A01", Kind: canary.KindMust, Secrets: []string{"a&b"}}
	for _, line := range []string{`{"v":"a&b"}`, `{"v":"a\u0026b"}`} {
		if c.Check([]byte(line)) == nil {
			t.Errorf("no error for %s", line)
		}
	}
}

func TestCheckRequiresJSON(t *testing.T) {
	for _, kind := range []canary.Kind{canary.KindMust, canary.KindKeep, canary.KindPolicy} {
		err := canary.Case{ID: "A01", Kind: kind}.Check([]byte(`{"v":`))
		if err == nil || err.Error() != `A01: the line is invalid JSON: {"v":` {
			t.Errorf("%s: got error %v", kind, err)
		}
	}
}

func TestCheckRequiresAllKeptValues(t *testing.T) {
	c := canary.Case{ID: "A01", Kind: canary.KindKeep, Keep: []string{`"a":1`, `"b":2`}}
	if err := c.Check([]byte(`{"a":1,"b":2}`)); err != nil {
		t.Error(err)
	}
	err := c.Check([]byte(`{"a":1,"b":3}`))
	if err == nil || err.Error() != `A01: the line does not contain "b":2: {"a":1,"b":3}` {
		t.Errorf("got error %v", err)
	}
}
