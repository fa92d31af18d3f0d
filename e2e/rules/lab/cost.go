package lab

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/rules"
	"github.com/prometheus/prometheus/storage"
)

// Costs returns how many samples each of some rule files reads in a minute,
// over the raw series of a number of pods and 30 days of recorded series. The
// values of the samples are of no interest, so all of them are written at once.
func Costs(ctx context.Context, pods int, dir string, files map[string][]byte) (map[string]int64, error) {
	p, err := newPrometheus(dir)
	if err != nil {
		return nil, err
	}
	end := start.Add(31 * 24 * time.Hour)
	recorded, err := p.recordedSeries(files)
	if err != nil {
		return nil, err
	}
	if err := p.fill(ctx, rawSeries(pods), recorded, end); err != nil {
		return nil, err
	}
	costs := make(map[string]int64)
	for name, text := range files {
		if costs[name], err = p.Cost(ctx, text, end.Add(-7*time.Hour-23*time.Minute)); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return costs, p.close()
}

// own is the number of a recorder's own series per pod, which precede those for
// other tools.
const own = 4

func rawSeries(pods int) [][]series {
	f := &fleet{Fleet: Fleet{Peers: true, Labels: map[string]string{"sli_service": "shop", "sli": "availability"}}}
	var all [][]series
	for i := range pods {
		all = append(all, f.newSeries(fmt.Sprintf("shop-%d", i)))
	}
	return all
}

// recordedSeries returns the series that rules record, with the intervals of
// their groups.
func (p *Prometheus) recordedSeries(files map[string][]byte) (map[*series]time.Duration, error) {
	recorded := make(map[*series]time.Duration)
	for _, text := range files {
		parsed, errs := rulefmt.Parse(text, false, model.UTF8Validation, p.parser, nil)
		if len(errs) > 0 {
			return nil, errors.Join(errs...)
		}
		for _, g := range parsed.Groups {
			for _, rule := range g.Rules {
				if rule.Record == "" {
					continue
				}
				name := map[string]string{model.MetricNameLabel: rule.Record}
				recorded[&series{labels: rules.FromMaps(g.Labels, rule.Labels, name)}] = max(time.Minute, time.Duration(g.Interval))
			}
		}
	}
	return recorded, nil
}

// fill writes samples until a time: raw ones every 30 s, and recorded ones at
// each evaluation. The recorder's own raw series begin two days before the end,
// which is more than its rules reach.
func (p *Prometheus) fill(ctx context.Context, raw [][]series, recorded map[*series]time.Duration, end time.Time) error {
	recent := end.Add(-48 * time.Hour)
	for t := start; t.Before(end); t = t.Add(30 * time.Second) {
		app := p.DB.AppenderV2(ctx)
		write := func(s *series, at time.Time) (err error) {
			s.ref, err = app.Append(s.ref, s.labels, 0, at.UnixMilli(), float64(at.Unix()), nil, nil, storage.AOptions{})
			return err
		}
		for i, pod := range raw {
			first := own
			if t.After(recent) {
				first = 0
			}
			for j := first; j < len(pod); j++ {
				if err := write(&pod[j], t.Add(time.Duration(i)*211*time.Millisecond)); err != nil {
					return err
				}
			}
		}
		for s, interval := range recorded {
			if t.Truncate(interval).Equal(t) {
				if err := write(s, t.Add(17*time.Second)); err != nil {
					return err
				}
			}
		}
		if err := app.Commit(); err != nil {
			return err
		}
		if t.Truncate(2 * time.Hour).Equal(t) {
			if err := p.DB.Compact(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}
