package budget_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/budget"
)

func TestReleaseText(t *testing.T) {
	all := []budget.Release{budget.ReleaseFree, budget.ReleaseReviewed, budget.ReleaseFrozen}
	text, err := json.Marshal(all)
	if want := `["free","reviewed","frozen"]`; err != nil || string(text) != want {
		t.Fatalf("got %s, %v, want %s", text, err, want)
	}
	var back []budget.Release
	if err := json.Unmarshal(text, &back); err != nil || !cmp.Equal(back, all) {
		t.Errorf("came back as %v, %v", back, err)
	}
	for _, r := range []budget.Release{0, 4} {
		if text, err := r.MarshalText(); err == nil {
			t.Errorf("%v: got text %s, want an error", r, text)
		}
	}
	for _, text := range []string{"", "Free", "thawed"} {
		var r budget.Release
		if err := r.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q: got %v, want an error", text, r)
		}
	}
}
