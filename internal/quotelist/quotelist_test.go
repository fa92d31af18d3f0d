package quotelist_test

import (
	"testing"

	"github.com/sligo-go/sligo/internal/quotelist"
)

func TestOf(t *testing.T) {
	type color string
	if got, want := quotelist.Of([]color{"red", `"blue"`}), `"red", "\"blue\""`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := quotelist.Of([]string(nil)); got != "" {
		t.Errorf("of nothing: got %q", got)
	}
}
