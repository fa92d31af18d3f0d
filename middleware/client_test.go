package middleware_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"os"
	"regexp"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
)

// dependencies counts every call of the service.
var dependencies = sli.Indicator{
	Service: "shop", Name: "dependencies", Requests: []string{"//*"}, Patience: time.Minute,
	Good: sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
}

// local shows the host of the tests' servers.
var local = middleware.Options{Client: &middleware.ClientOptions{Hosts: []string{"127.0.0.1"}}}

// A sending makes one call of a service to another one.
type sending struct {
	handler  http.HandlerFunc
	patience time.Duration
	send     func(t *testing.T, c *http.Client, url string)

	// around, if not nil, changes the instrumented client or the next transport.
	around func(c *http.Client, next *http.Transport)
	next   http.RoundTripper // in place of net/http's
	tls    bool              // the service speaks TLS

	// fresh, if not nil, returns a handler that counts its requests.
	fresh func() http.HandlerFunc
}

// get sends a request and reads the response to its end.
func gets(t *testing.T, c *http.Client, url string) {
	t.Helper()
	getsWith(t.Context(), c, url)
}

func getsWith(ctx context.Context, c *http.Client, url string) {
	if resp := getResponse(ctx, c, "GET", url); resp != nil {
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
	}
}

// getResponse returns nil if the request failed.
func getResponse(ctx context.Context, c *http.Client, method, url string) *http.Response {
	r, _ := http.NewRequestWithContext(ctx, method, url, nil)
	resp, err := c.Do(r)
	if err != nil {
		return nil
	}
	return resp
}

// during returns a caller whose context ends as the function arranges.
func during(arrange func(context.Context) (context.Context, context.CancelFunc)) func(*testing.T, *http.Client, string) {
	return func(t *testing.T, c *http.Client, url string) {
		ctx, cancel := arrange(t.Context())
		defer cancel()
		getsWith(ctx, c, url)
	}
}

// leaving returns a caller that leaves some time after its attempt has begun,
// with a cause if it is not nil.
func leaving(after time.Duration, cause error) func(*testing.T, *http.Client, string) {
	return during(func(ctx context.Context) (context.Context, context.CancelFunc) {
		ctx, cancel := context.WithCancelCause(ctx)
		begun := func(string) { time.AfterFunc(after, func() { cancel(cause) }) }
		return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GetConn: begun}), func() { cancel(nil) }
	})
}

func deadlineAfter(d time.Duration) func(*testing.T, *http.Client, string) {
	return during(func(ctx context.Context) (context.Context, context.CancelFunc) {
		return context.WithTimeout(ctx, d)
	})
}

// hanging does not answer before the client has left.
func hanging(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// hangingBody answers half a body.
func hangingBody(w http.ResponseWriter, r *http.Request) {
	answerHalf(w)
	<-r.Context().Done()
}

// hijacks takes the connection over before the answer.
func hijacks(do func(net.Conn)) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			do(conn)
			_ = conn.Close()
		}
	}
}

// redirects answers "/" by a redirect to "/1", that one by one to "/2", and so
// on, and the path of the number by the handler.
func redirects(n int, last http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var hop int
		_, _ = fmt.Sscanf(r.URL.Path, "/%d", &hop)
		if hop == n {
			last(w, r)
			return
		}
		http.Redirect(w, r, fmt.Sprintf("/%d", hop+1), http.StatusFound)
	}
}

// upgrades switches to a protocol that answers one line.
func upgrades(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Connection", "Upgrade")
	w.Header().Set("Upgrade", "echo")
	w.WriteHeader(http.StatusSwitchingProtocols)
	conn, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	line, _ := buffered.ReadString('\n')
	_, _ = io.WriteString(conn, line)
	_ = conn.Close()
}

// keeps holds a response while the test runs.
func keeps(method string, then func(ctx context.Context, cancel context.CancelFunc, resp *http.Response)) func(*testing.T, *http.Client, string) {
	return func(t *testing.T, c *http.Client, url string) {
		ctx, cancel := context.WithCancel(t.Context())
		t.Cleanup(cancel)
		resp := getResponse(ctx, c, method, url)
		if resp == nil {
			t.Fatal("got no response")
		}
		t.Cleanup(func() { _ = resp.Body.Close() }) // keeps it
		then(ctx, cancel, resp)
	}
}

