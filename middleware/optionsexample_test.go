package middleware_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strings"

	"go.opentelemetry.io/otel/trace"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
)

// No signal shows the health checks of Kubernetes, and the histograms have no
// bots.
func ExampleOptions_omit() {
	rec, err := sli.NewRecorder(sli.Indicator{Service: "shop", Name: "availability"})
	if err != nil {
		fmt.Println(err)
		return
	}
	in, err := middleware.New(rec, &middleware.Options{
		Omit: func(r *http.Request) middleware.Signal {
			switch {
			case r.URL.Path == "/healthz":
				return middleware.SignalAll
			case strings.Contains(r.UserAgent(), "bot"):
				return middleware.SignalMetrics
			}
			return 0
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	handler := in.Handler(http.NotFoundHandler())
	for _, path := range []string{"/healthz", "/cart", "/healthz"} {
		handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", path, nil))
	}
	counts, _ := rec.Counts("availability")
	fmt.Println(counts)
	// Output: 1/1 (100.00%)
}

var errNotFound = errors.New("no such order")

// A query that finds nothing is a result, and a row that is locked is a failure
// with a name.
func ExampleOptions_classify() {
	in, err := middleware.New(nil, &middleware.Options{
		Classify: func(_ context.Context, err error) middleware.Result {
			if errors.Is(err, errNotFound) {
				return middleware.Result{Code: "not_found"}
			}
			return middleware.Result{Err: err, ErrorType: "locked"}
		},
		Done: func(r middleware.Record) { fmt.Printf("%s %q %q\n", r.Event.Operation, r.Event.Code, r.ErrorType) },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	for _, failure := range []error{nil, errNotFound, errors.New("row is locked")} {
		_ = in.Do(ctx, "select orders", func(context.Context) error { return failure })
	}
	// Output:
	// select orders "" ""
	// select orders "not_found" ""
	// select orders "" "locked"
}

// A load balancer appends the address of its client to X-Forwarded-For. The
// addresses before it may be invented.
func ExampleOptions_trustedProxies() {
	only := func(_ []string, a slog.Attr) slog.Attr {
		if a.Key != "client_address" {
			return slog.Attr{}
		}
		return a
	}
	in, err := middleware.New(nil, &middleware.Options{
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")},
		AccessLog: &middleware.LogOptions{
			Logger: slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: only})),
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	r := httptest.NewRequest("GET", "/cart", nil)
	r.RemoteAddr = "10.1.2.3:443"
	r.Header.Set("X-Forwarded-For", "127.0.0.1, 192.0.2.17, 10.1.2.4")
	in.Handler(http.NotFoundHandler()).ServeHTTP(httptest.NewRecorder(), r)
	// Output: client_address=192.0.2.17
}

// The consumer of a queue learns from the message what it has to do.
func ExampleCall_SetOperation() {
	in, err := middleware.New(nil, &middleware.Options{
		Done: func(r middleware.Record) { fmt.Println(r.Event.Operation, r.Event.Err) },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	call := in.Begin(context.Background(), middleware.CallInfo{Kind: trace.SpanKindConsumer})
	call.SetOperation("process refunds")
	call.EndError(errors.New("no such order"))
	// Output: process refunds no such order
}
