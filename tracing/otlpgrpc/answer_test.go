package otlpgrpc_test

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	collectorpb "go.opentelemetry.io/proto/otlp/collector/trace/v1"

	"github.com/sligo-go/sligo/telemetry"
	"github.com/sligo-go/sligo/tracing"
	"github.com/sligo-go/sligo/tracing/otlpgrpc"
)

// logged starts tracing with a log.
func logged(t *testing.T, endpoint string) (*tracing.Provider, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	tr, err := tracing.Start(t.Context(), "users", &tracing.Options{
		Exporters: []tracing.Exporter{otlpgrpc.Exporter(&otlpgrpc.Options{Endpoint: endpoint})},
		Logger:    slog.New(slog.NewTextHandler(&log, nil)),
		LookupEnv: environment(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return tr, &log
}

func TestWarningsAreLogged(t *testing.T) {
	r := &receiver{answer: func(int) (*collectorpb.ExportTraceServiceResponse, error) {
		return &collectorpb.ExportTraceServiceResponse{PartialSuccess: &collectorpb.ExportTracePartialSuccess{ErrorMessage: "old version"}}, nil
	}}
	address, _ := serve(t, r, "127.0.0.1:0")
	tr, log := logged(t, "http://"+address)
	spans(tr, 5, 10)
	if err := tr.Shutdown(patient(t)); err != nil {
		t.Error(err)
	}
	if !strings.Contains(log.String(), "the receiver warns: old version") || strings.Count(log.String(), "\n") != 1 {
		t.Errorf("the log is %s", log.String())
	}
}

// TestPageIsNoExport sends spans to a web server.
func TestPageIsNoExport(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<html>Log in</html>")
	}))
	server.Config.Protocols = new(http.Protocols)
	server.Config.Protocols.SetUnencryptedHTTP2(true)
	server.Start()
	defer server.Close()
	tr, log := logged(t, server.URL)
	spans(tr, 5, 10)
	if err := tr.Shutdown(patient(t)); err == nil || !strings.Contains(err.Error(), "text/html") {
		t.Errorf("Shutdown: %v", err)
	}
	if got, want := tr.Stats()[0].Counts, (telemetry.Counts{Failed: 5}); got != want || !strings.Contains(log.String(), "text/html") {
		t.Errorf("got %v, want %v; the log is %s", got, want, log.String())
	}
}
