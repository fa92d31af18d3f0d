package compose_test

import (
	"fmt"
	"testing"

	"github.com/sligo-go/sligo/budget/compose"
	"github.com/sligo-go/sligo/slo"
)

func ExampleCheck() {
	shop, component := slo.MustParseTarget("99.9%"), slo.MustParseTarget("99.9%")
	balance := compose.Check(shop, component, component, component)
	fmt.Println(balance)
	fmt.Println(balance.Excess() > 0)
	// Output:
	// the components' budgets add up to 0.3%, 0.2% more than the system's 0.1%
	// true
}

func TestComponentWithoutTargetMayAlwaysFail(t *testing.T) {
	b := compose.Check(slo.MustParseTarget("99.9%"), slo.MustParseTarget("99.9%"), slo.Target{})
	if want := int64(1_000_000_000); b.Excess() != want {
		t.Errorf("got %d, want %d", b.Excess(), want)
	}
}

func TestBalance(t *testing.T) {
	for _, tt := range []struct {
		components []string
		excess     int64
		want       string
	}{
		{nil, -1_000_000, "the components' budgets add up to 0%, 0.1% less than the system's 0.1%"},
		{[]string{"99.95%", "99.95%"}, 0, "the components' budgets add up to the system's 0.1%"},
		{[]string{"99.95%", "99.9499999%"}, 1, "the components' budgets add up to 0.1000001%, 0.0000001% more than the system's 0.1%"},
		{[]string{"1%", "1%"}, 1_979_000_000, "the components' budgets add up to 198%, 197.9% more than the system's 0.1%"},
	} {
		b := compose.Check(slo.MustParseTarget("99.9%"), targets(t, tt.components...)...)
		if b.Excess() != tt.excess || b.String() != tt.want {
			t.Errorf("got %d, %q, want %d, %q", b.Excess(), b, tt.excess, tt.want)
		}
	}
}
