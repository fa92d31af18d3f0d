package sligo

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/sligo-go/sligo/redact"
)

// Admin returns the handler that [Kit.Run] serves on Options.Admin:
//
//	/          the text of Kit.String, and the state of each objective
//	/slo/      the status page; see package statuspage
//	/metrics   the registry, for Prometheus
//	/healthz   200 while the process can answer
//	/readyz    200, or 503 while a check fails or the service drains
//	/errors    the errors of the log, grouped into issues
//
// [Kit.Ready] adds checks. The pages tell much about the service, so they are
// not for the public.
func (k *Kit) Admin() http.Handler {
	mux := http.NewServeMux()
	// A collector that fails hides no other.
	mux.Handle("GET "+metricsPath, promhttp.HandlerFor(k.Registry, promhttp.HandlerOpts{
		EnableOpenMetrics: true,
		ErrorHandling:     promhttp.ContinueOnError,
		ErrorLog:          slog.NewLogLogger(k.Log.Handler(), slog.LevelError),
	}))
	mux.Handle("/errors", k.issues.Page())
	// Without a pattern for /slo, the mux would redirect it to /slo/, which is
	// somewhere else if the program mounts Admin below a prefix.
	page := http.StripPrefix(strings.TrimSuffix(pagePath, "/"), k.page)
	mux.Handle(pagePath, page)
	mux.Handle(strings.TrimSuffix(pagePath, "/"), page)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, "ok\n") })
	mux.HandleFunc("GET /readyz", k.ready)
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, k.String()+"\n"+k.Status().String()+"\n")
	})
	return mux
}

// Paths below [Kit.Admin].
const (
	metricsPath = "/metrics"
	pagePath    = "/slo/"
)

// ready answers /readyz.
func (k *Kit) ready(w http.ResponseWriter, r *http.Request) {
	if k.draining.Load() {
		answer(w, http.StatusServiceUnavailable, "draining\n")
		return
	}
	failures := k.checks.failures(r.Context())
	if len(failures) == 0 {
		answer(w, http.StatusOK, "ok\n")
		return
	}
	text := ""
	for _, err := range failures {
		text += redact.Default().Text(err.Error()) + "\n"
	}
	answer(w, http.StatusServiceUnavailable, text)
}

func answer(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}

// serveAdmin serves Admin on the configured address. If it is taken, the
// service runs without its pages, and logs an error.
func (k *Kit) serveAdmin() *http.Server {
	if k.admin.value == noAdmin {
		return nil
	}
	listener, err := net.Listen("tcp", k.admin.value)
	if err != nil {
		none := ""
		k.adminAddress.Store(&none)
		k.say(slog.LevelError, "No metrics and no status page: cannot listen on the admin address", slog.String("error", fmt.Sprint(err)))
		return nil
	}
	address := listener.Addr().String()
	k.adminAddress.Store(&address)
	server := &http.Server{
		Handler:           k.Admin(),
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          slog.NewLogLogger(k.Log.Handler(), slog.LevelWarn),
	}
	go func() { _ = server.Serve(listener) }()
	return server
}

// closeAdmin ends the admin listener. A scrape that has begun has a second.
func closeAdmin(ctx context.Context, server *http.Server) {
	if server == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	if server.Shutdown(ctx) != nil {
		_ = server.Close()
	}
}
