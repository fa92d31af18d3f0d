package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/push"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/sli/sliprom"
	"github.com/sligo-go/sligo/slo/sloprom"
)

// sendTime bounds a send, so that a dead receiver delays a run by two of them.
const sendTime = 10 * time.Second

// sender hands metrics to a system that shows them to Prometheus.
type sender func(context.Context, prometheus.Gatherer) error

// pushgateway returns a sender to a Pushgateway. A push replaces the metrics of
// the group job="settlement". The group has no instance, because the totals
// belong to the job, wherever it runs.
func pushgateway(url string) sender {
	client := &http.Client{Timeout: sendTime}
	return func(ctx context.Context, metrics prometheus.Gatherer) error {
		return push.New(url, service).Gatherer(metrics).Client(client).PushContext(ctx)
	}
}

// showEarlier shows the totals that the last run has shown, at the start of a
// run. Prometheus then sees the next ones as an increase, even in the first run
// and if the Pushgateway has lost its metrics.
func (j *job) showEarlier(ctx context.Context) error {
	if err := j.show(ctx, j.state.Shown); err != nil {
		return err
	}
	j.shown = time.Now()
	return nil
}

// showTotals shows the totals, at the end of a run. Prometheus has two scrapes
// to see the earlier ones before.
func (j *job) showTotals(ctx context.Context) error {
	if j.shown.IsZero() {
		if err := j.showEarlier(ctx); err != nil {
			return err
		}
	}
	if err := wait(ctx, time.Until(j.shown.Add(2*j.scrape))); err != nil {
		return err
	}
	if err := j.update(func(st *state) { st.Shown = st.Totals }); err != nil {
		return err
	}
	return j.show(context.WithoutCancel(ctx), j.state.Shown)
}

// wait waits for a time, or returns the error of a context that ends before.
func wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// show sends totals and the time of the last success.
func (j *job) show(ctx context.Context, totals sli.Report) error {
	metrics, err := j.metrics(totals)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	return j.send(ctx, metrics)
}

// metrics returns the metrics of a job. They are only those that make sense
// after its end: totals of all runs, and no counters of a process.
func (j *job) metrics(totals sli.Report) (prometheus.Gatherer, error) {
	recorder, err := sli.NewRecorder(j.kit.Recorder.Indicators()...)
	if err != nil {
		return nil, err
	}
	if err := recorder.AddReport(totals); err != nil {
		return nil, err
	}
	success := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "settlement_last_success_timestamp_seconds",
		Help: "When the settlement of the newest export began, if all exports are settled.",
	})
	success.Set(float64(j.state.Success.UnixMilli()) / 1000)
	collectors := []prometheus.Collector{sliprom.NewCollector(recorder), sloprom.NewCollector(j.objectives...)}
	if !j.state.Success.IsZero() {
		collectors = append(collectors, success)
	}
	registry := prometheus.NewRegistry()
	for _, c := range collectors {
		err = errors.Join(err, registry.Register(c))
	}
	if err != nil {
		return nil, fmt.Errorf("register metrics: %w", err)
	}
	return registry, nil
}
