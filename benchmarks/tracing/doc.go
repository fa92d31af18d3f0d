// Package tracing measures the cost of a request's span with package
// tracing, and with otelhttp and the SDK's batch processor for comparison.
// Run
//
//	go test -run '^$' -bench . -benchmem -count 6 ./tracing | tee new.txt
//	benchstat -col /stack new.txt
//
// and compare stacks within one run only.
package tracing
