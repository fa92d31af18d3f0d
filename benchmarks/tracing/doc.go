// Package tracing measures what a span of a request costs with package tracing, beside otelhttp with
// the SDK's own batch processor. Run
//
//	go test -run '^$' -bench . -benchmem -count 6 ./tracing | tee new.txt
//	benchstat -col /stack new.txt
//
// and compare within one run.
package tracing