// retries sends up to three attempts of one call, until one succeeds.
func retries(t *testing.T, c *http.Client, url string) {
	ctx, end := middleware.WithCall(t.Context())
	defer end()
	for range 3 {
		resp := getResponse(ctx, c, "GET", url)
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
		if resp.StatusCode == http.StatusOK {
			return
		}
	}
}

// answersInTurn answers each request by the next status.
func answersInTurn(statuses ...int) http.HandlerFunc {
	turn := make(chan int, len(statuses))
	for _, s := range statuses {
		turn <- s
	}
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(<-turn) }
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

var errChangedMind = errors.New("the customer paid in cash")

var sendings = map[string]sending{
	"the service answered 200":  {handler: answerHalfAndMore, send: gets},
	"the service answered 204":  {handler: status(204), send: gets},
	"the service answered 404":  {handler: status(404), send: gets},
	"the service answered 503":  {handler: status(503), send: gets},
	"the service answered HEAD": {handler: answerWhole, send: keeps("HEAD", func(context.Context, context.CancelFunc, *http.Response) {})},
	"the caller closed the body early": {handler: hangingBody, send: keeps("GET", func(_ context.Context, _ context.CancelFunc, resp *http.Response) {
		_ = resp.Body.Close()
	})},
	"the caller lost the body": {handler: hangingBody, send: func(t *testing.T, c *http.Client, url string) {
		if getResponse(t.Context(), c, "GET", url) == nil { //nolint:bodyclose // the test is about it
			t.Fatal("got no response")
		}
		runtime.GC()
	}},
	"the caller read the declared length only": {handler: answerWhole, send: keeps("GET", func(_ context.Context, _ context.CancelFunc, resp *http.Response) {
		_, _ = io.ReadFull(resp.Body, make([]byte, resp.ContentLength))
	})},
	"the caller closed an event stream": {handler: streamsUntilLeft, send: keeps("GET", func(_ context.Context, _ context.CancelFunc, resp *http.Response) {
		_ = resp.Body.Close()
	})},
	"the caller canceled, then closed the body": {handler: hangingBody, send: keeps("GET", func(_ context.Context, cancel context.CancelFunc, resp *http.Response) {
		cancel()
		_ = resp.Body.Close()
	})},
	"the caller followed redirects":         {handler: redirects(3, answerWhole), send: gets},
	"the caller followed a redirect to 503": {handler: redirects(1, status(503)), send: gets},
	"the caller did not follow a redirect": {handler: redirects(1, answerWhole), send: gets, around: func(c *http.Client, _ *http.Transport) {
		c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	}},
	"the caller refused to follow redirects": {handler: redirects(1000, answerWhole), send: gets},
	"the connection was upgraded": {handler: upgrades, send: func(t *testing.T, c *http.Client, url string) {
		r, _ := http.NewRequestWithContext(t.Context(), "GET", url, nil)
		r.Header.Set("Connection", "Upgrade")
		r.Header.Set("Upgrade", "echo")
		resp, err := c.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		conn, ok := resp.Body.(io.ReadWriteCloser)
		if !ok {
			t.Fatalf("the body is a %T", resp.Body)
		}
		_, _ = io.WriteString(conn, "hello\n")
		if line, err := bufio.NewReader(conn).ReadString('\n'); line != "hello\n" {
			t.Errorf("got %q, %v", line, err)
		}
		_ = conn.Close()
	}},
	"the connection was refused": {send: func(t *testing.T, c *http.Client, _ string) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		_ = l.Close()
		gets(t, c, "http://"+l.Addr().String())
	}},
	"the host has no address":        {send: func(t *testing.T, c *http.Client, _ string) { gets(t, c, "http://nowhere.invalid/") }},
	"the certificate is not trusted": {handler: answerWhole, tls: true, send: gets},
	"the service does not speak TLS": {handler: answerWhole, send: func(t *testing.T, c *http.Client, url string) {
		gets(t, c, "https"+url[len("http"):])
	}},
	"the service closed the connection": {handler: hijacks(func(net.Conn) {}), send: gets},
	"the service reset the connection": {handler: hijacks(func(c net.Conn) {
		_ = c.(*net.TCPConn).SetLinger(0)
	}), send: gets},
	"the service broke the body off": {handler: hijacks(func(c net.Conn) {
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf")
	}), send: gets},
	"the service broke an event stream off": {handler: hijacks(func(c net.Conn) {
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ndata\r\n")
	}), send: gets},
	"the context's deadline passed": {handler: hanging, send: deadlineAfter(brief)},
	"the context's deadline passed with a cause": {handler: hanging, send: during(func(ctx context.Context) (context.Context, context.CancelFunc) {
		return context.WithTimeoutCause(ctx, brief, errChangedMind)
	})},
	"the deadline was the cause of a cancellation": {handler: hanging, send: leaving(brief, context.DeadlineExceeded)},
	"http.Client.Timeout passed": {handler: hanging, send: gets, around: func(c *http.Client, _ *http.Transport) {
		c.Timeout = brief
	}},
	"http.Client.Timeout passed after a redirect": {handler: redirects(1, hanging), send: gets, around: func(c *http.Client, _ *http.Transport) {
		c.Timeout = 5 * brief
	}},
	"the deadline passed in the body": {handler: hangingBody, send: deadlineAfter(5 * brief)},
	"the deadline passed, and nobody read the body": {handler: hangingBody, send: func(t *testing.T, c *http.Client, url string) {
		ctx := &expirable{t.Context(), make(chan struct{})}
		resp := getResponse(ctx, c, "GET", url)
		if resp == nil {
			t.Fatal("got no response")
		}
		close(ctx.passed)
		t.Cleanup(func() { _ = resp.Body.Close() }) // keeps it
	}},
	"Transport.ResponseHeaderTimeout passed": {handler: hanging, send: gets, around: func(_ *http.Client, next *http.Transport) {
		next.ResponseHeaderTimeout = brief
	}},
	"the caller left before the bound":              {handler: hanging, patience: time.Minute, send: leaving(brief, nil)},
	"the caller left before the bound, in the body": {handler: hangingBody, patience: time.Minute, send: leaving(5*brief, nil)},
	"the caller left in the body, after the bound": {handler: hangingBody, patience: 3 * time.Second, send: func(t *testing.T, c *http.Client, url string) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		resp := getResponse(ctx, c, "GET", url)
		if resp == nil {
			t.Fatal("got no response")
		}
		time.Sleep(3 * time.Second)
		cancel()
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
	}},
	"the caller left after the bound":               {handler: hanging, patience: brief, send: leaving(beyond, nil)},
	"the caller left after the bound, with a cause": {handler: hanging, patience: brief, send: leaving(beyond, errChangedMind)},
	"the transport panicked": {send: func(t *testing.T, c *http.Client, url string) {
		defer func() {
			if value := recover(); value != "boom" {
				t.Errorf("got panic %v", value)
			}
		}()
		gets(t, c, url)
	}, next: roundTripper(func(*http.Request) (*http.Response, error) { panic("boom") })},
	"the transport called runtime.Goexit": {send: func(t *testing.T, c *http.Client, url string) {
		done := make(chan struct{})
		go func() {
			defer close(done)
			getsWith(t.Context(), c, url)
		}()
		<-done
	}, next: roundTripper(func(*http.Request) (*http.Response, error) { runtime.Goexit(); return nil, nil })},
	"the transport returned no response": {send: gets, next: roundTripper(func(*http.Request) (*http.Response, error) {
		return nil, nil //nolint:nilnil // the test is about it
	})},
	"the third attempt of a WithCall succeeded": {fresh: func() http.HandlerFunc { return answersInTurn(503, 503, 200) }, send: retries},
	"all attempts of a WithCall failed":         {fresh: func() http.HandlerFunc { return answersInTurn(503, 502, 503) }, send: retries},
	"the second of two attempts at once failed": {fresh: func() http.HandlerFunc { return answersOnce() }, send: func(t *testing.T, c *http.Client, url string) {
		ctx, end := middleware.WithCall(t.Context())
		defer end()
		first := getResponse(ctx, c, "GET", url)
		getsWith(ctx, c, url)
		_ = first.Body.Close()
	}},
	"the slower of two attempts at once failed": {fresh: func() http.HandlerFunc { return failsFirst() }, send: func(t *testing.T, c *http.Client, url string) {
		ctx, end := middleware.WithCall(t.Context())
		defer end()
		first := make(chan struct{})
		sent, entered := context.WithCancel(context.Background())
		go func() {
			defer close(first)
			getsWith(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { entered() }}), c, url+"/slow")
		}()
		<-sent.Done()
		getsWith(ctx, c, url)
		gets(t, http.DefaultClient, url+"/answered")
		<-first
	}},
}

