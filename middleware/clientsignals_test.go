package middleware_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/baggage"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
)

// received is a transport that keeps the headers of the last request and
// answers a status.
type received struct {
	status int
	header http.Header
}

func (r *received) RoundTrip(req *http.Request) (*http.Response, error) {
	r.header = req.Header.Clone()
	return &http.Response{StatusCode: r.status, ProtoMajor: 1, ProtoMinor: 1, Body: http.NoBody, Header: http.Header{}}, nil
}

// secretURL has secrets in each part that may have one.
const secretURL = "https://bob:hunter2@Payments.example:8443/charges/17?token=hunter3&hunter4#hunter5"

func payRequest(ctx context.Context) *http.Request {
	r, err := http.NewRequestWithContext(ctx, "POST", secretURL, strings.NewReader("card=4111111111111111"))
	if err != nil {
		panic(err)
	}
	r.Header.Set("Authorization", "Bearer hunter6")
	return r
}

func watchPayments(o *middleware.Options) {
	o.Client = &middleware.ClientOptions{Hosts: []string{"payments.example:8443"}, Lines: true}
}

func roundTrip(t *testing.T, rt http.RoundTripper, r *http.Request) {
	t.Helper()
	resp, err := rt.RoundTrip(r)
	if err == nil {
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
	}
}

// TestSignalsOfAttemptsAgree reads all signals of a request that the service
// sends while it serves another one.
func TestSignalsOfAttemptsAgree(t *testing.T) {
	o := observe(t, sdktrace.AlwaysSample(), watchPayments)
	next := &received{status: 402}
	var sent *http.Request
	o.serve(getUser(func(r *http.Request) { r.Header.Set("X-Request-Id", "abc-123") }), func(_ http.ResponseWriter, r *http.Request) {
		member, _ := baggage.NewMember("tenant", "gold")
		bag, _ := baggage.New(member)
		ctx := middleware.WithURLTemplate(baggage.ContextWithBaggage(r.Context(), bag), "/charges/{id}")
		sent = payRequest(ctx)
		before := sent.Header.Clone()
		roundTrip(t, o.in.Transport(next), sent)
		if diff := cmp.Diff(before, sent.Header); diff != "" {
			t.Errorf("the caller's header changed (-before +after):\n%s", diff)
		}
	})
	inner, outer := o.spans.Ended()[0], o.spans.Ended()[1]
	if inner.SpanKind() != trace.SpanKindClient || inner.Parent().SpanID() != outer.SpanContext().SpanID() {
		t.Errorf("got a span of kind %v below %v", inner.SpanKind(), inner.Parent())
	}
	if inner.Name() != "POST /charges/{id}" || inner.Status().Code != codes.Error {
		t.Errorf("got span %q with %+v", inner.Name(), inner.Status())
	}
	want := map[string]any{
		"http.request.method": "POST", "url.full": "https://Payments.example:8443/charges/17", "url.template": "/charges/{id}",
		"server.address": "Payments.example", "server.port": int64(8443), "http.response.status_code": int64(402),
		"network.protocol.version": "1.1", "error.type": "402", "request_id": "abc-123",
		"http.request.body.size": int64(21), "http.response.body.size": int64(0),
	}
	if diff := cmp.Diff(want, attributesOf(inner)); diff != "" {
		t.Errorf("attributes (-want +got):\n%s", diff)
	}
	wantHeader := http.Header{
		"Authorization": {"Bearer hunter6"}, "X-Request-Id": {"abc-123"}, "Baggage": {"tenant=gold"},
		"Traceparent": {"00-" + inner.SpanContext().TraceID().String() + "-" + inner.SpanContext().SpanID().String() + "-01"},
	}
	if diff := cmp.Diff(wantHeader, next.header); diff != "" {
		t.Errorf("sent header (-want +got):\n%s", diff)
	}
	record := o.records[0]
	if record.Kind != trace.SpanKindClient || record.Request != sent || record.Route != "/charges/{id}" || record.Bad {
		t.Errorf("got record %+v", record)
	}
	if record.Event.Operation != "POST //payments.example:8443/charges/{id}" || o.records[1].Kind != trace.SpanKindServer {
		t.Errorf("got operation %q, and a record of kind %v", record.Event.Operation, o.records[1].Kind)
	}
	for m, l := range map[string]string{"server_address": "payments.example", "server_port": "8443", "error_type": "402", "http_response_status_code": "402"} {
		if got := clientSeries(t, o.in)[0][m]; got != l {
			t.Errorf("label %s: got %q, want %q", m, got, l)
		}
	}
	lines := strings.Split(strings.TrimSpace(o.lines.String()), "\n")
	if len(lines) != 2 || !strings.Contains(lines[0], `"WARN"`) || !strings.Contains(lines[0], record.Event.Operation) ||
		strings.Contains(lines[0], "client_address") {
		t.Errorf("got lines %q", lines)
	}
	checkNoSecret(t, o, "hunter")
}

