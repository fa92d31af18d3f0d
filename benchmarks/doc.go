// Package benchmarks measures sligo beside the libraries that services use today, and shows what
// those record where it matters.
//
// It is a module of its own, so that their dependencies never reach users. Run
//
//	go test -run '^$' -bench HTTP/mode=serial -benchmem -count 6 . | tee new.txt
//	benchstat -col /stack new.txt
//
// and compare what each stack adds to the bare mux of the same run. Times of other runs, or of other
// machines, say nothing.
package benchmarks
