package main

import (
	"errors"
	"flag"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// config is what the flags say.
type config struct {
	addr           string
	lasts, traffic time.Duration
	every          time.Duration
	rate           int
	customers      int
	seed           uint64
	faults         faults
}

func parseFlags(name string, args []string) (config, error) {
	var c config
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.StringVar(&c.addr, "addr", "", "where to serve /metrics and /status (default localhost:8080, or a free port where that is taken)")
	fs.DurationVar(&c.lasts, "for", 0, "stop after this time; 0 runs until interrupted")
	fs.DurationVar(&c.traffic, "traffic", 0, "customers leave after this time; 0 lets them stay")
	fs.DurationVar(&c.every, "every", 2*time.Second, "time between tables")
	fs.IntVar(&c.rate, "rate", 200, "calls per second")
	fs.IntVar(&c.customers, "customers", 20, "calls at the same time, at the most")
	fs.Uint64Var(&c.seed, "seed", 1, "seed of the faults' order")
	share := func(to *float64, name, usage string) {
		fs.Func(name, usage+", like 2% (default none)", func(text string) error {
			parsed, err := parseShare(text)
			*to = parsed
			return err
		})
	}
	share(&c.faults.errors, "errors", "share of calls answered 500")
	share(&c.faults.slow, "slow", "share of calls answered after the latency bound")
	share(&c.faults.panics, "panics", "share of calls whose handler panics, half of them after writing 200")
	share(&c.faults.hangups, "hangups", "share of calls whose client hangs up")
	if err := fs.Parse(args); err != nil {
		return config{}, err
	}
	return c, c.validate(fs.Args())
}

func (c *config) validate(rest []string) error {
	var errs []error
	if len(rest) > 0 {
		errs = append(errs, fmt.Errorf("unexpected argument %q", rest[0]))
	}
	for _, d := range []struct {
		name  string
		value time.Duration
	}{{"for", c.lasts}, {"traffic", c.traffic}} {
		if d.value < 0 {
			errs = append(errs, fmt.Errorf("-%s %v is negative", d.name, d.value))
		}
	}
	if c.every <= 0 {
		errs = append(errs, fmt.Errorf("-every %v is not positive", c.every))
	}
	if c.rate < 1 || c.rate > 10_000 {
		errs = append(errs, fmt.Errorf("-rate %d is not from 1 to 10000", c.rate))
	}
	if c.customers < 1 {
		errs = append(errs, fmt.Errorf("-customers %d is not positive", c.customers))
	}
	if sum := c.faults.errors + c.faults.slow + c.faults.panics + c.faults.hangups; sum > 1 {
		errs = append(errs, fmt.Errorf("-errors, -slow, -panics and -hangups add up to %.4g%%", sum*100))
	}
	return errors.Join(errs...)
}

// parseShare parses "2%" and "0.02".
func parseShare(text string) (float64, error) {
	number, percent := strings.CutSuffix(text, "%")
	f, err := strconv.ParseFloat(number, 64)
	if percent {
		f /= 100
	}
	if err != nil || math.IsNaN(f) || f < 0 || f > 1 {
		return 0, fmt.Errorf("%q is not a share from 0%% to 100%%", text)
	}
	return f, nil
}
