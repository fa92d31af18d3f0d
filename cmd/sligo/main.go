// Command sligo checks files of objectives, makes rules and documents from
// them, and computes error budgets.
//
//	sligo validate slo.yaml
//	sligo generate rules slo.yaml --out rules.yaml
//	sligo budget slo.yaml --counts counts.json
//	sligo table 99.95%
//
// Results are written to the standard output and everything else to the
// standard error. The exit status is 0 if the answer is yes, 1 if it is no, and
// 2 if there is no answer, for example because a file is missing. sligo asks
// nothing and writes no colors. docs/cli.md describes every command.
package main

import (
	"os"
	_ "time/tzdata" // for calendar windows on systems without time zones
)

func main() {
	p := &program{in: os.Stdin, out: os.Stdout, err: os.Stderr}
	os.Exit(p.run(os.Args[1:]))
}
