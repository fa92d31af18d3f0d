package rules_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/storage"

	"github.com/sligo-go/sligo/slo/promrules"
)

// TestRunningPeriods compares the number of steps in the running hour and day
// with integer arithmetic. A step or an evaluation at the very end of a period
// belongs to the next one, at each scale and also in the first hour after zero,
// where unit tests begin.
func TestRunningPeriods(t *testing.T) {
	t.Parallel()
	nothing := storage.QueryableFunc(func(_, _ int64) (storage.Querier, error) { return storage.NoopQuerier(), nil })
	engine := promql.NewEngine(promql.EngineOpts{MaxSamples: 1_000_000, Timeout: time.Hour, LookbackDelta: 5 * time.Minute})
	for _, scale := range []int64{1, 24, 60, 125, 375, 500, 1000, 3000} {
		t.Run(fmt.Sprint(scale), func(t *testing.T) {
			t.Parallel()
			release := acquire()
			defer release()
			ms := func(d time.Duration) int64 { return d.Milliseconds() / scale }
			hour := running{
				record: "sli:valid:since_hour", period: ms(time.Hour), window: ms(time.Hour), step: ms(time.Minute),
				stepAge: ms(150 * time.Second), age: ms(150 * time.Second),
			}
			today := running{
				record: "sli:valid:since_day", period: ms(day), window: ms(25 * time.Hour), step: ms(time.Hour), offset: ms(150 * time.Second),
				stepAge: ms(30 * time.Minute), age: ms(time.Hour + 150*time.Second),
			}
			for _, r := range []running{hour, today} {
				expr := withoutSeries(t, r.record, int(scale))
				for _, at := range r.times() {
					q, err := engine.NewInstantQuery(context.Background(), nothing, nil, expr, time.UnixMilli(at))
					if err != nil {
						t.Fatal(err)
					}
					got, err := q.Exec(context.Background()).Vector()
					if err != nil {
						t.Fatal(err)
					}
					if want := r.count(at); len(got) != 1 || got[0].F != float64(want) {
						t.Errorf("%s at %d ms: got %v, want %d steps", r.record, at, got, want)
					}
					q.Close()
				}
			}
		})
	}
}

// withoutSeries returns the expression of a rule with constants for its series,
// so that its value is the number of steps.
func withoutSeries(t *testing.T, record string, scale int) string {
	t.Helper()
	files, err := generate(&promrules.Options{Scale: scale}, objective(""))
	if err != nil {
		t.Fatal(err)
	}
	parsed, errs := rulefmt.Parse(files[0].Text, false, model.UTF8Validation, parser.NewParser(parser.Options{}), nil)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	const selector = `{sli_service="shop",sli="availability"}`
	constants := strings.NewReplacer(
		"sli:valid:increase5m"+selector, "vector(5)", "sli:valid:increase1h"+selector, "vector(1)", "sli:valid:since_hour"+selector, "vector(0)",
	)
	for _, g := range parsed.Groups {
		for _, r := range g.Rules {
			if r.Record == record {
				return constants.Replace(r.Expr)
			}
		}
	}
	t.Fatalf("no rule records %s", record)
	return ""
}

// running is a rule over the steps of a running period. All durations are
// milliseconds.
type running struct {
	record                       string
	period, window, step, offset int64
	// stepAge and age are the ages at which the period of a step and of the
	// evaluation is the running one.
	stepAge, age int64
}

// times returns times near ends of periods and at random, also after zero.
func (r running) times() []int64 {
	random := rand.New(rand.NewPCG(1, 2))
	var all []int64
	for i := range int64(40) {
		for _, from := range []int64{0, 1_790_000_000_000 / r.period * r.period} {
			end := from + i%20*r.period + r.age
			all = append(all, end-1, end, end+1, from+random.Int64N(3*r.period))
		}
	}
	return all
}

// count returns the number of steps in the running period.
func (r running) count(at int64) (n int64) {
	at -= r.offset
	for s := floor(at, r.step) * r.step; s > at-r.window; s -= r.step {
		if floor(s-r.stepAge, r.period) == floor(at+r.offset-r.age, r.period) {
			n++
		}
	}
	return n
}

// floor rounds a quotient down, also below zero.
func floor(a, b int64) int64 {
	if a < 0 {
		return -((-a + b - 1) / b)
	}
	return a / b
}
