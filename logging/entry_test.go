package logging_test

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/field"
)

var errBoom = errors.New("boom")

// lines are log calls with the part of the line after the application.
var lines = []struct {
	name string
	log  func(ctx context.Context, l *slog.Logger)
	want string
}{
	{"the schema", func(_ context.Context, l *slog.Logger) {
		l.Info("Request processed successfully", field.UserID("12345"), field.RequestID("abc-123"), field.ResponseCode(200),
			field.ExecutionTime(150*time.Millisecond), slog.Group("additional_info", "endpoint", "/api/v1/login", "method", "POST"))
	}, `"message":"Request processed successfully","user_id":"12345","request_id":"abc-123","response_code":200,"execution_time_ms":150,"additional_info":{"endpoint":"/api/v1/login","method":"POST"}}`},
	{"an error", func(_ context.Context, l *slog.Logger) {
		l.Error("Unhandled exception occurred", field.Error(errors.New("NullPointerException")),
			field.StackTrace("at com.example.MyClass.method(MyClass.java:45)"), field.UserID("12345"), field.Endpoint("/api/v1/login"))
	}, `"message":"Unhandled exception occurred","user_id":"12345","error_message":"NullPointerException","stack_trace":"at com.example.MyClass.method(MyClass.java:45)","additional_info":{"endpoint":"/api/v1/login"}}`},
	{"fields in any order appear in the order of the schema", func(_ context.Context, l *slog.Logger) {
		l.Info("m", "execution_time_ms", 0.25, "span_id", "b", "trace_id", "a", "x", 1)
	}, `"message":"m","trace_id":"a","span_id":"b","execution_time_ms":0.25,"additional_info":{"x":1}}`},
	{"the handler's fields cannot be forged", func(_ context.Context, l *slog.Logger) {
		l.Info("m", "level", "ERROR", "message", "forged", "timestamp", "1970", "application", "other", "additional_info", 1)
	}, `"message":"m","additional_info":{"level":"ERROR","message":"forged","timestamp":"1970","application":"other","additional_info":1}}`},
	{"a field of another type", func(_ context.Context, l *slog.Logger) {
		l.Info("m", "response_code", "OK", "execution_time_ms", math.NaN(), "user_id", []int{1}, "stack_trace", 7)
	}, `"message":"m","additional_info":{"response_code":"OK","execution_time_ms":"NaN","user_id":[1],"stack_trace":7}}`},
	{"numbers as IDs", func(_ context.Context, l *slog.Logger) { l.Info("m", "user_id", 12345, "request_id", uint64(7)) },
		`"message":"m","user_id":"12345","request_id":"7"}`},
	{"the last attribute with a name wins", func(_ context.Context, l *slog.Logger) {
		l.With("a", 1, "b", 2, "user_id", "x").Info("m", "a", 3, "user_id", "y", slog.Group("g", "k", 1, "k", 2), "b", slog.GroupValue())
	}, `"message":"m","user_id":"y","additional_info":{"b":2,"a":3,"g":{"k":2}}}`},
	{"identity from the context", func(ctx context.Context, l *slog.Logger) { l.InfoContext(ctx, "m") },
		`"message":"m","user_id":"12345","request_id":"abc-123","additional_info":{"team":"orders"}}`},
	{"identity at the top with groups open", func(ctx context.Context, l *slog.Logger) {
		l.WithGroup("http").With("a", 1).WithGroup("request").InfoContext(ctx, "m", "b", 2)
	}, `"message":"m","user_id":"12345","request_id":"abc-123","additional_info":{"team":"orders","http":{"a":1,"request":{"b":2}}}}`},
	{"an attribute does not change the identity", func(ctx context.Context, l *slog.Logger) {
		l.InfoContext(ctx, "m", field.UserID("forged"), field.RequestID("abc-123"))
	}, `"message":"m","user_id":"12345","request_id":"abc-123","additional_info":{"team":"orders","user_id":"forged"}}`},
	{"a bound attribute replaces the context's", func(ctx context.Context, l *slog.Logger) {
		l.With("team", "shop").WithGroup("g").InfoContext(ctx, "m", "a", 1)
	}, `"message":"m","user_id":"12345","request_id":"abc-123","additional_info":{"team":"shop","g":{"a":1}}}`},
	{"a call's attribute replaces a bound one", func(ctx context.Context, l *slog.Logger) {
		l.With("a", 1, "b", 2).InfoContext(ctx, "m", "a", 3)
	}, `"message":"m","user_id":"12345","request_id":"abc-123","additional_info":{"team":"orders","b":2,"a":3}}`},
	{"a group's fields are not the schema's", func(_ context.Context, l *slog.Logger) {
		l.Info("m", slog.Group("upstream", "response_code", 502, "user_id", "u"))
	}, `"message":"m","additional_info":{"upstream":{"response_code":502,"user_id":"u"}}}`},
	{"groups without members vanish", func(_ context.Context, l *slog.Logger) {
		l.WithGroup("a").WithGroup("b").Info("m", slog.Group("c", slog.Group("d")))
	}, `"message":"m"}`},
	{"an inline group", func(_ context.Context, l *slog.Logger) { l.Info("m", slog.Group("", "user_id", "u", "a", 1)) },
		`"message":"m","user_id":"u","additional_info":{"a":1}}`},
	{"the text of an error", func(_ context.Context, l *slog.Logger) { l.Info("m", "err", errBoom.Error()) },
		`"message":"m","error_message":"boom"}`},
	{"the bound text of an error", func(_ context.Context, l *slog.Logger) { l.With("error", errBoom.Error()).Info("m") },
		`"message":"m","error_message":"boom"}`},
	{"an error and a text", func(_ context.Context, l *slog.Logger) { l.Info("m", "err", errBoom, "error", "text") },
		`"message":"m","error_message":"boom","additional_info":{"error":"text"}}`},
	{"no text of an error", func(_ context.Context, l *slog.Logger) { l.Info("m", "err", "", "error", 7) },
		`"message":"m","additional_info":{"err":"","error":7}}`},
	{"err and error", func(_ context.Context, l *slog.Logger) { l.Info("m", "err", errBoom, "error", errBoom) },
		`"message":"m","error_message":"boom","additional_info":{"error":"boom"}}`},
	{"broken UTF-8, controls and separators", func(_ context.Context, l *slog.Logger) { l.Info("a\xffb\x00\n\u2028\"\\", "k\xff", "\xff") },
		`"message":"a\ufffdb\u0000\n\u2028\"\\","additional_info":{"k\ufffd":"\ufffd"}}`},
	{"infinities", func(_ context.Context, l *slog.Logger) {
		l.Info("m", "a", math.Inf(1), "b", math.Inf(-1), "c", []float64{math.NaN()})
	},
		`"message":"m","additional_info":{"a":"+Inf","b":"-Inf","c":["NaN"]}}`},
	{"a level between two", func(_ context.Context, l *slog.Logger) { l.Log(context.Background(), slog.LevelInfo+2, "m") },
		`"message":"m"}`},
	{"a request ID with line breaks", func(_ context.Context, l *slog.Logger) {
		l.InfoContext(logging.WithRequest(context.Background(), "a\n{\"level\":\"ERROR\"}"), "m")
	}, `"message":"m","request_id":"a\n{\"level\":\"ERROR\"}"}`},
	{"a long request ID is cut", func(_ context.Context, l *slog.Logger) { l.Info("m", field.RequestID(strings.Repeat("x ", 100))) },
		`"message":"m","request_id":"` + strings.Repeat("x ", 64) + `[cut]"}`},
	{"a mobile client", func(_ context.Context, l *slog.Logger) {
		l.Info("m", field.Mobile(field.Client{Device: "SM-S928N", SDKVersion: "3.2.1", AppVersion: "4.12.0 (4120)"}))
	}, `"message":"m","additional_info":{"client":{"device":"SM-S928N","sdk_version":"3.2.1","app_version":"4.12.0 (4120)"}}}`},
}

