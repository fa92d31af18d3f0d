package sli_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/sligo-go/sligo/sli"
)

func ExampleNewRecorder() {
	rec, err := sli.NewRecorder(
		sli.Indicator{
			Service:  "users",
			Name:     "availability",
			Requests: []string{"GET /users/{userid}"},
			Good:     sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
			// The client's own mistakes do not count.
			Valid: sli.Condition{Status: []string{"!400"}},
		},
		sli.Indicator{
			Service:  "users",
			Name:     "latency",
			Requests: []string{"GET /users/{userid}"},
			Good:     sli.Condition{Within: 100 * time.Millisecond},
			// These are the good events of the availability, so that a fast error
			// does not improve the latency.
			Valid: sli.Condition{Status: []string{"2xx", "3xx", "4xx", "!400"}},
		},
	)
	if err != nil {
		fmt.Println(err)
		return
	}

	rec.Record(sli.Event{Operation: "GET /users/{userid}", Status: 200, Duration: 20 * time.Millisecond})
	rec.Record(sli.Event{Operation: "GET /users/{userid}", Status: 200, Duration: 120 * time.Millisecond})
	rec.Record(sli.Event{Operation: "GET /users/{userid}", Status: 503, Duration: 5 * time.Millisecond})

	for ind, counts := range rec.All() {
		fmt.Println(ind.Name, counts)
	}
	// Output:
	// availability 2/3 (66.6666%)
	// latency 1/2 (50.00%)
}

func ExampleNewRecorder_mistakes() {
	_, err := sli.NewRecorder(
		sli.Indicator{Service: "users", Name: "latency", Good: sli.Condition{Within: -time.Second}},
		sli.Indicator{Service: "users", Name: "latency", Kind: sli.KindLatency},
	)
	fmt.Println(err)
	// Output:
	// indicators[0].Good.Within: invalid duration -1s: want zero or more
	// indicators[1].Good.Within: required for an indicator of kind "latency"
	// indicators[1].Name: duplicate name "latency" of indicators[0]
}

// A form marks each field with its mistake.
func ExampleMistakes() {
	err := sli.Indicator{Service: "users", Kind: sli.KindLatency}.Validate()
	for _, m := range sli.Mistakes(err) {
		fmt.Printf("%s is wrong: %v\n", m.Path, m.Err)
	}
	// Output:
	// Name is wrong: required
	// Good.Within is wrong: required for an indicator of kind "latency"
}

