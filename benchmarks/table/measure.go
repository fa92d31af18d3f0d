package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"

	"golang.org/x/perf/benchfmt"
)

// results are the values of all rounds by benchmark and unit.
type results struct {
	names  []string // in the order of the first round
	values map[string]map[string][]float64
}

// measure runs all benchmarks in each round, so that a slow minute of the
// machine affects them alike.
func measure(dir string, rounds int, benchtime string) (*results, error) {
	temp, err := os.MkdirTemp("", "benchmarks")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(temp) }()
	binary := filepath.Join(temp, "benchmarks.test")
	build := exec.Command("go", "test", "-c", "-o", binary, ".")
	build.Dir, build.Stdout, build.Stderr = dir, os.Stderr, os.Stderr
	if err := build.Run(); err != nil {
		return nil, fmt.Errorf("build the benchmarks: %w", err)
	}
	all := &results{values: make(map[string]map[string][]float64)}
	for round := range rounds {
		fmt.Fprintf(os.Stderr, "round %d of %d\n", round+1, rounds)
		for _, run := range []struct{ procs, pattern string }{
			{"2", "."}, {"32", "^BenchmarkMemory$"},
		} {
			cmd := exec.Command(binary, "-test.run=^$", "-test.bench="+run.pattern, "-test.benchtime="+benchtime)
			cmd.Env = append(os.Environ(), "GOMAXPROCS="+run.procs)
			cmd.Stderr = os.Stderr
			output, err := cmd.Output()
			if err != nil {
				return nil, fmt.Errorf("run the benchmarks: %w\n%s", err, output)
			}
			if err := all.read(output); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// read adds the output of one run.
func (all *results) read(output []byte) error {
	reader := benchfmt.NewReader(bytes.NewReader(output), "benchmarks")
	for reader.Scan() {
		switch line := reader.Result().(type) {
		case *benchfmt.SyntaxError:
			return line
		case *benchfmt.Result:
			base, parts := line.Name.Parts()
			name := string(base)
			for _, part := range parts {
				if part[0] == '/' { // the other one is GOMAXPROCS
					name += string(part)
				}
			}
			for _, v := range line.Values {
				value, unit := v.Value, v.Unit
				if v.OrigUnit != "" { // in seconds
					value, unit = v.OrigValue, v.OrigUnit
				}
				all.add(name, unit, value)
			}
		}
	}
	return reader.Err()
}

func (all *results) add(name, unit string, value float64) {
	if !slices.Contains(all.names, name) {
		all.names = append(all.names, name)
		all.values[name] = make(map[string][]float64)
	}
	all.values[name][unit] = append(all.values[name][unit], value)
}
