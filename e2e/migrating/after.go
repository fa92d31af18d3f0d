package migrating

import (
	"context"
	"net/http"

	"github.com/sligo-go/sligo"
	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

var objectives = []slo.Objective{{
	Indicator: sli.Indicator{
		Service: "users", Name: "availability", Requests: []string{"GET /users/{userid}"},
		Good: sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
	},
	Target: slo.MustParseTarget("99.95%"), Window: slo.MustParseWindow("30d"),
}}

// After serves with all signals. The metrics are at /metrics of the admin
// address, and OTEL_EXPORTER_OTLP_ENDPOINT says where the spans go.
func After(ctx context.Context, mux *http.ServeMux) error {
	kit, err := sligo.Start(objectives, &sligo.Options{Admin: ":9464"})
	if err != nil {
		return err
	}
	return kit.Run(ctx, &http.Server{Addr: ":8080", Handler: kit.Handler(mux)})
}

// Counting starts a kit that counts beside other instrumentation. It leaves
// spans and lines to that.
func Counting() (*sligo.Kit, error) {
	return sligo.Start(objectives, &sligo.Options{Middleware: middleware.Options{
		Omit: func(*http.Request) middleware.Signal { return middleware.SignalSpan | middleware.SignalLine },
	}})
}
