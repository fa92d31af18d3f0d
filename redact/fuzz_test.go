package redact_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/sligo-go/sligo/redact"
)

// encode writes one attribute as a JSON object.
func encode(r *redact.Redactor, a slog.Attr) []byte {
	e := r.NewEncoder()
	e.Attr(a)
	return append(append([]byte{'{'}, e.Bytes()...), '}')
}

// planted is a secret that no rule for text finds: only its name gives it away.
const planted = "zqxjkvwpl"

// FuzzText checks that scanning never panics, that it is stable, that the result is
// valid JSON in a line, and that text without anything suspicious is not changed.
func FuzzText(f *testing.F) {
	for _, seed := range []string{"", "a=b", "password=x", `{"a":"b"}`, `{"password":"x"}`, "a@b.co", "http://a:b@c/?d=e#f", "\xff%7B%22", `\u0070\"`, "<a>b</a>",
		"4111 1111 1111 1111", "900101-1234568", "+82 10-1234-5678", "-----BEGIN PRIVATE KEY-----", "Bearer abc123def", "[[[[", `{"a":{"b":[1,2,{"c":null}]}}`, "비밀번호는 x1", "--pin 1", "pin '"} {
		f.Add(seed)
	}
	r := redact.Default()
	f.Fuzz(func(t *testing.T, s string) {
		out := r.Text(s)
		if again := r.Text(out); len(s) < 60<<10 && strings.Count(again, redact.Replacement) < strings.Count(out, redact.Replacement) {
			t.Errorf("%q gives %q, and that %q", s, out, again)
		}
		quoted := r.AppendText(nil, s)
		var back string
		if err := json.Unmarshal(quoted, &back); err != nil || back != valid(out) {
			t.Errorf("%q is written as %s (%v), want the text %q", s, quoted, err, out)
		}
		id := r.AppendID(nil, s)
		if !json.Valid(id) || len(id) > 1000 {
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

// FuzzName plants a secret under a sensitive name in every structure and checks that
// it is never shown.
func FuzzName(f *testing.F) {
	f.Add("password", "", "")
	f.Add("x-api-key", "pre ", " post")
	f.Add("비밀번호", "{", "}")
	f.Add("refreshToken", `","a":"`, "\n")
	f.Add("db.secret", "a&b=", ";c=d")
	r := redact.Default()
	f.Fuzz(func(t *testing.T, name, before, after string) {
		if !r.Key(name) {
			return
		}
		v := before + planted + after
		type holder struct {
			A any
			M map[string]string
		}
		for _, a := range []slog.Attr{
			slog.String(name, v),
			slog.Any(name, []byte(v)),
			slog.Any("a", map[string]any{name: v}),
			slog.Any("a", &holder{A: map[string][]string{name: {v}}, M: map[string]string{name: v}}),
			slog.Any("a", []any{map[string]*string{name: &v}}),
			slog.Any("a", json.RawMessage(document(name, v))),
			slog.String("a", document(name, v)),
			slog.Any("a", []byte(document(name, v))),
			slog.String("a", `{"inner":`+string(must(json.Marshal(document(name, v))))+`}`),
		} {
			line := encode(r, a)
			if !json.Valid(line) {
				t.Errorf("%q in %T: invalid JSON %s", name, a.Value.Any(), line)
			}
			if bytes.Contains(line, []byte(planted)) {
				t.Errorf("%q in %T: %s", name, a.Value.Any(), line)
			}
		}
	})
}

func document(name, value string) string {
	return string(must(json.Marshal(map[string]string{name: value, "other": "x"})))
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// FuzzJSON checks that JSON with nothing to redact keeps its value, and that what is
// written is always JSON.
func FuzzJSON(f *testing.F) {
	for _, seed := range []string{`{"a":1.50,"b":[true,null,"x\u00e9"]}`, `[[],{},"",-0,1e400]`, `{"a":{"a":{"name":"x","value":1}}}`, ` { "k" : [ 1 , 2 ] } `, `{"":""}`, `"\ud800"`} {
		f.Add(seed)
	}
	r := redact.Default()
	f.Fuzz(func(t *testing.T, s string) {
		line := encode(r, slog.Any("v", json.RawMessage(s)))
		var got struct{ V any }
		if err := unmarshal(line, &got); err != nil {
			t.Fatalf("%q gives %s: %v", s, line, err)
		}
		if strings.Contains(string(line), redact.Replacement) || strings.Contains(string(line), "[cut]") || !json.Valid([]byte(s)) {
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

// FuzzValue compares the encoding of values with that of encoding/json.
func FuzzValue(f *testing.F) {
	f.Add("plain", int64(-1), uint64(1), 0.5, float32(1e-9), true, []byte("x"), int64(0))
	f.Add("a\"b\\c\n\u2028\xff", int64(math.MinInt64), uint64(math.MaxUint64), 1e21, float32(0), false, []byte(nil), int64(1e9))
	f.Fuzz(func(t *testing.T, s string, i int64, u uint64, fl float64, f32 float32, b bool, raw []byte, ns int64) {
		if math.IsNaN(fl) || math.IsInf(fl, 0) || math.IsNaN(float64(f32)) || math.IsInf(float64(f32), 0) {
			return // JSON has none
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
		line := encode(redact.Default(), slog.Any("v", v))
		if strings.Contains(string(line), redact.Replacement) || strings.Contains(string(line), "[cut]") {
			return
		}
		if got := string(line) + "\n"; got != want.String() {
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
		line := string(encode(redact.Default(), slog.Uint64("ref", n)))
		if strings.Contains(line, redact.Replacement) && !luhn(n) {
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
