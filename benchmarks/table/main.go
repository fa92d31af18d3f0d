// Command table runs the benchmarks in the current directory and prints one
// table of their costs. It marks the rows that miss their goal, and then ends
// with status 1.
//
// Times are CPU times of the process in nanoseconds, without the time in which
// other processes had the cores. Each value is the median of all rounds. The
// column "over" is the median of the differences to the bare stack, round by
// round, and the ratio compares it with the cheapest peer's. The last column
// is the P value of benchstat's test, Mann and Whitney's U, that a cost
// differs from its goal.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	rounds := flag.Int("rounds", 10, "number of rounds")
	benchtime := flag.String("benchtime", "100ms", "duration of each benchmark in a round")
	flag.Parse()
	all, err := measure(".", *rounds, *benchtime)
	if err != nil {
		fmt.Fprintln(os.Stderr, "table:", err)
		os.Exit(2)
	}
	missed, err := write(os.Stdout, all, goals)
	if err != nil {
		fmt.Fprintln(os.Stderr, "table:", err)
		os.Exit(2)
	}
	if missed > 0 {
		os.Exit(1)
	}
}
