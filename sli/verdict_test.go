package sli_test

import (
	"testing"

	"github.com/sligo-go/sligo/sli"
)

func TestVerdictString(t *testing.T) {
	var zero sli.Verdict
	tests := []struct {
		verdict sli.Verdict
		want    string
	}{
		{zero, "ignored"},
		{sli.VerdictIgnored, "ignored"},
		{sli.VerdictBad, "bad"},
		{sli.VerdictGood, "good"},
		{3, "Verdict(3)"},
		{255, "Verdict(255)"},
	}
	for _, test := range tests {
		if got := test.verdict.String(); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}
