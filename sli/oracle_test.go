package sli_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sligo-go/sligo/sli"
)

// The oracle judges by the definitions of the documentation, one field at a
// time, without any of the package's compiled forms. A verdict is "good",
// "bad", a reason, or "" for an event of an operation that is not listed.

// oracleLists applies Indicator.Requests.
func oracleLists(ind sli.Indicator, operation string) (listed, options bool) {
	plain := 0
	for _, entry := range ind.Requests {
		text, negated := strings.CutPrefix(entry, "!")
		if !negated {
			plain++
		}
		if !oracleSelects(text, operation) {
			continue
		}
		if negated {
			return false, false
		}
		listed = true
		options = options || strings.HasPrefix(text, "OPTIONS ")
	}
	return listed || plain == 0, options
}

func oracleSelects(text, operation string) bool {
	fits := func(operation string) bool {
		if strings.HasSuffix(text, "*") {
			return len(operation) >= len(text)-1 && operation[:len(text)-1] == text[:len(text)-1]
		}
		return text == operation
	}
	if fits(operation) {
		return true
	}
	method, path, _ := strings.Cut(operation, " ")
	switch {
	case text[0] == '/' && operation != "" && operation[0] != '/':
		return fits(path)
	case method == "_OTHER": // the name of every other method
		return fits("PROPFIND "+path) || fits("BREW "+path)
	}
	return false
}

// oracleInList looks for a value in a list with negated entries.
func oracleInList(list []string, is func(entry string) bool, start bool) bool {
	in := true
	for _, entry := range list {
		in = in && entry[0] == '!'
	}
	in = in && start
	for _, entry := range list {
		in = in || is(entry)
	}
	for _, entry := range list {
		if entry[0] == '!' && is(entry[1:]) {
			return false
		}
	}
	return in
}

func oracleStatus(list []string, status int) bool {
	text := strconv.Itoa(status)
	if len(text) != 3 || text > "599" {
		return oracleInList(list, func(string) bool { return false }, true)
	}
	return oracleInList(list, func(entry string) bool {
		first, last, _ := strings.Cut(entry, "-")
		if strings.HasSuffix(entry, "xx") {
			first, last = entry[:1]+"00", entry[:1]+"99"
		}
		return first <= text && text <= last || entry == text
	}, text > "199")
}

func oracleCode(list []string, code string) bool {
	plain := func(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }
	return oracleInList(list, func(entry string) bool { return plain(entry) == plain(code) }, true)
}

// oracleMeets applies a condition's fields, with the given meaning of the zero
// Presences.
func oracleMeets(c sli.Condition, e sli.Event, canceled, failed sli.Presence) bool {
	presence := func(p, zero sli.Presence, has bool) bool {
		if p == "" {
			p = zero
		}
		return p == sli.PresenceInclude || has == (p == sli.PresenceOnly)
	}
	leaving := presence(c.Canceled, canceled, e.Canceled)
	if e.Unanswered && e.Canceled && c.Canceled != sli.PresenceOnly {
		leaving = true
	}
	all := []bool{
		e.Unanswered || oracleMeetsLists(c, e),
		leaving,
		presence(c.Failed, failed, e.Err != nil),
		c.Within == 0 || e.Duration <= c.Within,
		c.Func == nil || c.Func(e),
	}
	return !slices.Contains(all, false)
}

// oracleMeetsLists applies Status and Code.
func oracleMeetsLists(c sli.Condition, e sli.Event) bool {
	switch statuses, codes := len(c.Status) > 0, len(c.Code) > 0; {
	case !statuses && !codes:
		return true
	case codes && e.Code != "":
		return oracleCode(c.Code, e.Code)
	case statuses && e.Status != 0:
		return oracleStatus(c.Status, e.Status)
	case e.Status != 0 || e.Code != "":
		return false
	default: // a job
		return statuses && codes && e.Err == nil
	}
}

