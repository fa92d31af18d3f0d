package main

import (
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/examples/shop/shippingpb"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
	"github.com/sligo-go/sligo/slo/slofile"
)

// TestFile checks that slo.yaml states the promises that the same objectives
// in Go state.
func TestFile(t *testing.T) {
	f, err := slofile.Parse("slo.yaml", promises, nil)
	if err != nil {
		t.Fatal(err)
	}
	options := cmp.Options{
		cmp.AllowUnexported(slo.Target{}, slo.Share{}),
		cmp.Comparer(func(a, b sli.Condition) bool { return a.String() == b.String() }),
	}
	if diff := cmp.Diff(objectives, f.Objectives, options); diff != "" {
		t.Errorf("(-Go +slo.yaml): %s", diff)
	}
}

// TestFileHasItsUsualForm checks that Format leaves slo.yaml as it is.
func TestFileHasItsUsualForm(t *testing.T) {
	text, err := os.ReadFile("slo.yaml")
	if err != nil {
		t.Fatal(err)
	}
	formatted, err := slofile.Format("slo.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(text), string(formatted)); diff != "" {
		t.Error(diff)
	}
}

var (
	answered = []string{"2xx", "3xx", "4xx"} // 5xx excluded
	month    = slo.MustParseWindow("30d")
)

// objectives are the promises of slo.yaml as Go values.
var objectives = []slo.Objective{
	availability("users", "availability", "profile", "GET /users/{userid}"),
	latency("users", "latency", "profile", "GET /users/{userid}"),
	availability("orders", "availability", "profile", "GET /orders/users/{userid}"),
	latency("orders", "latency", "profile", "GET /orders/users/{userid}"),
	contract(availability("users", "availability", "profile", "GET /users/{userid}")),
	contract(availability("orders", "availability", "profile", "GET /orders/users/{userid}")),
	rpc("shipping", "availability", "profile", shippingpb.Shipping_Track_FullMethodName),
	availability("shop", "home", "browse", "GET /{$}"),
	availability("shop", "search", "browse", "GET /search"),
	availability("shop", "category", "browse", "GET /categories/{category}"),
	availability("shop", "detail", "browse", "GET /products/{product}"),
}

func availability(service, name, journey, request string) slo.Objective {
	return slo.Objective{
		Description: "Calls are answered with 2xx, 3xx or 4xx.",
		Indicator: sli.Indicator{
			Service: service, Name: name, Journey: journey, Kind: sli.KindAvailability, Workload: sli.WorkloadUserFacing,
			Requests:   []string{request},
			Good:       sli.Condition{Status: answered},
			Collection: sli.Collection{Where: "load balancer", Every: 10 * time.Second},
		},
		Target: slo.MustParseTarget("99.95%"),
		Window: month,
	}
}

func latency(service, name, journey, request string) slo.Objective {
	return slo.Objective{
		Description: "Normal responses arrive within 100 ms.",
		Indicator: sli.Indicator{
			Service: service, Name: name, Journey: journey, Kind: sli.KindLatency, Workload: sli.WorkloadUserFacing,
			Requests:    []string{request},
			Valid:       sli.Condition{Status: answered},
			Good:        sli.Condition{Within: latencyBound},
			Collection:  sli.Collection{Where: "load balancer", Every: 10 * time.Second},
			Aggregation: sli.Aggregation{Over: time.Minute, By: "p99"},
		},
		Target: slo.MustParseTarget("90%"),
		Window: month,
	}
}

// rpc returns the availability objective of a gRPC method. Codes stand where
// HTTP has statuses.
func rpc(service, name, journey, method string) slo.Objective {
	o := availability(service, name, journey, method)
	o.Description = "Calls get an answer that is no failure of the service."
	o.Indicator.Good = sli.Condition{Code: []string{"OK", "NotFound", "InvalidArgument"}}
	o.Indicator.Collection.Where = "server"
	return o
}

// contract returns the objective that a contract states for the same indicator.
func contract(o slo.Objective) slo.Objective {
	o.Name = o.Indicator.Name + "-contract"
	o.Target, o.Window = slo.MustParseTarget("99.9%"), slo.MustParseWindow("month")
	return o
}
