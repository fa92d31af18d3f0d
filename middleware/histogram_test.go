package middleware_test

import (
	"fmt"
	"maps"
	"math/big"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	dto "github.com/prometheus/client_model/go"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
)

const durationName = "http_server_request_duration_seconds"

func bounds(h *dto.Histogram) []float64 {
	var all []float64
	for _, b := range h.GetBucket() {
		all = append(all, b.GetUpperBound())
	}
	return all
}

// takes returns a handler that takes exactly d in a synctest bubble.
func takes(d time.Duration) http.Handler {
	return http.HandlerFunc(func(http.ResponseWriter, *http.Request) { time.Sleep(d) })
}

func serveOnce(in *middleware.Instrument, handler http.Handler) {
	in.Handler(handler).ServeHTTP(newStub(), httptest.NewRequest("GET", "/", nil))
}

var semconvBounds = []float64{0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10}

func TestBuckets(t *testing.T) {
	within := func(name string, good, valid time.Duration) sli.Indicator {
		return sli.Indicator{Service: "users", Name: name, Good: sli.Condition{Within: good}, Valid: sli.Condition{Within: valid}}
	}
	cases := []struct {
		name       string
		opts       middleware.Options
		indicators []sli.Indicator
		want       []float64
	}{
		{name: "the defaults", want: semconvBounds},
		{
			name:       "with latency bounds in Good and Valid",
			indicators: []sli.Indicator{within("fast", 120*time.Millisecond, 30*time.Second), within("standard", 100*time.Millisecond, 0)},
			want:       []float64{0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.12, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30},
		},
		{
			name:       "options in any order, and a latency bound",
			opts:       middleware.Options{Buckets: []time.Duration{time.Second, time.Millisecond, time.Second}},
			indicators: []sli.Indicator{within("fast", 1005*time.Millisecond, 0)},
			want:       []float64{0.001, 1, 1.005},
		},
	}
	for _, c := range cases {
		for _, native := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/native %t", c.name, native), func(t *testing.T) {
				c.opts.NativeHistograms = native
				in, _ := newInstrument(t, &c.opts, c.indicators...)
				serveOnce(in, takes(0))
				if diff := cmp.Diff(c.want, bounds(onlyHistogram(t, in, durationName))); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		}
	}
}

func TestSizeBuckets(t *testing.T) {
	for _, c := range []struct {
		sizes []int64
		want  []float64
	}{
		{nil, []float64{100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8}},
		{[]int64{64, 16, 64}, []float64{16, 64}},
	} {
		in, _ := newInstrument(t, &middleware.Options{SizeBuckets: c.sizes})
		serveOnce(in, takes(0))
		for _, name := range []string{"http_server_request_body_size_bytes", "http_server_response_body_size_bytes"} {
			if diff := cmp.Diff(c.want, bounds(onlyHistogram(t, in, name))); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
	}
}

// TestDurationAtTheBound takes exactly as long as a latency bound, a
// nanosecond less and a nanosecond more.
func TestDurationAtTheBound(t *testing.T) {
	const bound = 100 * time.Millisecond
	fast := sli.Indicator{Service: "users", Name: "fast", Good: sli.Condition{Within: bound}}
	for _, native := range []bool{false, true} {
		for _, c := range []struct {
			takes    time.Duration
			want     sli.Counts
			wantUpTo uint64 // cumulative count of the bucket le="0.1"
		}{
			{bound - 1, sli.Counts{Good: 1, Valid: 1}, 1},
			{bound, sli.Counts{Good: 1, Valid: 1}, 1},
			{bound + 1, sli.Counts{Good: 0, Valid: 1}, 0},
		} {
			t.Run(fmt.Sprintf("%v/native %t", c.takes, native), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					in, rec := newInstrument(t, &middleware.Options{NativeHistograms: native}, fast)
					serveOnce(in, takes(c.takes))
					if got, _ := rec.Counts("fast"); got != c.want {
						t.Errorf("got %v, want %v", got, c.want)
					}
					h := onlyHistogram(t, in, durationName)
					at := slices.Index(bounds(h), 0.1)
					if got := h.GetBucket()[at].GetCumulativeCount(); got != c.wantUpTo {
						t.Errorf("le=\"0.1\": got %d, want %d", got, c.wantUpTo)
					}
					if got := h.GetSampleSum(); got != c.takes.Seconds() {
						t.Errorf("sum: got %v, want %v", got, c.takes.Seconds())
					}
				})
			})
		}
	}
}

// TestHistogramCountsEachValueInItsBucket compares with counts made by the
// test.
func TestHistogramCountsEachValueInItsBucket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, _ := newInstrument(t, nil)
		durations := []time.Duration{0, 1, 5 * time.Millisecond, 5*time.Millisecond + 1, 10 * time.Second, 10*time.Second + 1, time.Hour}
		for range 100 {
			durations = append(durations, time.Duration(rand.Int64N(int64(12*time.Second))))
		}
		var sum time.Duration
		want := make(map[float64]uint64)
		for _, d := range durations {
			serveOnce(in, takes(d))
			sum += d
			for _, le := range semconvBounds {
				if d.Seconds() <= le {
					want[le]++
				}
			}
		}
		h := onlyHistogram(t, in, durationName)
		got := make(map[float64]uint64)
		for _, b := range h.GetBucket() {
			got[b.GetUpperBound()] = b.GetCumulativeCount()
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("buckets (-want +got):\n%s", diff)
		}
		if h.GetSampleCount() != uint64(len(durations)) || h.GetSampleSum() != sum.Seconds() {
			t.Errorf("got count %d and sum %v, want %d and %v", h.GetSampleCount(), h.GetSampleSum(), len(durations), sum.Seconds())
		}
	})
}

