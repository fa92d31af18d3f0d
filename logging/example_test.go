package logging_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/delivery"
	"github.com/sligo-go/sligo/logging/field"
)

func ExampleNew() {
	h, err := logging.New("my-app", untimed{}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := logging.WithRequest(context.Background(), "abc-123")
	logging.SetUser(ctx, "12345")
	slog.New(h).InfoContext(ctx, "Request processed successfully", field.ResponseCode(200),
		field.ExecutionTime(150*time.Millisecond), field.Endpoint("/api/v1/login"), "password", "hunter2")
	// Output:
	// {"level":"INFO","application":"my-app",
	//  "message":"Request processed successfully","user_id":"12345",
	//  "request_id":"abc-123","response_code":200,"execution_time_ms":150,
	//  "additional_info":{"endpoint":"/api/v1/login","password":"REDACTED"}}
}

// The identity of the request is on every line that is logged with its context.
func ExampleWithRequest() {
	logger := newLogger(nil)
	ctx := logging.WithRequest(context.Background(), "abc-123") // in a middleware
	logger.InfoContext(ctx, "order placed")
	fmt.Println(logging.RequestID(ctx))
	// Output:
	// {"level":"INFO","application":"my-app","message":"order placed",
	//  "request_id":"abc-123"}
	// abc-123
}

// The authentication learns the user after the middleware made the context. The
// middleware's own line shows the user too.
func ExampleSetUser() {
	logger := newLogger(nil)
	authenticate := func(ctx context.Context) { logging.SetUser(ctx, "12345") }

	ctx := logging.WithRequest(context.Background(), "abc-123")
	authenticate(ctx)
	logger.InfoContext(ctx, "request served", field.ResponseCode(200))
	// Output:
	// {"level":"INFO","application":"my-app","message":"request served",
	//  "user_id":"12345","request_id":"abc-123","response_code":200}
}

func ExampleWith() {
	logger := newLogger(nil)
	ctx := logging.With(context.Background(), slog.String("tenant", "kr"))
	logger.WithGroup("order").InfoContext(ctx, "order placed", "items", 3)
	// Output:
	// {"level":"INFO","application":"my-app","message":"order placed",
	//  "additional_info":{"tenant":"kr","order":{"items":3}}}
}

// Successful health checks are not written. One in a hundred of the other
// successful requests is.
func ExampleExclusion() {
	h, err := logging.New("my-app", untimed{}, &logging.Options{Exclude: []logging.Exclusion{
		{Name: "health", Match: logging.Match{Routes: []string{"/healthz"}, Status: []string{"2xx"}}},
		{Name: "ok", Match: logging.Match{Status: []string{"2xx"}}, Keep: 0.01},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	logger := slog.New(h)
	logger.Info("request served", field.Endpoint("/healthz"), field.ResponseCode(200))
	logger.Info("request served", field.Endpoint("/healthz"), field.ResponseCode(503))
	fmt.Println(h.Stats())
	// Output:
	// {"level":"INFO","application":"my-app","message":"request served",
	//  "response_code":503,"additional_info":{"endpoint":"/healthz"}}
	// lines: DEBUG 0, INFO 2, WARN 0, ERROR 0
	// excluded by health: 1
	// excluded by ok: 0
	// sink main: 1 accepted: 1 done, 0 queued, 0 dropped, 0 failed
}

// Audit lines also go to a file of their own. A buffer writes them from its own
// goroutine.
func ExampleSink() {
	var file strings.Builder // an *os.File in a service
	audit := delivery.NewBuffer(&file, nil)
	logger := newLogger(&logging.Options{Sinks: []logging.Sink{
		{Name: "audit", Writer: audit, Match: logging.Match{Fields: map[string]string{"audit": "true"}}},
	}})
	logger.Info("order placed", "audit", true)
	logger.Info("cache warmed")
	if err := audit.Close(context.Background()); err != nil {
		fmt.Println(err)
	}
	fmt.Println(strings.Count(file.String(), "\n"), "line in the file")
	// Output:
	// {"level":"INFO","application":"my-app","message":"order placed",
	//  "additional_info":{"audit":true}}
	// {"level":"INFO","application":"my-app","message":"cache warmed"}
	// 1 line in the file
}

// A slowLines observer counts requests that took longer than a second.
type slowLines struct{ n atomic.Int64 }

func (s *slowLines) Observe(l *logging.Line) {
	if took, ok := l.Value("execution_time_ms"); ok && took.Kind() == slog.KindDuration && took.Duration() > time.Second {
		s.n.Add(1)
	}
}

func ExampleObserver() {
	slow := &slowLines{}
	logger := newLogger(&logging.Options{Observers: []logging.Observer{slow}})
	logger.Info("request served", field.ExecutionTime(1500*time.Millisecond))
	fmt.Println(slow.n.Load(), "slow request")
	// Output:
	// {"level":"INFO","application":"my-app","message":"request served",
	//  "execution_time_ms":1500}
	// 1 slow request
}

// The attributes are the same for every schema.
func ExampleSchema() {
	for _, schema := range []logging.Schema{logging.SchemaDefault, logging.SchemaECS, logging.SchemaOTel} {
		logger := newLogger(&logging.Options{Schema: schema})
		logger.Info("served", field.ResponseCode(200), slog.Group("http", "method", "POST"))
	}
	// Output:
	// {"level":"INFO","application":"my-app","message":"served",
	//  "response_code":200,"additional_info":{"http":{"method":"POST"}}}
	// {"log.level":"INFO","message":"served","ecs.version":"8.11.0",
	//  "service.name":"my-app","http.response.status_code":200,
	//  "labels":{"http_method":"POST"}}
	// {"SeverityText":"INFO","SeverityNumber":9,"Body":"served",
	//  "Resource":{"service.name":"my-app"},
	//  "Attributes":{"http.response.status_code":200,
	//  "http":{"method":"POST"}}}
}

// newLogger returns a logger that prints its lines without timestamps.
func newLogger(opts *logging.Options) *slog.Logger {
	h, err := logging.New("my-app", untimed{}, opts)
	if err != nil {
		panic(err)
	}
	return slog.New(h)
}

// untimed prints lines without their timestamps, broken at 72 columns.
type untimed struct{}

func (untimed) Write(p []byte) (int, error) {
	_, rest, _ := strings.Cut(strings.TrimSpace(string(p)), ",")
	column := 0
	for _, part := range strings.SplitAfter("{"+rest, ",") {
		if column > 0 && column+len(part) > 72 {
			fmt.Print("\n ")
			column = 1
		}
		fmt.Print(part)
		column += len(part)
	}
	fmt.Println()
	return len(p), nil
}
