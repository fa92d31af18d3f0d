package lab

import (
	"time"

	"github.com/prometheus/common/model"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
	"github.com/sligo-go/sligo/slo/promrules"
)

// Availability returns the rules of an availability objective in a window, for
// [Trial.Rules]. If samples are late and the options are nil, the groups wait
// for them in the dialect prom3, as docs/rules.md says.
func Availability(window string, late model.Duration, options *promrules.Options) func(target string) ([]byte, error) {
	return func(target string) ([]byte, error) {
		length, err := slo.ParseWindow(window)
		if err != nil {
			return nil, err
		}
		share, err := slo.ParseTarget(target + "%")
		if err != nil {
			return nil, err
		}
		if late > 0 && options == nil {
			options = &promrules.Options{Dialect: promrules.DialectProm3, QueryOffset: time.Duration(late) + 5*time.Second}
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
