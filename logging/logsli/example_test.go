package logsli_test

import (
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/field"
	"github.com/sligo-go/sligo/logging/logsli"
	"github.com/sligo-go/sligo/sli"
)

func ExampleNew() {
	recorder, err := sli.NewRecorder(availability)
	if err != nil {
		fmt.Println(err)
		return
	}
	observer, err := logsli.New(recorder, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	handler, err := logging.New("users", io.Discard, &logging.Options{Observers: []logging.Observer{observer}})
	if err != nil {
		fmt.Println(err)
		return
	}

	logger := slog.New(handler)
	logger.Info("done", field.Endpoint("GET /users/{userid}"), field.ResponseCode(200), field.ExecutionTime(time.Millisecond))
	logger.Info("done", field.Endpoint("GET /users/{userid}"), field.ResponseCode(503), field.ExecutionTime(time.Millisecond))
	logger.Info("started")

	counts, _ := recorder.Counts("availability")
	fmt.Println(counts)
	fmt.Println(observer.Result())
	// Output:
	// 1/2 (50.00%)
	// lines: 3, events: 2, other: 1, unreadable: 0
}

// A service keeps its own handler and puts the Observer beside it.
func ExampleObserver_Handler() {
	recorder, err := sli.NewRecorder(availability)
	if err != nil {
		fmt.Println(err)
		return
	}
	observer, err := logsli.New(recorder, nil)
	if err != nil {
		fmt.Println(err)
		return
	}

	// With a handler of its own and Go 1.26:
	// slog.NewMultiHandler(own, observer.Handler()).
	logger := slog.New(observer.Handler())
	logger.Info("done", "method", "GET", "endpoint", "/users/{userid}", "response_code", 200, "execution_time_ms", 1)

	counts, _ := recorder.Counts("availability")
	fmt.Println(counts)
	// Output: 1/1 (100.00%)
}
