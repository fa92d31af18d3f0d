package evidence_test

import (
	"math"
	"math/big"
	"testing"

	"github.com/sligo-go/sligo/budget/evidence"
	"github.com/sligo-go/sligo/slo"
)

func TestCompareAtTheSignificance(t *testing.T) {
	canary, baseline := counts(3, 0), counts(0, 3) // p = 1/20
	for significance, want := range map[string]bool{"0%": false, "4.9%": false, "5.1%": true} {
		test := evidence.Canary{Significance: slo.MustParseShare(significance)}
		if got := test.Compare(canary, baseline); got.Worse != want {
			t.Errorf("significance %s: got %v, want worse %t", significance, got, want)
		}
	}
}

// TestTrafficSuffices computes the power of the comparison with the returned
// traffic, over all possible samples.
func TestTrafficSuffices(t *testing.T) {
	for _, tt := range []struct {
		test             evidence.Canary
		normal, degraded string
		power            float64
	}{
		{evidence.Canary{}, "5%", "20%", 0.80},
		{evidence.Canary{}, "1%", "15%", 0.80},
		{evidence.Canary{Significance: slo.MustParseShare("1%"), Power: slo.MustParseShare("90%")}, "10%", "40%", 0.90},
	} {
		normal, degraded := slo.MustParseShare(tt.normal), slo.MustParseShare(tt.degraded)
		events, ok := tt.test.Traffic(normal, degraded)
		if !ok {
			t.Fatalf("%s to %s: got no traffic", tt.normal, tt.degraded)
		}
		got := power(tt.test, events, normal, degraded)
		if got < tt.power-0.01 || got > tt.power+0.08 {
			t.Errorf("%s to %s: with %d events the power is %.3f, want %.2f", tt.normal, tt.degraded, events, got, tt.power)
		}
		if half := power(tt.test, events/2, normal, degraded); half > tt.power-0.1 {
			t.Errorf("%s to %s: with half of %d events the power is %.3f, want less than needed", tt.normal, tt.degraded, events, half)
		}
	}
}

// power returns the probability that a canary with a degraded share of bad
// events is called worse.
func power(test evidence.Canary, n uint64, normal, degraded slo.Share) float64 {
	probability := func(k uint64, s slo.Share) float64 {
		p := float64(s.PartsPerBillion()) / 1e9
		ways, _ := new(big.Float).SetInt(new(big.Int).Binomial(int64(n), int64(k))).Float64()
		return ways * math.Pow(p, float64(k)) * math.Pow(1-p, float64(n-k))
	}
	sum := 0.0
	for a := range n + 1 {
		for c := range n + 1 {
			if test.Compare(counts(a, n-a), counts(c, n-c)).Worse {
				sum += probability(a, degraded) * probability(c, normal)
			}
		}
	}
	return sum
}

func TestTrafficAtTheEnds(t *testing.T) {
	if n, ok := (evidence.Canary{}).Traffic(slo.MustParseShare("1%"), slo.MustParseShare("1%")); ok {
		t.Errorf("no degradation: got %d events, want none", n)
	}
	if n, ok := (evidence.Canary{}).Traffic(slo.Share{}, slo.MustParseShare("100%")); !ok || n < 2 || n > 5 {
		t.Errorf("total degradation: got %d, %t, want 2 to 5 events", n, ok)
	}
	if n, ok := (evidence.Canary{}).Traffic(slo.MustParseShare("50%"), slo.MustParseShare("50.0000001%")); !ok || n < 1e18 {
		t.Errorf("hardly any degradation: got %d, %t, want at least 1e18 events", n, ok)
	}
}

func TestCanaryValidate(t *testing.T) {
	for _, tt := range []struct{ significance, power, want string }{
		{"0%", "0%", ""},
		{"49.9%", "50%", ""},
		{"50%", "100%", "Significance: invalid share 50%: want less than 50%\n" +
			"Power: invalid share 100%: want at least 50% and less than 100%"},
		{"5%", "49%", "Power: invalid share 49%: want at least 50% and less than 100%"},
	} {
		test := evidence.Canary{Significance: slo.MustParseShare(tt.significance), Power: slo.MustParseShare(tt.power)}
		got := ""
		if err := test.Validate(); err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}
