package text_test

import (
	"encoding/json"
	"testing"

	"github.com/sligo-go/sligo/internal/redaction/text"
)

func TestIsCounts(t *testing.T) {
	for _, s := range []string{
		"", "{}", `{"a":1}`, `{"a": -1.5e3 , "b":null}`, `{"a":"1"}`, `{"a":true}`, `{"a":[1]}`, `{"a":{"b":1}}`, `{"a":1,"b":"x"}`,
		`{":":1}`, `{"\":\"":1}`, `{"\\":1}`, `{"\\":"1"}`, `{"a:\"b":1}`, `{"a":1`, `[1]`, `1`, "{\"a\":\n\t1}",
	} {
		var counts map[string]float64
		want := s != "" && s[0] == '{' && json.Unmarshal([]byte(s), &counts) == nil
		if got := text.IsCounts(s); got != want {
			t.Errorf("%s: got %t, want %t", s, got, want)
		}
	}
}
