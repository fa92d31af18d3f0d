package middleware_test

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
)

// row is a row of the table of outcomes in the package documentation.
type row struct{ status, errorType, verdict string }

// documented reads the table in doc.go.
func documented(t *testing.T) map[string]row {
	t.Helper()
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	rows := make(map[string]row)
	line := regexp.MustCompile(`(?m)^//\t(.+?)\s{2,}(\d{3})\s+(?:(\S+)\s+)?(good|bad|ignored)$`)
	for _, m := range line.FindAllStringSubmatch(string(text), -1) {
		rows[m[1]] = row{m[2], m[3], m[4]}
	}
	return rows
}

// A scenario makes a request end in one way. With leaves, its client
// disconnects when the handler runs, or when it has read some bytes of the
// response. The handler waits for the disconnect by the request's context.
type scenario struct {
	handler  func(w http.ResponseWriter, r *http.Request)
	method   string // "GET" if empty
	path     string // "/" if empty
	body     func() io.Reader
	leaves   string        // "", "entered" or "answered"
	reads    int           // bytes of the response
	patience time.Duration // of the indicator, or 0 for a minute
	only     string        // the protocol, or "" for all
	opts     middleware.Options
	server   func(*http.Server)

	// client, if not nil, makes the request in place of net/http's client. It
	// returns the response as the client saw it.
	client func(t *testing.T, server *httptest.Server, entered <-chan struct{}) string

	// around, if not nil, goes between the server and the instrument.
	around func(http.Handler) http.Handler
}

const (
	http1 = "HTTP/1.1"
	http2 = "HTTP/2.0"
)

func status(code int) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

// afterClient waits until net/http has seen the client disconnect.
func afterClient(do func(http.ResponseWriter, *http.Request)) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
		do(w, r)
	}
}

// answerHalf declares the length of a response and sends half of it.
func answerHalf(w http.ResponseWriter) {
	w.Header().Set("Content-Length", "8")
	_, _ = io.WriteString(w, "half")
	_ = http.NewResponseController(w).Flush()
}

func stream(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	_, _ = io.WriteString(w, "data: 1\n\n")
	_ = http.NewResponseController(w).Flush()
}

// answeredKey is the context key of a channel that is closed when
// http.TimeoutHandler has sent its response.
type answeredKey struct{}

// scenarios are the scenarios of all rows, by name.
var scenarios = merge(endings, disconnects, deadlines)

func merge(parts ...map[string]scenario) map[string]scenario {
	all := make(map[string]scenario)
	for _, part := range parts {
		maps.Copy(all, part)
	}
	return all
}

