package encode_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/internal/redaction/encode"
)

var quotedTexts = []string{
	`""`, `"a"`, `"\"\\\/\b\f\n\r\t"`, `"\u0041\u00e9\uD55c"`, `"\ud83d\ude00"`, `"\ud83d"`, `"\ude00\ud83d"`, `"\ud83dx"`,
	`"\ud83d\n"`, `"\ud83d\u0041"`, `"\ud83d\ud83d\ude00"`, `"\uFFFF\u0000"`, `"é한😀"`,
}

func TestUnquote(t *testing.T) {
	for _, quoted := range quotedTexts {
		var want string
		if err := json.Unmarshal([]byte(quoted), &want); err != nil {
			t.Fatal(err)
		}
		if got := encode.Unquote(quoted); got != want {
			t.Errorf("%s: got %q, want %q", quoted, got, want)
		}
	}
}

// FuzzUnquote compares unquote with encoding/json. Bytes that are not UTF-8
// stay, because the encoder replaces them when it writes.
func FuzzUnquote(f *testing.F) {
	for _, quoted := range quotedTexts {
		f.Add(quoted)
	}
	f.Fuzz(func(t *testing.T, quoted string) {
		var want string
		if !strings.HasPrefix(quoted, `"`) || json.Unmarshal([]byte(quoted), &want) != nil {
			return
		}
		quoted = strings.TrimSpace(quoted)
		if got := replaced(encode.Unquote(quoted)); got != want {
			t.Errorf("%q: got %q, want %q", quoted, got, want)
		}
	})
}

// replaced returns s with U+FFFD for each byte that is not UTF-8.
func replaced(s string) string { return string([]rune(s)) }
