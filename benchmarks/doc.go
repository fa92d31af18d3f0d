// Package benchmarks measures sligo beside the libraries that services use today, and shows what
// those record where it matters.
//
// It is a module of its own, so that their dependencies never reach users. Run
//
//	GOWORK=off go test -c -o http.test .
//	for i in 1 2 3 4 5 6 7 8 9 10; do ./http.test -test.run '^$' -test.bench HTTP -test.benchmem -test.benchtime 200ms; done | tee new.txt
//	benchstat -col /stack new.txt
//
// and compare what each stack adds to the bare mux of the same run. Rounds of all stacks, as opposed to
// -count, spread a slow minute of the machine over all of them. Times of other runs, or of other
// machines, say nothing.
package benchmarks
