package middleware_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/middleware"
)

// TestAccessLogContract compares the fields of the lines with the table in
// docs/logs.md.
func TestAccessLogContract(t *testing.T) {
	text, err := os.ReadFile("../docs/logs.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## The access log\n")
	section, _, _ = strings.Cut(section, "\n## ")
	documented := map[string][]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| (`.*`) \\| (both|requests|operations) \\|").FindAllStringSubmatch(section, -1) {
		for _, name := range strings.Split(strings.ReplaceAll(row[1], "`", ""), ", ") {
			if row[2] != "operations" {
				documented["requests"] = append(documented["requests"], name)
			}
			if row[2] != "requests" {
				documented["operations"] = append(documented["operations"], name)
			}
		}
	}
	written := map[string][]string{"requests": requestLine(t), "operations": operationLine(t)}
	for kind, names := range documented {
		slices.Sort(names)
		slices.Sort(written[kind])
		if diff := cmp.Diff(names, written[kind]); diff != "" {
			t.Errorf("%s: (-documented +written):\n%s", kind, diff)
		}
	}
}

// requestLine returns the names on a line that has all fields of a request.
func requestLine(t *testing.T) []string {
	o, out := observeJSON(t)
	o.serve(getUser(func(r *http.Request) { r.Method = "GET" }), func(w http.ResponseWriter, r *http.Request) {
		logging.SetUser(r.Context(), "lora")
		w.Header().Set("Content-Type", "application/grpc")
		w.Header().Set("Grpc-Status", "13")
		middleware.SetError(w, errors.New("out of stock"))
	})
	return namesOf(t, out)
}

// operationLine does the same for an operation.
func operationLine(t *testing.T) []string {
	o, out := observeJSON(t)
	c := o.in.Begin(context.Background(), middleware.CallInfo{Operation: "import", Kind: trace.SpanKindServer, Caller: "192.0.2.1"})
	logging.SetUser(c.Context(), "lora")
	c.End(middleware.Result{Code: "INTERNAL", Err: &middleware.PanicError{Value: "out of stock", Stack: "main.run()"}})
	return namesOf(t, out)
}

func observeJSON(t *testing.T) (*observatory, *bytes.Buffer) {
	var out bytes.Buffer
	return observe(t, sdktrace.AlwaysSample(), func(opts *middleware.Options) {
		opts.AccessLog.Logger = slog.New(slog.NewJSONHandler(&out, nil))
	}), &out
}

// namesOf returns the names on a line, without those that slog sets.
func namesOf(t *testing.T, out *bytes.Buffer) []string {
	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{slog.TimeKey, slog.LevelKey, slog.MessageKey} {
		delete(line, name)
	}
	return slices.Collect(maps.Keys(line))
}

func TestRateAndLevel(t *testing.T) {
	statuses := []int{200, 404, 503}
	lines := map[string]int{}
	o := observe(t, sdktrace.NeverSample(), func(opts *middleware.Options) {
		opts.AccessLog.Rate = func(r middleware.Record) float64 {
			switch r.Status {
			case 200:
				return 0.25
			case 404:
				return 0
			}
			panic("no")
		}
		opts.AccessLog.Level = func(r middleware.Record) slog.Level {
			if r.Status == 200 {
				return slog.LevelWarn
			}
			panic("no")
		}
	})
	const rounds = 2000
	for range rounds {
		for _, status := range statuses {
			o.serve(getUser(nil), func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
		}
	}
	for _, text := range strings.Split(strings.TrimSpace(o.lines.String()), "\n") {
		var line struct {
			Level string
			Code  int `json:"response_code"`
		}
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			t.Fatal(err)
		}
		lines[line.Level+http.StatusText(line.Code)]++
	}
	// 0.25 of 2000 is 500, with a standard deviation of 19.
	if n := lines["WARNOK"]; n < 300 || n > 700 || lines["ERRORService Unavailable"] != rounds || len(lines) != 2 {
		t.Errorf("got lines %v", lines)
	}
}

// TestExemplars reads the exemplars of sampled requests, at most one a second
// for each bucket.
func TestExemplars(t *testing.T) {
	for _, native := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			o := observe(t, sdktrace.AlwaysSample(), func(opts *middleware.Options) { opts.NativeHistograms = native })
			for _, took := range []time.Duration{0, 0, 2 * time.Second, 0} {
				o.serve(getUser(nil), func(http.ResponseWriter, *http.Request) { time.Sleep(took) })
				time.Sleep(took / 2)
			}
			spans := o.spans.Ended()
			got := exemplarsOf(t, o.in)
			want := map[float64]string{
				0.005: spans[3].SpanContext().TraceID().String(),
				2.5:   spans[2].SpanContext().TraceID().String(),
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("native %t: trace IDs by bucket (-want +got):\n%s", native, diff)
			}
		})
	}
}

