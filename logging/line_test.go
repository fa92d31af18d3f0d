package logging_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"runtime"
	"strings"
	"testing"
	"testing/slogtest"
	"time"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/delivery"
	"github.com/sligo-go/sligo/logging/field"
)

var errBoom = errors.New("boom")

// lines are log calls and what they write behind the application.
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
	{"fields in any order come in that of the schema", func(_ context.Context, l *slog.Logger) {
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
	{"the last of one name wins", func(_ context.Context, l *slog.Logger) {
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
	{"an attribute comes before the context's", func(ctx context.Context, l *slog.Logger) {
		l.With("team", "shop").WithGroup("g").InfoContext(ctx, "m", "a", 1)
	}, `"message":"m","user_id":"12345","request_id":"abc-123","additional_info":{"team":"shop","g":{"a":1}}}`},
	{"a call's attribute replaces a bound one behind the context's", func(ctx context.Context, l *slog.Logger) {
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
	{"err and error", func(_ context.Context, l *slog.Logger) { l.Info("m", "err", errBoom, "error", errBoom) },
		`"message":"m","error_message":"boom","additional_info":{"error":"boom"}}`},
	{"broken UTF-8, controls and separators", func(_ context.Context, l *slog.Logger) { l.Info("a\xffb\x00\n\u2028\"\\", "k\xff", "\xff") },
		`"message":"a\ufffdb\u0000\n\u2028\"\\","additional_info":{"k\ufffd":"\ufffd"}}`},
	{"infinities", func(_ context.Context, l *slog.Logger) {
		l.Info("m", "a", math.Inf(1), "b", math.Inf(-1), "c", []float64{math.NaN()})
	},
		`"message":"m","additional_info":{"a":"+Inf","b":"-Inf","c":["NaN"]}}`},
	{"levels between", func(_ context.Context, l *slog.Logger) { l.Log(context.Background(), slog.LevelInfo+2, "m") },
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

func TestTimestamp(t *testing.T) {
	seoul := time.FixedZone("KST", 9*60*60)
	tests := []struct {
		time time.Time
		want string
	}{
		{time.Date(2024, 11, 16, 12, 34, 56, 789e6, time.UTC), "2024-11-16T12:34:56.789Z"},
		{time.Date(2024, 11, 16, 21, 34, 56, 120e6, seoul), "2024-11-16T12:34:56.120Z"},
		{time.Date(2024, 11, 16, 12, 34, 56, 999_999_999, time.UTC), "2024-11-16T12:34:56.999Z"},
		{time.Date(1969, 12, 31, 23, 59, 59, 5e6, time.UTC), "1969-12-31T23:59:59.005Z"},
		{time.Date(123456, 1, 1, 0, 0, 0, 0, time.UTC), "0000-01-01T00:00:00.000Z"},
	}
	for _, tt := range tests {
		h, buf := newHandler(t, nil)
		if err := h.Handle(context.Background(), slog.NewRecord(tt.time, slog.LevelInfo, "m", 0)); err != nil {
			t.Fatal(err)
		}
		if want := `{"timestamp":"` + tt.want + `",`; !strings.HasPrefix(buf.String(), want) {
			t.Errorf("%v: got %s, want %s", tt.time, buf, want)
		}
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
			t.Errorf("%v: got %s, want %s", d, buf, want)
		}
	}
}

// TestSlogtest runs the standard library's tests through every way that a line
// can take.
func TestSlogtest(t *testing.T) {
	routes := map[string]func(t *testing.T, out *bytes.Buffer) slog.Handler{
		"writer": func(t *testing.T, out *bytes.Buffer) slog.Handler { return mustNew(t, out, nil) },
		"second sink": func(t *testing.T, out *bytes.Buffer) slog.Handler {
			return mustNew(t, io.Discard, &logging.Options{Sinks: []logging.Sink{{Name: "second", Writer: out}}})
		},
		"looked at": func(t *testing.T, out *bytes.Buffer) slog.Handler {
			return mustNew(t, out, &logging.Options{
				Observers: []logging.Observer{observer(func(l *logging.Line) { l.Value("a"); panic("observer") })},
				Exclude:   []logging.Exclusion{{Name: "none", Match: logging.Match{Messages: []string{"never"}}}},
			})
		},
		"buffer": func(t *testing.T, out *bytes.Buffer) slog.Handler {
			return mustNew(t, flushed{delivery.NewBuffer(out, nil)}, nil)
		},
		"next handler": func(t *testing.T, out *bytes.Buffer) slog.Handler {
			return mustNew(t, nil, &logging.Options{Next: slog.NewJSONHandler(out, nil)})
		},
	}
	for name, route := range routes {
		t.Run(name, func(t *testing.T) {
			var out *bytes.Buffer
			slogtest.Run(t, func(t *testing.T) slog.Handler {
				out = new(bytes.Buffer)
				return route(t, out)
			}, func(t *testing.T) map[string]any { return standard(t, out.Bytes()) })
		})
	}
}

// flushed waits until each line is written.
type flushed struct{ *delivery.Buffer }

func (f flushed) WriteLine(level slog.Level, line []byte) error {
	return errors.Join(f.Buffer.WriteLine(level, line), f.Flush(context.Background()))
}

type observer func(l *logging.Line)

func (f observer) Observe(l *logging.Line) { f(l) }

func TestSiblingsDoNotShare(t *testing.T) {
	h, buf := newHandler(t, nil)
	base := slog.New(h).With("a", 1).WithGroup("g").With("b", 2)
	one, two := base.With("c", 1), base.With("d", 2)
	three := base.WithGroup("h")
	one.Info("m")
	two.Info("m")
	three.Info("m", "e", 3)
	base.Info("m", "f", 4)
	got := infos(t, buf)
	want := []string{`{"a":1,"g":{"b":2,"c":1}}`, `{"a":1,"g":{"b":2,"d":2}}`, `{"a":1,"g":{"b":2,"h":{"e":3}}}`, `{"a":1,"g":{"b":2,"f":4}}`}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("line %d: got %s, want %s", i, got[i], want[i])
		}
	}
}

// infos returns the additional_info of each line.
func infos(t *testing.T, buf *bytes.Buffer) []string {
	t.Helper()
	var out []string
	for line := range strings.Lines(buf.String()) {
		var l struct {
			Info json.RawMessage `json:"additional_info"`
		}
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		out = append(out, string(l.Info))
	}
	return out
}

func TestCallersSliceIsNotKept(t *testing.T) {
	h, buf := newHandler(t, nil)
	attrs := []slog.Attr{slog.String("a", "before")}
	bound := h.WithAttrs(attrs)
	ctx := logging.With(context.Background(), attrs...)
	attrs[0] = slog.String("a", "after")
	_ = bound.Handle(context.Background(), slog.NewRecord(time.Now(), slog.LevelInfo, "m", 0))
	slog.New(h).InfoContext(ctx, "m")
	if got := buf.String(); strings.Contains(got, "after") {
		t.Errorf("got %s", got)
	}
}

func TestStackTrace(t *testing.T) {
	h, buf := newHandler(t, nil)
	l := slog.New(h)
	for range 2 { // the second from the cache
		fail(l)
		if got := buf.String(); !strings.Contains(got, `"stack_trace":"at github.com/sligo-go/sligo/logging_test.fail(line_test.go:`) || strings.Contains(got, "log/slog") {
			t.Errorf("got %s", got)
		}
		buf.Reset()
	}
	l.Warn("m")
	if got := buf.String(); strings.Contains(got, "stack_trace") {
		t.Errorf("a warning has a stack: %s", got)
	}
	buf.Reset()
	_ = h.Handle(context.Background(), slog.NewRecord(time.Now(), slog.LevelError, "m", 0))
	if got := buf.String(); strings.Contains(got, "stack_trace") {
		t.Errorf("a record without a place has a stack: %s", got)
	}
}

//go:noinline
func fail(l *slog.Logger) { l.Error("m", "token.go", 1) }

func TestStackOfTheError(t *testing.T) {
	pcs := make([]uintptr, 4)
	err := located{pcs[:runtime.Callers(1, pcs)]}
	for _, log := range []func(l *slog.Logger){
		func(l *slog.Logger) { l.Error("m", "err", fmt.Errorf("wrapped: %w", err)) },
		func(l *slog.Logger) { l.With(field.Error(err)).Error("m") },
	} {
		h, buf := newHandler(t, nil)
		log(slog.New(h))
		if got := buf.String(); !strings.Contains(got, `"stack_trace":"at github.com/sligo-go/sligo/logging_test.TestStackOfTheError(line_test.go:`) {
			t.Errorf("got %s", got)
		}
		buf.Reset()
		slog.New(h).Error("m", "err", errBoom)
		if got := buf.String(); !strings.Contains(got, "TestStackOfTheError") || strings.Contains(got, "wrapped") {
			t.Errorf("got %s", got)
		}
	}
}

// A located error carries a stack, in the form of github.com/pkg/errors.
type located struct{ pcs []uintptr }

func (e located) Error() string         { return "located" }
func (e located) StackTrace() []uintptr { return e.pcs }

func TestNewReportsEveryMistake(t *testing.T) {
	_, err := logging.New(" ", nil, &logging.Options{
		Sinks:   []logging.Sink{{}, {Name: "a", Writer: io.Discard, Match: logging.Match{Status: []string{"2x"}}}, {Name: "a", Writer: io.Discard}},
		Exclude: []logging.Exclusion{{Keep: 1.5, First: -1}, {Name: "x", Match: logging.Match{MinLevel: slog.LevelError, MaxLevel: slog.LevelInfo}}},
	})
	for _, want := range []string{`application is " "`, "Sinks[0]", "Name is empty", "Writer of sink", `"2x"`, "Sinks[2]", "used twice",
		"Exclude[0]", "Keep is 1.5", "First is -1", "Exclude[1]", "MinLevel ERROR is above MaxLevel INFO"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q:\n%v", want, err)
		}
	}
	if _, err := logging.New("a", nil, nil); err == nil {
		t.Error("New takes a handler that does nothing")
	}
}

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
