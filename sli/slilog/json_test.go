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
{"response_code":200,"execution_time_ms":90,"additional_info":{"endpoint":"/users/{userid}","method":"GET"}}`))
	if err != nil {
		t.Fatal(err)
	}
	if want := (slilog.Result{Lines: 11, Events: 4, Others: 1, Unreadable: 6}); result != want {
		t.Errorf("got %+v, want %+v", result, want)
	}
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
{"status":200,"request_time":1e300,"request_method":"GET","uri":"/users/18"}`))
	if want := (slilog.Result{Lines: 7, Events: 4, Unreadable: 3}); err != nil || result != want {
		t.Errorf("got %+v, %v, want %+v", result, err, want)
	}
	checkCounts(t, recorder, map[string]sli.Counts{"latency": {Good: 1, Valid: 2}})
}
