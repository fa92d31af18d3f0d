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
		{"valid", ledger.Ledger{
			Entries: []ledger.Entry{
				{Kind: ledger.KindOutage, Name: "failover", Start: at, End: at.Add(1)},
				{Kind: ledger.KindDrill, Name: "no end", Start: at},
			},
			Exclude: []ledger.Kind{ledger.KindMaintenance, ledger.KindDeployment, ledger.KindDrill},
		}, ""},
		{"an empty entry",
			ledger.Ledger{Entries: []ledger.Entry{{}}}, `Entries[0].Kind: required: want one of "outage", "maintenance", "deployment", "drill"
Entries[0].Name: required
Entries[0].Start: required`},
		{"an end at the start",
			ledger.Ledger{Entries: []ledger.Entry{{Kind: ledger.KindOutage, Name: "failover", Start: at, End: at}}},
			"Entries[0].End: invalid time 2026-03-01T00:00:00Z: want a time after Start, 2026-03-01T00:00:00Z"},
		{"an unknown kind", ledger.Ledger{Entries: []ledger.Entry{{Kind: "weekend", Name: "a", Start: at}}},
			`Entries[0].Kind: unknown kind "weekend": want one of "outage", "maintenance", "deployment", "drill"`},
		{"wrong exclusions", ledger.Ledger{Exclude: []ledger.Kind{ledger.KindOutage, "weekend"}},
			`Exclude[0]: invalid kind "outage": outages always spend, want one of "maintenance", "deployment", "drill"
Exclude[1]: unknown kind "weekend": want one of "maintenance", "deployment", "drill"`},
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
