package statuspage_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/budget/status"
	"github.com/sligo-go/sligo/budget/statuspage"
	"github.com/sligo-go/sligo/slo"
)

// lacks reports the texts that a page does not have.
func lacks(t *testing.T, page http.Handler, path string, texts ...string) {
	t.Helper()
	w := get(t, page, path)
	if w.Code != http.StatusOK {
		t.Errorf("%s: got %d", path, w.Code)
	}
	for _, text := range texts {
		if got := words(w.Body.String()); !strings.Contains(got, text) {
			t.Errorf("%s lacks %q in\n%s", path, text, got)
		}
	}
}

func TestSheet(t *testing.T) {
	page := open(t, source(shop()), shopOptions())
	lacks(t, page, "/users/availability",
		"Caution users/availability since Wed 25 Nov 13:42 UTC. Every release is reviewed.",
		"SLI over 30 d 99.958 % 95 % sure: 99.955 to 99.961 Promised 99.95 % over 30 d, rolling Budget left 16.0 % 840 of 1,000 bad events spent",
		"Burn in the last hour 3.1× 6 h 1.4×, 3 d 1.1× Spent at that rate in 1 d 13 h Fri 27 Nov 18:11 UTC",
		"Full outage until spent 2 min 58 s at the last hour’s traffic Releases Reviewed",
		"Wed 18 Nov 12:20 UTC to 14:05 UTC. Incident: connection pool exhausted. It spent 30.2 % of the budget: 302 bad events.",
		"in 30 d. The incident of 18 Nov spent 30.2 %. On 23 Nov it fell below the line of Caution at 25 %.",
		"connection pool exhausted alone spent 30.2 %. More than 20 % requires a postmortem.",
		"Sat 14 Nov 15:00 UTC to 21:00 UTC. Maintenance: users database. Its events do not count: 1,204.",
		"Wed 25 Nov 13:31 UTC, open. Incident: 5xx after release 2.31.0.",
		"1 h 3,226 3,221 5 99.845 % 3.1× 100 %", "30 d 2,000,000 1,999,160 840 99.958 % 0.8× 100 %",
		"client left 1,204 not valid 31", "Requests that no event has matched GET /users/{userid}/avatar",
		"Page 2 % in 1 h 14.4× 1 h 3.1× 5 min – not known 5 Quiet", "Ticket 10 % in 3 d 1.0× 3 d 1.1× 6 h 1.4× 111 Firing",
		"96.1 % within 100 ms: 1,921,193 of 1,999,160 answers, counted one by one. The promise is 90 %, see users/latency.",
		"p50 38 ms p95 93 ms p99 164 ms", "Top 5 of 6 routes", "GET /users/{userid} 1,412,600 371 44.2 % 99.974 % 158 ms",
		"context deadline exceeded: SELECT addresses 503 96 Wed 25 Nov 14:02 UTC Thu 26 Nov 04:58 UTC 7b1e4c09 trace of",
		"21 min 36 s of full outage in 30 d", `sum(increase(sli_good_events_total{sli_service="users",sli="availability"}[30d]))`,
	)
	text := get(t, page, "/users/availability").Body.String()
	if !strings.Contains(text, `href="https://jaeger.example/trace/7b1e4c09a2d85f36"`) || strings.Contains(text, "DELETE /users") {
		t.Error("the sheet lacks the link to a trace, or has the sixth route")
	}
	lacks(t, page, "/payments/freshness", "No data payments/freshness", "Decision: every release is reviewed", "Every one reviewed. No data is not a pass.")
	lacks(t, page, "/orders/checkout-availability", "Releases open in 8 d 18 h Fri 4 Dec 23:02 UTC", "Decision: releases are stopped", "Full outage until spent 0 s")
}

func TestWhatIf(t *testing.T) {
	page := open(t, source(shop()), statuspage.Options{})
	tests := []struct{ target, want string }{
		{"99.9", "With 99.9 %: Healthy, 58.0 % of the budget left, 840 of 2,000 bad events spent. That equals 43 min 12 s of full outage in 30 d."},
		{"99.99%25", "With 99.99 %: Frozen, −320.0 % of the budget left, 840 of 200 bad events spent."},
		{"+99.95+%25", "With 99.95 %: Caution, 16.0 % of the budget left"},
		{"100", "“100” is not a target."}, {"0", "is not a target."}, {"ninety", "“ninety” is not a target."}, {"-1", "is not a target."},
		{strings.Repeat("9", 500), "is not a target."},
	}
	for _, test := range tests {
		lacks(t, page, "/users/availability?target="+test.target, test.want)
	}
	lacks(t, page, "/payments/freshness?target=90", "There is no data to calculate with.")
}

