package strictjson_test

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/sligo-go/sligo/internal/strictjson"
)

type thing struct {
	Name string `json:"name"`
	In   struct {
		A int `json:"a"`
	} `json:"in"`
}

// TestUnmarshalSetsAllOrNothing reads into a value that is not zero.
func TestUnmarshalSetsAllOrNothing(t *testing.T) {
	for text, want := range map[string]string{`{"name":"b"}`: "{b {0}}", `{"name":"b","x":1}`: "{a {1}}", " null ": "{a {1}}"} {
		v := thing{Name: "a"}
		v.In.A = 1
		err := strictjson.Unmarshal([]byte(text), &v)
		if got := fmt.Sprint(v); got != want {
			t.Errorf("%s: got %s, %v, want %s", text, got, err, want)
		}
	}
}

func TestUnmarshal(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"a known field", `{"name":"a"}`, ""},
		{"space at the end", "{} \n", ""},
		{"an unknown field", `{"names":"a"}`, `json: unknown field "names"`},
		{"an unknown field of a field", `{"in":{"b":1}}`, `json: unknown field "b"`},
		{"a second value", `{} {}`, "invalid JSON: want one value"},
		{"text after the value", `{}x`, "invalid JSON: want one value"},
		{"nothing", ``, "EOF"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var v thing
			got := ""
			if err := strictjson.Unmarshal([]byte(tt.text), &v); err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Errorf("got error %q, want %q", got, tt.want)
			}
		})
	}
}

func TestDurationText(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", time.Hour: "1h", 90 * time.Minute: "1h30m", 10 * time.Minute: "10m", 72 * time.Hour: "72h",
		43*time.Minute + 12*time.Second: "43m12s", time.Hour + time.Second: "1h0m1s", 1500: "1.5µs", -time.Minute: "-1m",
	} {
		if got := strictjson.Duration(d).String(); got != want {
			t.Errorf("%d ns: got %q, want %q", d, got, want)
		}
	}
	var d strictjson.Duration
	for text, want := range map[string]time.Duration{
		"3d": 72 * time.Hour, "1d12h": 36 * time.Hour, "0d1s": time.Second, "30d23h59m": 30*24*time.Hour + 24*time.Hour - time.Minute,
	} {
		if err := d.UnmarshalText([]byte(text)); err != nil || time.Duration(d) != want {
			t.Errorf("%s: got %v, %v, want %v", text, d, err, want)
		}
	}
	for _, text := range []string{"d", "-1d", "1.5d", "1d24h", "1d-1h", "1d1d", "12h1d", "65536d", "1d ", "+1d"} {
		if err := d.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%s: got %v, want an error", text, d)
		}
	}
	err := d.UnmarshalText([]byte("90"))
	if want := `invalid duration "90": want a number with a unit such as "90m"`; err == nil || err.Error() != want {
		t.Errorf("without a unit: got error %v, want %s", err, want)
	}
}

func FuzzDuration(f *testing.F) {
	for _, d := range []int64{0, 1, int64(time.Hour), math.MaxInt64, math.MinInt64} {
		f.Add(d)
	}
	f.Fuzz(func(t *testing.T, ns int64) {
		text, err := json.Marshal(strictjson.Duration(ns))
		if err != nil {
			t.Fatal(err)
		}
		var back strictjson.Duration
		if err := json.Unmarshal(text, &back); err != nil || int64(back) != ns {
			t.Errorf("%s came back as %d, %v, want %d", text, back, err, ns)
		}
	})
}
