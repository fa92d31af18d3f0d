package e2e_test

import (
	"errors"
	"os"
	"strings"
	"testing"
)

// TestBurnRateOfTheContract evaluates the query of docs/metrics.md for the burn
// rate of each objective. The shop's contract allows twice the bad events that
// its own objective for the same indicator allows.
func TestBurnRateOfTheContract(t *testing.T) {
	contract, err := os.ReadFile("../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, found := strings.Cut(string(contract), "The burn rate of the last hour, for each objective:\n\n```promql\n")
	burnRate, _, _ := strings.Cut(text, "\n```")
	if !found || !strings.Contains(burnRate, "slo_target_ratio") {
		t.Fatalf("no query in docs/metrics.md: %q", burnRate)
	}

	shop := startShop(t, "-rate", "200", "-errors", "20%")
	prom := startPrometheus(t, shop.address, "")
	eventually(t, func() error {
		// The comparison drops the objectives without traffic, 0/0.
		burning := prom.query(t, "0 * ("+burnRate+") == 0", "sli_service", "sli", "slo", "window")
		if len(burning) < len(prom.query(t, "slo_info", "sli_service", "sli", "slo", "window")) || len(burning) == 0 {
			return errors.New("not every objective has a burn rate")
		}
		return nil
	})
	own := `(` + burnRate + `) and on (sli_service, sli, slo) slo_info{window="30d"}`
	contracts := `(` + burnRate + `) and on (sli_service, sli, slo) slo_info{window="month"}`
	times := prom.query(t, `round((`+own+`) / on (sli_service, sli) (`+contracts+`) * 1000)`, "sli_service", "sli")
	for _, id := range []string{"users/availability", "orders/availability"} {
		if times[id] != 2000 {
			t.Errorf("%s: the objective burns %d / 1000 times as fast as the contract, want 2000", id, times[id])
		}
	}
}
