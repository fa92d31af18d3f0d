package statuspage_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/sligo-go/sligo/budget/status"
	"github.com/sligo-go/sligo/budget/statuspage"
	"github.com/sligo-go/sligo/sli"
)

// TestShareCloseToOne shows that programs read no whole share where an event
// was bad.
func TestShareCloseToOne(t *testing.T) {
	page := open(t, source(reading([]promise{
		{service: "users", name: "availability", target: "99.99%", valid: 5_184_000_000, bad: 1},
		{service: "users", name: "bad", target: "99.99%", valid: 5_184_000_000, bad: 5_183_999_999},
		{service: "users", name: "good", target: "99.99%", valid: 5_184_000_000},
	})), statuspage.Options{})
	var d struct{ Objectives []struct{ ID, SLI string } }
	if err := json.Unmarshal(get(t, page, "/overview.json").Body.Bytes(), &d); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"users/availability": "0.999999999807098765", "users/bad": "0.000000000192901235", "users/good": "1"}
	for _, o := range d.Objectives {
		if o.SLI != want[o.ID] {
			t.Errorf("%s: SLI %s, want %s", o.ID, o.SLI, want[o.ID])
		}
	}
}

// TestWhatIfTooEarly shows that another target decides no more about a window
// that is barely known.
func TestWhatIfTooEarly(t *testing.T) {
	page := open(t, source(reading([]promise{
		{service: "users", name: "availability", target: "99.9%", valid: 1000, bad: 1, known: 3 * time.Hour},
	})), statuspage.Options{})
	answer := get(t, page, "/users/availability?target=50").Body.String()
	if _, result, ok := strings.Cut(answer, "With 50"); !ok || !strings.Contains(result[:200], "Too early") {
		t.Errorf("the answer is not that it is too early: %s", answer)
	}
}

// TestUnjudgedAlert shows that the figures of an alert without data are not
// known to programs either.
func TestUnjudgedAlert(t *testing.T) {
	r := shop()
	for i := range r.Objectives[0].Alarms {
		r.Objectives[0].Alarms[i].Long = sli.Counts{}
	}
	var d struct {
		Objectives []struct {
			State  string
			Alerts []map[string]any
		}
	}
	if err := json.Unmarshal(get(t, open(t, source(r), statuspage.Options{}), "/overview.json").Body.Bytes(), &d); err != nil {
		t.Fatal(err)
	}
	unjudged, without := 0, 0
	for _, o := range d.Objectives {
		if o.State == status.StateNoData {
			without += len(o.Alerts)
		}
		for _, a := range o.Alerts {
			if a["firing"] != nil {
				continue
			}
			unjudged++
			if a["bad"] != nil || a["long_burn"] != nil || a["short_burn"] != nil || a["factor"] == nil {
				t.Errorf("got %v", a)
			}
		}
	}
	if want := len(r.Objectives[0].Alarms) + without; without == 0 || unjudged != want {
		t.Errorf("%d alerts are not judged, want %d, of them %d without data", unjudged, want, without)
	}
}