// TestCalendarWindow checks the words of an objective over a month that is not
// over: 25.58 of 30 days have passed, so 1,000 / 0.8528 bad events are allowed.
func TestCalendarWindow(t *testing.T) {
	r := shop()
	o := &r.Objectives[0]
	o.Objective.Window = slo.MustParseWindow("month Asia/Seoul")
	p := shopPromises[0]
	b := o.Budget
	*o = status.Objective{Objective: o.Objective, State: "healthy", Decision: r.Objectives[3].Decision}
	o.Budget = budgetOf(o.Objective, b.Counts())
	page := open(t, source(r), statuspage.Options{})
	lacks(t, page, "/"+p.service+"/"+p.name, "99.95 % a month (Asia/Seoul)", "840 of about 1,172 bad events spent", "Budget left 28.4 %", "SLI over this month",
		"Budget left over this month")
	lacks(t, page, "/"+p.service+"/"+p.name+"?lang=ko", "이번 달 SLI", "남은 오류 예산(이번 달)")
	if text := words(get(t, page, "/"+p.service+"/"+p.name).Body.String()); strings.Contains(text, "SLI over month") {
		t.Error("a query has the title “SLI over month”")
	}
}

func TestSheetJSON(t *testing.T) {
	page := open(t, source(shop()), shopOptions())
	var doc struct {
		Version    int
		Objective  struct{ ID, State string }
		Definition slo.Objective
		History    []struct {
			At          time.Time
			Good, Valid uint64
			LeftRatio   *string `json:"left_ratio"`
		}
	}
	if err := json.Unmarshal(get(t, page, "/users/availability.json").Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Version != 1 || doc.Objective.ID != "users/availability" || doc.Objective.State != "caution" || len(doc.History) != 120 {
		t.Errorf("got %+v", doc)
	}
	if diff := cmp.Diff(shopPromises[0].objective().String(), doc.Definition.String()); diff != "" {
		t.Errorf("definition (-want +got):\n%s", diff)
	}
	if last := doc.History[119]; last.LeftRatio == nil || last.Valid != 2_000_000 {
		t.Errorf("the last point is %+v", last)
	}
}

// TestNotFound checks paths of nothing.
func TestNotFound(t *testing.T) {
	page := open(t, source(shop()), statuspage.Options{})
	for _, path := range []string{"/users", "/users/", "/users/nothing", "/users/nothing.json", "/journey/nothing", "/journey/", "/users/availability/x", "/%2e%2e/x", "/overview", "//"} {
		if w := get(t, page, path); w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "This page does not exist") {
			t.Errorf("%s: got %d", path, w.Code)
		}
	}
}

func TestWall(t *testing.T) {
	page := open(t, source(shop()), shopOptions())
	lacks(t, page, "/?view=wall",
		"3 of 8 objectives need attention", "05:02 UTC",
		"Frozen orders/checkout-availability 99.89 % promised 99.9 % over 30 d −12.4 % left 463 of 412 bad events spent Releases stopped Opens Fri 4 Dec 23:02 UTC if nothing more fails",
		"Spent in 1 d 13 h Fri 27 Nov 18:11 UTC, releases reviewed burn 1 h 3.1×, 6 h 1.4×, 3 d 1.1×",
		"Nothing counted releases reviewed since Wed 25 Nov 09:00 UTC", "5 healthy payments/availability 55.8 % left",
	)
	crowd := manyPromises(40)
	lacks(t, open(t, source(reading(crowd)), statuspage.Options{}), "/?view=wall", "15 of 40 objectives need attention", "and 9 more", "25 healthy", "and 16 more")
}

func TestHelp(t *testing.T) {
	page := open(t, source(shop()), statuspage.Options{})
	lacks(t, page, "/help", "j next objective", "? this help", "Frozen The budget is spent.", "Burn rate The share of bad events divided by the share that is allowed.")
}