// clientSeries returns the labels of the histogram's series.
func clientSeries(t *testing.T, in *middleware.Instrument) (all []map[string]string) {
	t.Helper()
	for _, m := range gather(t, in)["http_client_request_duration_seconds"].GetMetric() {
		all = append(all, labels(m))
	}
	return all
}

func checkNoSecret(t *testing.T, o *observatory, secret string) {
	t.Helper()
	var all bytes.Buffer
	all.WriteString(o.lines.String())
	for _, s := range o.spans.Ended() {
		all.WriteString(s.Name() + s.Status().Description)
		_, _ = fmt.Fprint(&all, attributesOf(s))
		for _, e := range s.Events() {
			for _, a := range e.Attributes {
				all.WriteString(a.Value.String())
			}
		}
	}
	for _, s := range clientSeries(t, o.in) {
		for _, v := range s {
			all.WriteString(v)
		}
	}
	if strings.Contains(all.String(), secret) {
		t.Errorf("a secret is in the signals:\n%s", all.String())
	}
}

// TestFailedAttemptHidesSecrets fails with an error that has a password.
func TestFailedAttemptHidesSecrets(t *testing.T) {
	o := observe(t, sdktrace.AlwaysSample(), watchPayments)
	rt := o.in.Transport(roundTripper(func(*http.Request) (*http.Response, error) { return nil, errNoStock }))
	roundTrip(t, rt, payRequest(t.Context()))
	span := o.spans.Ended()[0]
	checkException(t, span, "dial postgres://bob:REDACTED@db/shop", false)
	if got := attributesOf(span); got["error.type"] != "_OTHER" || got["http.response.status_code"] != nil {
		t.Errorf("got attributes %v", got)
	}
	checkNoSecret(t, o, "hunter")
}

// TestRequestIDIsForwarded sends the ID of the context, unless the request has
// one, and makes one otherwise.
func TestRequestIDIsForwarded(t *testing.T) {
	for name, c := range map[string]struct {
		context, own string
		opts         *middleware.IDOptions
		header, want string
	}{
		"context":            {context: "abc", opts: &middleware.IDOptions{}, want: "abc"},
		"own":                {context: "abc", own: "xyz", opts: &middleware.IDOptions{}, want: "xyz"},
		"own, invalid":       {context: "abc", own: "x y", opts: &middleware.IDOptions{}, want: "x y"},
		"made":               {opts: &middleware.IDOptions{New: func() string { return "new" }}, want: "new"},
		"header":             {context: "abc", opts: &middleware.IDOptions{Header: "x-correlation-id"}, header: "X-Correlation-Id", want: "abc"},
		"context, no option": {context: "abc", want: "abc"},
		"nothing":            {want: ""},
	} {
		t.Run(name, func(t *testing.T) {
			o := observe(t, sdktrace.AlwaysSample(), func(opts *middleware.Options) { opts.RequestID = c.opts })
			ctx := t.Context()
			if c.context != "" {
				ctx = logging.WithRequest(ctx, c.context)
			}
			r := payRequest(ctx)
			header := "X-Request-Id"
			if c.header != "" {
				header = c.header
			}
			if c.own != "" {
				r.Header.Set(header, c.own)
			}
			next := &received{status: 200}
			roundTrip(t, o.in.Transport(next), r)
			if got := next.header.Get(header); got != c.want {
				t.Errorf("sent %q, want %q", got, c.want)
			}
		})
	}
}