// oracleJudge judges one event.
func oracleJudge(ind sli.Indicator, e sli.Event) string {
	listed, options := oracleLists(ind, e.Operation)
	in101 := func(list []string) bool { return len(list) > 0 && oracleStatus(list, 101) }
	counts101 := in101(ind.Valid.Status) || in101(ind.Good.Status)
	stays := ind.Valid.Canceled == "" || ind.Valid.Canceled == sli.PresenceExclude
	switch {
	case !listed:
		return ""
	case e.Ignore == sli.ReasonPreflight && options:
	case e.Ignore != "":
		return string(e.Ignore)
	}
	switch {
	case e.Status == 101 && !e.Unanswered && !counts101:
		return "upgrade"
	case e.Canceled && !e.Unanswered && stays:
		return "client_left"
	case e.Allowed > 0 && ind.Good.Within > e.Allowed:
		return "not_valid"
	case !oracleMeets(ind.Valid, e, sli.PresenceExclude, sli.PresenceInclude):
		return "not_valid"
	case e.Unanswered, !oracleMeets(ind.Good, e, sli.PresenceInclude, sli.PresenceExclude):
		return "bad"
	}
	return "good"
}

// visit is a call of Check, or of Finish if it is the last one.
type visit struct {
	event  sli.Event
	waited time.Duration
}

// oracleTimeline judges an event by all visits, as the table of verdicts says.
// It returns the number of the visit that decides.
func oracleTimeline(ind sli.Indicator, visits []visit, patience time.Duration) (verdict string, at int) {
	bound := ind.Patience
	switch {
	case ind.Good.Within > 0:
		bound = ind.Good.Within
	case bound < 0:
		bound = 1 << 62
	default:
		if bound == 0 {
			bound = time.Second
		}
		if patience > 0 && patience < bound {
			bound = patience
		}
	}
	stays := ind.Valid.Canceled == "" || ind.Valid.Canceled == sli.PresenceExclude
	for i, v := range visits {
		last := i == len(visits)-1
		hung := v.event
		hung.Unanswered, hung.Status, hung.Code = true, 0, ""
		_, options := oracleLists(ind, v.event.Operation)
		judged := v.event.Ignore == "" || v.event.Ignore == sli.ReasonPreflight && options
		switch {
		case v.event.Canceled && v.waited > bound && stays:
			return oracleJudge(ind, hung), i
		case !last && (v.event.Err != nil || !judged):
			return oracleJudge(ind, hung), i
		case last:
			return oracleJudge(ind, v.event), i
		}
	}
	panic("no visit")
}

func pick[T any](random *rand.Rand, values ...T) T { return values[random.IntN(len(values))] }

func validRandomIndicator(random *rand.Rand, name string) sli.Indicator {
	for {
		ind := sli.Indicator{
			Name: name, Service: "s",
			Requests: pick(random, nil, nil, []string{"GET /a"}, []string{"/a", "!GET /a"}, []string{"!GET /a"}, []string{"GET /*", "OPTIONS /a"},
				[]string{"PROPFIND /a"}, []string{"OPTIONS *", "import"}, []string{"*", "!/b*"}),
			Good:     oracleCondition(random),
			Valid:    oracleCondition(random),
			Patience: pick(random, 0, 0, -1, 50*ms, 3*time.Second),
		}
		if random.IntN(2) == 0 {
			ind.Valid.Within = 0
		}
		if ind.Validate() == nil {
			return ind
		}
	}
}

func oracleCondition(random *rand.Rand) sli.Condition {
	c := sli.Condition{
		Status: pick(random, nil, nil, []string{"2xx", "3xx", "4xx"}, []string{"!400"}, []string{"101", "2xx"}, []string{"200-404", "!204"}, []string{"1xx"}),
		Code:   pick(random, nil, nil, []string{"OK"}, []string{"!Internal"}, []string{"OK", "NOT_FOUND", "!Internal"}),
		Within: pick(random, 0, 0, 100*ms),
	}
	c.Canceled = pick(random, "", "", "", sli.PresenceInclude, sli.PresenceExclude, sli.PresenceOnly)
	c.Failed = pick(random, "", "", "", sli.PresenceInclude, sli.PresenceExclude, sli.PresenceOnly)
	c.Func = pick(random, nil, nil, nil,
		func(e sli.Event) bool { return !e.Unanswered },
		func(e sli.Event) bool { return e.Duration > 20*ms || e.Status == 204 })
	return c
}

