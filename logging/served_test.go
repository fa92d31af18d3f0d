package logging_test

import (
	"bytes"
	"context"
	"log/slog"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/sligo-go/sligo/internal/scope"
	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/redact"
)

// record returns the record with the values of s.
func record(s scope.Served) slog.Record {
	r := slog.NewRecord(s.Time, s.Level, s.Message, 0)
	r.AddAttrs(slog.Duration("execution_time_ms", s.Duration))
	if s.Sized {
		r.AddAttrs(slog.Int64("request_body_bytes", s.RequestBytes), slog.Int64("response_body_bytes", s.ResponseBytes))
	}
	r.AddAttrs(slog.String("client_address", s.Client))
	if s.UserAgent != "" {
		r.AddAttrs(slog.String("user_agent", s.UserAgent))
	}
	return r
}

// oneOf returns a random element.
func oneOf[T any](rng *rand.Rand, all ...T) T { return all[rng.IntN(len(all))] }

func someServed(rng *rand.Rand) scope.Served {
	return scope.Served{
		Time:          oneOf(rng, time.Time{}, time.Unix(1_700_000_000, rng.Int64N(1e9)), time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC)),
		Level:         slog.Level(rng.IntN(20) - 8),
		Message:       oneOf(rng, "Request served", "password=hunter2", "a\nb", ""),
		Duration:      oneOf(rng, 0, -time.Second, 250*time.Microsecond, time.Duration(rng.Int64())),
		RequestBytes:  oneOf[int64](rng, 0, 17, 4111111111111111, -1),
		ResponseBytes: oneOf[int64](rng, 2, 999_999_999_999, 4111111111111111),
		Sized:         rng.IntN(3) > 0,
		Client:        oneOf(rng, "192.0.2.1", "", "fe80::1%eth0", "kim@example.com", "\"\xff"),
		UserAgent:     oneOf(rng, "", "curl/8.5.0", "token=ghp_0123456789abcdefghijklmnopqrstuvwxyz", "Mozilla/5.0 (X11; \"Linux\")\t\x00"),
	}
}

func someContext(rng *rand.Rand) context.Context {
	ctx := context.Background()
	if rng.IntN(3) > 0 {
		ctx = logging.WithRequest(ctx, oneOf(rng, "", "abc-123", "0b1f2c3d-1234-4abc-8def-0123456789ab", "a b", strings.Repeat("x", 200)))
		logging.SetUser(ctx, oneOf(rng, "", "12345", "kim@example.com"))
	}
	if rng.IntN(8) == 0 {
		ctx = logging.With(ctx, slog.String("tenant", "acme"))
	}
	return ctx
}

// TestServedLines compares the lines with the lines of records.
func TestServedLines(t *testing.T) {
	var buf bytes.Buffer
	traced := func(context.Context) ([16]byte, [8]byte, bool) { return [16]byte{1, 0xFE}, [8]byte{0xA0, 2}, true }
	names, err := redact.New(&redact.Policy{Keys: []string{"user_agent"}})
	if err != nil {
		t.Fatal(err)
	}
	roots := []*logging.Handler{
		mustNew(t, &buf, nil),
		mustNew(t, &buf, &logging.Options{Trace: traced}),
		mustNew(t, &buf, &logging.Options{Redactor: names}),
		mustNew(t, &buf, &logging.Options{Schema: logging.SchemaECS}),
		mustNew(t, &buf, &logging.Options{Observers: []logging.Observer{observer(func(*logging.Line) {})}}),
		mustNew(t, &buf, &logging.Options{Next: slog.DiscardHandler}),
	}
	bound := []slog.Attr{
		slog.String("route", "/users/{userid}"), slog.Int("response_code", 200), slog.String("user_agent", "x"),
		slog.String("execution_time_ms", "soon"), slog.Int("execution_time_ms", 3), slog.String("user_id", "u"),
		slog.String("request_id", "r"), slog.String("span_id", "s"), slog.String("name", "password"), slog.Group("g", "a", 1),
	}
	rng := rand.New(rand.NewPCG(1, 2))
	written := map[int]int{}
	for range 20_000 {
		i := rng.IntN(len(roots))
		h := slog.Handler(roots[i])
		for range rng.IntN(3) {
			h = h.WithAttrs([]slog.Attr{oneOf(rng, bound...), oneOf(rng, bound...)})
		}
		if rng.IntN(10) == 0 {
			h = h.WithGroup("g")
		}
		served := h.(scope.ServedSource).Served(h)
		if served == nil {
			continue
		}
		ctx, s := someContext(rng), someServed(rng)
		buf.Reset()
		wrote := served.HandleServed(ctx, s)
		got := buf.String()
		if !wrote {
			if got != "" {
				t.Fatalf("wrote %s", got)
			}
			continue
		}
		written[i]++
		buf.Reset()
		if err := h.Handle(ctx, record(s)); err != nil {
			t.Fatal(err)
		}
		if want := buf.String(); got != want {
			t.Fatalf("got  %swant %s", got, want)
		}
	}
	if len(written) != 2 || written[0] < 500 || written[1] < 500 {
		t.Errorf("got %v lines by handler, want them of the first two", written)
	}
}

func TestServedLinesAreCounted(t *testing.T) {
	h := mustNew(t, &bytes.Buffer{}, nil)
	h.Served(h).HandleServed(context.Background(), scope.Served{Level: slog.LevelWarn, Message: "m"})
	if got := h.Stats().Lines; got["WARN"] != 1 {
		t.Errorf("got %v", got)
	}
}

// A partial handler overrides methods of the handler that it has.
type partial struct{ *logging.Handler }

func (p partial) Handle(context.Context, slog.Record) error { return nil }

func TestServedOfAnotherHandler(t *testing.T) {
	h := mustNew(t, &bytes.Buffer{}, nil)
	if h.Served(partial{h}) != nil || h.Served(&partial{h}) != nil || h.Served(h.WithAttrs([]slog.Attr{slog.Int("a", 1)})) != nil {
		t.Error("a handler that is not the source has served lines")
	}
}