// endings are the scenarios in which the client waits, or simply disconnects.
var endings = map[string]scenario{
	"handler wrote nothing":         {handler: func(http.ResponseWriter, *http.Request) {}},
	"handler sent 200":              {handler: func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") }},
	"handler sent 404":              {handler: status(404)},
	"handler sent 503":              {handler: status(503)},
	"handler sent 999":              {handler: status(999)},
	"handler only flushed":          {handler: func(w http.ResponseWriter, _ *http.Request) { w.(http.Flusher).Flush() }},
	"no pattern matched":            {handler: status(200), path: "/no/such/page"},
	"handler called runtime.Goexit": {handler: func(http.ResponseWriter, *http.Request) { runtime.Goexit() }},
	"handler sent 200, then 500": {handler: func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(200)
		w.WriteHeader(500)
	}},
	"handler sent 103 Early Hints, then 200": {handler: func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(103)
		_, _ = io.WriteString(w, "ok")
	}},
	"handler sent 200 and called SetError": {handler: func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"errors":["no such field"]}`)
		middleware.SetError(w, errors.New("no such field"))
	}},
	"handler panicked before its response": {handler: func(http.ResponseWriter, *http.Request) { panic("boom") }},
	"handler panicked after it sent 200": {handler: func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "half of the response")
		_ = http.NewResponseController(w).Flush()
		panic("boom")
	}},
	"handler panicked with http.ErrAbortHandler": {handler: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }},
	"client disconnected":                        {handler: afterClient(status(200)), leaves: "entered"},
	"client disconnected, then handler sent 500": {handler: afterClient(status(500)), leaves: "entered"},
	"client disconnected, then handler sent 200": {handler: afterClient(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "2")
		_, _ = io.WriteString(w, "ok")
	}), leaves: "entered"},
	"handler sent 500, then client disconnected": {handler: func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(500)
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}, leaves: "answered"},
	"client disconnected after the declared length": {handler: func(w http.ResponseWriter, r *http.Request) {
		answerHalf(w)
		_, _ = io.WriteString(w, "half")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}, leaves: "answered", reads: 8},
	"client disconnected before the declared length": {handler: func(w http.ResponseWriter, r *http.Request) {
		answerHalf(w)
		<-r.Context().Done()
	}, leaves: "answered", reads: 4},
	"client disconnected, then http.ErrAbortHandler": {handler: afterClient(func(http.ResponseWriter, *http.Request) {
		panic(http.ErrAbortHandler)
	}), leaves: "entered"},
	"client disconnected, then handler panicked": {handler: afterClient(func(http.ResponseWriter, *http.Request) { panic("boom") }), leaves: "entered"},
	"program canceled the request with a cause": {
		handler: func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		around: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				ctx, cancel := context.WithCancelCause(r.Context())
				cancel(fmt.Errorf("shutting down: %w", context.Canceled))
				next.ServeHTTP(w, r.WithContext(ctx))
			})
		},
	},
	"context deadline passed without a response": {
		handler: func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		around: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				ctx, cancel := context.WithTimeout(r.Context(), time.Millisecond)
				defer cancel()
				next.ServeHTTP(w, r.WithContext(ctx))
			})
		},
	},
	"write deadline passed during the response": {handler: func(w http.ResponseWriter, _ *http.Request) {
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(-time.Second))
		_, _ = w.Write(make([]byte, 1<<20))
	}, only: http1},
	"http.TimeoutHandler had already sent 503": {
		handler: func(w http.ResponseWriter, r *http.Request) {
			<-r.Context().Done()
			for { // http.TimeoutHandler responds in another goroutine
				if _, err := io.WriteString(w, "too late"); err != nil {
					return
				}
			}
		},
		around: func(next http.Handler) http.Handler { return http.TimeoutHandler(next, time.Millisecond, "timeout") },
	},
	"http.TimeoutHandler discarded the handler's 200": {
		handler: func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, "all of it")
			<-r.Context().Value(answeredKey{}).(chan struct{})
		},
		around: func(next http.Handler) http.Handler {
			timeout := http.TimeoutHandler(next, time.Millisecond, "timeout")
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				answered := make(chan struct{})
				defer close(answered)
				timeout.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), answeredKey{}, answered)))
			})
		},
	},
	"handler hijacked the connection (WebSocket)": {handler: func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			_ = conn.Close()
		}
	}, only: http1},
	"client disconnected from an event stream": {handler: func(w http.ResponseWriter, r *http.Request) {
		stream(w, r)
		<-r.Context().Done()
	}, leaves: "answered", reads: 9},
	"client disconnected before an event stream": {handler: afterClient(stream), leaves: "entered"},
	"handler panicked in an event stream": {handler: func(w http.ResponseWriter, r *http.Request) {
		stream(w, r)
		panic("boom")
	}},
}

var availability = sli.Indicator{
	Service: "users", Name: "availability",
	Good: sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
}

// TestMain lets more rows run at once than there are cores, because they wait
// most of the time.
func TestMain(m *testing.M) {
	_ = flag.Set("test.parallel", "16")
	m.Run()
}

// TestOutcomes checks each row of the documented table on a real server.
func TestOutcomes(t *testing.T) {
	rows := documented(t)
	if len(rows) < 20 {
		t.Fatalf("found %d rows in doc.go, want at least 20", len(rows))
	}
	for name := range scenarios {
		if _, ok := rows[name]; !ok {
			t.Errorf("the table in doc.go has no row %q", name)
		}
	}
	for name, want := range rows {
		s, ok := scenarios[name]
		if !ok {
			t.Errorf("%q has no scenario", name)
			continue
		}
		for _, protocol := range protocols {
			if s.only != "" && s.only != protocol {
				continue
			}
			t.Run(name+"/"+protocol, func(t *testing.T) {
				t.Parallel()
				oracle := seenBy(t, protocol, s)
				for _, kind := range signalSets {
					got, seen := serve(t, protocol, kind, s)
					if got != want {
						t.Errorf("%s: got %v, want %v", kind, got, want)
					}
					if seen != oracle {
						t.Errorf("%s: the client saw %q, without the instrument %q", kind, seen, oracle)
					}
				}
				if want.verdict == "good" && oracle != want.status && oracle != "left" {
					t.Errorf("the event is good, but the client of a plain server saw %q", oracle)
				}
			})
		}
	}
}

// serve makes a request to a real server and returns its row, and the response
// as the client saw it.
func serve(t *testing.T, protocol, kind string, s scenario) (got row, seen string) {
	t.Helper()
	indicator := availability
	// On a busy machine, clients may need more than the default to leave.
	indicator.Patience = cmp.Or(s.patience, time.Minute)
	w := newWatch(t, kind, s.opts, indicator)
	seen = s.request(t, protocol, w.wrap)
	var event sli.Event
	select {
	case done := <-w.records:
		event = done.Event
	case <-time.After(20 * time.Second):
		t.Fatalf("the handler was not called, or did not return; the client saw %q", seen)
	}

	got.verdict = onlyVerdict(w.rec)
	got.status, got.errorType = onlySeries(t, w.in)
	if got.status != "other" && event.Status/100 != int(got.status[0]-'0') {
		t.Errorf("the event has status %d, the histogram %s", event.Status, got.status)
	} else if got.status == "other" {
		got.status = "999"
	}
	w.check(t, got.status, got.errorType)
	if event.Canceled != (got.errorType == "canceled") || event.Unanswered != (got.errorType == "timeout") {
		t.Errorf("the event is %v, the histogram has error type %s", event, got.errorType)
	}
	return got, seen
}

// seenBy makes a request to a server without an instrument.
func seenBy(t *testing.T, protocol string, s scenario) string {
	t.Helper()
	return s.request(t, protocol, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r) })
	})
}

// request starts a server with the scenario's handler, and returns the
// response as its client sees it: the status, "broken" or "left".
func (s scenario) request(t *testing.T, protocol string, instrument func(http.Handler) http.Handler) string {
	t.Helper()
	entered := make(chan struct{})
	mux := http.NewServeMux()
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, r *http.Request) {
		close(entered)
		s.handler(w, r)
	})
	handler := instrument(mux)
	if s.around != nil {
		handler = s.around(handler)
	}
	server := configuredServer(t, protocol, handler, s.server)
	if s.client != nil {
		return s.client(t, server, entered)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if s.leaves == "entered" {
		go func() {
			<-entered
			cancel()
		}()
	}
	var body io.Reader
	if s.body != nil {
		body = s.body()
	}
	r, err := http.NewRequestWithContext(ctx, cmp.Or(s.method, "GET"), server.URL+s.path, body)
	if err != nil {
		t.Fatal(err)
	}
	r.Close = s.leaves == "answered" // do not keep the connection
	resp, err := server.Client().Transport.RoundTrip(r)
	_, breaks := body.(*trickle)
	for err != nil && !breaks && !isClosed(entered) && ctx.Err() == nil {
		// The TLS handshake took longer than the server's WriteTimeout.
		resp, err = server.Client().Transport.RoundTrip(r)
	}
	switch {
	case s.leaves == "entered":
		return "left"
	case err != nil:
		return "broken"
	}
	defer func() { _ = resp.Body.Close() }()
	if s.leaves == "answered" {
		_, _ = io.ReadFull(resp.Body, make([]byte, s.reads))
		return "left" // and cancel
	}
	return seen(resp)
}

func isClosed(ch <-chan struct{}) bool {
	select {
	case <-ch:
		return true
	default:
		return false
	}
}

// seen returns the status of a response that has its whole body, or "broken".
func seen(resp *http.Response) string {
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return "broken"
	}
	return strconv.Itoa(resp.StatusCode)
}

// quietServer starts a server that does not log panics.
func quietServer(t *testing.T, handler http.Handler) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.Start()
	t.Cleanup(server.Close)
	return server
}

func verdict(c sli.Counts) string {
	switch c {
	case sli.Counts{}:
		return "ignored"
	case sli.Counts{Good: 1, Valid: 1}:
		return "good"
	case sli.Counts{Valid: 1}:
		return "bad"
	}
	return c.String()
}

// onlyVerdict returns the verdict on the only event of a recorder.
func onlyVerdict(rec *sli.Recorder) string {
	tally := rec.Report().Indicators[0]
	v := verdict(tally.Counts)
	if v == "ignored" && tally.Ignored[sli.ReasonClientLeft]+tally.Ignored[sli.ReasonUpgrade] != 1 {
		return fmt.Sprintf("%v, %v ignored", tally.Counts, tally.Ignored)
	}
	return v
}

// onlySeries returns the status and error type of the only series of the
// duration. It waits until no request is active: a request is active until its
// signals are made.
func onlySeries(t *testing.T, in *middleware.Instrument) (status, errorType string) {
	t.Helper()
	awaitIdle(t, in)
	families := gather(t, in)
	durations := families["http_server_request_duration_seconds"].GetMetric()
	if len(durations) != 1 || durations[0].GetHistogram().GetSampleCount() != 1 {
		t.Fatalf("got durations %v, want one series with one observation", durations)
	}
	if active := families["http_server_active_requests"].GetMetric(); len(active) != 1 {
		t.Errorf("got active requests %v, want one gauge", active)
	}
	l := labels(durations[0])
	return l["http_response_status_code"], l["error_type"]
}

func labels(m *dto.Metric) map[string]string {
	all := make(map[string]string)
	for _, pair := range m.GetLabel() {
		all[pair.GetName()] = pair.GetValue()
	}
	return all
}

func gather(t *testing.T, collectors ...prometheus.Collector) map[string]*dto.MetricFamily {
	t.Helper()
	reg := prometheus.NewPedanticRegistry()
	reg.MustRegister(collectors...)
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	byName := make(map[string]*dto.MetricFamily)
	for _, f := range families {
		byName[f.GetName()] = f
	}
	return byName
}

// onlyHistogram returns the histogram of a metric with one series.
func onlyHistogram(t *testing.T, in *middleware.Instrument, name string) *dto.Histogram {
	t.Helper()
	series := gather(t, in)[name].GetMetric()
	if len(series) != 1 {
		t.Fatalf("%s: got %d series, want 1", name, len(series))
	}
	return series[0].GetHistogram()
}