func oracleEvent(random *rand.Rand) sli.Event {
	return sli.Event{
		Operation:  pick(random, "GET /a", "POST /a", "OPTIONS /a", "GET /b/c", "_OTHER /a", "PROPFIND /a", "import", ""),
		Status:     pick(random, 0, 101, 103, 200, 204, 302, 400, 404, 499, 500, 777, 1000),
		Code:       pick(random, "", "", "OK", "NotFound", "INTERNAL", "strange"),
		Duration:   pick(random, 0, 20*ms, 100*ms, 100*ms+1, time.Minute),
		Canceled:   random.IntN(3) == 0,
		Err:        pick(random, nil, nil, errFailed),
		Unanswered: random.IntN(6) == 0,
		Ignore:     pick(random, "", "", "", "", "", sli.ReasonPreflight, sli.ReasonUnjudged, sli.ReasonClientLeft),
		Group:      pick(random, "", "paid"),
		Allowed:    pick(random, 0, 0, 0, 10*ms, 100*ms, time.Minute),
	}
}

// verdictsOf returns the cells of each indicator that are not zero.
func verdictsOf(rec *sli.Recorder) []map[string]uint64 {
	var all []map[string]uint64
	for _, t := range rec.Report().Indicators {
		cells := map[string]uint64{"good": t.Counts.Good, "bad": t.Counts.Bad()}
		for reason, n := range t.Ignored {
			cells[string(reason)] = n
		}
		for name, n := range cells {
			if n == 0 {
				delete(cells, name)
			}
		}
		all = append(all, cells)
	}
	return all
}

// TestRecordAgreesWithTheOracle records random events by every method.
func TestRecordAgreesWithTheOracle(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	seen := make(map[string]int)
	for range 300 {
		indicators := make([]sli.Indicator, 5)
		for i := range indicators {
			indicators[i] = validRandomIndicator(random, fmt.Sprint("i", i))
		}
		byRecord, byOperation := newRecorder(t, indicators...), newRecorder(t, indicators...)
		want := make([]map[string]uint64, len(indicators))
		for i := range want {
			want[i] = make(map[string]uint64)
		}
		var all []sli.Event
		for range 40 {
			e, n := oracleEvent(random), uint64(random.IntN(3))
			byRecord.RecordN(e, n)
			for range n {
				byOperation.Operation(e.Operation).Record(e)
			}
			all = append(all, e)
			for i, ind := range indicators {
				verdict := oracleJudge(ind, e)
				seen[verdict]++
				if verdict != "" && n > 0 {
					want[i][verdict] += n
				}
				checkOracleVerdict(t, ind, e, verdict)
			}
		}
		for i, ind := range indicators {
			for way, rec := range map[string]*sli.Recorder{"RecordN": byRecord, "Operation.Record": byOperation} {
				if got := verdictsOf(rec)[i]; fmt.Sprint(got) != fmt.Sprint(want[i]) {
					t.Fatalf("%s: %v: got %v, want %v of %v", way, ind, got, want[i], all)
				}
			}
		}
	}
	for _, verdict := range []string{"", "good", "bad", "client_left", "not_valid", "upgrade", "preflight", "unjudged"} {
		if seen[verdict] < 100 {
			t.Errorf("the oracle judged only %d events as %q", seen[verdict], verdict)
		}
	}
}

func checkOracleVerdict(t *testing.T, ind sli.Indicator, e sli.Event, verdict string) {
	t.Helper()
	want := sli.VerdictIgnored
	switch verdict {
	case "good":
		want = sli.VerdictGood
	case "bad":
		want = sli.VerdictBad
	}
	if got, err := ind.Judge(e); got != want || err != nil {
		t.Fatalf("%v: %v: got %v, %v, want %s", ind, e, got, err, verdict)
	}
}