// TestBoundsAreTheNearestFloats guards the label le, in which 1.005 s must
// not become 1.0049999999999999.
func TestBoundsAreTheNearestFloats(t *testing.T) {
	for _, native := range []bool{false, true} {
		opts := middleware.Options{NativeHistograms: native}
		var want []float64
		for range 2000 {
			ms := rand.Int64N(100_000) + 1
			opts.Buckets = append(opts.Buckets, time.Duration(ms)*time.Millisecond)
			f, _ := big.NewRat(ms, 1000).Float64()
			want = append(want, f)
		}
		slices.Sort(want)
		in, _ := newInstrument(t, &opts)
		serveOnce(in, takes(0))
		if diff := cmp.Diff(slices.Compact(want), bounds(onlyHistogram(t, in, durationName))); diff != "" {
			t.Errorf("native %t (-want +got):\n%s", native, diff)
		}
	}
}

func TestNativeHistogram(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, _ := newInstrument(t, &middleware.Options{NativeHistograms: true})
		for _, d := range []time.Duration{0, time.Millisecond, 100 * time.Millisecond, time.Second} {
			serveOnce(in, takes(d))
		}
		h := onlyHistogram(t, in, durationName)
		if h.Schema == nil || h.GetSchema() < 3 { // 2^(2^-3) = 1.09
			t.Errorf("got schema %v, want one whose neighboring bounds differ by at most 10 %%", h.Schema)
		}
		var buckets uint32
		for _, span := range h.GetPositiveSpan() {
			buckets += span.GetLength()
		}
		if buckets != 3 || h.GetZeroCount() != 1 || h.GetSampleCount() != 4 {
			t.Errorf("got %d buckets, %d zeros of %d, want 3, 1 of 4", buckets, h.GetZeroCount(), h.GetSampleCount())
		}
		if len(h.GetBucket()) != len(semconvBounds) {
			t.Errorf("got %d classic buckets, want %d", len(h.GetBucket()), len(semconvBounds))
		}
	})
}

func TestStreamsDurationIsToItsFirstByte(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got time.Duration
		in, _ := newInstrument(t, &middleware.Options{Done: func(r middleware.Record) { got = r.Event.Duration }})
		for contentType, want := range map[string]time.Duration{
			"text/event-stream":                30 * time.Millisecond,
			"text/event-stream; charset=utf-8": 30 * time.Millisecond,
			"application/json":                 time.Hour + 30*time.Millisecond,
		} {
			serveOnce(in, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", contentType)
				time.Sleep(30 * time.Millisecond)
				_, _ = w.Write([]byte("data: 1\n\n"))
				time.Sleep(time.Hour)
				_, _ = w.Write([]byte("data: 2\n\n"))
			}))
			if got != want {
				t.Errorf("%s: got %v, want %v", contentType, got, want)
			}
		}
	})
}

// TestDurationOfAnInstrumentMadeOutside makes the instrument outside the
// bubble, as users may do in their tests.
func TestDurationOfAnInstrumentMadeOutside(t *testing.T) {
	var got time.Duration
	in, _ := newInstrument(t, &middleware.Options{Done: func(r middleware.Record) { got = r.Event.Duration }})
	synctest.Test(t, func(*testing.T) { serveOnce(in, takes(time.Minute)) })
	if got != time.Minute {
		t.Errorf("got %v, want 1m", got)
	}
}

func TestOmitBodySizes(t *testing.T) {
	in, _ := newInstrument(t, &middleware.Options{OmitBodySizes: true})
	serveOnce(in, takes(0))
	got := slices.Sorted(maps.Keys(gather(t, in)))
	if diff := cmp.Diff([]string{"http_server_active_requests", durationName}, got); diff != "" {
		t.Errorf("metrics (-want +got):\n%s", diff)
	}
}

// TestBoundsEqualAsFloats has two bounds beyond 104 days. They are a
// nanosecond apart, and equal as float64 seconds.
func TestBoundsEqualAsFloats(t *testing.T) {
	const days = 24 * time.Hour
	for _, native := range []bool{false, true} {
		in, _ := newInstrument(t, &middleware.Options{NativeHistograms: native, Buckets: []time.Duration{200 * days, 200*days + 1}})
		in.Handler(http.NotFoundHandler()).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
		buckets := gather(t, in)["http_server_request_duration_seconds"].GetMetric()[0].GetHistogram().GetBucket()
		if len(buckets) != 1 || buckets[0].GetCumulativeCount() != 1 {
			t.Errorf("native %t: got %v, want one bucket with the request", native, buckets)
		}
	}
}
