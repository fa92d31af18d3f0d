package promtext_test

import (
	"testing"

	"github.com/sligo-go/sligo/internal/promtext"
)

func TestOnlyEmpty(t *testing.T) {
	for pattern, want := range map[string]bool{
		"": true, "^$": true, "()": true, "(^|$)*": true, "(": true, "|": true,
		"a": false, ".*": false, "|a": false, "[a-z]?": false, "(a|b){0,3}": false, `\d*`: false,
	} {
		if got := promtext.OnlyEmpty(pattern); got != want {
			t.Errorf("%q: got %v", pattern, got)
		}
	}
}
