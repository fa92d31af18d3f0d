package main

import (
	"errors"
	"flag"
	"fmt"
	"strings"
	"time"

	"github.com/sligo-go/sligo/slo"
)

// config has the values of the flags.
type config struct {
	addr, admin    string
	env, log       string
	lasts, traffic time.Duration
	every          time.Duration
	rate           int
	customers      int
	seed           uint64
	faults         shares
}

func parseFlags(name string, args []string) (config, error) {
	var c config
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.StringVar(&c.addr, "addr", "", "`address` of the pages (default "+pagesAddr+", or a free port if it is in use)")
	fs.StringVar(&c.admin, "admin", "", "`address` of the control page and /metrics (default "+adminAddr+", or a free port if it is in use)")
	fs.StringVar(&c.env, "environment", "", "`entry` of environments in slo.yaml whose promises hold, such as staging")
	fs.StringVar(&c.log, "log", "", "append the logs of all services to this `file`")
	fs.DurationVar(&c.lasts, "for", 0, "stop after this `time`; 0 means at an interrupt")
	fs.DurationVar(&c.traffic, "traffic", 0, "stop the customers after this `time`; 0 means at the end")
	fs.DurationVar(&c.every, "every", 2*time.Second, "`time` between tables")
	fs.IntVar(&c.rate, "rate", 200, "`calls` per second")
	fs.IntVar(&c.customers, "customers", 20, "maximum `number` of concurrent calls")
	fs.Uint64Var(&c.seed, "seed", 1, "`seed` of the order of faults")
	for i, k := range kinds {
		fs.Func(k.Name, "`share` of calls "+k.Effect+" (for example 2%; default 0%)", func(text string) (err error) {
			c.faults[i], err = slo.ParseShare(text)
			return err
		})
	}
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
	return errors.Join(append(errs, c.faults.validate())...)
}
