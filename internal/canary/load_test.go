package canary_test

import (
	"bytes"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/sligo-go/sligo/internal/canary"
)

// load loads the lines as the file "f.txt".
func load(calls map[string]canary.Call, lines ...string) ([]canary.Case, error) {
	data := []byte(strings.Join(lines, "\n") + "\n")
	return canary.Load(fstest.MapFS{"f.txt": {Data: data}}, []string{"f.txt"}, calls)
}

func TestLoad(t *testing.T) {
	for name, tt := range map[string]struct {
		line string
		want canary.Case
		logs string
	}{
		"text": {
			"A01	must	text	a b	x=⟦s⟧&y=⟦t⟧&z=⟦s⟧	a note",
			canary.Case{ID: "A01", Kind: canary.KindMust, Note: "a note", Secrets: []string{"s", "t"}},
			`"msg":"m","a b":"x=s&y=t&z=s"`,
		},
		"message": {
			"A01	keep	message	-	1 < 2",
			canary.Case{ID: "A01", Kind: canary.KindKeep, Keep: []string{`"1 < 2"`}},
			`"msg":"1 < 2"`,
		},
		"error": {
			`A01	keep	error	err	no "x"`,
			canary.Case{ID: "A01", Kind: canary.KindKeep, Keep: []string{`"err":"no \"x\""`}},
			`"err":"no \"x\""`,
		},
		"int": {
			"A01	keep	int	n	4242424242424242",
			canary.Case{ID: "A01", Kind: canary.KindKeep, Keep: []string{`"n":4242424242424242`}},
			`"n":4242424242424242`,
		},
		"json": {
			`AB0001	keep	json	v	{"b":1,"a":[1.50]}`,
			canary.Case{ID: "AB0001", Kind: canary.KindKeep, Keep: []string{`"v":{"b":1,"a":[1.50]}`}},
			`"v":{"b":1,"a":[1.50]}`,
		},
		"header": {
			"A01	keep	header	X-A	b",
			canary.Case{ID: "A01", Kind: canary.KindKeep, Keep: []string{`"h":{"X-A":["b"]}`}},
			`"h":{"X-A":["b"]}`,
		},
		"policy": {
			"A01	policy	text	ip	⟦10.0.0.1⟧",
			canary.Case{ID: "A01", Kind: canary.KindPolicy, Secrets: []string{"10.0.0.1"}},
			`"ip":"10.0.0.1"`,
		},
		"empty input of a policy": {
			"A01	policy	text	pwd	",
			canary.Case{ID: "A01", Kind: canary.KindPolicy},
			`"pwd":""`,
		},
		"symbols": {
			`A01	must	text	a␠	a␍␊␉b‹U+00A0›⟦gh·p\n⟧␀·`,
			canary.Case{ID: "A01", Kind: canary.KindMust, Secrets: []string{`ghp\n`}},
			`"a ":"a\r\n\tb` + "\u00a0" + `ghp\\n\u0000"`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			cases, err := load(nil, "# a comment", "", tt.line)
			if err != nil || len(cases) != 1 {
				t.Fatalf("got %v, error %v", cases, err)
			}
			checkCase(t, cases[0], tt.want)
			if got := plainLine(cases[0]); !strings.Contains(got, tt.logs) {
				t.Errorf("logs %s\nwant %s", got, tt.logs)
			}
		})
	}
}

func checkCase(t *testing.T, got, want canary.Case) {
	t.Helper()
	if got.ID != want.ID || got.Kind != want.Kind || got.Note != want.Note {
		t.Errorf("got %s %s %q, want %s %s %q", got.ID, got.Kind, got.Note, want.ID, want.Kind, want.Note)
	}
	if !slices.Equal(got.Secrets, want.Secrets) || !slices.Equal(got.Keep, want.Keep) {
		t.Errorf("got secrets %q and keep %q, want %q and %q", got.Secrets, got.Keep, want.Secrets, want.Keep)
	}
}

// plainLine returns the case's line by the encoder of log/slog.
func plainLine(c canary.Case) string {
	var b bytes.Buffer
	c.Log(slog.New(slog.NewJSONHandler(&b, nil)))
	return b.String()
}

func TestLoadGoCalls(t *testing.T) {
	calls := map[string]canary.Call{
		"A01": func(l *slog.Logger) { l.Info("from Go", "password", "s") },
		"A02": func(l *slog.Logger) { l.Info("from Go", "n", 1) },
	}
	cases, err := load(calls, "A01	must	go	-	⟦s⟧	a note", `A02	keep	go	-	"n":1	a note`)
	if err != nil {
		t.Fatal(err)
	}
	checkCase(t, cases[0], canary.Case{ID: "A01", Kind: canary.KindMust, Note: "a note", Secrets: []string{"s"}})
	checkCase(t, cases[1], canary.Case{ID: "A02", Kind: canary.KindKeep, Note: "a note", Keep: []string{`"n":1`}})
	if got := plainLine(cases[0]); !strings.Contains(got, `"msg":"from Go","password":"s"`) {
		t.Errorf("logs %s", got)
	}
}

