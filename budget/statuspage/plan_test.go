package statuspage_test

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/budget/ledger"
	"github.com/sligo-go/sligo/budget/status"
	"github.com/sligo-go/sligo/budget/statuspage"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

// A ledger can name an exclusion that the source of the figures does not know.
// The page then says what the figures do.
func TestExclusionOfTheSource(t *testing.T) {
	const maintenance, planned = "Maintenance: users database.", "Maintenance payments database, Sun 29 Nov 16:00 UTC to 18:00 UTC"
	tests := []struct {
		name            string
		change          func(i int, o *status.Objective)
		overview, sheet string // after the texts above
	}{
		{"all of it", func(int, *status.Objective) {}, ": does not spend the budget This", " Its events do not count: 1,204."},
		{"none of it", func(_ int, o *status.Objective) { o.Exclusions = nil },
			": spends the budget, because the source counts its events", " Its events count, because the source did not exclude them."},
		{"for one objective", func(i int, o *status.Objective) { o.Exclusions = o.Exclusions[:pick(i == 0, 2, 0)] },
			": does not spend the budget of 1 of 8 objectives", " Its events do not count: 1,204."},
		{"from later on", func(_ int, o *status.Objective) {
			for i := range o.Exclusions {
				o.Exclusions[i].Start = o.Exclusions[i].Start.Add(time.Hour)
			}
		}, ": spends the budget, because the source counts its events", " Some of its events do not count: 1,204."},
		{"in two parts, a reading late", func(_ int, o *status.Objective) {
			for _, x := range o.Exclusions[:2] {
				second := x
				second.Start, second.Counts = x.Start.Add(time.Hour), sli.Counts{}
				o.Exclusions = append(o.Exclusions, second)
			}
			for i := range 2 {
				x := &o.Exclusions[i]
				x.Start, x.End = x.Start.Add(9*time.Second), x.Start.Add(time.Hour)
			}
		}, ": does not spend the budget This", " Its events do not count: 1,204."},
		{"as a part of a longer time", func(_ int, o *status.Objective) {
			o.Exclusions = []status.Exclusion{{Start: now.Add(-20 * day), Counts: events(5_000, 0)}}
		}, ": does not spend the budget This", " Its events do not count."},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := shop()
			for i := range r.Objectives {
				test.change(i, &r.Objectives[i])
			}
			page := open(t, source(r), shopOptions())
			lacks(t, page, "/", planned+test.overview)
			lacks(t, page, "/users/availability", maintenance+test.sheet)
		})
	}
}

func pick[T any](condition bool, yes, no T) T {
	if condition {
		return yes
	}
	return no
}

// TestExclusionEverywhere has real books: 50 bad events within a maintenance
// spend nothing on any view.
func TestExclusionEverywhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		objective := slo.Objective{
			Indicator: sli.Indicator{Service: "users", Name: "availability", Good: sli.Condition{Status: []string{"2xx"}}},
			Target:    slo.MustParseTarget("99%"), Window: slo.MustParseWindow("1h"),
		}
		start := time.Now().Add(50*time.Minute + 5*time.Second)
		books := ledger.Ledger{
			Entries: []ledger.Entry{{Kind: ledger.KindMaintenance, Name: "database", Start: start, End: start.Add(5 * time.Minute)}},
			Exclude: []ledger.Kind{ledger.KindMaintenance},
		}
		recorder, err := sli.NewRecorder(objective.Indicator)
		if err != nil {
			t.Fatal(err)
		}
		source, err := status.Open(recorder, []slo.Objective{objective}, &status.Options{Ledger: func() ledger.Ledger { return books }})
		if err != nil {
			t.Fatal(err)
		}
		defer source.Close()
		answer := func(code int, n uint64) { recorder.RecordN(sli.Event{Operation: "GET /", Status: code}, n) }
		page := open(t, source, statuspage.Options{Ledger: func() ledger.Ledger { return books }})

		answer(200, 1_997)
		answer(500, 3)
		time.Sleep(50*time.Minute + 6*time.Second)
		answer(500, 50)
		lacks(t, page, "/", "Maintenance since Sat 1 Jan 00:50 UTC: database: does not spend the budget")
		lacks(t, page, "/?view=wall", "Maintenance since Sat 1 Jan 00:50 UTC: database: does not spend the budget")
		lacks(t, page, "/users/availability", "Sat 1 Jan 00:50 UTC, open. Maintenance: database. Its events do not count: 50.")
		time.Sleep(8 * time.Minute)

		lacks(t, page, "/", "85.5 % of the budget left 3 of about 20 bad events spent")
		lacks(t, page, "/users/availability", "Its events do not count: 50.", "1 h 2,000 1,997 3 99.9 %", "excluded by the plan 50",
			"A Maintenance: database Sat 1 Jan 00:50 UTC Sat 1 Jan 00:55 UTC do not count")
		var doc struct {
			Objective struct {
				Good, Valid uint64
				Ignored     map[string]uint64
			}
			History []struct {
				Good, Valid uint64
			}
			Events []struct{ Excluded bool }
		}
		if err := json.Unmarshal(get(t, page, "/users/availability.json").Body.Bytes(), &doc); err != nil {
			t.Fatal(err)
		}
		last := doc.History[len(doc.History)-1]
		if o := doc.Objective; o.Good != 1_997 || o.Valid != 2_000 || last.Good != 1_997 || last.Valid != 2_000 || o.Ignored["excluded"] != 50 || len(doc.Events) != 1 || !doc.Events[0].Excluded {
			t.Errorf("got %+v", doc)
		}
	})
}

