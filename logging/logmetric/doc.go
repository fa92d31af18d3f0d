// Package logmetric counts log lines and reads numbers from their fields: errors
// per minute, the distribution of execution_time_ms. It looks at the record, not
// at the text of the line.
//
//	meter, err := logmetric.New([]logmetric.Rule{
//		{Name: "orders_failed", Match: logging.Match{Messages: []string{"order failed*"}}, Labels: []string{"reason"}},
//		{Name: "execution_time_seconds", Field: "execution_time_ms", Scale: 0.001, Buckets: []float64{.1, .3, 1, 3}},
//	})
//	handler, err := logging.New("my-app", os.Stdout, &logging.Options{Observers: []logging.Observer{meter}})
//
// # Which lines count
//
// Every line that passes the level, also one that an exclusion rule keeps from
// the sinks or that a sink loses. Fields count wherever the line has them: in the
// call, bound by With, in a group (by dotted name), in the context.
//
// # Bounds
//
// Values of labels come from log lines, so their number has to be bounded: of each
// rule MaxSeries series are kept, and what would be one more is counted under the
// label values "other". Package logprom exposes a meter to Prometheus.
package logmetric
