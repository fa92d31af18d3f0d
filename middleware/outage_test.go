package middleware_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
)

// A hang is a request whose handler does not return.
type hang struct {
	// handler runs before the handler hangs.
	handler  func(http.ResponseWriter, *http.Request)
	patience time.Duration // brief if zero
	opts     middleware.Options
	around   func(http.Handler) http.Handler
	only     string // the protocol, or "" for all
	acts     bool   // the handler returns, and only then entered is closed

	// client makes the request, and disconnects if it returns.
	client func(t *testing.T, server *httptest.Server, entered <-chan struct{})
}

// stays is a client that waits.
func stays(t *testing.T, server *httptest.Server, _ <-chan struct{}) {
	r, _ := http.NewRequestWithContext(t.Context(), "GET", server.URL, nil)
	if resp, err := server.Client().Transport.RoundTrip(r); err == nil {
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
	}
}

// givesUp is a client that gives up when the handler has run for a while.
func givesUp(d time.Duration) func(*testing.T, *httptest.Server, <-chan struct{}) {
	return posts(d, nil)
}

// posts is a client that sends a body, and gives up like givesUp.
func posts(d time.Duration, body func() io.Reader) func(*testing.T, *httptest.Server, <-chan struct{}) {
	return func(t *testing.T, server *httptest.Server, entered <-chan struct{}) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go func() {
			<-entered
			time.Sleep(d)
			cancel()
		}()
		r, _ := http.NewRequestWithContext(ctx, "GET", server.URL, nil)
		if body != nil {
			r, _ = http.NewRequestWithContext(ctx, "POST", server.URL, body())
		}
		resp, err := server.Client().Transport.RoundTrip(r)
		if err != nil {
			return
		}
		<-ctx.Done()
		_ = resp.Body.Close()
	}
}

// sends is a client that sends HTTP/1 by hand, and then disconnects.
func sends(text string) func(*testing.T, *httptest.Server, <-chan struct{}) {
	return func(t *testing.T, server *httptest.Server, entered <-chan struct{}) {
		conn := dial(t, server, text)
		<-entered
		_ = conn.Close()
	}
}

// never is a body whose end does not come while the test runs.
type never struct {
	sent bool
	done <-chan struct{}
}

func (b *never) Read(p []byte) (int, error) {
	if !b.sent {
		b.sent = true
		return copy(p, "half"), nil
	}
	<-b.done
	return 0, io.ErrUnexpectedEOF
}

func works(http.ResponseWriter, *http.Request) {}

const get = "GET / HTTP/1.1\r\nHost: shop\r\n"

var hangs = map[string]hang{
	"client waits beyond the bound": {handler: works, client: stays},
	"client waits, response has begun": {handler: func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(200)
	}, client: stays, acts: true},
	"client disconnected after the bound":         {handler: works, client: givesUp(beyond)},
	"client disconnected before the bound":        {handler: works, patience: 2 * beyond, client: givesUp(0)},
	"client disconnected, with negative Patience": {handler: works, patience: -1, client: givesUp(0)},
	"client disconnected, with HalfClosedClients": {handler: works, opts: halfClosedClients, client: givesUp(0), only: http1},
	"client disconnected from a WebSocket handshake": {
		handler: works, client: sends(get + "Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n"), only: http1,
	},
	"client sent a second request and disconnected": {
		handler: works, client: func(t *testing.T, server *httptest.Server, entered <-chan struct{}) {
			conn := dial(t, server, get+"\r\n")
			<-entered
			_, _ = io.WriteString(conn, get) // is served after the first
			time.Sleep(brief)                // else the end may arrive with it
			_ = conn.Close()
		}, only: http1,
	},
	"client disconnected before its body was read": {
		handler: works, client: sends("POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 8\r\n\r\n"), only: http1,
	},
	"client reset its stream before its body was read": {
		handler: works, client: posts(0, func() io.Reader { return &trickle{} }), only: http2,
	},
	"client is slow to send the body": {handler: reads, patience: 2 * beyond, client: func(t *testing.T, server *httptest.Server, entered <-chan struct{}) {
		posts(time.Minute, func() io.Reader { return &never{done: t.Context().Done()} })(t, server, entered)
	}},
	"client disconnected in its body, handler hangs": {handler: func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
	}, client: posts(0, func() io.Reader { return &trickle{} })},
	"client disconnected during the response": {handler: func(w http.ResponseWriter, _ *http.Request) {
		answerHalf(w)
	}, client: givesUp(0), acts: true},
	"http.TimeoutHandler has sent 503": {handler: works, client: stays, around: func(next http.Handler) http.Handler {
		return http.TimeoutHandler(next, brief, "timeout")
	}},
	"context deadline passed": {handler: works, client: stays, patience: time.Minute, around: expiring(brief)},
	"context deadline passed, response buffered": {handler: func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "ok")
	}, client: stays, around: expiring(beyond)},
}

