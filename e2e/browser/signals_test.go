package browser_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/sligo-go/sligo/budget/ledger"
	"github.com/sligo-go/sligo/budget/status"
	"github.com/sligo-go/sligo/budget/statuspage"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// latency returns percentiles of the requests of users.
func latency(o slo.Objective) (status.Latency, bool) {
	return status.Latency{P50: 38 * time.Millisecond, P95: 93 * time.Millisecond, P99: 164 * time.Millisecond}, o.Indicator.Service == "users"
}

// shopOptions add the other signals to the page: planned events, routes, errors
// and the cost of telemetry.
func shopOptions() statuspage.Options {
	now := time.Now().UTC()
	return statuspage.Options{
		Title: "Shop", TraceURL: "https://jaeger.example/trace/{trace_id}",
		Ledger: func() ledger.Ledger { return shopLedger(now) },
		Routes: func(slo.Objective) []statuspage.Route {
			return []statuspage.Route{
				{Name: "PUT /users/{userid}", Counts: sli.Counts{Good: 141_803, Valid: 141_900}, P99: 187 * time.Millisecond},
				{Name: "GET /users/{userid}", Counts: sli.Counts{Good: 1_412_229, Valid: 1_412_600}, P99: 158 * time.Millisecond},
				{Name: "GET /users/{userid}/addresses", Counts: sli.Counts{Good: 268_012, Valid: 268_300}, P99: 214 * time.Millisecond},
				{Name: "GET /users/{userid}/preferences", Counts: sli.Counts{Good: 131_648, Valid: 131_700}},
				{Name: "POST /users", Counts: sli.Counts{Good: 45_468, Valid: 45_500}, P99: 1243 * time.Millisecond},
			}
		},
		Errors: func(slo.Objective) []statuspage.ErrorGroup {
			return []statuspage.ErrorGroup{
				{Text: "context deadline exceeded: SELECT users", Status: "503", Count: 262, First: now.Add(-29 * day), Last: now.Add(-30 * time.Hour), TraceID: "a41c9be07f3562d1"},
				{Text: "context deadline exceeded: SELECT addresses", Status: "503", Count: 96, First: now.Add(-15 * time.Hour), Last: now.Add(-4 * time.Minute), TraceID: "7b1e4c09a2d85f36"},
				{Text: "panic: nil pointer in preferences.Merge", Status: "500", Count: 44, Last: now.Add(-2 * time.Hour)},
			}
		},
		Telemetry: func() []statuspage.Fact {
			return []statuspage.Fact{{Name: "Lost since the start", Text: "0 spans, 0 log lines"}}
		},
	}
}

// shopLedger has an outage that is open, a deployment and a maintenance that
// are announced, and past events.
func shopLedger(now time.Time) ledger.Ledger {
	entry := func(kind ledger.Kind, name string, ago, length time.Duration) ledger.Entry {
		return ledger.Entry{Kind: kind, Name: name, Start: now.Add(-ago), End: now.Add(length - ago)}
	}
	open := ledger.Entry{Kind: ledger.KindOutage, Name: "5xx after release 2.31.0", Start: now.Add(-16 * time.Hour)}
	return ledger.Ledger{
		Entries: []ledger.Entry{
			entry(ledger.KindDeployment, "users 2.29.0", 23*day, 10*time.Minute),
			entry(ledger.KindDrill, "failover of the database", 12*day, 6*time.Hour),
			entry(ledger.KindDeployment, "users 2.30.0", 9*day, 10*time.Minute),
			entry(ledger.KindOutage, "connection pool exhausted", 8*day, 2*time.Hour),
			entry(ledger.KindDeployment, "users 2.31.0", 16*time.Hour+20*time.Minute, 10*time.Minute),
			open,
			entry(ledger.KindDeployment, "users 2.31.1", -2*time.Hour, 10*time.Minute),
			entry(ledger.KindMaintenance, "payments database", -3*day, 2*time.Hour),
		},
		Exclude: []ledger.Kind{ledger.KindMaintenance},
	}
}

// copyOf copies a file.
func copyOf(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(t.TempDir(), filepath.Base(path))
	if err := os.WriteFile(other, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return other
}
