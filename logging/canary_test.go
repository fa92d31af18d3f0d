package logging_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/internal/canary"
	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/logging/delivery"
	"github.com/sligo-go/sligo/redact"
)

// ways are the paths of a line through the package. Each returns a logger and a
// function that returns the line.
var ways = map[string]func(t *testing.T) (*slog.Logger, func() []byte){
	"call": func(t *testing.T) (*slog.Logger, func() []byte) {
		h, b := newHandler(t, nil)
		return slog.New(h), b.Bytes
	},
	"direct": direct,
	"With": func(t *testing.T) (*slog.Logger, func() []byte) {
		h, b := newHandler(t, nil)
		return slog.New(binder{h}), b.Bytes
	},
	"WithGroup": func(t *testing.T) (*slog.Logger, func() []byte) {
		h, b := newHandler(t, nil)
		return slog.New(h).WithGroup("http").With("a", 1).WithGroup("request"), b.Bytes
	},
	"WithGroup and With": func(t *testing.T) (*slog.Logger, func() []byte) {
		h, b := newHandler(t, nil)
		return slog.New(binder{h.WithGroup("http")}), b.Bytes
	},
	"context": func(t *testing.T) (*slog.Logger, func() []byte) {
		h, b := newHandler(t, nil)
		return slog.New(contexter{Handler: h}), b.Bytes
	},
	"buffer": func(t *testing.T) (*slog.Logger, func() []byte) {
		var out bytes.Buffer
		b := delivery.NewBuffer(&out, nil)
		return slog.New(mustNew(t, b, nil)), func() []byte {
			if err := b.Close(context.Background()); err != nil {
				t.Error(err)
			}
			return out.Bytes()
		}
	},
	"second sink": func(t *testing.T) (*slog.Logger, func() []byte) {
		var out bytes.Buffer
		h := mustNew(t, io.Discard, &logging.Options{Sinks: []logging.Sink{{Name: "second", Writer: &out}}})
		return slog.New(h), out.Bytes
	},
	"next handler": func(t *testing.T) (*slog.Logger, func() []byte) {
		var out bytes.Buffer
		h := mustNew(t, io.Discard, &logging.Options{Next: canary.NewJSONHandler(&out)})
		return slog.New(h), out.Bytes
	},
	"error level": func(t *testing.T) (*slog.Logger, func() []byte) {
		h, b := newHandler(t, nil)
		return slog.New(raiser{h}), b.Bytes
	},
}

func direct(t *testing.T) (*slog.Logger, func() []byte) {
	var out bytes.Buffer
	return slog.New(mustNew(t, delivery.NewDirect(&out, nil), nil)), out.Bytes
}

func mustNew(t testing.TB, w io.Writer, opts *logging.Options) *logging.Handler {
	t.Helper()
	h, err := logging.New("my-app", w, opts)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// A binder binds the attributes of each call by With before it logs.
type binder struct{ slog.Handler }

func (b binder) Handle(ctx context.Context, r slog.Record) error {
	h := b.Handler
	r.Attrs(func(a slog.Attr) bool { h = h.WithAttrs([]slog.Attr{a}); return true })
	return h.Handle(ctx, slog.NewRecord(r.Time, r.Level, r.Message, r.PC))
}
func (b binder) WithAttrs(a []slog.Attr) slog.Handler { return binder{b.Handler.WithAttrs(a)} }
func (b binder) WithGroup(n string) slog.Handler      { return binder{b.Handler.WithGroup(n)} }

// A contexter moves the attributes of each call to the context. It adds the
// open groups to them, because attributes in the context are outside all
// groups.
type contexter struct {
	slog.Handler
	groups []string
}

func (c contexter) Handle(ctx context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool {
		for _, g := range slices.Backward(c.groups) {
			a = slog.Attr{Key: g, Value: slog.GroupValue(a)}
		}
		ctx = logging.With(ctx, a)
		return true
	})
	return c.Handler.Handle(ctx, slog.NewRecord(r.Time, r.Level, r.Message, r.PC))
}

func (c contexter) WithAttrs(a []slog.Attr) slog.Handler {
	return contexter{c.Handler.WithAttrs(a), c.groups}
}

func (c contexter) WithGroup(n string) slog.Handler {
	return contexter{c.Handler.WithGroup(n), append(slices.Clip(c.groups), n)}
}

// A raiser logs every record at level ERROR.
type raiser struct{ slog.Handler }

func (x raiser) Handle(ctx context.Context, r slog.Record) error {
	r.Level = slog.LevelError
	return x.Handler.Handle(ctx, r)
}
func (x raiser) WithAttrs(a []slog.Attr) slog.Handler { return raiser{x.Handler.WithAttrs(a)} }
func (x raiser) WithGroup(n string) slog.Handler      { return raiser{x.Handler.WithGroup(n)} }

func TestCanaries(t *testing.T) {
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			for _, c := range canary.Cases() {
				t.Run(c.ID, func(t *testing.T) {
					logger, line := way(t)
					c.Log(logger)
					if err := c.Check(line()); err != nil {
						t.Error(err)
					}
				})
			}
		})
	}
}

// TestCanaryLines compares the lines of all cases with the golden file, so that
// a review shows each change of a line.
func TestCanaryLines(t *testing.T) {
	const golden = "testdata/canaries.golden"
	var got strings.Builder
	for _, c := range canary.Cases() {
		h, b := newHandler(t, &logging.Options{NoStackTrace: true})
		c.Log(slog.New(h))
		_, line, _ := strings.Cut(b.String(), `Z",`)
		if len(line) > 600 {
			line = line[:600] + "…\n"
		}
		got.WriteString(c.ID + " " + line)
	}
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	wantLines, gotLines := strings.Split(string(want), "\n"), strings.Split(got.String(), "\n")
	for i := range min(len(wantLines), len(gotLines)) {
		if gotLines[i] != wantLines[i] {
			t.Errorf("got  %s\nwant %s", gotLines[i], wantLines[i])
		}
	}
	if len(gotLines) != len(wantLines) {
		t.Errorf("got %d lines, want %d; run with -update", len(gotLines), len(wantLines))
	}
}

func TestOwnRules(t *testing.T) {
	r, err := redact.New(&redact.Policy{Keys: []string{"employee_number"}, Plain: []string{"otp"}})
	if err != nil {
		t.Fatal(err)
	}
	h, b := newHandler(t, &logging.Options{Redactor: r})
	slog.New(h).Info("m", "employeeNumber", "E-1177", "otp", "open")
	if got := b.String(); strings.Contains(got, "E-1177") || !strings.Contains(got, `"otp":"open"`) {
		t.Errorf("got %s", got)
	}
}
