package encode_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/sligo-go/sligo/internal/redaction/encode"
	"github.com/sligo-go/sligo/internal/redaction/name"
	"github.com/sligo-go/sligo/internal/redaction/text"
)

// newEncoding connects an encoding with a finder, as package redact does.
func newEncoding(types ...reflect.Type) *encode.Encoding {
	var c *encode.Encoding
	judge := name.NewJudge(name.Lists{})
	finder := text.NewFinder(text.Config{
		Judge:    judge,
		Document: func(s string, level int) (string, bool) { return c.Document(s, level) },
	})
	c = encode.New(judge, finder, types)
	return c
}

// object writes attributes as a JSON object.
func object(c *encode.Encoding, attrs ...slog.Attr) string {
	e := c.NewEncoder()
	for _, a := range attrs {
		e.Attr(a, 0)
	}
	return "{" + string(e.Bytes()) + "}"
}

// planted is a secret that no rule for text finds: only its name gives it away.
const planted = "zqxjkvwpl"

// FuzzText checks that a text becomes one JSON string on one line, whose
// value is the redacted text, and that an ID does.
func FuzzText(f *testing.F) {
	for _, seed := range []string{
		"", "a=b", "password=x", `{"a":"b"}`, `{"password":"x"}`, "a@b.co", "\xff%7B%22", `\u0070\"`, "a\x00\u2028\ufffd", `{"a":{"b":[1,2,{"c":null}]}}`,
	} {
		f.Add(seed)
	}
	c := newEncoding()
	f.Fuzz(func(t *testing.T, s string) {
		attr := c.Attr(slog.String("text", s), false)
		quoted := c.AppendText(nil, s)
		var back string
		if err := json.Unmarshal(quoted, &back); err != nil || back != valid(attr.Value.String()) {
			t.Errorf("%q is written as %s (%v), want the text %q", s, quoted, err, attr.Value)
		}
		if bytes.ContainsAny(quoted, "\n\r") {
			t.Errorf("%q is written on several lines: %s", s, quoted)
		}
		if id := c.AppendID(nil, s); !json.Valid(id) || len(id) > 1000 {
			t.Errorf("the ID %q is written as %s", s, id)
		}
	})
}

// valid replaces each byte that is not UTF-8, as encoding/json does.
func valid(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // strings marshal
	}
	var out string
	if err := json.Unmarshal(b, &out); err != nil {
		panic(err) // so it was written
	}
	return out
}

// FuzzName plants a secret under the name of a secret in every structure,
// and checks that it is never shown.
func FuzzName(f *testing.F) {
	f.Add("password", "", "")
	f.Add("x-api-key", "pre ", " post")
	f.Add("비밀번호", "{", "}")
	f.Add("refreshToken", `","a":"`, "\n")
	f.Add("db.secret", "a&b=", ";c=d")
	c := newEncoding()
	f.Fuzz(func(t *testing.T, key, before, after string) {
		if !c.IsSecret(key) {
			return
		}
		v := before + planted + after
		type holder struct {
			A any
			M map[string]string
		}
		for _, a := range []slog.Attr{
			slog.String(key, v),
			slog.Any(key, []byte(v)),
			slog.Any("a", map[string]any{key: v}),
			slog.Any("a", &holder{A: map[string][]string{key: {v}}, M: map[string]string{key: v}}),
			slog.Any("a", []any{map[string]*string{key: &v}}),
			slog.Any("a", json.RawMessage(document(key, v))),
			slog.String("a", document(key, v)),
			slog.Any("a", []byte(document(key, v))),
			slog.String("a", `{"inner":`+string(must(json.Marshal(document(key, v))))+`}`),
		} {
			line := object(c, a)
			if !json.Valid([]byte(line)) {
				t.Errorf("%q in %T: invalid JSON %s", key, a.Value.Any(), line)
			}
			if strings.Contains(line, planted) {
				t.Errorf("%q in %T: %s", key, a.Value.Any(), line)
			}
		}
	})
}

