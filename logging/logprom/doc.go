// Package logprom exposes what logging counts to Prometheus. It is the only
// package of logging that links github.com/prometheus/client_golang.
//
//	prometheus.MustRegister(&logprom.Collector{Stats: handler.Stats, Groups: groups, Meter: meter})
//
// The metrics:
//
//	log_lines_total{level}                  lines logged, by level
//	log_excluded_lines_total{rule}          lines kept from the sinks, by rule
//	log_sink_lines_total{sink,outcome}      lines accepted by a sink: done, dropped or failed
//	log_sink_queued_lines{sink}             lines not written yet
//	log_errors_total                        errors seen by the error groups
//	log_error_groups                        groups kept
//	log_unreadable_fields_total{metric}     lines whose field was no number
//	<rule>_total, <rule>                    the rules of the meter: counters and histograms
package logprom
