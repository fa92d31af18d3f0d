package slilog_test

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/sli/slilog"
)

const combined = `127.0.0.1 - bob [16/Nov/2024:12:34:56 +0900] "GET /users/17 HTTP/1.1" 200 123 "https://a.example/" "Mozilla/5.0 (X11; \"x\")" 0.050 "0.049"
127.0.0.1 - - [16/Nov/2024:12:34:57 +0900] "GET /users/18?q=a HTTP/1.1" 503 0 "-" "curl/8" 0.010
127.0.0.1 - - [16/Nov/2024:12:34:58 +0900] "GET /users/18 HTTP/2.0" 200 5 "-" "curl/8" 0.100
127.0.0.1 - - [16/Nov/2024:12:34:58 +0900] "GET /users/19 HTTP/2.0" 499 0 "-" "curl/8" 3.000
127.0.0.1 - - [16/Nov/2024:12:34:58 +0900] "\x16\x03\x01" 400 0 "-" "-" 0.000
127.0.0.1 - - [16/Nov/2024:12:34:58 +0900] "GET /users/19 HTTP/2.0" 200 5 "-" "curl/8"
127.0.0.1 - - [16/Nov/2024:12:34:58 +0900] "GET /users/19 HTTP/2.0
garbage
`

func TestReadCombined(t *testing.T) {
	recorder, reader := newReader(t, &slilog.Options{Routes: []string{"GET /users/{userid}"}})
	result, err := reader.ReadCombined(iotest.HalfReader(strings.NewReader(combined)))
	checkResult(t, result, err, slilog.Result{Lines: 8, Events: 5, Unreadable: 3})
	checkCounts(t, recorder, map[string]sli.Counts{"availability": {Good: 2, Valid: 3}, "latency": {Good: 2, Valid: 2}})
}

func TestReadCombinedTakesTheDurationFromItsPosition(t *testing.T) {
	recorder, reader := newReader(t, &slilog.Options{Duration: "2", Routes: []string{"GET /users/{userid}"}})
	result, err := reader.ReadCombined(strings.NewReader(combined))
	checkResult(t, result, err, slilog.Result{Lines: 8, Events: 1, Unreadable: 7})
	checkCounts(t, recorder, map[string]sli.Counts{"latency": {Good: 1, Valid: 1}})
}

func TestReadCombinedWithoutDuration(t *testing.T) {
	recorder, reader := newReader(t, &slilog.Options{Duration: "-", Routes: []string{"GET /users/{userid}"}}, availability)
	result, err := reader.ReadCombined(strings.NewReader(combined))
	checkResult(t, result, err, slilog.Result{Lines: 8, Events: 6, Unreadable: 2})
	checkCounts(t, recorder, map[string]sli.Counts{"availability": {Good: 3, Valid: 4}})
}

func TestReadCombinedRefusesNamesOfFields(t *testing.T) {
	for _, options := range []slilog.Options{{Duration: "a b"}, {Duration: "0"}, {Duration: "-1"}, {Operation: "op"}, {Group: "tenant"}} {
		_, reader := newReader(t, &options)
		result, err := reader.ReadCombined(strings.NewReader(combined))
		if err == nil || result.Lines != 0 {
			t.Errorf("%+v: got %+v, %v, want an error", options, result, err)
		}
	}
}

// TestDurationsOfCombined reads the duration of one line, 250 ms.
func TestDurationsOfCombined(t *testing.T) {
	const line = `10.0.0.1 - - [16/Nov/2024:12:34:56 +0900] "GET /users/17 HTTP/1.1" 200 123 "-" "curl/8" `
	for _, test := range []struct {
		extra   string
		options slilog.Options
	}{
		{`0.250`, slilog.Options{}},
		{`"0.250"`, slilog.Options{}},
		{`rt=0.250`, slilog.Options{}},
		{`rt=0.250 uct="0.000" urt="0.100"`, slilog.Options{Duration: "rt"}},
		{`uct="0.000" rt="0.250" urt="0.100"`, slilog.Options{Duration: "rt"}},
		{`uct=0.000, rt=0.250, urt=0.100`, slilog.Options{Duration: "rt"}},
		{`rt=9 urt="0.050, 0.050 : 0.150"`, slilog.Options{Duration: "urt"}},
		{`rt=9 urt=0.050, 0.050 : 0.150 x=1`, slilog.Options{Duration: "urt"}},
		{`rt=9 urt="-, 0.250"`, slilog.Options{Duration: "urt"}},
		{`9 0.050, 0.050 : 0.150 "-"`, slilog.Options{Duration: "2"}},
		{`9 "0.100, - : 0.150"`, slilog.Options{Duration: "2"}},
		{`250000`, slilog.Options{Unit: time.Microsecond}},
		{`250`, slilog.Options{Unit: time.Millisecond}},
		{`rt_ms=250`, slilog.Options{Duration: "rt_ms"}},
		{`rt_us=250000`, slilog.Options{Duration: "rt_us"}},
		{`17 "web@docker" "http://10.0.0.2:80" 250ms`, slilog.Options{Duration: "4"}},
		{`"250 ms"`, slilog.Options{}},
		{`250000µs`, slilog.Options{}},
	} {
		test.options.Routes = []string{"GET /users/{userid}"}
		bounds := []sli.Indicator{latency, latency}
		bounds[0].Name, bounds[0].Good.Within = "below", 249999*time.Microsecond
		bounds[1].Name, bounds[1].Good.Within = "above", 250001*time.Microsecond
		recorder, reader := newReader(t, &test.options, bounds...)
		result, err := reader.ReadCombined(strings.NewReader(line + test.extra + "\n"))
		if err != nil || result.Events != 1 {
			t.Errorf("%s: got %v, %v, want one event", test.extra, result, err)
			continue
		}
		checkCounts(t, recorder, map[string]sli.Counts{"below": {Good: 0, Valid: 1}, "above": {Good: 1, Valid: 1}})
	}
	for extra, reason := range map[string]string{
		`urt="-"`:         `invalid duration "-": no server was asked, so that the time is unknown`,
		`urt="-, -"`:      `invalid duration "-, -": no server was asked, so that the time is unknown`,
		`urt="0,250"`:     `invalid duration "0,250": want a number, or a text such as "150ms"`,
		`urt="1:30"`:      `invalid duration "1:30": want a number, or a text such as "150ms"`,
		`urt="0.1, -0.1"`: `invalid duration "0.1, -0.1": want a number, or a text such as "150ms"`,
		`urt="1e18, 1e9"`: `invalid duration "1e18, 1e9": want a number, or a text such as "150ms"`,
		`urt=""`:          `invalid duration "": want a number, or a text such as "150ms"`,
		`rt=0.250`:        `the line has no value urt= after the user agent`,
	} {
		_, reader := newReader(t, &slilog.Options{Duration: "urt"})
		result, err := reader.ReadCombined(strings.NewReader(line + extra + "\n"))
		checkResult(t, result, err, slilog.Result{Lines: 1, Unreadable: 1})
		if len(result.Samples) == 1 && result.Samples[0].Reason != reason {
			t.Errorf("%s: got the reason %s, want %s", extra, result.Samples[0].Reason, reason)
		}
	}
}

