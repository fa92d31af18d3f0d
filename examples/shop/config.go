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

// config holds the values of the flags.
type config struct {
	addr, log      string
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
	fs.StringVar(&c.addr, "addr", "", "`address` of /metrics and /status (default 127.0.0.1:8080, or a free port if it is in use)")
	fs.StringVar(&c.log, "log", "", "append the access logs of all services to this `file`")
	fs.DurationVar(&c.lasts, "for", 0, "stop after this `time`; 0 means at an interrupt")
	fs.DurationVar(&c.traffic, "traffic", 0, "stop the customers after this `time`; 0 means at the end")
	fs.DurationVar(&c.every, "every", 2*time.Second, "`time` between tables")
	fs.IntVar(&c.rate, "rate", 200, "`calls` per second")
	fs.IntVar(&c.customers, "customers", 20, "maximum `number` of concurrent calls")
	fs.Uint64Var(&c.seed, "seed", 1, "`seed` of the order of faults")
	shareVar(fs, &c.faults.errors, "errors", "`share` of calls answered with 500, or the code Internal")
	shareVar(fs, &c.faults.slow, "slow", "`share` of calls answered after the latency bound, or gRPC's deadline")
	shareVar(fs, &c.faults.panics, "panics", "`share` of calls whose handler panics, half of them after the response has begun")
	shareVar(fs, &c.faults.hangups, "hangups", "`share` of calls whose client disconnects")
	if err := fs.Parse(args); err != nil {
		return config{}, err
	}
	return c, c.validate(fs.Args())
}

// validate reports all mistakes in the flags and the arguments after them.
func (c *config) validate(rest []string) error {
	var errs []error
	require := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	require(len(rest) == 0, "unexpected argument %q", strings.Join(rest, " "))
	require(c.lasts >= 0, "invalid -for %v: want 0 or more", c.lasts)
	require(c.traffic >= 0, "invalid -traffic %v: want 0 or more", c.traffic)
	require(c.every > 0, "invalid -every %v: want more than 0", c.every)
	require(c.rate >= 1 && c.rate <= 10_000, "invalid -rate %d: want 1 to 10000", c.rate)
	require(c.customers >= 1, "invalid -customers %d: want 1 or more", c.customers)
	sum := c.faults.errors + c.faults.slow + c.faults.panics + c.faults.hangups
	require(sum <= 1, "-errors, -slow, -panics and -hangups add up to %.4g%%: want at most 100%%", sum*100)
	return errors.Join(errs...)
}

// shareVar adds a flag for a share from 0 to 1.
func shareVar(fs *flag.FlagSet, to *float64, name, usage string) {
	fs.Func(name, usage+" (for example 2%; default 0%)", func(text string) error {
		parsed, err := parseShare(text)
		*to = parsed
		return err
	})
}

// parseShare parses "2%" and "0.02".
func parseShare(text string) (float64, error) {
	number, percent := strings.CutSuffix(text, "%")
	f, err := strconv.ParseFloat(number, 64)
	if percent {
		f /= 100
	}
	if err != nil || math.IsNaN(f) || f < 0 || f > 1 {
		return 0, fmt.Errorf("invalid share %q: want 0%% to 100%%", text)
	}
	return f, nil
}