func TestLoadErrors(t *testing.T) {
	for line, want := range map[string]string{
		"A01	must	text	a":              `4 columns: want 5 or 6, separated by tabs`,
		"A01	must	text	a	⟦s⟧	n	x":      `7 columns: want 5 or 6, separated by tabs`,
		"A01	must	text	a	⟦s⟧ ":         `column 5 begins or ends with a space: write ␠`,
		"A1	must	text	a	⟦s⟧":           `invalid ID "A1": want one or two capital letters and two to four digits`,
		"A01	may	text	a	⟦s⟧":           `invalid kind "may": want must, keep or policy`,
		"A01	must	txt	a	⟦s⟧":           `invalid form "txt": want text, int, json, error, header, message or go`,
		"A01	must	text		⟦s⟧":           `name is empty`,
		"A01	must	text	-	⟦s⟧":          `name "-" with form "text": want a name, or - for the forms message and go`,
		"A01	must	message	a	⟦s⟧":       `name "a" with form "message": want a name, or - for the forms message and go`,
		"A01	must	text	⟦a⟧	⟦s⟧":        `name: a name cannot contain ⟦ and ⟧`,
		"A01	must	text	a\u00a0b	⟦s⟧":   `name: invisible character U+00A0: write ‹U+00A0›`,
		"A01	must	text	a	s":            `a must line needs a secret between ⟦ and ⟧`,
		"A01	must	text	a	⟦s":           `input: ⟦ without ⟧`,
		"A01	must	text	a	s⟧":           `input: ⟧ without ⟦`,
		"A01	must	text	a	⟦s⟦t⟧":        `input: ⟦ within ⟦ and ⟧`,
		"A01	must	text	a	⟦·⟧":          `input: nothing between ⟦ and ⟧`,
		"A01	must	text	a	⟦s\ufeff⟧":    `input: invisible character U+FEFF: write ‹U+FEFF›`,
		"A01	must	text	a	⟦s\xff⟧":      `input: invisible character U+FFFD: write ‹U+FFFD›`,
		"A01	must	text	a	⟦s⟧\r":        `column 5 begins or ends with a space: write ␠`,
		"A01	must	text	a	⟦s⟧‹A0›":      `input: invalid character number after ‹: want one such as ‹U+00A0›`,
		"A01	must	text	a	⟦s⟧‹U+00A0":   `input: invalid character number after ‹: want one such as ‹U+00A0›`,
		"A01	must	text	a	⟦s⟧‹U+xyz›":   `input: invalid character number after ‹: want one such as ‹U+00A0›`,
		"A01	keep	text	a	⟦s⟧":          `a keep line cannot contain ⟦ and ⟧`,
		"A01	keep	text	a	":             `a keep line needs an input`,
		"A01	keep	int	a	1.5":           `invalid int "1.5": want a decimal number of 64 bits`,
		"A01	keep	json	a	{":            `invalid JSON "{"`,
		"G01	must	go	-	password=⟦s⟧	n": `the input of a go line contains only secrets between ⟦ and ⟧`,
		"G01	must	go	-	⟦s⟧":            `a go line needs a note`,
		"G01	must	text	a	⟦s⟧":          `form "text" of a case with the call "G01" in Go: want the form go`,
		"A01	must	go	-	⟦s⟧	n":          `form go without a call "A01" in Go`,
	} {
		calls := map[string]canary.Call{}
		if line[0] == 'G' {
			calls["G01"] = func(*slog.Logger) {}
		}
		_, err := load(calls, "# a comment", line)
		if want = "f.txt:2: " + want + ": "; err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q:\ngot  %v\nwant %s", line, err, want)
		}
		if err != nil && !strings.HasSuffix(err.Error(), strconv.Quote(line)) {
			t.Errorf("%q: the error does not quote the line: %v", line, err)
		}
	}
}

func TestLoadReportsAllMistakes(t *testing.T) {
	calls := map[string]canary.Call{"G01": func(*slog.Logger) {}}
	cases, err := load(calls, "A01	must	text	a	s", "A02	must	text	a	⟦s⟧", "A02	keep	text	a	s")
	want := `f.txt:1: a must line needs a secret between ⟦ and ⟧: "A01\tmust\ttext\ta\ts"
f.txt:3: duplicate ID "A02": the first is in f.txt:2: "A02\tkeep\ttext\ta\ts"
call "G01" in Go has no case: want a line with this ID in a case file`
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	if len(cases) != 1 || cases[0].ID != "A02" {
		t.Errorf("got cases %v, want A02", cases)
	}
	if _, err := canary.Load(fstest.MapFS{}, []string{"f.txt"}, nil); err == nil {
		t.Error("no error for a file that does not exist")
	}
}
