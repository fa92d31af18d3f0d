package ledger_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/budget/ledger"
)

func TestLedgerValidate(t *testing.T) {
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name   string
		ledger ledger.Ledger
		want   string
	}{
		{"empty", ledger.Ledger{}, ""},
		{"good", ledger.Ledger{
			Entries: []ledger.Entry{
				{Kind: ledger.KindOutage, Name: "failover", Start: at, End: at.Add(1)},
				{Kind: ledger.KindDrill, Name: "it goes on", Start: at},
			},
			Exclude: []ledger.Kind{ledger.KindMaintenance, ledger.KindDeployment, ledger.KindDrill},
		}, ""},
		{"nothing given", ledger.Ledger{Entries: []ledger.Entry{{}}}, `Entries[0].Kind: "" is not a kind: want one of ["outage" "maintenance" "deployment" "drill"]
Entries[0].Name: is required
Entries[0].Start: is required`},
		{"ends as it starts", ledger.Ledger{Entries: []ledger.Entry{{Kind: ledger.KindOutage, Name: "failover", Start: at, End: at}}},
			"Entries[0].End: 2026-03-01T00:00:00Z is not after start, 2026-03-01T00:00:00Z"},
		{"excludes", ledger.Ledger{Exclude: []ledger.Kind{ledger.KindOutage, "weekend"}},
			`Exclude[0]: "outage" cannot be excluded: no outage is planned
Exclude[1]: "weekend" is not a kind: want one of ["maintenance" "deployment" "drill"]`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := ""
			if err := tt.ledger.Validate(); err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
