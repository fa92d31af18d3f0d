package targettext_test

import (
	"testing"

	"github.com/sligo-go/sligo/internal/targettext"
)

func TestRead(t *testing.T) {
	tests := []struct {
		text, percent string
		mistake       targettext.Mistake
		meant         string
	}{
		{"99.9", "99.9%", targettext.None, ""},
		{"99.9%", "99.9%", targettext.None, ""},
		{"99.95 %", "99.95 %", targettext.None, ""},
		{"0.5%", "0.5%", targettext.None, ""},
		{"99.9999999", "99.9999999%", targettext.None, ""},
		{"0.999", "0.999%", targettext.Ratio, "99.9%"},
		{".9995", ".9995%", targettext.Ratio, "99.95%"},
		{"1", "1%", targettext.Ambiguous, ""},
		{"1.000", "1.000%", targettext.Ambiguous, ""},
		{"1%", "1%", targettext.None, ""},
		{"099.9", "099.9%", targettext.Zeros, "99.9"},
		{"99,9", "99,9%", targettext.Spelling, "99.9%"},
		{"99. 9 %", "99. 9 %", targettext.Spelling, "99.9%"},
		{"99.99999999999", "99.99999999999%", targettext.Decimals, ""},
		{"99.00000000%", "99.00000000%", targettext.None, ""},
		{"100", "100%", targettext.OutOfRange, ""},
		{"0%", "0%", targettext.OutOfRange, ""},
		{"0", "0%", targettext.OutOfRange, ""},
		{"-3", "-3%", targettext.OutOfRange, ""},
		{"101%", "101%", targettext.OutOfRange, ""},
		{"", "%", targettext.Unreadable, ""},
		{"three nines", "three nines%", targettext.Unreadable, ""},
		{"99.9x", "99.9x%", targettext.Unreadable, ""},
		{"1e2", "1e2%", targettext.Unreadable, ""},
		{"0x63", "0x63%", targettext.Unreadable, ""},
		{"00.5%", "00.5%", targettext.Zeros, "0.5%"},
	}
	for _, test := range tests {
		percent, mistake, meant := targettext.Read(test.text)
		if percent != test.percent || mistake != test.mistake || meant != test.meant {
			t.Errorf("%q: got %q, %d, %q; want %q, %d, %q", test.text, percent, mistake, meant, test.percent, test.mistake, test.meant)
		}
	}
}
