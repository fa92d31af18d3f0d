package statuspage_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sligo-go/sligo/budget"
	"github.com/sligo-go/sligo/budget/status"
	"github.com/sligo-go/sligo/budget/statuspage"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// of is a source of one reading, or of an error.
type of struct {
	status.Reading
	err error
}

func (o of) Read(context.Context) (status.Reading, error) { return o.Reading, o.err }

func TestJoin(t *testing.T) {
	at := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	objective := func(service, state string) status.Objective {
		return status.Objective{State: state, Objective: slo.Objective{Indicator: sli.Indicator{Service: service, Name: "availability"}}}
	}
	shop := of{Reading: status.Reading{
		At: at, Kind: status.KindFleet, Since: at.Add(-time.Hour), Unmatched: 1, Unrouted: 2,
		Objectives: []status.Objective{objective("shop", "healthy")}, Warnings: []sli.Advice{{Path: "a"}},
	}}
	users := of{Reading: status.Reading{
		At: at.Add(-time.Second), Kind: status.KindProcess, Since: at.Add(-time.Minute), Unmatched: 10, Unrouted: 20,
		Objectives: []status.Objective{objective("users", "frozen"), objective("shop", "frozen")}, Warnings: []sli.Advice{{Path: "b"}},
	}}
	got, err := statuspage.Join(shop, users).Read(t.Context())
	want := status.Reading{
		At: at.Add(-time.Second), Kind: status.KindProcess, Since: at.Add(-time.Minute), Unmatched: 11, Unrouted: 22,
		Objectives: []status.Objective{shop.Objectives[0], users.Objectives[0]}, Warnings: []sli.Advice{{Path: "a"}, {Path: "b"}},
	}
	if err != nil || got.String() != want.String() {
		t.Errorf("got %v, %v", got, err)
	}
	got.Objectives, want.Objectives = nil, nil
	if diff := cmp.Diff(want, got, cmpopts.EquateComparable(slo.Share{})); diff != "" {
		t.Errorf("reading (-want +got):\n%s", diff)
	}
	users.Since = time.Time{}
	if got, _ := statuspage.Join(shop, users).Read(t.Context()); !got.Since.IsZero() {
		t.Errorf("since %v, want that it is not known", got.Since)
	}
	users.err = errors.New("no answer")
	if _, err := statuspage.Join(shop, users).Read(t.Context()); !errors.Is(err, users.err) {
		t.Errorf("got error %v, want %v", err, users.err)
	}
}

// Each objective of joined sources shows the policy that decided about it.
func TestJoinPolicies(t *testing.T) {
	var strict budget.Policy
	if err := json.Unmarshal([]byte(`{"steps":[{"name":"green","from":"0%","release":"free"},{"name":"red","from":"50%","until":"40%","release":"frozen"}]}`), &strict); err != nil {
		t.Fatal(err)
	}
	users, orders := shopPromises[0], shopPromises[4]
	orders.bad = 800
	first := status.Reading{At: now, Objectives: []status.Objective{users.state(budget.Policy{})}}
	second := status.Reading{At: now, Policy: strict, Objectives: []status.Objective{orders.state(strict)}}
	for name, joined := range map[string]statuspage.Source{
		"default first": statuspage.Join(source(first), source(second)), "strict first": statuspage.Join(source(second), source(first)),
		"joined twice": statuspage.Join(statuspage.Join(source(first)), statuspage.Join(source(second))),
	} {
		t.Run(name, func(t *testing.T) {
			page := open(t, joined, statuspage.Options{})
			text := get(t, page, "/").Body.String()
			for id, want := range map[string]string{
				users.service + "/" + users.name:   "84.0 % is spent; caution from 75 %, until under 65 %.",
				orders.service + "/" + orders.name: "66.4 % is spent; red from 50 %, until under 40 %.",
			} {
				if got := words(tileOf(t, text, id)); !strings.Contains(got, want) {
					t.Errorf("the tile lacks %q: %s", want, got)
				}
			}
			lacks(t, page, "/users/availability?target=99.9", "With 99.9 %: Healthy")
			lacks(t, page, "/orders/availability?target=99.9", "With 99.9 %: red")
			for path, line := range map[string]string{"/users/availability": ">25\u00a0% Caution<", "/orders/availability": ">50\u00a0% red<"} {
				if !strings.Contains(get(t, page, path).Body.String(), line) {
					t.Errorf("the chart of %s lacks %q", path, line)
				}
			}
		})
	}
}