// expirable is a context whose deadline passes when the channel is closed.
type expirable struct {
	context.Context
	passed chan struct{}
}

func (c *expirable) Done() <-chan struct{} { return c.passed }

func (c *expirable) Err() error {
	select {
	case <-c.passed:
		return context.DeadlineExceeded
	default:
		return nil
	}
}

// failsFirst fails the slow request when the caller has the answer to the other
// one, and says so.
func failsFirst() http.HandlerFunc {
	answered := make(chan struct{})
	return func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/slow":
			<-answered
			w.WriteHeader(http.StatusServiceUnavailable)
		case "/answered":
			close(answered)
		}
	}
}

// answersOnce begins a long answer to the first request, and fails the others.
func answersOnce() http.HandlerFunc {
	var served atomic.Bool
	return func(w http.ResponseWriter, r *http.Request) {
		if served.Swap(true) {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		hangingBody(w, r)
	}
}

func answerHalfAndMore(w http.ResponseWriter, _ *http.Request) {
	answerHalf(w)
	_, _ = io.WriteString(w, "more")
}

func streamsUntilLeft(w http.ResponseWriter, r *http.Request) {
	stream(w, r)
	<-r.Context().Done()
}

// ending is a row of the table of the ends of calls.
type ending struct{ verdict, errorType string }

// documentedEndings reads the table in doc.go.
func documentedEndings(t *testing.T) map[string]ending {
	t.Helper()
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	rows := make(map[string]ending)
	line := regexp.MustCompile(`(?m)^//\t(good|bad|ignored)\s+(?:(\S+)\s{2,})?(\S.*)$`)
	for _, m := range line.FindAllStringSubmatch(string(text), -1) {
		rows[m[3]] = ending{m[1], m[2]}
	}
	return rows
}

// TestEndingsOfCalls checks each row of the documented table on a real server.
func TestEndingsOfCalls(t *testing.T) {
	rows := documentedEndings(t)
	if len(rows) < 30 {
		t.Fatalf("found %d rows in doc.go, want at least 30", len(rows))
	}
	for name := range sendings {
		if _, ok := rows[name]; !ok {
			t.Errorf("the table in doc.go has no row %q", name)
		}
	}
	for name, want := range rows {
		s, ok := sendings[name]
		if !ok {
			t.Errorf("no test for the row %q", name)
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := s.run(t); got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
		})
	}
}

