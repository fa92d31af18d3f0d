package field_test

import (
	"errors"
	"log/slog"
	"os"
	"time"

	"github.com/sligo-go/sligo/logging/field"
)

func Example() {
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
	logger.Info("request served", field.Method("GET"), field.Endpoint("/users/{userid}"))
	logger.Info("request served", field.ResponseCode(200), field.ExecutionTime(150*time.Millisecond))
	logger.Error("payment failed", field.UserID("12345"), field.Error(errors.New("card expired")))
	logger.Error("crash", field.Mobile(field.Client{Device: "SM-S928N", AppVersion: "4.12.0"}))
	// Output:
	// level=INFO msg="request served" method=GET endpoint=/users/{userid}
	// level=INFO msg="request served" response_code=200 execution_time_ms=150ms
	// level=ERROR msg="payment failed" user_id=12345 error_message="card expired"
	// level=ERROR msg=crash client.device=SM-S928N client.app_version=4.12.0
}
