package rules_test

import (
	"testing"

	"github.com/sligo-go/sligo/e2e/rules/lab"
)

// TestCost compares how many samples rule sets read in a minute, for 50 pods
// and an availability objective of 30 days.
func TestCost(t *testing.T) {
	t.Parallel()
	release := acquire()
	defer release()
	files := make(map[string][]byte)
	var err error
	if files["sligo"], err = lab.Availability("30d", 0, nil)("99.9"); err != nil {
		t.Fatal(err)
	}
	for _, peer := range []string{"sloth", "pyrra"} {
		if files[peer], err = lab.Shape(peer, "30d"); err != nil {
			t.Fatal(err)
		}
	}
	costs, err := lab.Costs(t.Context(), 50, t.TempDir(), files)
	if err != nil {
		t.Fatal(err)
	}
	ours := costs["sligo"]
	t.Logf("samples per minute: sligo %d, Sloth %d (1/%d), Pyrra %d (1/%d)",
		ours, costs["sloth"], costs["sloth"]/ours, costs["pyrra"], costs["pyrra"]/ours)
	if ours < 10_000 {
		t.Errorf("our rules read %d samples per minute: too few to be true", ours)
	}
	for peer, times := range map[string]int64{"sloth": 50, "pyrra": 200} {
		if costs[peer] < times*ours {
			t.Errorf("our rules read %d samples per minute, and the rules of %s %d, want at least %d times as many",
				ours, peer, costs[peer], times)
		}
	}
}