// TestVariantsOfCombined reads further formats of Apache and nginx.
func TestVariantsOfCombined(t *testing.T) {
	const end = `[16/Nov/2024:12:34:56 +0900] "GET /users/17 HTTP/1.1" 200 123 "-" "curl/8" 0.050`
	for _, line := range []string{
		"shop.example:443 10.0.0.1 - - " + end,
		"[::1]:443 ::1 - - " + end,
		"10.0.0.1 - John Doe " + end,
		"10.0.0.1, 10.0.0.2 - - " + end,
		`"10.0.0.1, 10.0.0.2" - - ` + end,
		`10.0.0.1 - - [16/Nov/2024:12:34:56 +0900] "GET /users/17 HTTP/1.1" 200 123 0.050`,
		`10.0.0.1 - - [16/Nov/2024:12:34:56 +0900] "GET /users/17?q=\"a\" HTTP/1.1" 200 123 "" "a \"b\" [c]" 0.050`,
	} {
		recorder, reader := newReader(t, &slilog.Options{Routes: []string{"GET /users/{userid}"}})
		result, err := reader.ReadCombined(strings.NewReader(line + "\n"))
		if err != nil || result.Events != 1 {
			t.Errorf("%s: got %v, %v, want one event", line, result, err)
		}
		checkCounts(t, recorder, map[string]sli.Counts{"latency": {Good: 1, Valid: 1}})
	}
}

// TestNoAnswer reads nginx's status 000 and Envoy's 0: the client disconnected
// before the answer.
func TestNoAnswer(t *testing.T) {
	recorder, reader := newReader(t, &slilog.Options{Routes: []string{"GET /users/{userid}"}})
	result, err := reader.ReadCombined(strings.NewReader(
		`10.0.0.1 - - [16/Nov/2024:12:34:56 +0900] "GET /users/17 HTTP/1.1" 000 0 "-" "curl/8" 0.050` + "\n"))
	checkResult(t, result, err, slilog.Result{Lines: 1, Events: 1})
	if ignored := recorder.Report().String(); !strings.Contains(ignored, "1 client_left") {
		t.Errorf("got %s, want one client that left", ignored)
	}
}

// TestHostileLinesAreLinear reads long lines that clients may cause. A reader
// in quadratic time takes hours.
func TestHostileLinesAreLinear(t *testing.T) {
	const head = `10.0.0.1 - - [16/Nov/2024:12:34:56 +0900] "GET / HTTP/1.1" 200 1 "-" "-" `
	start := time.Now()
	for _, part := range []string{"0, ", ": ", "a ", "a=\" ", "[ ", `\" `, "[a] ", "rt=", "\"\" "} {
		text := strings.Repeat(part, 300_000/len(part))
		for _, line := range []string{head + text, text + head, head + `"` + text + `"`, "2016-10-06T00:17:09Z " + text, "<165>1 - a b - - [" + text} {
			_, reader := newReader(t, nil)
			for _, read := range []func(io.Reader) (slilog.Result, error){reader.ReadCombined, reader.ReadEnvoy, reader.ReadJSON} {
				result, err := read(strings.NewReader(line + "\n"))
				if err != nil || result.Lines != 1 || len(result.String()) > 2000 {
					t.Errorf("%q: got %.2000v, %v, want one line, shown in part", part, result, err)
				}
			}
		}
	}
	if took := time.Since(start); took > time.Minute {
		t.Errorf("135 lines of 300 kB took %v", took)
	}
}

func FuzzReadCombined(f *testing.F) {
	for line := range strings.Lines(combined) {
		f.Add(line)
	}
	recorder, reader := newReader(f, &slilog.Options{Routes: []string{"GET /users/{userid}"}})
	f.Fuzz(func(t *testing.T, s string) {
		before, _ := recorder.Counts("availability")
		result, err := reader.ReadCombined(strings.NewReader(s))
		after, _ := recorder.Counts("availability")
		if err != nil || result.Lines != result.Events+result.Others+result.Unreadable || after.Valid-before.Valid > result.Events {
			t.Errorf("%q: %+v, %v, %d counted", s, result, err, after.Valid-before.Valid)
		}
	})
}
