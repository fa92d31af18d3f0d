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
	logger.Info("request served", field.UserID("12345"), field.ResponseCode(200), field.ExecutionTime(150*time.Millisecond),
		field.Endpoint("/users/{userid}"), field.Method("GET"), field.Error(nil))
	logger.Error("payment failed", field.Error(errors.New("card expired")),
		field.Mobile(field.Client{Device: "SM-S928N", AppVersion: "4.12.0 (4120)"}))
	// Output:
	// level=INFO msg="request served" user_id=12345 response_code=200 execution_time_ms=150ms endpoint=/users/{userid} method=GET
	// level=ERROR msg="payment failed" error_message="card expired" client.device=SM-S928N client.app_version="4.12.0 (4120)"
}
