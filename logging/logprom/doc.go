// Package logprom exposes the counts of package logging to Prometheus. It is
// the only package of logging that links github.com/prometheus/client_golang.
//
//	opts := &logprom.Options{Issues: tracker, Meter: meter}
//	prometheus.MustRegister(logprom.NewCollector(handler, opts))
//
// The metrics:
//
//	log_lines_total{level}               lines logged, by level
//	log_excluded_lines_total{rule}       lines kept from the sinks, by exclusion
//	log_sink_lines_total{sink,outcome}   lines done, dropped or failed
//	log_sink_queued_lines{sink}          lines not yet written
//	log_errors_total                     errors seen by the issue tracker
//	log_issues                           current issues
//	log_new_issues_total                 issues that began
//	log_regressed_issues_total           issues that occurred again
//	log_unreadable_fields_total{metric}  lines whose field is not a number
//	<rule>_total, <rule>                 counters and histograms of the meter
//
// For each sink, the outcomes and the queued lines add up to the lines that it
// accepted. See [telemetry.Counts].
package logprom
