package planning_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/sligo-go/sligo/budget/planning"
	"github.com/sligo-go/sligo/slo"
)

func ExampleToil() {
	share, within := planning.Toil(14*time.Hour, 40*time.Hour, slo.MustParseShare("30%"))
	fmt.Println(share.Percent(), within)
	// Output:
	// 35% false
}

func TestToil(t *testing.T) {
	for _, tt := range []struct {
		name       string
		spent, all time.Duration
		limit      string
		percent    string
		within     bool
	}{
		{"half of the time", 20 * time.Hour, 40 * time.Hour, "0%", "50%", true},
		{"more", 20*time.Hour + 1, 40 * time.Hour, "0%", "50%", false},
		{"at a limit of 30%", 12 * time.Hour, 40 * time.Hour, "30%", "30%", true},
		{"no time", 0, 0, "0%", "0%", true},
		{"negative", -time.Hour, time.Hour, "0%", "0%", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			share, within := planning.Toil(tt.spent, tt.all, slo.MustParseShare(tt.limit))
			if share.Percent() != tt.percent || within != tt.within {
				t.Errorf("got %s, %t, want %s, %t", share.Percent(), within, tt.percent, tt.within)
			}
		})
	}
}
