package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"golang.org/x/perf/benchmath"
)

// write prints the table and returns the number of missed goals.
func write(w io.Writer, all *results, goals []goal) (missed int, err error) {
	tab := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tab, "benchmark\tns\t±\tB\tallocs\tover\tratio\tgoal\tp\t")
	for _, name := range all.names {
		values := all.values[name]
		summary := benchmath.AssumeNothing.Summary(sample(values[nanoseconds]), 0.95)
		size := "B/op"
		if len(values["B/set"]) > 0 {
			size, summary = "B/set", benchmath.Summary{}
		}
		line := fmt.Sprintf("%s\t%s\t%s\t%s\t%s", name, number(summary.Center), spread(summary),
			number(median(values[size])), number(median(values["allocs/op"])))
		judged := false
		for _, g := range goals {
			if g.row != name {
				continue
			}
			v, err := g.judge(all)
			if err != nil {
				return missed, err
			}
			if v.missed {
				missed++
			}
			fmt.Fprintf(tab, "%s\t%s\t\n", line, v)
			line, judged = strings.Repeat("\t", 4), true
		}
		if !judged {
			fmt.Fprintf(tab, "%s\t%s\t\t\t\t\n", line, overBareMux(all, name))
		}
	}
	return missed, tab.Flush()
}

// overBareMux returns the cost of a stack over the mux alone, for rows without
// a goal.
func overBareMux(all *results, name string) string {
	prefix, stack, ok := strings.Cut(name, "stack=")
	if !ok || stack == "bare" {
		return ""
	}
	return number(median(less(all.values[name][nanoseconds], all.values[prefix+"stack=bare"][nanoseconds])))
}

// number formats a value with three digits.
func number(v float64) string {
	switch {
	case v == 0:
		return ""
	case v < 100:
		return fmt.Sprintf("%.3g", v)
	}
	return fmt.Sprintf("%.0f", v)
}

// spread formats the larger side of the confidence interval.
func spread(s benchmath.Summary) string {
	if s.Center == 0 {
		return ""
	}
	return fmt.Sprintf("%.0f%%", 100*max(s.Hi-s.Center, s.Center-s.Lo)/s.Center)
}
