// Package benchmarks measures sligo beside the libraries that services use
// today. It also shows how those libraries count a panic.
//
// It is a module of its own, so that their dependencies never reach users. Run
//
//	GOWORK=off go test -c -o http.test .
//	for i in 1 2 3 4 5 6 7 8 9 10; do
//		./http.test -test.run '^$' -test.bench HTTP -test.benchtime 200ms
//	done | tee new.txt
//	benchstat -col /stack new.txt
//
// and compare the costs that each stack adds to the bare mux in the same run.
// Each round measures all stacks, so that a slow minute of the machine affects
// them alike. The flag -count would measure one stack after the other. Times
// from other runs or other machines are not comparable.
package benchmarks
