package slilog_test

import (
	"fmt"
	"strings"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/sli/slilog"
)

// A report counts nginx's access log, with $request_time after the user agent.
func ExampleNew() {
	recorder, err := sli.NewRecorder(availability, latency)
	if err != nil {
		fmt.Println(err)
		return
	}
	reader, err := slilog.New(recorder, &slilog.Options{Routes: []string{"GET /users/{userid}"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := reader.ReadCombined(strings.NewReader(`10.0.0.1 - - [16/Nov/2024:12:34:56 +0900] "GET /users/17 HTTP/1.1" 200 123 "-" "curl/8" 0.050
10.0.0.1 - - [16/Nov/2024:12:34:57 +0900] "GET /users/18 HTTP/1.1" 200 123 "-" "curl/8" 0.150
`))
	fmt.Println(result, err)
	counts, _ := recorder.Counts("latency")
	fmt.Println(counts)
	// Output:
	// lines: 2, events: 2, other: 0, unreadable: 0 <nil>
	// 1/2 (50.00%)
}
