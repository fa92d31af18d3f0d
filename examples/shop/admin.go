package main

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/sli/sliprom"
	"github.com/sligo-go/sligo/slo/sloprom"
)

// admin serves /metrics and /status.
func (s *shop) admin() http.Handler {
	reg := prometheus.NewRegistry()
	reg.MustRegister(collectors.NewGoCollector())
	var recorders []*sli.Recorder
	for _, service := range s.services {
		recorders = append(recorders, service.recorder)
		// The services share a process here, so a label tells their requests apart.
		prometheus.WrapRegistererWith(prometheus.Labels{"sli_service": service.name}, reg).MustRegister(service.instrument)
	}
	reg.MustRegister(sliprom.NewCollector(recorders...), sloprom.NewCollector(objectives...))

	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(reg, promhttp.HandlerOpts{EnableOpenMetrics: true}))
	mux.HandleFunc("GET /status", func(w http.ResponseWriter, _ *http.Request) {
		// Before the counts, which then are the last. A gRPC call is counted when
		// its answer is sent, which can be a moment after it arrived.
		stopped := s.stopped.Load()
		slos, journeys := s.rows()
		answer(w, map[string]any{"traffic": !stopped, "slos": slos, "journeys": journeys})
	})
	return mux
}
