package middleware_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
)

// rpc answers with a Content-Type and a message, then calls add.
func rpc(contentType string, add func(http.ResponseWriter)) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		_, _ = io.WriteString(w, "\x00\x00\x00\x00\x02ok")
		add(w)
	}
}

// trailer sends a Grpc-Status as connect-go does.
func trailer(status string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) { w.Header().Set(http.TrailerPrefix+"Grpc-Status", status) }
}

func nothing(http.ResponseWriter) {}

func setsCode(code string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) { middleware.SetCode(w, code) }
}

// declaredTrailer sends a Grpc-Status as grpc.Server.ServeHTTP does.
func declaredTrailer(status string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/grpc")
		w.Header().Add("Trailer", "Grpc-Status")
		w.WriteHeader(200)
		w.Header().Set("Grpc-Status", status)
	}
}

// trailersOnly sends a Grpc-Status among the headers, without a body.
func trailersOnly(status string, explicit bool) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/grpc+proto")
		w.Header().Set("Grpc-Status", status)
		if explicit {
			w.WriteHeader(200)
		}
	}
}

// An rpcOutcome is the outcome of a gRPC call, for indicators that list
// statuses, codes, and both.
type rpcOutcome struct {
	Status, ErrorType        string // labels
	Code                     string
	ByStatus, ByCode, ByBoth string
}

// TestGRPC calls handlers of a real server by the protocols of gRPC, gRPC-Web
// and Connect.
func TestGRPC(t *testing.T) {
	const grpc, web, connect = "application/grpc", "application/grpc-web+proto", "application/connect+json"
	good := func(code string) rpcOutcome { return rpcOutcome{"200", "", code, "good", "good", "good"} }
	bad := func(errorType, code string) rpcOutcome {
		return rpcOutcome{"200", errorType, code, "bad", "bad", "bad"}
	}
	unjudged := rpcOutcome{"200", "", "", "ignored", "ignored", "ignored"}
	fails := func(w http.ResponseWriter) { middleware.SetError(w, errors.New("out of stock")) }

	cases := map[string]struct {
		handler http.Handler
		request string // Content-Type
		want    rpcOutcome
	}{
		"OK in a trailer":                   {rpc(grpc, trailer("0")), grpc, good("OK")},
		"Internal in a trailer":             {rpc(grpc, trailer("13")), grpc, bad("INTERNAL", "Internal")},
		"Internal, a type with a parameter": {rpc("application/grpc+json; charset=utf-8", trailer("13")), grpc, bad("INTERNAL", "Internal")},
		"Unavailable in a declared trailer": {declaredTrailer("14"), grpc, bad("UNAVAILABLE", "Unavailable")},
		"OK in a declared trailer":          {declaredTrailer("0"), grpc, good("OK")},
		"DeadlineExceeded in the headers":   {trailersOnly("4", true), grpc, bad("DEADLINE_EXCEEDED", "DeadlineExceeded")},
		"Unimplemented, an implicit status": {trailersOnly("12", false), grpc, bad("UNIMPLEMENTED", "Unimplemented")},
		"NotFound is the client's error":    {rpc(grpc, trailer("5")), grpc, rpcOutcome{"200", "", "NotFound", "good", "good", "good"}},
		"InvalidArgument is not listed":     {rpc(grpc, trailer("3")), grpc, rpcOutcome{"200", "", "InvalidArgument", "good", "bad", "bad"}},
		"a code that gRPC does not define":  {rpc(grpc, trailer("77")), grpc, bad("UNKNOWN", "Unknown")},
		"a code that is no number":          {rpc(grpc, trailer("ok")), grpc, bad("UNKNOWN", "Unknown")},
		"no code":                           {rpc(grpc, nothing), grpc, bad("UNKNOWN", "Unknown")},
		"the response alone has the type":   {rpc(grpc, trailer("13")), "", bad("INTERNAL", "Internal")},
		"the server answers 503":            {answers(503), grpc, rpcOutcome{"503", "UNAVAILABLE", "Unavailable", "bad", "bad", "bad"}},
		"the mux answers 404":               {http.NotFoundHandler(), grpc, rpcOutcome{"404", "UNIMPLEMENTED", "Unimplemented", "good", "bad", "bad"}},
		"a page answers a call":             {rpc("text/html", nothing), grpc, bad("UNKNOWN", "Unknown")},
		"the handler panics":                {http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("boom") }), grpc, rpcOutcome{"500", "panic", "Internal", "bad", "bad", "bad"}},
		"SetError with OK":                  {rpc(grpc, func(w http.ResponseWriter) { trailer("0")(w); fails(w) }), grpc, rpcOutcome{"200", "_OTHER", "OK", "bad", "bad", "bad"}},
		"SetCode wins over the trailer":     {rpc(grpc, func(w http.ResponseWriter) { trailer("0")(w); setsCode("Internal")(w) }), grpc, bad("INTERNAL", "Internal")},
		"gRPC-Web":                          {rpc(web, nothing), web, unjudged},
		"gRPC-Web with its code as a header": {http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Grpc-Status", "13")
			rpc(web, nothing)(w, r)
		}), web, unjudged},
		"gRPC-Web as text":                   {rpc("application/grpc-web-text", nothing), web, unjudged},
		"gRPC-Web marked OK":                 {rpc(web, setsCode("OK")), web, good("OK")},
		"gRPC-Web marked Internal":           {rpc(web, setsCode("INTERNAL")), web, bad("INTERNAL", "Internal")},
		"gRPC-Web, SetCode canceled":         {rpc(web, func(w http.ResponseWriter) { setsCode("OK")(w); setsCode("")(w) }), web, unjudged},
		"gRPC-Web with SetError":             {rpc(web, fails), web, rpcOutcome{"200", "_OTHER", "", "bad", "bad", "bad"}},
		"gRPC-Web to a mux that answers 404": {http.NotFoundHandler(), web, rpcOutcome{"404", "UNIMPLEMENTED", "Unimplemented", "good", "bad", "bad"}},
		"a stream of Connect":                {rpc(connect, nothing), connect, unjudged},
		"a stream of Connect, in its words":  {rpc(connect, setsCode("data_loss")), connect, bad("DATA_LOSS", "DataLoss")},
		"a stream of Connect, an odd name":   {rpc(connect, setsCode("broken")), connect, bad("UNKNOWN", "Unknown")},
		"Connect's unary answer":             {rpc("application/proto", nothing), "application/proto", rpcOutcome{"200", "", "", "good", "bad", "good"}},
		"Connect's unary error":              {answers(503), "application/proto", rpcOutcome{"503", "503", "", "bad", "bad", "bad"}},
		"a header of gRPC in an HTTP answer": {rpc("application/json", trailer("13")), "application/json", rpcOutcome{"200", "", "", "good", "bad", "good"}},
		"SetCode of an HTTP answer":          {rpc("application/json", setsCode("Internal")), "application/json", bad("INTERNAL", "Internal")},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, call(t, c.handler, c.request)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// call makes a call over HTTP/2.
