package logmetric_test

import (
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/logmetric"
)

func ExampleNew() {
	meter, err := logmetric.New([]logmetric.Rule{{
		Name:  "errors",
		Match: logging.Match{MinLevel: slog.LevelError},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	handler, err := logging.New("my-app", io.Discard, &logging.Options{
		Observers: []logging.Observer{meter},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	slog.New(handler).Error("Unhandled exception occurred")
	fmt.Println(meter.Metrics()[0].Series[0].Count)
	// Output: 1
}

func ExampleMeter_Metrics() {
	meter, err := logmetric.New([]logmetric.Rule{{
		Name:    "execution_time_seconds",
		Field:   "execution_time_ms",
		Scale:   0.001,
		Buckets: []float64{.1, 1},
		Labels:  []string{"http.route"},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	handler, err := logging.New("my-app", io.Discard, &logging.Options{
		Observers: []logging.Observer{meter},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	logger := slog.New(handler).With(slog.Group("http", "route", "/users/{userid}"))
	logger.Info("done", "execution_time_ms", 50)
	logger.Info("done", "execution_time_ms", 750*time.Millisecond)
	for _, s := range meter.Metrics()[0].Series {
		fmt.Println(s.Labels, s.Count, s.Sum, s.Buckets)
	}
	// Output: [/users/{userid}] 2 0.8 [1 2]
}