func TestNoExemplars(t *testing.T) {
	for name, o := range map[string]*observatory{
		"an unsampled trace": observe(t, sdktrace.NeverSample(), nil),
		"by option":          observe(t, sdktrace.AlwaysSample(), func(opts *middleware.Options) { opts.Spans.NoExemplars = true }),
		"without spans":      observe(t, sdktrace.AlwaysSample(), func(opts *middleware.Options) { opts.Spans = nil }),
	} {
		o.serve(getUser(nil), func(http.ResponseWriter, *http.Request) {})
		if got := exemplarsOf(t, o.in); len(got) > 0 {
			t.Errorf("%s: got %v, want none", name, got)
		}
	}
}

// exemplarsOf returns the trace IDs of the durations' exemplars by the bound of
// the bucket.
func exemplarsOf(t *testing.T, in *middleware.Instrument) map[float64]string {
	t.Helper()
	found := map[float64]string{}
	for _, b := range onlyHistogram(t, in, durationName).GetBucket() {
		if e := b.GetExemplar(); e != nil {
			found[b.GetUpperBound()] = e.GetLabel()[0].GetValue()
		}
	}
	return found
}

// general hides that a handler can write lines without records.
type general struct{ slog.Handler }

func (g general) WithAttrs(attrs []slog.Attr) slog.Handler {
	return general{g.Handler.WithAttrs(attrs)}
}

func (g general) Identifies() (request, trace bool) {
	return g.Handler.(*logging.Handler).Identifies()
}

// TestLinesWithoutRecords compares the lines with the lines of records.
func TestLinesWithoutRecords(t *testing.T) {
	traces := func(context.Context) ([16]byte, [8]byte, bool) { return [16]byte{1}, [8]byte{2}, true }
	lines := func(wrap func(slog.Handler) slog.Handler) string {
		var out bytes.Buffer
		handler, err := logging.New("users", &out, &logging.Options{Trace: traces})
		if err != nil {
			t.Fatal(err)
		}
		synctest.Test(t, func(t *testing.T) {
			o := observe(t, sdktrace.NeverSample(), func(opts *middleware.Options) {
				opts.AccessLog.Logger = slog.New(wrap(handler))
			})
			for _, status := range []int{200, 204, 302, 404, 500} {
				for _, agent := range []string{"", "curl/8.5.0", "token=ghp_0123456789abcdefghijklmnopqrstuvwxyz"} {
					o.serve(getUser(func(r *http.Request) {
						r.Header.Set("User-Agent", agent)
						r.Header.Set("X-Request-Id", "abc-123")
					}), func(w http.ResponseWriter, r *http.Request) {
						time.Sleep(1500 * time.Microsecond)
						logging.SetUser(r.Context(), "kim@example.com")
						w.WriteHeader(status)
						_, _ = w.Write([]byte("{}"))
					})
				}
			}
		})
		return out.String()
	}
	got := lines(func(h slog.Handler) slog.Handler { return h })
	want := lines(func(h slog.Handler) slog.Handler { return general{h} })
	if diff := cmp.Diff(want, got); diff != "" || strings.Count(got, "\n") != 15 {
		t.Errorf("(-records +without):\n%s", diff)
	}
}

// TestTraceWithoutHook checks the trace on the lines of a handler that does not
// write it itself.
func TestTraceWithoutHook(t *testing.T) {
	var out bytes.Buffer
	handler, err := logging.New("users", &out, nil)
	if err != nil {
		t.Fatal(err)
	}
	o := observe(t, sdktrace.AlwaysSample(), func(opts *middleware.Options) {
		opts.AccessLog.Logger = slog.New(handler)
	})
	o.serve(getUser(nil), func(http.ResponseWriter, *http.Request) {})
	sc := o.spans.Ended()[0].SpanContext()
	for _, id := range []string{sc.TraceID().String(), sc.SpanID().String()} {
		if !strings.Contains(out.String(), id) {
			t.Errorf("%s lacks %s", out.String(), id)
		}
	}
}
