package logging_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/field"
)

func ExampleNew() {
	h, err := logging.New("my-app", &untimed{}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := logging.WithRequest(context.Background(), "abc-123")
	logging.SetUser(ctx, "12345")
	slog.New(h).InfoContext(ctx, "Request processed successfully", field.ResponseCode(200),
		field.ExecutionTime(150*time.Millisecond), field.Endpoint("/api/v1/login"), "password", "hunter2")
	// Output:
	// {"level":"INFO","application":"my-app","message":"Request processed successfully","user_id":"12345","request_id":"abc-123","response_code":200,"execution_time_ms":150,"additional_info":{"endpoint":"/api/v1/login","password":"REDACTED"}}
}

// untimed prints lines without their timestamps.
type untimed struct{}

func (*untimed) Write(p []byte) (int, error) {
	_, rest, _ := strings.Cut(string(p), ",")
	fmt.Print("{" + rest)
	return len(p), nil
}
