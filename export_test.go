package sligo

import (
	"github.com/sligo-go/sligo/budget/status"
	"github.com/sligo-go/sligo/budget/statuspage"
	"github.com/sligo-go/sligo/slo"
)

// Routes returns the routes of an objective on the page.
func (k *Kit) Routes(o slo.Objective) []statuspage.Route { return k.routes(o) }

// Latency returns the percentiles of an objective on the page.
func (k *Kit) Latency(o slo.Objective) (status.Latency, bool) { return k.latency(o) }
