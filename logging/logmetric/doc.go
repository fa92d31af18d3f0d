// Package logmetric derives metrics from log lines: it counts lines, and it
// builds histograms of numbers in their fields, such as execution_time_ms. It
// reads the record, not the text of the line.
//
//	meter, err := logmetric.New([]logmetric.Rule{{
//		Name:   "orders_failed",
//		Match:  logging.Match{Messages: []string{"order failed*"}},
//		Labels: []string{"reason"},
//	}, {
//		Name:    "execution_time_seconds",
//		Field:   "execution_time_ms",
//		Scale:   0.001,
//		Buckets: []float64{.1, .3, 1, 3},
//	}})
//	handler, err := logging.New("my-app", os.Stdout, &logging.Options{
//		Observers: []logging.Observer{meter},
//	})
//
// Package logprom exposes a meter to Prometheus.
//
// # Lines that count
//
// Every line at or above the handler's level counts, even if an exclusion
// keeps it from the sinks or a sink loses it. A field counts wherever it
// is set: in the call, by With, in a group (under its dotted name) or in the
// context.
//
// # Bounds
//
// Label values come from log lines, so each rule limits its series to
// [Rule].MaxSeries. Further combinations of values are counted in one more
// series, in which all label values are "other".
package logmetric