// TestRequestIsNotMutated compares a request before and after, which must also
// be free of races with a caller that reads it.
func TestRequestIsNotMutated(t *testing.T) {
	o := observe(t, sdktrace.AlwaysSample(), watchPayments)
	next := roundTripper(func(r *http.Request) (*http.Response, error) {
		r.Header.Set("X-Inner", "1")
		return nil, errChangedMind
	})
	r := payRequest(t.Context())
	before := r.Clone(r.Context())
	before.Body, before.GetBody = nil, nil
	body := r.Body
	roundTrip(t, o.in.Transport(next), r)
	if r.Body != body {
		t.Error("the body changed")
	}
	after := *r
	after.Body, after.GetBody = nil, nil
	if diff := cmp.Diff(before.Header, after.Header); diff != "" {
		t.Errorf("header (-before +after):\n%s", diff)
	}
	if before.URL.String() != after.URL.String() || before.Context() != after.Context() || before.Host != after.Host || before.ContentLength != after.ContentLength {
		t.Errorf("got %+v, want %+v", after, before)
	}
}

// TestBodyKeepsItsIdentity looks at the request that the next transport gets.
func TestBodyKeepsItsIdentity(t *testing.T) {
	o := observe(t, sdktrace.AlwaysSample(), nil)
	for name, body := range map[string]io.Reader{"none": nil, "NoBody": http.NoBody, "reader": strings.NewReader("x")} {
		t.Run(name, func(t *testing.T) {
			r, _ := http.NewRequestWithContext(t.Context(), "POST", "http://payments/", body)
			roundTrip(t, o.in.Transport(roundTripper(func(sent *http.Request) (*http.Response, error) {
				if sent.Body != r.Body || (sent.GetBody == nil) != (r.GetBody == nil) || sent.ContentLength != r.ContentLength {
					t.Errorf("got body %v, length %d, want %v, %d", sent.Body, sent.ContentLength, r.Body, r.ContentLength)
				}
				return nil, errChangedMind
			})), r)
		})
	}
}

// TestOmittedAttempts leaves signals out.
func TestOmittedAttempts(t *testing.T) {
	for name, c := range map[string]struct {
		omit          middleware.Signal
		series, spans int
		header        bool
	}{
		"nothing": {0, 1, 1, true},
		"event":   {middleware.SignalEvent, 1, 1, true},
		"metrics": {middleware.SignalMetrics, 0, 1, true},
		"span":    {middleware.SignalSpan, 1, 0, false},
		"all":     {middleware.SignalAll, 0, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			o := observe(t, sdktrace.AlwaysSample(), func(opts *middleware.Options) {
				opts.Client = &middleware.ClientOptions{Omit: func(*http.Request) middleware.Signal { return c.omit }}
			})
			next := &received{status: 200}
			roundTrip(t, o.in.Transport(next), payRequest(t.Context()))
			if got := len(clientSeries(t, o.in)); got != c.series {
				t.Errorf("got %d series, want %d", got, c.series)
			}
			if got := len(o.spans.Ended()); got != c.spans {
				t.Errorf("got %d spans, want %d", got, c.spans)
			}
			if _, ok := next.header["Traceparent"]; ok != c.header {
				t.Errorf("sent a traceparent: %t, want %t", ok, c.header)
			}
			if o.lines.Len() > 0 {
				t.Errorf("got lines %q", o.lines.String())
			}
		})
	}
	in, rec := newInstrument(t, &middleware.Options{Client: &middleware.ClientOptions{
		Omit: func(r *http.Request) middleware.Signal {
			if r.Method == "HEAD" {
				return middleware.SignalEvent
			}
			panic("no")
		},
	}}, dependencies)
	rt := in.Transport(&received{status: 200})
	for _, method := range []string{"HEAD", "GET", "HEAD"} {
		r, _ := http.NewRequestWithContext(t.Context(), method, "http://payments/", nil)
		roundTrip(t, rt, r)
	}
	checkCounts(t, rec, "dependencies", sli.Counts{Good: 1, Valid: 1})
}

