package sli_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sligo-go/sligo/sli"
)

func grouped(groups sli.Groups) sli.Indicator {
	return sli.Indicator{Name: "availability", Service: "s", Good: sli.Condition{Status: []string{"2xx"}}, Groups: groups}
}

// groupsOf returns the counts of each group.
func groupsOf(rec *sli.Recorder) map[string]sli.Counts {
	all := make(map[string]sli.Counts)
	for _, t := range rec.Report().Indicators[0].Groups {
		all[t.Name] = t.Counts
	}
	return all
}

func TestKnownGroups(t *testing.T) {
	rec := newRecorder(t, grouped(sli.Groups{Values: []string{"free", "paid"}}))
	if diff := cmp.Diff(map[string]sli.Counts{"free": {}, "other": {}, "paid": {}}, groupsOf(rec)); diff != "" {
		t.Errorf("before the first event: %s", diff)
	}
	op := rec.Operation("GET /")
	for i, group := range []string{"free", "paid", "paid", "gold", "", "other", "Free"} {
		e := sli.Event{Status: 200 + 300*(i%2), Group: group}
		if i < 3 {
			rec.Record(e)
		} else {
			op.Finish(new(sli.Pending), e, 0)
		}
	}
	rec.RecordN(sli.Event{Status: 200, Group: "free"}, 10)
	rec.RecordN(sli.Event{Status: 200, Group: "free"}, 0)
	want := map[string]sli.Counts{"free": {Good: 11, Valid: 11}, "paid": {Good: 1, Valid: 2}, "other": {Good: 2, Valid: 4}}
	if diff := cmp.Diff(want, groupsOf(rec)); diff != "" {
		t.Error(diff)
	}
	checkCounts(t, rec, "availability", sli.Counts{Good: 14, Valid: 17})
	if !rec.Add("availability", sli.Counts{Good: 1, Valid: 2}) {
		t.Error("Add returned false")
	}
	if got := groupsOf(rec)["other"]; got != (sli.Counts{Good: 3, Valid: 6}) {
		t.Errorf("after Add: got %v in other", got)
	}
	if rec.Report().Indicators[0].Overflow {
		t.Error("known groups overflowed")
	}
}

// TestBoundedGroups checks that groups begin with their first event, that no
// more than Max begin, and that invalid ones count as "other".
func TestBoundedGroups(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := newRecorder(t, grouped(sli.Groups{Max: 2}))
		if diff := cmp.Diff(map[string]sli.Counts{"other": {}}, groupsOf(rec)); diff != "" {
			t.Errorf("before the first event: %s", diff)
		}
		time.Sleep(time.Minute)
		for _, group := range []string{"\xff", strings.Repeat("x", 129), "", "a", "b", "a"} {
			rec.Record(sli.Event{Status: 200, Group: group})
		}
		report := rec.Report().Indicators[0]
		if report.Overflow {
			t.Error("overflow before the third group")
		}
		for _, group := range report.Groups {
			if begun := group.Since.Sub(rec.Created()); begun != map[string]time.Duration{"a": time.Minute, "b": time.Minute}[group.Name] {
				t.Errorf("%s counts since %v after the recorder", group.Name, begun)
			}
		}
		rec.Record(sli.Event{Status: 200, Group: "c"})
		want := map[string]sli.Counts{"other": {Good: 4, Valid: 4}, "a": {Good: 2, Valid: 2}, "b": {Good: 1, Valid: 1}}
		if diff := cmp.Diff(want, groupsOf(rec)); diff != "" {
			t.Error(diff)
		}
		if !rec.Report().Indicators[0].Overflow {
			t.Error("no overflow after the third group")
		}
		if got := testing.AllocsPerRun(100, func() { rec.Record(sli.Event{Status: 200, Group: "d"}) }); got != 0 {
			t.Errorf("a group beyond the maximum: got %v allocations, want 0", got)
		}
	})
}

// TestGroupsAreExactUnderConcurrency begins groups in several goroutines.
func TestGroupsAreExactUnderConcurrency(t *testing.T) {
	const most, writers, each = 50, 4, 2000
	rec := newRecorder(t, grouped(sli.Groups{Max: most}))
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for i := range each {
				rec.Record(sli.Event{Status: 200, Group: fmt.Sprint(i % 100)})
			}
		})
	}
	wg.Wait()
	groups := groupsOf(rec)
	other := groups["other"]
	delete(groups, "other")
	if len(groups) != most {
		t.Errorf("got %d groups, want %d", len(groups), most)
	}
	for name, c := range groups {
		if c.Valid != writers*each/100 {
			t.Errorf("%s: got %v, want %d events", name, c, writers*each/100)
		}
	}
	if want := uint64(writers * each / 100 * (100 - most)); other.Valid != want {
		t.Errorf("other: got %v, want %d events", other, want)
	}
	checkCounts(t, rec, "availability", sli.Counts{Good: writers * each, Valid: writers * each})
}

func TestGroupsOfOverdueEvents(t *testing.T) {
	rec := newRecorder(t, grouped(sli.Groups{Values: []string{"paid"}}))
	f := &inFlight{op: rec.Operation("GET /"), event: sli.Event{Group: "paid"}, waited: time.Minute}
	rec.OnRead(f.walk)
	rec.OnRead(func(time.Time) { f.op.Check(new(sli.Pending), sli.Event{}, time.Minute) })
	got := rec.Report().Indicators[0]
	if got.Overdue != 2 || got.Groups[0].Overdue != 1 || got.Groups[1].Overdue != 1 {
		t.Errorf("got %v, want an overdue event in each group", got)
	}
}

func TestInvalidGroups(t *testing.T) {
	tests := []struct {
		groups sli.Groups
		want   []string
	}{
		{sli.Groups{Values: []string{"a", "", "other", "a", "\xff"}}, []string{
			`Groups.Values[1]: invalid group "": want 1 to 128 bytes of valid UTF-8`,
			`Groups.Values[2]: invalid group "other": every indicator with groups has it`,
			`Groups.Values[3]: duplicate group "a"`,
			`Groups.Values[4]: invalid group "\xff": want 1 to 128 bytes of valid UTF-8`,
		}},
		{sli.Groups{Max: -1}, []string{"Groups.Max: invalid maximum -1: want 0 to 1000"}},
		{sli.Groups{Max: 1001}, []string{"Groups.Max: invalid maximum 1001: want 0 to 1000"}},
		{sli.Groups{Values: []string{"a"}, Max: 5}, []string{"Groups.Max: invalid maximum 5: Values lists all groups"}},
		{sli.Groups{Max: 1000}, nil},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, mistakes(t, grouped(test.groups).Validate())); diff != "" {
			t.Errorf("%v: %s", test.groups, diff)
		}
	}
	many := grouped(sli.Groups{})
	for i := range 1001 {
		many.Groups.Values = append(many.Groups.Values, fmt.Sprint(i))
	}
	if diff := cmp.Diff([]string{"Groups.Values: 1001 groups: want at most 1000"}, mistakes(t, many.Validate())); diff != "" {
		t.Error(diff)
	}
}
