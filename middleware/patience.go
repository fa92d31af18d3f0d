package middleware

import (
	"time"

	"github.com/sligo-go/sligo/internal/call"
	"github.com/sligo-go/sligo/sli"
)

// A Patience is compared with the durations of a route once enough are known. A
// route with little traffic gets a day, and needs 100 answers even then: fewer
// have no 99th percentile.
const (
	patienceAfter  = 10 * time.Minute // since the instrument was made
	patienceEvery  = time.Minute
	fewestAnswers  = 1000
	patienceDay    = 24 * time.Hour
	fewestInADay   = 100
	patienceRoutes = 20 // are reported at most
)

// patience remembers which routes were reported as slower than the Patience of
// an indicator. Only a function of Recorder.OnRead uses it, which never runs
// twice at once.
type patience struct {
	next     time.Time // to look at the routes
	reported map[*route]bool
}

// impatient returns advice on the indicators whose Patience is below the 99th
// percentile of the answers of a route, once for each route. The duration that
// it compares includes the transfer of the bodies. It returns nothing if
// Options.NativeHistograms takes the durations out of the cells.
func (in *Instrument) impatient(now time.Time) (all []sli.Advice) {
	p := &in.patience
	if in.histograms.Duration == nil || now.Before(p.next) {
		return nil
	}
	p.next = now.Add(patienceEvery)
	fewest := uint64(fewestAnswers)
	if now.Sub(in.created) >= patienceDay {
		fewest = fewestInADay
	}
	for ms := range in.routes {
		for rt := range in.routes[ms].all() {
			if p.reported[rt] || len(p.reported) >= patienceRoutes {
				continue
			}
			if advice := rt.events.LintPatience(rt.p99(in.histograms.Duration, fewest)); len(advice) > 0 {
				p.reported[rt] = true
				all = append(all, advice...)
			}
		}
	}
	return all
}

// p99 returns the 99th percentile of the durations until a route answered, or
// 0 if there are fewer answers than the given number.
func (rt *route) p99(duration *call.Histogram, fewest uint64) time.Duration {
	sum := make([]uint64, len(duration.Bounds())+1)
	var buf []uint64
	for key, s := range rt.series.Load() {
		if !key.answered() {
			continue
		}
		buf = s.Snapshot(duration, buf).Buckets
		for i, n := range buf {
			sum[i] += n
		}
	}
	return time.Duration(percentile99(duration.Bounds(), sum, fewest))
}

// percentile99 estimates the 99th percentile of a histogram. Like PromQL's
// histogram_quantile, it takes the values as evenly spread over a bucket, in
// steps of one hundredth. Above all bounds it returns the last one. It returns
// 0 if there are fewer values than the given number.
func percentile99(bounds []int64, buckets []uint64, fewest uint64) int64 {
	var count uint64
	for _, n := range buckets {
		count += n
	}
	if count < fewest {
		return 0
	}
	rank, lower := count-count/100, int64(0)
	for i, upper := range bounds {
		if n := buckets[i]; rank <= n {
			percent := (100*rank + n - 1) / n
			return upper - (upper-lower)/100*int64(100-percent)
		}
		rank -= buckets[i]
		lower = upper
	}
	return lower
}
