package logroute_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/delivery"
	"github.com/sligo-go/sligo/logging/logroute"
)

func ExampleNew() {
	tracker := slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		},
	})
	router, err := logroute.New("my-app", []logroute.Route{
		{Name: "errors", Handler: tracker, Match: logging.Match{MinLevel: slog.LevelError}},
	}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	logger := slog.New(router)
	logger.Info("started")
	logger.Error("failed", "password", "hunter2")
	if err := router.Close(context.Background()); err != nil {
		fmt.Println(err)
	}
	// Output:
	// level=ERROR msg=failed application=my-app password=REDACTED
}

func ExampleRouter_Stats() {
	router, err := logroute.New("my-app", []logroute.Route{
		{Name: "all", Writer: delivery.NewDirect(io.Discard, nil)},
		{Name: "audit", Writer: io.Discard, Match: logging.Match{Fields: map[string]string{"audit": "true"}}},
	}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	logger := slog.New(router)
	logger.Info("started")
	logger.Info("role granted", "audit", true)
	if err := router.Close(context.Background()); err != nil {
		fmt.Println(err)
	}
	for _, name := range []string{"all", "audit"} {
		fmt.Println(name, router.Stats().Sinks[name])
	}
	// Output:
	// all 2 accepted: 2 done, 0 queued, 0 dropped, 0 failed
	// audit 1 accepted: 1 done, 0 queued, 0 dropped, 0 failed
}