// A handle matches an operation with the indicators once.
func ExampleRecorder_Operation() {
	rec, err := sli.NewRecorder(sli.Indicator{
		Service:  "reports",
		Name:     "throughput",
		Kind:     sli.KindThroughput,
		Requests: []string{"nightly-import"},
		Good:     sli.Condition{Rate: sli.Rate{Items: 500, Per: time.Second}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}

	nightly := rec.Operation("nightly-import")
	nightly.Record(sli.Event{Items: 30_000, Duration: time.Minute})
	nightly.Record(sli.Event{Items: 29_999, Duration: time.Minute})

	counts, _ := rec.Counts("throughput")
	fmt.Println(counts)
	// Output: 1/2 (50.00%)
}

// The SLIs of a journey's pages become one by adding up good and valid.
func ExampleSum() {
	browse := sli.Sum(
		sli.Counts{Good: 9994, Valid: 10000},  // Home
		sli.Counts{Good: 9989, Valid: 10000},  // Search
		sli.Counts{Good: 9997, Valid: 10000},  // Category
		sli.Counts{Good: 10000, Valid: 10000}, // Detail
	)
	fmt.Println(browse)
	// Output: 39980/40000 (99.95%)
}

// Without traffic there is no ratio: no data is neither 100 % nor 0 %.
func ExampleCounts_Ratio() {
	ratio, ok := sli.Counts{Good: 39980, Valid: 40000}.Ratio()
	fmt.Println(ratio, ok)
	ratio, ok = sli.Counts{}.Ratio()
	fmt.Println(ratio, ok)
	// Output:
	// 0.9995 true
	// 0 false
}

// Sub returns the growth of counters between two readings.
func ExampleCounts_Sub() {
	earlier := sli.Counts{Good: 9994, Valid: 10000}
	fmt.Println(sli.Counts{Good: 19983, Valid: 20000}.Sub(earlier))
	fmt.Println(sli.Counts{Good: 3, Valid: 3}.Sub(earlier)) // after a restart
	// Output:
	// 9989/10000 (99.89%) true
	// 0/0 (no data) false
}

func ExampleIndicator_Judge() {
	latency := sli.Indicator{
		Service: "users",
		Name:    "latency",
		Good:    sli.Condition{Within: 100 * time.Millisecond},
		Valid:   sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
	}
	for _, e := range []sli.Event{
		{Status: 200, Duration: 100 * time.Millisecond},
		{Status: 200, Duration: 101 * time.Millisecond},
		{Status: 500, Duration: 5 * time.Millisecond},
	} {
		verdict, err := latency.Judge(e)
		fmt.Println(verdict, err)
	}
	// Output:
	// good <nil>
	// bad <nil>
	// ignored <nil>
}

func ExampleIndicator_Validate() {
	err := sli.Indicator{
		Service:  "users",
		Kind:     sli.KindLatency,
		Requests: []string{"GET /users/{userid}", ""},
	}.Validate()
	fmt.Println(err)
	// Output:
	// Name: required
	// Requests[1]: invalid request "": want a route, a gRPC method or a job's name
	// Good.Within: required for an indicator of kind "latency"
}

// Indicators can be kept in files and sent as JSON.
func ExampleIndicator_UnmarshalJSON() {
	var latency sli.Indicator
	err := json.Unmarshal([]byte(`{
		"service": "users",
		"name": "latency",
		"good": {"within": "100ms"}
	}`), &latency)
	fmt.Println(latency, err)

	text, err := json.Marshal(latency)
	fmt.Println(string(text), err)

	err = json.Unmarshal([]byte(`{"good": {"withn": "100ms"}}`), &latency)
	fmt.Println(err)
	// Output:
	// users/latency of all requests: good if within 100ms <nil>
	// {"name":"latency","service":"users","good":{"within":"100ms"}} <nil>
	// json: unknown field "withn"
}

func ExampleIndicator_Compile() {
	judge, err := sli.Indicator{
		Service: "reports",
		Name:    "throughput",
		Good:    sli.Condition{Rate: sli.Rate{Items: 500, Per: time.Second}},
	}.Compile()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range []sli.Event{
		{Operation: "nightly-import", Items: 30_000, Duration: time.Minute},
		{Operation: "nightly-import", Items: 29_999, Duration: time.Minute},
	} {
		fmt.Printf("%v: %v\n", e, judge(e))
	}
	// Output:
	// nightly-import in 1m, 30000 items: good
	// nightly-import in 1m, 29999 items: bad
}

func ExampleWorkload_Indicators() {
	for _, ind := range sli.WorkloadUserFacing.Indicators("users", "GET /users/{userid}") {
		fmt.Println(ind.Name, ind.Requests)
	}
	// Output:
	// availability [GET /users/{userid}]
	// latency [GET /users/{userid}]
	// throughput [throughput]
}

func ExampleWorkload_Kinds() {
	for _, w := range sli.Workloads() {
		fmt.Printf("%s: %s\n", w, w.Kinds())
	}
	// Output:
	// user-facing: [availability latency throughput]
	// storage: [latency availability durability]
	// data-analysis: [throughput end-to-end-latency]
	// machine-learning: [latency availability throughput accuracy training-time]
}

func ExampleLint() {
	for _, advice := range sli.Lint([]sli.Indicator{{
		Service:     "users",
		Name:        "latency",
		Journey:     "profile",
		Kind:        sli.KindLatency,
		Good:        sli.Condition{Within: 100 * time.Millisecond},
		Valid:       sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
		Aggregation: sli.Aggregation{By: "mean"},
	}}) {
		fmt.Println(advice.Path)
		fmt.Println(advice.Text)
	}
	// Output:
	// indicators[0].Aggregation.By
	// a mean hides the slow requests that users notice; use "p95" or "p99"
	// journey profile
	// use 3 to 5 indicators to show whether a user story works; it has 1
}

// A consumer of a queue judges its messages in flight, so that a hang is an
// outage even if no handler ever returns.
func ExampleRecorder_OnRead() {
	rec, err := sli.NewRecorder(sli.Indicator{
		Service: "orders", Name: "availability",
		Requests: []string{"orders-consumer"},
		Patience: 200 * time.Millisecond,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	consumer := rec.Operation("orders-consumer")
	message := struct {
		pending sli.Pending
		begun   time.Time
		expired bool
	}{begun: time.Now().Add(-time.Second), expired: true}
	rec.OnRead(func(now time.Time) {
		event := sli.Event{Canceled: message.expired}
		consumer.Check(&message.pending, event, now.Sub(message.begun))
	})
	fmt.Println(rec.Report())

	// The handler returns after all. The event was judged, so it counts once.
	consumer.Finish(&message.pending, sli.Event{}, time.Minute)
	fmt.Println(rec.Report())
	// Output:
	// orders/availability: 0/1 (0.00%)
	// 0 unmatched events, 0 unrouted requests
	// orders/availability: 0/1 (0.00%)
	// 0 unmatched events, 0 unrouted requests
}

// A batch of rows counts by tenant.
func ExampleGroups() {
	rec, err := sli.NewRecorder(sli.Indicator{
		Service: "import", Name: "rows",
		Groups: sli.Groups{Values: []string{"acme", "globex"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	rec.RecordN(sli.Event{Operation: "row", Group: "acme"}, 999_000)
	rec.RecordN(sli.Event{Operation: "row", Group: "acme", Err: errors.New("no such item")}, 1000)
	rec.Record(sli.Event{Operation: "row", Group: "a tenant without a group"})
	fmt.Println(rec.Report().Indicators[0])
	// Output:
	// rows: 999001/1000001 (99.90%)
	// 	acme: 999000/1000000 (99.90%)
	// 	globex: 0/0 (no data)
	// 	other: 1/1 (100.00%)
}
