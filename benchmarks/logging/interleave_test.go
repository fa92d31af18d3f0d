package logging_test

import (
	"maps"
	"slices"
	"syscall"
	"testing"
	"time"
)

// each runs the implementations of one measurement in turn, in short slices.
// For each it reports the process's CPU time per call, the allocations, and
// the ratio of the first one's CPU time to each other's. On a shared machine,
// other load slows all of them alike, so only the ratios are comparable.
func each(b *testing.B, subject string, makers map[string]func(*testing.B) func()) {
	names := slices.Sorted(maps.Keys(makers))
	calls := make(map[string]func())
	for _, name := range names {
		calls[name] = makers[name](b)
		calls[name]()
	}
	used := make(map[string]time.Duration)
	const slice = 512
	b.ResetTimer()
	for done := 0; done < b.N; done += slice {
		for _, name := range names {
			call := calls[name]
			start := cpuTime()
			for range slice {
				call()
			}
			used[name] += cpuTime() - start
		}
	}
	n := float64((b.N + slice - 1) / slice * slice)
	for _, name := range names {
		b.ReportMetric(float64(used[name])/n, name+"-cpu-ns/op")
		b.ReportMetric(testing.AllocsPerRun(100, calls[name]), name+"-allocs/op")
		if name != subject {
			b.ReportMetric(float64(used[subject])/float64(used[name]), subject+"/"+name)
		}
	}
	b.ReportMetric(0, "ns/op") // of all of them together: means nothing
}

// cpuTime returns the CPU time that the process has used.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // cannot fail with these arguments
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
