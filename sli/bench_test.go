package sli_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/sligo-go/sligo/sli"
)

// manyIndicators returns n indicators with a route each.
func manyIndicators(n int) []sli.Indicator {
	all := make([]sli.Indicator, n)
	for i := range all {
		all[i] = profile[i%2]
		all[i].Name = fmt.Sprint("indicator-", i)
		all[i].Requests = []string{fmt.Sprintf("GET /routes/%d/{id}", i), fmt.Sprintf("!GET /routes/%d/health", i)}
	}
	return all
}

// BenchmarkNewRecorder shows how the time for each indicator grows with their
// number: a recorder is made in n log n.
func BenchmarkNewRecorder(b *testing.B) {
	for _, n := range []int{100, 1000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			indicators := manyIndicators(n)
			for b.Loop() {
				newRecorder(b, indicators...)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/indicator")
		})
	}
}

// BenchmarkReport shows the time for each indicator of a scrape.
func BenchmarkReport(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			rec := newRecorder(b, manyIndicators(n)...)
			for b.Loop() {
				rec.Report()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/indicator")
		})
	}
}

// BenchmarkOperationFinish is the end of a request that a reporter could have
// judged in flight. Each has a Pending of its own.
func BenchmarkOperationFinish(b *testing.B) {
	op := newRecorder(b, profile...).Operation("GET /users/{userid}")
	b.ReportAllocs()
	pending := make([]sli.Pending, b.N)
	b.ResetTimer()
	for i := range b.N {
		op.Finish(&pending[i], sli.Event{Status: 200, Duration: 20 * time.Millisecond}, 20*time.Millisecond)
	}
}

// BenchmarkOperationCheck is the visit of a request in flight.
func BenchmarkOperationCheck(b *testing.B) {
	op := newRecorder(b, profile...).Operation("GET /users/{userid}")
	var p sli.Pending
	b.ReportAllocs()
	for b.Loop() {
		op.Check(&p, sli.Event{}, 20*time.Millisecond)
	}
}

// BenchmarkRecorderRecordGroup records in one of the groups of each indicator.
func BenchmarkRecorderRecordGroup(b *testing.B) {
	indicators := []sli.Indicator{profile[0], profile[1]}
	indicators[0].Groups.Values = []string{"free", "paid"}
	indicators[1].Groups.Max = 10
	rec := newRecorder(b, indicators...)
	b.ReportAllocs()
	for b.Loop() {
		rec.Record(sli.Event{Operation: "GET /users/{userid}", Status: 200, Group: "paid"})
	}
}
