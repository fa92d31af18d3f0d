package lab

import (
	"errors"
	"slices"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
	"go.yaml.in/yaml/v3"
)

// Levels divides the recording rules of a file into files that can be
// backfilled one after another: a rule reads only series of earlier files.
// Rules that read their own past, directly or not, cannot be backfilled, and
// are in no file.
func Levels(text []byte) ([][]byte, error) {
	parsed, errs := rulefmt.Parse(text, false, model.UTF8Validation, parser.NewParser(parser.Options{}), nil)
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	uses, err := dependencies(parsed)
	if err != nil {
		return nil, err
	}
	level := make(map[string]int)
	for next := 1; ; next++ {
		var found []string
		for name, needs := range uses {
			ready := !slices.ContainsFunc(needs, func(n string) bool { return uses[n] != nil && level[n] == 0 })
			if level[name] == 0 && ready {
				found = append(found, name)
			}
		}
		if len(found) == 0 {
			return split(parsed, level, next-1)
		}
		for _, name := range found {
			level[name] = next
		}
	}
}

// split returns the rules of each level in a file.
func split(all *rulefmt.RuleGroups, level map[string]int, levels int) ([][]byte, error) {
	var files [][]byte
	for n := 1; n <= levels; n++ {
		var file rulefmt.RuleGroups
		for _, g := range all.Groups {
			g.Rules = slices.DeleteFunc(slices.Clone(g.Rules), func(r rulefmt.Rule) bool {
				return r.Record == "" || level[r.Record] != n
			})
			if len(g.Rules) > 0 {
				file.Groups = append(file.Groups, g)
			}
		}
		text, err := yaml.Marshal(file)
		if err != nil {
			return nil, err
		}
		files = append(files, text)
	}
	return files, nil
}

// dependencies returns the names of the series that each recorded series reads.
func dependencies(all *rulefmt.RuleGroups) (map[string][]string, error) {
	p := parser.NewParser(parser.Options{})
	uses := make(map[string][]string)
	for _, g := range all.Groups {
		for _, rule := range g.Rules {
			if rule.Record == "" {
				continue
			}
			expr, err := p.ParseExpr(rule.Expr)
			if err != nil {
				return nil, err
			}
			if uses[rule.Record] == nil {
				uses[rule.Record] = []string{}
			}
			for _, selectors := range parser.ExtractSelectors(expr) {
				for _, m := range selectors {
					if m.Name == model.MetricNameLabel {
						uses[rule.Record] = append(uses[rule.Record], m.Value)
					}
				}
			}
		}
	}
	return uses, nil
}
