package ledger_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sligo-go/sligo/budget/ledger"
	"github.com/sligo-go/sligo/slo"
)

func ExampleLedger() {
	const file = `{
		"entries": [{
			"kind": "outage", "name": "slow search", "degree": "50%",
			"start": "2026-03-10T10:00:00Z", "end": "2026-03-10T10:20:00Z"
		}],
		"exclude": ["drill"]
	}`
	var downtime ledger.Ledger
	if err := json.Unmarshal([]byte(file), &downtime); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(downtime)
	fmt.Println(downtime.Entries[0])
	fmt.Println(downtime.Validate())
	// Output:
	// 1 entry, excluding drill
	// outage "slow search" from 2026-03-10T10:00:00Z for 20 minutes, 50% down
	// <nil>
}

func ExampleCharge_MarshalJSON() {
	text, err := json.Marshal(ledger.Charge{Kind: ledger.KindOutage, Spent: 19 * time.Minute})
	fmt.Println(string(text), err)
	// Output:
	// {"kind":"outage","spent":"19m"} <nil>
}

// roundTrip writes a value as JSON, reads it back and compares. It also tests
// that an unknown field is an error.
func roundTrip[T any](t *testing.T, v T) {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("%T: %v", v, err)
	}
	var back T
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	sameShare := cmp.Comparer(func(a, b slo.Share) bool { return a == b })
	if diff := cmp.Diff(v, back, sameShare, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", text, diff)
	}
	misspelled := strings.Replace(strings.Replace(string(text), "{", `{"x_":1,`, 1), ",}", "}", 1)
	if err := json.Unmarshal([]byte(misspelled), &back); err == nil {
		t.Errorf("%s: got no error for the unknown field", misspelled)
	}
}

func FuzzJSON(f *testing.F) {
	f.Add(uint64(1), int64(0))
	f.Add(uint64(2), int64(-1))
	f.Add(uint64(3), int64(1<<62))
	f.Fuzz(func(t *testing.T, seed uint64, ns int64) {
		now := time.Date(2026, 10, 25, 3, 30, 0, int(seed%1e9), time.FixedZone("", 3600))
		books := randomLedger(rand.New(rand.NewPCG(seed, 0)), now)
		roundTrip(t, books)
		for _, e := range books.Entries {
			roundTrip(t, e)
		}
		statement := books.Statement(slo.MustParseTarget("50%"), slo.MustParseWindow("1h"), now)
		roundTrip(t, statement)
		statement.Spent, statement.Allowed, statement.Excluded = time.Duration(ns), time.Duration(ns/2), time.Duration(-ns)
		roundTrip(t, statement)
		roundTrip(t, ledger.Charge{Kind: ledger.KindDrill, Name: fmt.Sprint(seed), Spent: time.Duration(ns)})
	})
}

func TestZeroValuesRoundTrip(t *testing.T) {
	roundTrip(t, ledger.Ledger{})
	roundTrip(t, ledger.Entry{})
	roundTrip(t, ledger.Statement{})
	roundTrip(t, ledger.Charge{})
}

// TestStatementOfWrongDurations has durations that only JSON can hold.
func TestStatementOfWrongDurations(t *testing.T) {
	for _, s := range []ledger.Statement{{Allowed: -1, Spent: 1}, {Allowed: 1, Spent: -1}} {
		if share, _ := s.SpentShare(); share.Sign() != 0 {
			t.Errorf("%v of %v: got %v, want 0", s.Spent, s.Allowed, share)
		}
	}
}

func TestStrings(t *testing.T) {
	at := time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		value fmt.Stringer
		want  string
	}{
		{ledger.Ledger{}, "0 entries"},
		{ledger.Ledger{Entries: make([]ledger.Entry, 2), Exclude: allKinds[1:3]}, "2 entries, excluding maintenance and deployment"},
		{ledger.Entry{Kind: ledger.KindDrill, Name: "zone", Start: at}, `drill "zone" since 2026-03-10T09:00:00Z`},
		{ledger.Charge{Kind: ledger.KindDrill, Name: "zone", Spent: time.Minute}, `drill "zone" 1 minute`},
		{ledger.Charge{Kind: ledger.KindDrill, Spent: time.Minute}, "drill 1 minute"},
	} {
		if got := tt.value.String(); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}