// TestHangs checks each row of the documented table of requests that hang. A
// request that was judged is not judged again when its handler returns.
func TestHangs(t *testing.T) {
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	rows := make(map[string]string)
	line := regexp.MustCompile(`(?m)^//\t(.+?)\s{2,}(bad|overdue|none)$`)
	for _, m := range line.FindAllStringSubmatch(string(text), -1) {
		rows[m[1]] = m[2]
	}
	for name, h := range hangs {
		want, ok := rows[name]
		if !ok {
			t.Errorf("the table in doc.go has no row %q", name)
		}
		for _, protocol := range protocols {
			if h.only == "" || h.only == protocol {
				t.Run(name+"/"+protocol, func(t *testing.T) {
					t.Parallel()
					h.check(t, protocol, want)
				})
			}
		}
	}
}

func (h hang) check(t *testing.T, protocol, want string) {
	indicator := availability
	if indicator.Patience = brief; h.patience != 0 {
		indicator.Patience = h.patience
	}
	in, rec := newInstrument(t, &h.opts, indicator)
	entered, release, returned := make(chan struct{}), make(chan struct{}), make(chan struct{})
	mux := http.NewServeMux()
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, r *http.Request) {
		if !h.acts {
			close(entered)
		}
		h.handler(w, r)
		if h.acts {
			close(entered)
		}
		<-release
	})
	measured := in.Handler(mux)
	var handler http.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(returned)
		measured.ServeHTTP(w, r)
	})
	if h.around != nil {
		handler = h.around(handler)
	}
	server := newServer(t, protocol, handler)
	var client sync.WaitGroup
	client.Go(func() { h.client(t, server, entered) })
	t.Cleanup(client.Wait)
	<-entered

	if got := await(rec, want); got != want {
		t.Errorf("while the handler hangs: got %s, want %s", got, want)
	}
	before, _ := rec.Counts("availability")
	close(release)
	server.CloseClientConnections()
	<-returned
	after, _ := rec.Counts("availability")
	if want == "bad" && after != before {
		t.Errorf("when the handler returned: got %v, want %v", after, before)
	}
	if after.Valid > 1 {
		t.Errorf("counted %v for one request", after)
	}
}

// await waits until the recorder's only indicator shows the verdict. To show
// none, it must do so for a while.
func await(rec *sli.Recorder, want string) (got string) {
	end := time.Now().Add(10 * time.Second)
	if want == "none" {
		end = time.Now().Add(300 * time.Millisecond)
	}
	for time.Now().Before(end) && (got != want || want == "none") {
		time.Sleep(10 * time.Millisecond)
		tally := rec.Report().Indicators[0]
		switch {
		case tally.Counts == sli.Counts{Valid: 1} && tally.Overdue == 0:
			got = "bad"
		case tally.Counts == sli.Counts{} && tally.Overdue == 1:
			got = "overdue"
		case tally.Counts == sli.Counts{} && tally.Overdue == 0 && got == "":
			got = "none"
		case tally.Counts != sli.Counts{}:
			got = tally.Counts.String()
		}
	}
	return got
}

