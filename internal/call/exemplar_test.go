package call_test

import (
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sligo-go/sligo/internal/call"
)

// collector exposes the histogram of one series.
type collector struct {
	hs *call.Histograms
	s  *call.Series
}

func (c collector) Describe(ch chan<- *prometheus.Desc) { c.hs.Describe(ch) }

func (c collector) Collect(ch chan<- prometheus.Metric) {
	c.hs.Collect(ch, c.s)
	c.hs.CollectNative(ch)
}

// TestExemplarsInTime observes traces at times of the wall clock, which may be
// set back. A bucket shows at most one trace a second.
func TestExemplarsInTime(t *testing.T) {
	first := time.Date(2026, 3, 29, 3, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		later time.Duration
		want  byte
	}{
		"within the second":      {later: 999 * time.Millisecond, want: 1},
		"after a second":         {later: time.Second, want: 2},
		"the clock was set back": {later: -time.Hour, want: 2},
	} {
		for _, native := range []bool{false, true} {
			hs := call.NewHistograms("seconds", "Durations.", nil, []time.Duration{time.Second}, native)
			s := hs.NewSeries()
			hs.ObserveTraced(s, 0, time.Millisecond, call.Trace{ID: [16]byte{1}, At: first})
			hs.ObserveTraced(s, 0, time.Millisecond, call.Trace{ID: [16]byte{2}, At: first.Add(c.later)})
			reg := prometheus.NewPedanticRegistry()
			reg.MustRegister(collector{hs, s})
			families, err := reg.Gather()
			if err != nil {
				t.Fatal(err)
			}
			bucket := families[0].GetMetric()[0].GetHistogram().GetBucket()[0]
			got := bucket.GetExemplar().GetLabel()[0].GetValue()
			if want := "0" + string('0'+c.want) + "000000000000000000000000000000"; got != want {
				t.Errorf("%s, native %t: got trace %s, want %s", name, native, got, want)
			}
		}
	}
}