func document(key, value string) string {
	return string(must(json.Marshal(map[string]string{key: value, "other": "x"})))
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// FuzzJSON checks that the output is always valid JSON, and that a document
// without secrets keeps its value.
func FuzzJSON(f *testing.F) {
	for _, seed := range []string{`{"a":1.50,"b":[true,null,"x\u00e9"]}`, `[[],{},"",-0,1e400]`, `{"a":{"a":{"name":"x","value":1}}}`, ` { "k" : [ 1 , 2 ] } `, `{"":""}`, `"\ud800"`} {
		f.Add(seed)
	}
	c := newEncoding()
	f.Fuzz(func(t *testing.T, s string) {
		line := object(c, slog.Any("v", json.RawMessage(s)))
		var got struct{ V any }
		if err := unmarshal([]byte(line), &got); err != nil {
			t.Fatalf("%q gives %s: %v", s, line, err)
		}
		if strings.Contains(line, text.Replacement) || strings.Contains(line, "[cut]") || !json.Valid([]byte(s)) {
			return
		}
		var want any
		if err := unmarshal([]byte(s), &want); err != nil || !reflect.DeepEqual(got.V, want) {
			t.Errorf("%q gives %s: %v", s, line, err)
		}
	})
}

// unmarshal keeps numbers as they are written.
func unmarshal(b []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	return d.Decode(v)
}

// FuzzValue checks that values are written as encoding/json writes them.
func FuzzValue(f *testing.F) {
	f.Add("plain", int64(-1), uint64(1), 0.5, float32(1e-9), true, []byte("x"), int64(0))
	f.Add("a\"b\\c\n\u2028\xff", int64(math.MinInt64), uint64(math.MaxUint64), 1e21, float32(0), false, []byte(nil), int64(1e9))
	f.Fuzz(func(t *testing.T, s string, i int64, u uint64, fl float64, f32 float32, b bool, raw []byte, ns int64) {
		if math.IsNaN(fl) || math.IsInf(fl, 0) || math.IsNaN(float64(f32)) || math.IsInf(float64(f32), 0) {
			return // not in JSON
		}
		v := sample{
			S: s, I: i, U: u, F: fl, F32: f32, B: b, Raw: raw, T: time.Unix(0, ns).UTC(), D: time.Duration(i),
			P: &s, Embedded: Embedded{E: s, Over: 1}, Over: 2, Omit: s, Quoted: i, M: map[string]int64{s: i, "b": 2}, I8: []int8{int8(i)}, Any: []any{s, i, nil},
			Ints: map[int]bool{int(i): b, 7: true}, Arr: [2]float64{fl, 1},
		}
		var want bytes.Buffer
		enc := json.NewEncoder(&want)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(map[string]any{"v": v}); err != nil {
			t.Fatal(err)
		}
		line := object(newEncoding(), slog.Any("v", v))
		if strings.Contains(line, text.Replacement) || strings.Contains(line, "[cut]") {
			return
		}
		if got := line + "\n"; got != want.String() {
			t.Errorf("got  %swant %s", got, want.String())
		}
	})
}

type Embedded struct {
	E    string
	Over int
}

type hidden struct{ Shown string }

type sample struct {
	S   string `json:"s"`
	I   int64
	U   uint64
	F   float64
	F32 float32
	B   bool `json:",omitempty"`
	Raw []byte
	T   time.Time
	D   time.Duration
	P   *string
	Embedded
	hidden
	*sampleInner
	Over   int
	Omit   string    `json:"omit,omitempty"`
	Zero   time.Time `json:"zero,omitzero"`
	Quoted int64     `json:"quoted,string"`
	Skip   int       `json:"-"`
	Dash   int       `json:"-,"` //nolint:staticcheck // the name "-" is meant
	M      map[string]int64
	Ints   map[int]bool
	I8     []int8
	Arr    [2]float64
	Any    any
	Nil    map[string]int
	Ptr    *sample
	Func   func() `json:"-"`
	small  int    //nolint:unused // encoding/json leaves it out
}

type sampleInner struct{ Inner int }

// FuzzNumber compares the rule for cards with Luhn's algorithm done by table.
func FuzzNumber(f *testing.F) {
	f.Add(uint64(4111111111111111))
	f.Add(uint64(4111111111111112))
	f.Add(uint64(378282246310005))
	f.Fuzz(func(t *testing.T, n uint64) {
		line := object(newEncoding(), slog.Uint64("ref", n))
		if strings.Contains(line, text.Replacement) && !luhn(n) {
			t.Errorf("%d is taken for a card", n)
		}
		if d := len(line) - len(`{"ref":}`); d == 16 && line[7] == '4' && luhn(n) {
			t.Errorf("%d is a card and shown", n)
		}
	})
}

func luhn(n uint64) bool {
	double := [10]uint64{0, 2, 4, 6, 8, 1, 3, 5, 7, 9}
	var sum uint64
	for i := 0; n > 0; i, n = i+1, n/10 {
		if i%2 == 0 {
			sum += n % 10
		} else {
			sum += double[n%10]
		}
	}
	return sum%10 == 0
}
