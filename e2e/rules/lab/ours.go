package lab

import (
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
	"github.com/sligo-go/sligo/slo/promrules"
)

// Availability returns the rules of an availability objective in a window, for
// [Trial.Rules].
func Availability(window string, options *promrules.Options) func(target string) ([]byte, error) {
	return func(target string) ([]byte, error) {
		length, err := slo.ParseWindow(window)
		if err != nil {
			return nil, err
		}
		share, err := slo.ParseTarget(target + "%")
		if err != nil {
			return nil, err
		}
		rules, err := promrules.Generate([]slo.Objective{{
			Indicator: sli.Indicator{Service: "shop", Name: "availability"}, Target: share, Window: length,
		}}, options)
		if err != nil {
			return nil, err
		}
		return rules.YAML(), nil
	}
}