// TestJourney is the online shop's example: the events of four steps add up to
// 39,980 of 40,000, which is 99.95 %.
func TestJourney(t *testing.T) {
	r := status.Reading{At: now}
	for _, step := range []struct {
		name string
		good uint64
	}{{"home", 9994}, {"search", 9989}, {"category", 9997}, {"detail", 10000}} {
		p := promise{service: "shop", name: step.name, target: "99.9%", journey: "browse", valid: 10_000, bad: 10_000 - step.good, left: []float64{0.9, 0.8}}
		r.Objectives = append(r.Objectives, p.state(r.Policy))
	}
	contract := r.Objectives[1]
	contract.Objective.Name = "search-contract" // its events count once
	r.Objectives = append(r.Objectives, contract)
	slow := promise{service: "shop", name: "speed", target: "90%", journey: "browse", within: time.Second, valid: 500, bad: 50}
	r.Objectives = append(r.Objectives, slow.state(r.Policy))
	page := open(t, source(r), statuspage.Options{})
	lacks(t, page, "/journey/browse",
		"Availability 99.95 % 39,980 of 40,000 good", "Weak link, Availability shop/search 11 of 20 bad events",
		"shop/search GET /shop/{id} 9,989 10,000 11 99.89 % 55.0 %", "shop/detail GET /shop/{id} 10,000 10,000 0 100 % 0 %",
		"Total 39,980 40,000 20 99.95 % 100 %", "Total 450 500 50 90.0 % 100 %",
	)
	var doc struct {
		Journey string
		Kinds   []struct {
			Good, Valid uint64
			SLI         string
			WeakLink    string `json:"weak_link"`
			Steps       []struct{ ID string }
		}
	}
	if err := json.Unmarshal(get(t, page, "/journey/browse.json").Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if k := doc.Kinds; len(k) != 2 || k[0].Good != 39_980 || k[0].Valid != 40_000 || k[0].SLI != "0.9995" || k[0].WeakLink != "shop/search" || len(k[0].Steps) != 4 {
		t.Errorf("got %+v", doc)
	}
}

// TestJourneyCourse checks the share of bad events over time: both steps have
// 1,000 allowed bad events, of which 100 and then 200 are spent.
func TestJourneyCourse(t *testing.T) {
	r := status.Reading{At: now}
	for _, name := range []string{"home", "search"} {
		p := promise{service: "shop", name: name, target: "99%", journey: "browse", valid: 100_000, bad: 300}
		o := p.state(r.Policy)
		for i, bad := range []uint64{100, 200} {
			o.History = append(o.History, status.Point{At: now.Add(time.Duration(i-2) * 10 * day), Budget: budgetOf(o.Objective, events(100_000, bad))})
		}
		r.Objectives = append(r.Objectives, o)
	}
	page := open(t, source(r), statuspage.Options{})
	text := get(t, page, "/journey/browse").Body.String()
	if !strings.Contains(text, "It went from 0.1") || !strings.Contains(words(text), "It went from 0.1 % to 0.3 %, and was at most 0.3 %.") {
		t.Errorf("got %s", words(text))
	}
	r.Objectives[1].History = r.Objectives[1].History[:1]
	if text := get(t, open(t, source(r), statuspage.Options{}), "/journey/browse").Body.String(); strings.Contains(text, "It went from") {
		t.Error("steps without a common history have a course")
	}
}

// TestRowsOfAChartAddUp compares the rows below a chart with the total. The
// history ends before the reading.
func TestRowsOfAChartAddUp(t *testing.T) {
	r := shop()
	o := &r.Objectives[0]
	o.History = o.History[:len(o.History)/2]
	page := open(t, source(r), statuspage.Options{})
	_, text, found := strings.Cut(get(t, page, "/"+o.Objective.ID()).Body.String(), "Events and the budget left at the end of each period")
	if !found {
		t.Fatal("the sheet has no table of its chart")
	}
	text, _, _ = strings.Cut(text, "</table>")
	body, foot, _ := strings.Cut(text, "<tfoot>")
	events := regexp.MustCompile(`</th><td>([\d,]+)</td><td>([\d,]+)</td><td>([\d,]+)</td>`)
	numbers := func(row []string) (n [3]int) {
		for i := range n {
			n[i], _ = strconv.Atoi(strings.ReplaceAll(row[i+1], ",", ""))
		}
		return n
	}
	var sum [3]int
	for _, row := range events.FindAllStringSubmatch(body, -1) {
		for i, n := range numbers(row) {
			sum[i] += n
		}
	}
	if total := events.FindStringSubmatch(foot); total == nil || sum != numbers(total) || sum[0] == 0 {
		t.Errorf("the rows have %v valid, good and bad events, the total %q", sum, total)
	}
}
