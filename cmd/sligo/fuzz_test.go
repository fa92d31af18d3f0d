package main

import (
	"bytes"
	"encoding/json"
	"io"
	"regexp"
	"testing"

	"github.com/sligo-go/sligo/sli"
)

// FuzzParseCounts compares the parser with encoding/json, which accepts the
// same texts and those with an ID twice or more good than valid events.
func FuzzParseCounts(f *testing.F) {
	for _, text := range []string{
		`{}`, `{"a/b": {"good": 1, "valid": 2}}`, `{"a/b": {"good": 3, "valid": 2}}`, `{"a/b": {"good": 1}, "a/b": {}}`,
		`{"a/b": null}`, `{"a/b": {"god": 1}}`, `[]`, `null`, `{} {}`, `{"a":{"good":1e0}}`, `{`, `{"a`, "\xff", `{"a":{}},`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := parseCounts("fuzz", data)
		var want map[string]sli.Counts
		dec := json.NewDecoder(bytes.NewReader(data))
		wantErr := dec.Decode(&want)
		if wantErr == nil {
			if _, more := dec.Token(); more != io.EOF {
				wantErr = more
			}
		}
		if err == nil && wantErr != nil {
			t.Fatalf("%q: got %v, but encoding/json refuses it: %v", data, got, wantErr)
		}
		if err != nil {
			return
		}
		if len(got) != len(want) {
			t.Errorf("%q: got %d objectives, want %d", data, len(got), len(want))
		}
		for id, c := range got {
			if c != want[id] || c.Good > c.Valid {
				t.Errorf("%q: got %v for %q, want %v", data, c, id, want[id])
			}
		}
	})
}

// cellBreak matches the characters that would end a cell or begin HTML, unless
// they are escaped.
var cellBreak = regexp.MustCompile(`(^|[^\\])(\\\\)*[|]|[\r\n]|<[^b]`)

func FuzzEscape(f *testing.F) {
	for _, text := range []string{"a|b", `a\|b`, "a\r\nb\nc\rd", "<b>", "&lt;", `\\`, "`code`"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if got := escape(text); cellBreak.MatchString(got) {
			t.Errorf("escape(%q) breaks a cell: %q", text, got)
		}
	})
}
