package main

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// serveAdmin serves the admin address, which all services share.
func (s *shop) serveAdmin() error {
	listener, err := listen(s.config.admin, adminAddr)
	if err != nil {
		return err
	}
	s.admin = &http.Server{Addr: listener.Addr().String(), Handler: s.adminPages(), ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = s.admin.Serve(listener) }()
	return nil
}

// adminPages are the control page, the metrics of all services, the tally, and
// below the name of each service the pages of its kit, such as /users/errors.
func (s *shop) adminPages() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.faults.show)
	mux.HandleFunc("POST /{$}", s.faults.change)
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.metrics, promhttp.HandlerOpts{EnableOpenMetrics: true}))
	mux.HandleFunc("GET /tally", s.showTally)
	mux.Handle("/slo/", http.StripPrefix("/slo", s.status))
	for name, service := range s.services {
		mux.Handle("/"+name+"/", http.StripPrefix("/"+name, service.kit.Admin()))
	}
	return http.NewCrossOriginProtection().Handler(mux)
}

// showTally answers with the counts of the clients and of the services. While
// there is traffic, either can be ahead of the other.
func (s *shop) showTally(w http.ResponseWriter, _ *http.Request) {
	stopped := s.stopped.Load() // before the counts, which then are the last
	writeJSON(w, map[string]any{"traffic": !stopped, "clients": s.tally.all(), "services": s.counts()})
}
