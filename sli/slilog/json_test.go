package slilog_test

import (
	"strings"
	"testing"
	"time"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/sli/slilog"
)

func TestReadJSON(t *testing.T) {
	recorder, reader := newReader(t, nil)
	result, err := reader.ReadJSON(strings.NewReader(`{"timestamp":"2024-11-16T12:34:56.789Z","level":"INFO","response_code":200,"execution_time_ms":90,"additional_info":{"endpoint":"/users/{userid}","method":"GET"}}
{"level":"INFO","response_code":200,"execution_time_ms":150.5,"additional_info":{"http":{"route":"/users/{userid}"},"method":"GET"}}

{"level":"INFO","response_code":"500","execution_time_ms":"1","additional_info":{"http.route":"/users/{userid}","method":"GET"}}
{"level":"INFO","message":"started"}
not JSON
[1,2]
null
{"response_code":{},"execution_time_ms":1}
{"response_code":200,"execution_time_ms":""}
{"response_code":200,"execution_time_ms":1} {"response_code":200,"execution_time_ms":1}
{"response_code":200,"execution_time_ms":90,"additional_info":{"endpoint":"/users/{userid}","method":"GET"}}
`))
	if err != nil {
		t.Fatal(err)
	}
	checkResult(t, result, err, slilog.Result{Lines: 11, Events: 4, Others: 1, Unreadable: 6})
	checkCounts(t, recorder, map[string]sli.Counts{"availability": {Good: 3, Valid: 4}, "latency": {Good: 2, Valid: 3}})
}

func TestReadJSONOfAnotherSchema(t *testing.T) {
	recorder, reader := newReader(t, &slilog.Options{
		Status: "status", Duration: "request_time", Unit: time.Second, Method: "request_method", Path: "uri",
		Routes: []string{"GET /users/{userid}", "POST /users"},
	})
	result, err := reader.ReadJSON(strings.NewReader(`{"status":"200","request_time":"0.099","request_method":"GET","uri":"/users/17?x=1"}
{"status":200,"request_time":"250ms","request_method":"GET","uri":"/users/18"}
{"status":200,"request_time":0.01,"request_method":"GET","uri":"/elsewhere"}
{"status":200,"request_time":0.01,"request_method":"DELETE","uri":"/users/18"}
{"status":200,"request_time":-1,"request_method":"GET","uri":"/users/18"}
{"status":200,"request_time":"NaN","request_method":"GET","uri":"/users/18"}
{"status":200,"request_time":1e300,"request_method":"GET","uri":"/users/18"}
`))
	checkResult(t, result, err, slilog.Result{Lines: 7, Events: 4, Unreadable: 3})
	checkCounts(t, recorder, map[string]sli.Counts{"latency": {Good: 1, Valid: 2}})
}

// TestUnitsOfJSON reads 250 ms from fields whose names say the unit.
func TestUnitsOfJSON(t *testing.T) {
	for field, value := range map[string]string{
		"execution_time_ms": "250", "latency": "250", "took_us": "250000", "took_micros": "250000", "took_ns": "250000000",
		"took_seconds": "0.25", "took.s": "0.25", "request_time": `"0.250"`, "upstream_response_time": `"0.100, 0.150"`,
		"http.server.request.duration": "0.25", "event.duration": "250000000", "took": `"250ms"`, "cost": `"0.25s"`,
	} {
		_, reader := newReader(t, &slilog.Options{Duration: field})
		object := map[string]string{"response_code": "200", field: strings.Trim(value, `"`)}
		e, ok, err := reader.Event(func(name string) (string, bool) { text, ok := object[name]; return text, ok })
		if err != nil || !ok || e.Duration != 250*time.Millisecond {
			t.Errorf("%s %s: got %v, %t, %v, want 250 ms", field, value, e.Duration, ok, err)
		}
	}
	_, reader := newReader(t, &slilog.Options{Duration: "took_us", Unit: time.Second})
	object := map[string]string{"response_code": "200", "took_us": "1"}
	if e, _, err := reader.Event(func(name string) (string, bool) { text, ok := object[name]; return text, ok }); err != nil || e.Duration != time.Second {
		t.Errorf("with a unit: got %v, %v, want 1 s", e.Duration, err)
	}
}

func FuzzReadJSON(f *testing.F) {
	f.Add(`{"response_code":200,"execution_time_ms":90,"additional_info":{"http":{"route":"/users/{userid}"},"method":"GET"}}`)
	f.Add(`{"response_code":0,"execution_time_ms":"0.1, 0.2 : -","response_flags":"DC"}`)
	f.Add(`{"response_code":200} x`)
	recorder, reader := newReader(f, nil)
	f.Fuzz(func(t *testing.T, line string) {
		before, _ := recorder.Counts("availability")
		result, err := reader.ReadJSON(strings.NewReader(line + "\n"))
		after, _ := recorder.Counts("availability")
		if err != nil || result.Lines != result.Events+result.Others+result.Unreadable || after.Valid-before.Valid > result.Events {
			t.Errorf("%q: %v, %v, %d counted", line, result, err, after.Valid-before.Valid)
		}
	})
}