// TestResendsAreCounted follows redirects, each with a span of its own.
func TestResendsAreCounted(t *testing.T) {
	o := observe(t, sdktrace.AlwaysSample(), func(opts *middleware.Options) { opts.Client = local.Client })
	server := newServer(t, http1, redirects(2, answerWhole))
	gets(t, &http.Client{Transport: o.in.Transport(nil)}, server.URL)
	var got []any
	for _, s := range o.spans.Ended() {
		got = append(got, attributesOf(s)["http.request.resend_count"])
	}
	if diff := cmp.Diff([]any{nil, int64(1), int64(2)}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := histogramCountOf(t, o.in, "http_client_request_duration_seconds"); got != 3 {
		t.Errorf("got %d attempts, want 3", got)
	}
}

func histogramCountOf(t *testing.T, in *middleware.Instrument, name string) (count uint64) {
	t.Helper()
	for _, m := range gather(t, in)[name].GetMetric() {
		count += m.GetHistogram().GetSampleCount()
	}
	return count
}

// TestContextOfAttempts has the span, the request ID and the caller's trace of
// the connection.
func TestContextOfAttempts(t *testing.T) {
	o := observe(t, sdktrace.AlwaysSample(), nil)
	server := newServer(t, http1, http.HandlerFunc(status(200)))
	connected := false
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected = true }})
	r, _ := http.NewRequestWithContext(ctx, "GET", server.URL, nil)
	roundTrip(t, o.in.Transport(roundTripper(func(r *http.Request) (*http.Response, error) {
		if !trace.SpanFromContext(r.Context()).IsRecording() || logging.RequestID(r.Context()) == "" {
			t.Error("the context has no span or no request ID")
		}
		return http.DefaultTransport.RoundTrip(r)
	})), r)
	if !connected {
		t.Error("the caller's httptrace saw no connection")
	}
}

// TestInvalidRequests passes requests on that no transport can send.
func TestInvalidRequests(t *testing.T) {
	o := observe(t, sdktrace.AlwaysSample(), nil)
	for name, r := range map[string]*http.Request{
		"no URL": {Method: "GET", Header: http.Header{}}, "no header": {Method: "GET", URL: httptest.NewRequest("GET", "http://x/", nil).URL},
	} {
		bare, want := http.DefaultTransport.RoundTrip(r) //nolint:bodyclose // there is none
		resp, err := o.in.Transport(nil).RoundTrip(r)    //nolint:bodyclose // there is none
		if bare != nil || resp != nil || err == nil || err.Error() != want.Error() {
			t.Errorf("%s: got %v, want %v", name, err, want)
		}
	}
}

// TestWrappingTwice measures once if a transport wraps its own directly.
func TestWrappingTwice(t *testing.T) {
	in, rec := newInstrument(t, nil, dependencies)
	next := &received{status: 200}
	once := in.Transport(next)
	roundTrip(t, in.Transport(once), payRequest(t.Context()))
	checkCounts(t, rec, "dependencies", sli.Counts{Good: 1, Valid: 1})
	between := roundTripper(once.RoundTrip)
	roundTrip(t, in.Transport(between), payRequest(t.Context()))
	checkCounts(t, rec, "dependencies", sli.Counts{Good: 3, Valid: 3})
	other, otherRec := newInstrument(t, nil, dependencies)
	roundTrip(t, other.Transport(once), payRequest(t.Context()))
	checkCounts(t, rec, "dependencies", sli.Counts{Good: 4, Valid: 4})
	checkCounts(t, otherRec, "dependencies", sli.Counts{Good: 1, Valid: 1})
}

type idle struct {
	http.RoundTripper
	closed bool
}

func (i *idle) CloseIdleConnections() { i.closed = true }

func TestCloseIdleConnections(t *testing.T) {
	in, _ := newInstrument(t, nil)
	next := &idle{}
	(&http.Client{Transport: in.Transport(next)}).CloseIdleConnections()
	if !next.closed {
		t.Error("the next transport was not told")
	}
	(&http.Client{Transport: in.Transport(&received{})}).CloseIdleConnections()
}

func TestClientOptionsReportEveryMistake(t *testing.T) {
	_, err := middleware.New(nil, &middleware.Options{Client: &middleware.ClientOptions{Hosts: []string{
		"payments", "payments:8443", "[::1]:80", "", "http://payments", "payments/charges", "bob@payments", "*.example", ":80", "a b",
	}}})
	var joined interface{ Unwrap() []error }
	if !errors.As(err, &joined) || len(joined.Unwrap()) != 7 {
		t.Fatalf("got %v, want 7 errors", err)
	}
	var field *sli.FieldError
	if !errors.As(err, &field) || field.Path != "Client.Hosts[3]" {
		t.Errorf("got %v", err)
	}
}