// run makes the call and returns how it was counted.
func (s sending) run(t *testing.T) (got ending) {
	records := make(chan middleware.Record, 100)
	opts := local
	opts.Done = func(r middleware.Record) { records <- r }
	indicator := dependencies
	if s.patience != 0 {
		indicator.Patience = s.patience
	}
	in, rec := newInstrument(t, &opts, indicator)
	server := newServer(t, http1, http.NotFoundHandler())
	if s.fresh != nil {
		s.handler = s.fresh()
	}
	if s.handler != nil {
		server = newServer(t, http1, s.handler)
	}
	url := server.URL
	if s.tls {
		url = newServer(t, http2, s.handler).URL
	}
	next := http.DefaultTransport.(*http.Transport).Clone()
	t.Cleanup(next.CloseIdleConnections)
	client := &http.Client{Transport: in.Transport(next)}
	if s.next != nil {
		client.Transport = in.Transport(s.next)
	}
	if s.around != nil {
		s.around(client, next)
	}
	s.send(t, client, url)
	eventually(t, "the call has not ended", func() bool {
		runtime.GC()
		middleware.WalkCalls(in)
		tally := rec.Report().Indicators[0]
		return tally.Counts.Valid+tally.Ignored[sli.ReasonClientLeft]+tally.Ignored[sli.ReasonUpgrade] > 0 && len(records) > 0
	})
	for len(records) > 0 {
		got.errorType = (<-records).ErrorType
	}
	for _, m := range gather(t, in)["http_client_active_requests"].GetMetric() {
		if m.GetGauge().GetValue() != 0 {
			t.Errorf("got %v active requests, want 0", m.GetGauge().GetValue())
		}
	}
	got.verdict = onlyVerdict(rec)
	return got
}