// TestHandlersThatNeverReturn has a handler that no test could end.
func TestHandlersThatNeverReturn(t *testing.T) {
	indicator := availability
	indicator.Patience = brief
	in, rec := newInstrument(t, nil, indicator)
	mux := http.NewServeMux()
	ctx, leave := context.WithCancel(t.Context())
	mux.HandleFunc("/{$}", func(http.ResponseWriter, *http.Request) {
		leave()
		select {}
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: in.Handler(mux)}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	r, _ := http.NewRequestWithContext(ctx, "GET", "http://"+listener.Addr().String(), nil)
	if resp, err := http.DefaultClient.Do(r); err == nil {
		_ = resp.Body.Close()
		t.Error("the client got a response")
	}
	if got := await(rec, "bad"); got != "bad" {
		t.Errorf("got %s, want bad", got)
	}
	if active := gather(t, in)["http_server_active_requests"].GetMetric()[0].GetGauge().GetValue(); active != 1 {
		t.Errorf("got %v active requests, want 1", active)
	}
}

// crowd is the number of clients of TestOutage.
const crowd = 200

// TestOutage lets clients give up after 0.3 s, while the handlers hang, return
// on cancellation, or respond a little later.
func TestOutage(t *testing.T) {
	patient := availability
	patient.Name, patient.Patience = "patient", 200*time.Millisecond
	indicators := []sli.Indicator{
		availability, patient,
		fast("successes", sli.Condition{}, sli.Condition{Status: []string{"2xx", "3xx", "4xx"}}),
		fast("not400", sli.Condition{}, sli.Condition{Status: []string{"!400"}}),
		fast("all", sli.Condition{}, sli.Condition{}),
		fast("listed", sli.Condition{Status: []string{"2xx"}, Code: []string{"OK"}}, sli.Condition{}),
	}
	for name, handler := range map[string]http.HandlerFunc{
		"hang":    nil,
		"cancel":  func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"respond": afterClient(after(100*time.Millisecond, status(200))),
	} {
		for _, protocol := range protocols {
			t.Run(name+"/"+protocol, func(t *testing.T) {
				t.Parallel()
				release, hangs := make(chan struct{}), handler == nil
				indicators, handler := slices.Clone(indicators), handler
				if hangs {
					handler = func(http.ResponseWriter, *http.Request) { <-release }
				} else {
					// On a slow machine, clients may need more than the default to leave.
					indicators[0].Patience = time.Minute
				}
				in, rec := newInstrument(t, nil, indicators...)
				crowdAround(t, protocol, in, handler)
				for _, ind := range indicators[1:] {
					awaitCounts(t, rec, ind.Name, sli.Counts{Valid: crowd}, 0)
				}
				if hangs {
					awaitCounts(t, rec, "availability", sli.Counts{Valid: crowd}, 0)
					close(release)
				} else {
					awaitCounts(t, rec, "availability", sli.Counts{}, crowd)
				}
				awaitIdle(t, in)
				for _, ind := range indicators[1:] {
					awaitCounts(t, rec, ind.Name, sli.Counts{Valid: crowd}, 0)
				}
			})
		}
	}
}

// fast returns an indicator of latency with a bound of 100 ms.
func fast(name string, good, valid sli.Condition) sli.Indicator {
	good.Within = 100 * time.Millisecond
	return sli.Indicator{Service: "users", Name: name, Kind: sli.KindLatency, Good: good, Valid: valid}
}

// crowdAround serves requests whose clients give up 0.3 s after their handler
// was called.
func crowdAround(t *testing.T, protocol string, in *middleware.Instrument, handler http.Handler) {
	t.Helper()
	entered := make(map[string]chan struct{})
	for i := range crowd {
		entered["/"+strconv.Itoa(i)] = make(chan struct{})
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/first", works)
	mux.Handle("/{client}", in.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(entered[r.URL.Path])
		handler.ServeHTTP(w, r)
	})))
	server := newServer(t, protocol, mux)
	fetch(t, server, "GET", "/first", nil) // opens the connection of HTTP/2
	var clients sync.WaitGroup
	for path, entered := range entered {
		clients.Go(func() {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			go func() {
				<-entered
				time.Sleep(300 * time.Millisecond)
				cancel()
			}()
			r, _ := http.NewRequestWithContext(ctx, "GET", server.URL+path, nil)
			if resp, err := server.Client().Transport.RoundTrip(r); err == nil {
				_ = resp.Body.Close()
			}
		})
	}
	clients.Wait()
}

// awaitIdle waits until no request is in flight.
func awaitIdle(t *testing.T, in *middleware.Instrument) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		active := gather(t, in)["http_server_active_requests"].GetMetric()[0].GetGauge().GetValue()
		if active == 0 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%v requests are still active", active)
		}
	}
}

// awaitCounts waits until the named indicator has the counts, and the number
// of events that it ignored because the client left.
func awaitCounts(t *testing.T, rec *sli.Recorder, name string, want sli.Counts, wantLeft uint64) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		for _, tally := range rec.Report().Indicators {
			left := tally.Ignored[sli.ReasonClientLeft]
			switch {
			case tally.Name != name:
			case tally.Counts == want && left == wantLeft:
				return
			case time.Now().After(end):
				t.Fatalf("%s: got %v and %d clients left, want %v and %d", name, tally.Counts, left, want, wantLeft)
			}
		}
	}
}

// TestWalksAndHandlers is for the race detector: handlers begin, return, and
// change their request, while the counters are read.
func TestWalksAndHandlers(t *testing.T) {
	indicator := availability
	indicator.Patience = time.Nanosecond
	in, rec := newInstrument(t, nil, indicator)
	mux := http.NewServeMux()
	mux.HandleFunc("POST /users/{userid}", func(w http.ResponseWriter, r *http.Request) {
		r.URL.Path, r.Method, r.Host = "/changed", "GET", "changed"
		middleware.SetRoute(w, "/set/{route}")
		_, _ = io.Copy(io.Discard, r.Body)
		*r = *r.WithContext(context.WithoutCancel(r.Context()))
		runtime.Gosched()
		middleware.SetError(w, errors.New("late"))
	})
	handler := in.Handler(mux)
	const goroutines, each = 4, 2000
	var serving sync.WaitGroup
	for i := range goroutines {
		serving.Go(func() {
			for range each {
				ctx, cancel := context.WithCancel(t.Context())
				if i%2 == 0 {
					cancel()
				}
				r := httptest.NewRequestWithContext(ctx, "POST", "/users/lora", onlyReader{declared()})
				handler.ServeHTTP(newStub(), r)
				cancel()
			}
		})
	}
	done := make(chan struct{})
	go func() {
		serving.Wait()
		close(done)
	}()
	for reading := true; reading; {
		select {
		case <-done:
			reading = false
		case <-time.After(time.Millisecond):
			middleware.Walk(in)
		}
	}
	tally := rec.Report().Indicators[0]
	sum := tally.Counts.Valid
	for _, n := range tally.Ignored {
		sum += n
	}
	if sum != goroutines*each {
		t.Errorf("counted %d events, want %d: %v", sum, goroutines*each, fmt.Sprint(tally))
	}
}