func call(t *testing.T, handler http.Handler, contentType string) (got rpcOutcome) {
	t.Helper()
	done := make(chan sli.Event, 1)
	indicator := func(name string, good sli.Condition) sli.Indicator {
		return sli.Indicator{Service: "users", Name: name, Good: good}
	}
	statuses, codes := []string{"2xx", "3xx", "4xx"}, []string{"OK", "NotFound"}
	in, rec := newInstrument(t, &middleware.Options{Done: func(r middleware.Record) { done <- r.Event }},
		indicator("status", sli.Condition{Status: statuses}), indicator("code", sli.Condition{Code: codes}),
		indicator("both", sli.Condition{Status: statuses, Code: codes}))
	server := newServer(t, "HTTP/2.0", in.Handler(handler))
	r, err := http.NewRequestWithContext(t.Context(), "POST", server.URL+"/shop.Users/Get", strings.NewReader("\x00\x00\x00\x00\x00"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", contentType)
	if resp, err := server.Client().Transport.RoundTrip(r); err == nil {
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
	}
	got.Code = (<-done).Code
	got.Status, got.ErrorType = onlySeries(t, in)
	for name, v := range map[string]*string{"status": &got.ByStatus, "code": &got.ByCode, "both": &got.ByBoth} {
		counts, _ := rec.Counts(name)
		*v = verdict(counts)
	}
	return got
}

func TestUnjudgedHasItsReason(t *testing.T) {
	in, rec := newInstrument(t, nil, availability)
	serveOnce(in, rpc("application/grpc-web", nothing))
	if got := rec.Report().Indicators[0].Ignored[sli.ReasonUnjudged]; got != 1 {
		t.Errorf("got %d unjudged events, want 1", got)
	}
}

// TestGRPCClientDisconnects lets the client leave before and during a call.
func TestGRPCClientDisconnects(t *testing.T) {
	leave := func(marks bool, code, late string) (event sli.Event) {
		ctx, cancel := context.WithCancel(t.Context())
		in, _ := newInstrument(t, &middleware.Options{Done: func(r middleware.Record) { event = r.Event }})
		r := httptest.NewRequestWithContext(ctx, "POST", "/", strings.NewReader(""))
		r.Header.Set("Content-Type", "application/grpc")
		in.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if marks {
				middleware.SetStream(w)
			}
			w.Header().Set("Content-Type", "application/grpc")
			_, _ = io.WriteString(w, "message")
			if code != "" {
				middleware.SetCode(w, code)
			}
			cancel()
			w.Header().Set(http.TrailerPrefix+"Grpc-Status", "1")
			middleware.SetCode(w, late)
		})).ServeHTTP(httptest.NewRecorder(), r)
		return event
	}
	for _, c := range []struct {
		name       string
		marks      bool
		code, late string
		want       sli.Event
	}{
		{"a single answer", false, "", "", sli.Event{Status: 499, Code: "Canceled", Canceled: true}},
		{"a single answer with a late code", false, "", "Internal", sli.Event{Status: 499, Code: "Canceled", Canceled: true}},
		{"a stream", true, "", "", sli.Event{Status: 200, Code: "OK"}},
		{"a stream with a late code", true, "", "Canceled", sli.Event{Status: 200, Code: "OK"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := leave(c.marks, c.code, c.late)
			c.want.Operation, c.want.Duration = "POST unmatched", got.Duration
			if got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

// TestCodesMakeFewSeries answers with every number.
func TestCodesMakeFewSeries(t *testing.T) {
	in, _ := newInstrument(t, nil)
	for _, status := range append(strings.Split("0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16", " "), "17", "-1", "300", "x") {
		serveOnce(in, rpc("application/grpc", trailer(status)))
	}
	if got := countSeries(t, in)["http_server_request_duration_seconds"]; got != 7 {
		t.Errorf("got %d label sets, want one without error_type and one for each of 6 codes", got)
	}
}

// TestGRPCDeadlines lets clients send a deadline with their calls.
func TestGRPCDeadlines(t *testing.T) {
	const immediate, late = 0, 60 * time.Millisecond
	latency := sli.Indicator{Service: "users", Name: "latency", Kind: sli.KindLatency, Good: sli.Condition{Within: 30 * time.Millisecond}}
	bad, good, ignored := sli.Counts{Valid: 1}, sli.Counts{Good: 1, Valid: 1}, sli.Counts{}
	for _, c := range []struct {
		name, timeout string
		takes         time.Duration
		leaves        bool
		code          string
		all, latency  sli.Counts
	}{
		{"in time", "10S", immediate, false, "OK", good, good},
		{"in time, but the latency's bound is longer", "20m", immediate, false, "OK", good, ignored},
		{"too late", "50m", late, false, "DeadlineExceeded", bad, bad},
		{"too late for the client", "50m", late, true, "DeadlineExceeded", bad, bad},
		{"in the last tenth", "62000u", late, true, "DeadlineExceeded", bad, bad},
		{"before the last tenth", "1H", late, true, "Canceled", ignored, bad},
		{"no deadline", "", late, true, "Canceled", ignored, bad},
		{"less than 10 ms", "9999999n", late, true, "DeadlineExceeded", ignored, ignored},
		{"no unit", "50", late, true, "Canceled", ignored, bad},
		{"no number", "xm", late, true, "Canceled", ignored, bad},
		{"too many digits", "123456789m", late, true, "Canceled", ignored, bad},
		{"longer than a Duration", "99999999H", late, true, "Canceled", ignored, bad},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var event sli.Event
				in, rec := newInstrument(t, &middleware.Options{Done: func(r middleware.Record) { event = r.Event }}, availability, latency)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				r := httptest.NewRequestWithContext(ctx, "POST", "/", strings.NewReader(""))
				r.Header.Set("Content-Type", "application/grpc")
				if c.timeout != "" {
					r.Header.Set("Grpc-Timeout", c.timeout)
				}
				in.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					time.Sleep(c.takes)
					if c.leaves {
						cancel()
						return
					}
					rpc("application/grpc", trailer("0"))(w, r)
				})).ServeHTTP(httptest.NewRecorder(), r)
				if event.Code != c.code {
					t.Errorf("got %v, want code %s", event, c.code)
				}
				all, _ := rec.Counts("availability")
				within, _ := rec.Counts("latency")
				if all != c.all || within != c.latency {
					t.Errorf("got %v and %v within the bound, want %v and %v", all, within, c.all, c.latency)
				}
			})
		})
	}
}

// TestGRPCDeadlineOfAHang judges a call whose handler never returns.
func TestGRPCDeadlineOfAHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, rec := newInstrument(t, nil, availability)
		release := make(chan struct{})
		go func() {
			r := httptest.NewRequest("POST", "/", strings.NewReader(""))
			r.Header.Set("Content-Type", "application/grpc")
			r.Header.Set("Grpc-Timeout", "500m")
			serve := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release })
			in.Handler(serve).ServeHTTP(httptest.NewRecorder(), r)
		}()
		for _, step := range []struct {
			wait time.Duration
			want sli.Counts
		}{{400 * time.Millisecond, sli.Counts{}}, {200 * time.Millisecond, sli.Counts{Valid: 1}}} {
			time.Sleep(step.wait)
			if got, _ := rec.Counts("availability"); got != step.want {
				t.Errorf("got %v after %v more, want %v", got, step.wait, step.want)
			}
		}
		close(release)
		synctest.Wait()
		if got, _ := rec.Counts("availability"); got != (sli.Counts{Valid: 1}) {
			t.Errorf("got %v at the return, want the same bad event", got)
		}
	})
}