// TestPlanned looks for planned events on all views.
func TestPlanned(t *testing.T) {
	page := open(t, source(shop()), shopOptions())
	const release = "Release users 2.31.1, Thu 26 Nov 06:30 UTC to 06:40 UTC"
	const payments = "Maintenance payments database, Sun 29 Nov 16:00 UTC to 18:00 UTC: does not spend the budget"
	lacks(t, page, "/users/availability",
		"Open and planned Incident open since Wed 25 Nov 13:31 UTC: 5xx after release 2.31.0 "+release+" "+payments+" Budget left over 30 d",
		"G "+release+". H "+payments+".",
		"G Release: users 2.31.1 Thu 26 Nov 06:30 UTC Thu 26 Nov 06:40 UTC count H Maintenance: payments database Sun 29 Nov 16:00 UTC Sun 29 Nov 18:00 UTC do not count",
		"F Incident: 5xx after release 2.31.0 Wed 25 Nov 13:31 UTC open count",
	)
	wall := words(get(t, page, "/?view=wall").Body.String())
	if !strings.Contains(wall, release) || strings.Contains(wall, "payments database") {
		t.Errorf("the wall lacks the release of today, or has a maintenance in three days:\n%s", wall)
	}

	// The axis goes on for seven days after the window of 30.
	text := get(t, page, "/users/availability").Body.String()
	place := regexp.MustCompile(`<line class="now" x1="81.08%"`)
	mark := regexp.MustCompile(`<circle class="dot maint" cx="(9\d\.\d\d)%"`)
	band := regexp.MustCompile(`<rect class="band maint" x="90.42%"`)
	if !place.MatchString(text) || !mark.MatchString(text) || !band.MatchString(text) {
		t.Errorf("the chart does not draw the planned maintenance after now:\n%s", regexp.MustCompile(`(?s)<figure>.*?</figure>`).FindString(text))
	}
	r := shop()
	r.At = now.Add(10 * day) // nothing is planned
	if text := get(t, open(t, source(r), shopOptions()), "/users/availability").Body.String(); strings.Contains(text, `class="now"`) || !strings.Contains(text, `cx="100.00%"`) {
		t.Error("a chart without planned events does not end now")
	}
}

func TestEventsOfTheJSON(t *testing.T) {
	page := open(t, source(shop()), shopOptions())
	type event struct {
		Kind, Name, Tense string
		Start             time.Time
		End               *time.Time
		Excluded          bool
	}
	read := func(path string) []event {
		var doc struct{ Events []event }
		if err := json.Unmarshal(get(t, page, path).Body.Bytes(), &doc); err != nil {
			t.Fatal(err)
		}
		return doc.Events
	}
	at := func(day, hour, minute int) *time.Time { t := shopTime(day, hour, minute); return &t }
	want := []event{
		{"outage", "5xx after release 2.31.0", "open", shopTime(25, 13, 31), nil, false},
		{"deployment", "users 2.31.1", "planned", shopTime(26, 6, 30), at(26, 6, 40), false},
		{"maintenance", "payments database", "planned", shopTime(29, 16, 0), at(29, 18, 0), true},
	}
	if diff := cmp.Diff(want, read("/overview.json")); diff != "" {
		t.Errorf("overview (-want +got):\n%s", diff)
	}
	got := read("/users/availability.json")
	if len(got) != 8 {
		t.Fatalf("the sheet has %d events", len(got))
	}
	if diff := cmp.Diff(event{"maintenance", "users database", "past", shopTime(14, 15, 0), at(14, 21, 0), true}, got[1]); diff != "" {
		t.Errorf("sheet (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, got[5:]); diff != "" {
		t.Errorf("end of the sheet (-want +got):\n%s", diff)
	}
}

// An incident without an end spends now, whatever is planned for later.
func TestOpenEventBeforeAnExclusion(t *testing.T) {
	page := open(t, source(shop()), shopOptions())
	lacks(t, page, "/users/availability", "5xx after release 2.31.0. G Release", "F Incident: 5xx after release 2.31.0 Wed 25 Nov 13:31 UTC open count G")
}

// Letters of a chart never cover each other.
func TestLettersOfNeighbors(t *testing.T) {
	var books ledger.Ledger
	for i := range 12 {
		at := now.Add(-time.Duration(i) * time.Hour)
		books.Entries = append(books.Entries, ledger.Entry{Kind: ledger.KindDeployment, Name: "users", Start: at, End: at.Add(time.Minute)})
	}
	text := get(t, open(t, source(shop()), statuspage.Options{Ledger: func() ledger.Ledger { return books }}), "/users/availability").Body.String()
	rows := map[string][]float64{}
	for _, m := range regexp.MustCompile(`<circle class="dot deploy" cx="([\d.]+)%" cy="(\d+)"`).FindAllStringSubmatch(text, -1) {
		x, _ := strconv.ParseFloat(m[1], 64)
		rows[m[2]] = append(rows[m[2]], x)
	}
	if len(rows) != 2 {
		t.Fatalf("got rows %v", rows)
	}
	for y, row := range rows {
		for i := range row[1:] {
			if row[i+1]-row[i] < 5 {
				t.Errorf("row %s: letters at %v", y, row)
			}
		}
	}
}
