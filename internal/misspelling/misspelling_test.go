package misspelling_test

import (
	"testing"

	"github.com/sligo-go/sligo/internal/misspelling"
)

func TestDistance(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"target", "target", 0}, {"targte", "target", 2}, {"windw", "window", 1},
		{"kitten", "sitting", 3}, {"objective", "objectives", 1}, {"é", "e", 2},
	} {
		if got, back := misspelling.Distance(tt.a, tt.b), misspelling.Distance(tt.b, tt.a); got != tt.want || back != tt.want {
			t.Errorf("%q and %q: got %d and %d, want %d", tt.a, tt.b, got, back, tt.want)
		}
	}
}

// FuzzDistance compares with the definition of the distance.
func FuzzDistance(f *testing.F) {
	f.Add("targte", "target")
	f.Add("", "x")
	f.Fuzz(func(t *testing.T, a, b string) {
		a, b = a[:min(len(a), 6)], b[:min(len(b), 6)]
		if got, want := misspelling.Distance(a, b), distance(a, b); got != want {
			t.Errorf("%q and %q: got %d, want %d", a, b, got, want)
		}
	})
}

func distance(a, b string) int {
	switch {
	case a == "" || b == "":
		return len(a) + len(b)
	case a[0] == b[0]:
		return distance(a[1:], b[1:])
	}
	return 1 + min(distance(a[1:], b), distance(a, b[1:]), distance(a[1:], b[1:]))
}

func TestMostEdits(t *testing.T) {
	for text, want := range map[string]int{"": 2, "window": 2, "GET /orders/users/{userid}": 3} {
		if got := misspelling.MostEdits(text); got != want {
			t.Errorf("%q: got %d, want %d", text, got, want)
		}
	}
}
