package middleware_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
)

// TestGroupsOfCalls counts calls by tenant: answered, failed, retried in a
// WithCall, and judged in flight.
func TestGroupsOfCalls(t *testing.T) {
	calls := dependencies
	calls.Patience = brief
	calls.Groups = sli.Groups{Values: []string{"acme", "mint"}}
	in, rec := newInstrument(t, &middleware.Options{Client: &middleware.ClientOptions{
		Group: func(r *http.Request) string { return r.Header.Get("Tenant") },
	}}, calls)
	send := func(tenant string, next http.RoundTripper, r *http.Request) {
		r.Header.Set("Tenant", tenant)
		if resp, err := in.Transport(next).RoundTrip(r); err == nil {
			_, _ = io.Copy(io.Discard, resp.Body)
			_ = resp.Body.Close()
		}
	}
	send("acme", &inTurn{statuses: []int{200}}, newGet(t.Context()))
	send("acme", &inTurn{statuses: []int{503}}, newGet(t.Context()))
	send("mint", &inTurn{statuses: []int{0}}, newGet(t.Context()))
	send("unknown", &inTurn{statuses: []int{200}}, newGet(t.Context()))
	retried, end := middleware.WithCall(t.Context())
	send("mint", &inTurn{statuses: []int{503}}, newGet(retried))
	send("acme", &inTurn{statuses: []int{200}}, newGet(retried)) // not the first
	end()
	hanging := make(chan struct{})
	go send("acme", roundTripper(func(r *http.Request) (*http.Response, error) {
		<-hanging
		return nil, r.Context().Err()
	}), newGet(&expirable{t.Context(), closedChannel()}))
	eventually(t, "the call in flight is not bad", func() bool {
		time.Sleep(brief)
		middleware.WalkCalls(in)
		return countsByGroup(rec)["acme"] == sli.Counts{Good: 1, Valid: 3}
	})
	close(hanging)
	for group, want := range map[string]sli.Counts{"mint": {Good: 1, Valid: 2}, "other": {Good: 1, Valid: 1}} {
		if got := countsByGroup(rec)[group]; got != want {
			t.Errorf("%s: got %v, want %v", group, got, want)
		}
	}
}

func closedChannel() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}

func countsByGroup(rec *sli.Recorder) map[string]sli.Counts {
	all := make(map[string]sli.Counts)
	for _, g := range rec.Report().Indicators[0].Groups {
		all[g.Name] = g.Counts
	}
	return all
}

// TestBodyThatWritesItself keeps the io.WriterTo of a transport's body. Its end
// ends the call, and a writer that fails is no failure of the service.
func TestBodyThatWritesItself(t *testing.T) {
	for name, c := range map[string]struct {
		body      io.Reader
		to        io.Writer
		verdict   string
		errorType string
		bytes     int64
	}{
		"whole":          {body: strings.NewReader("hello"), to: io.Discard, verdict: "good", bytes: 5},
		"broken":         {body: brokenWriterTo{}, to: io.Discard, verdict: "bad", errorType: "connection_closed", bytes: 4},
		"writer fails":   {body: strings.NewReader("hello"), to: brokenWriter{}, verdict: "good", bytes: 2},
		"no io.WriterTo": {body: onlyReader{strings.NewReader("hello")}, to: io.Discard, verdict: "good", bytes: 5},
	} {
		t.Run(name, func(t *testing.T) {
			var got middleware.Record
			opts := local
			opts.Done = func(r middleware.Record) { got = r }
			in, rec := newInstrument(t, &opts, dependencies)
			resp, err := in.Transport(roundTripper(func(r *http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(c.body), ContentLength: -1, Request: r}, nil
			})).RoundTrip(newGet(t.Context()))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = resp.Body.Close() }()
			_, has := c.body.(io.WriterTo)
			if _, ok := resp.Body.(io.WriterTo); ok != has {
				t.Errorf("the body is an io.WriterTo: %t, want %t", ok, has)
			}
			_, _ = io.Copy(c.to, resp.Body)
			ended := got.Kind == trace.SpanKindClient
			if want := name != "writer fails"; ended != want {
				t.Errorf("the call has ended: %t, want %t", ended, want)
			}
			_ = resp.Body.Close()
			if verdict := onlyVerdict(rec); verdict != c.verdict || got.ErrorType != c.errorType || got.ResponseBytes != c.bytes {
				t.Errorf("got %s, %q, %d bytes, want %s, %q, %d", verdict, got.ErrorType, got.ResponseBytes, c.verdict, c.errorType, c.bytes)
			}
		})
	}
}

type brokenWriterTo struct{ io.Reader }

func (brokenWriterTo) WriteTo(w io.Writer) (int64, error) {
	n, _ := io.WriteString(w, "half")
	return int64(n), io.ErrUnexpectedEOF
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 2, errors.New("disk is full") }