// randomVisits returns the visits of one event: the client may leave, a
// deadline may pass, and the handler returns at the last one.
func randomVisits(random *rand.Rand) []visit {
	last := oracleEvent(random)
	last.Unanswered = false
	visits := make([]visit, 1+random.IntN(5))
	waited := time.Duration(0)
	left, deadline := random.IntN(7), random.IntN(12)
	for i := range visits {
		waited += pick(random, 0, 10*ms, 50*ms, 100*ms, 100*ms+1, time.Second, 2*time.Second)
		e := sli.Event{Operation: last.Operation, Ignore: last.Ignore, Group: last.Group, Allowed: last.Allowed, Duration: waited, Canceled: i >= left}
		if i >= deadline {
			e.Err = errFailed
		}
		visits[i] = visit{e, waited}
	}
	last.Canceled = last.Canceled || left < len(visits)
	visits[len(visits)-1].event = last
	return visits
}

// TestCheckAndFinishAgreeWithTheOracle plays random timelines one after the
// other, and then the checks of a timeline concurrently with its end: each
// indicator then counts once, with the verdict of one of the visits.
func TestCheckAndFinishAgreeWithTheOracle(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	early := 0
	for range 1500 {
		ind := validRandomIndicator(random, "i")
		patience := pick(random, 0, 0, -time.Second, 30*ms, time.Hour)
		visits := randomVisits(random)
		want, at := oracleTimeline(ind, visits, patience)
		if at < len(visits)-1 && want != "" {
			early++
		}
		rec := newRecorder(t, ind)
		op := rec.Operation(visits[0].event.Operation)
		p := &sli.Pending{Patience: patience}
		for i, v := range visits[:len(visits)-1] {
			undecided := op.Check(p, v.event, v.waited)
			if decided := i >= at || want == ""; decided != (undecided == 0) {
				t.Fatalf("%v: visit %d of %v: %d undecided indicators, want decided: %t", ind, i, visits, undecided, decided)
			}
		}
		end := visits[len(visits)-1]
		op.Finish(p, end.event, end.waited)
		if got, want := verdictsOf(rec)[0], oneVerdict(want); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("%v with patience %v: %v: got %v, want %v", ind, patience, visits, got, want)
		}
		checkConcurrentVisits(t, ind, visits, patience)
	}
	if early < 50 {
		t.Errorf("only %d events were judged in flight", early)
	}
}

func oneVerdict(verdict string) map[string]uint64 {
	if verdict == "" {
		return map[string]uint64{}
	}
	return map[string]uint64{verdict: 1}
}

// checkConcurrentVisits makes all visits at once. Whichever comes first
// decides, so that several verdicts are right.
func checkConcurrentVisits(t *testing.T, ind sli.Indicator, visits []visit, patience time.Duration) {
	t.Helper()
	possible := make(map[string]bool)
	end := len(visits) - 1
	for i := range visits {
		one := []visit{visits[i], visits[end]}
		if i == end {
			one = one[1:]
		}
		verdict, _ := oracleTimeline(ind, one, patience)
		possible[fmt.Sprint(oneVerdict(verdict))] = true
	}
	rec := newRecorder(t, ind)
	op := rec.Operation(visits[0].event.Operation)
	p := &sli.Pending{Patience: patience}
	var wg sync.WaitGroup
	for _, v := range visits[:end] {
		wg.Go(func() { op.Check(p, v.event, v.waited) })
	}
	wg.Go(func() { op.Finish(p, visits[end].event, visits[end].waited) })
	wg.Wait()
	op.Finish(p, visits[end].event, visits[end].waited)
	if got := fmt.Sprint(verdictsOf(rec)[0]); !possible[got] {
		t.Fatalf("%v: %v: got %v, want one of %v", ind, visits, got, possible)
	}
}
