package compose_test

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"

	"github.com/sligo-go/sligo/budget/compose"
	"github.com/sligo-go/sligo/slo"
)

func ExampleBalanceOf() {
	shop, component := slo.MustParseTarget("99.9%"), slo.MustParseTarget("99.9%")
	balance := compose.BalanceOf(shop, component, component, component)
	fmt.Println(balance)
	fmt.Println(balance.Excess() > 0)
	// Output:
	// the components' budgets add up to 0.3%, 0.2% more than the system's 0.1%
	// true
}

func TestComponentWithoutTargetMayAlwaysFail(t *testing.T) {
	b := compose.BalanceOf(slo.MustParseTarget("99.9%"), slo.MustParseTarget("99.9%"), slo.Target{})
	if want := int64(1_000_000_000); b.Excess() != want {
		t.Errorf("excess: got %d, want %d parts per billion", b.Excess(), want)
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
		b := compose.BalanceOf(slo.MustParseTarget("99.9%"), targets(t, tt.components...)...)
		if b.Excess() != tt.excess || b.String() != tt.want {
			t.Errorf("got %d, %q, want %d, %q", b.Excess(), b, tt.excess, tt.want)
		}
	}
}

func ExampleBalance_MarshalJSON() {
	shop, component := slo.MustParseTarget("99.9%"), slo.MustParseTarget("99.95%")
	text, err := json.Marshal(compose.BalanceOf(shop, component, component, component))
	fmt.Println(string(text), err)
	// Output:
	// {"system":"0.1%","components":"0.15%"} <nil>
}

func FuzzBalanceJSON(f *testing.F) {
	f.Add(int64(1_000_000), int64(3_000_000))
	f.Add(int64(math.MinInt64), int64(math.MaxInt64))
	f.Fuzz(func(t *testing.T, system, components int64) {
		balance := compose.Balance{System: system, Components: components}
		text, err := json.Marshal(balance)
		if err != nil {
			t.Fatal(err)
		}
		var back compose.Balance
		if err := json.Unmarshal(text, &back); err != nil || back != balance {
			t.Errorf("%s came back as %d and %d, %v", text, back.System, back.Components, err)
		}
	})
}

func TestBalanceRefusesJSON(t *testing.T) {
	for text, want := range map[string]string{
		`{"system":"0.1"}`: `compose: budget of the system: invalid percentage "0.1": want a number and a sign such as "0.1%"`,
		`{"system":"0.1%","components":"0.00000001%"}`: `compose: budget of the components: ` +
			`number "0.00000001" has more than 7 decimal places`,
		`{"component":"0.1%"}`: `json: unknown field "component"`,
	} {
		before := compose.Balance{System: 1, Components: 2}
		got := before
		if err := json.Unmarshal([]byte(text), &got); err == nil || err.Error() != want || got != before {
			t.Errorf("%s: got %v, error %v, want error %s", text, got, err, want)
		}
	}
}