func requestContext() context.Context {
	ctx := logging.WithRequest(context.Background(), "abc-123")
	logging.SetUser(ctx, "12345")
	return logging.With(ctx, slog.String("team", "orders"))
}

func TestLine(t *testing.T) {
	for _, tt := range lines {
		t.Run(tt.name, func(t *testing.T) {
			h, buf := newHandler(t, &logging.Options{NoStackTrace: true})
			tt.log(requestContext(), slog.New(h))
			line := buf.String()
			_, got, _ := strings.Cut(strings.TrimSuffix(line, "\n"), `"application":"my-app",`)
			if got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if err := conforms(line); err != nil {
				t.Errorf("%v in %s", err, line)
			}
			if strings.Count(line, "\n") != 1 {
				t.Errorf("%q is not one line", line)
			}
		})
	}
}

func TestExecutionTime(t *testing.T) {
	for d, want := range map[time.Duration]string{
		150 * time.Millisecond: "150", 250 * time.Microsecond: "0.25", time.Nanosecond: "0.000001", 0: "0",
		-1500 * time.Microsecond: "-1.5", math.MinInt64: "-9223372036854.775808", time.Hour: "3600000",
	} {
		h, buf := newHandler(t, nil)
		slog.New(h).Info("m", field.ExecutionTime(d))
		if !strings.Contains(buf.String(), `"execution_time_ms":`+want+`}`) {
			t.Errorf("%v: got %s, want execution_time_ms %s", d, buf, want)
		}
	}
}
