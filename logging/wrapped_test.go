package logging_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"log/slog"
	"net/url"
	"strings"
	"testing"

	"github.com/sligo-go/sligo/internal/canary"
	"github.com/sligo-go/sligo/logging"
)

// wraps put a text into other texts, encodings and values. If a wrap is
// faithful, it must not make an ordinary text suspicious.
var wraps = []struct {
	name     string
	faithful bool
	wrap     func(s string) any
}{
	{"error", true, func(s string) any { return fmt.Errorf("call failed: %w", errors.New(s)) }},
	{"bytes", false, func(s string) any { return []byte(s) }},
	{"list", true, func(s string) any { return []string{"a", s} }},
	{"JSON text", true, func(s string) any { return `{"msg":` + jsonOf(s) + `}` }},
	{"JSON text in JSON text", true, func(s string) any { return `{"msg":` + jsonOf(`{"m":`+jsonOf(s)+`}`) + `}` }},
	{"raw JSON", true, func(s string) any { return json.RawMessage(`{"msg":` + jsonOf(s) + `}`) }},
	{"struct", true, func(s string) any { return struct{ M string }{s} }},
	{"text behind", true, func(s string) any { return s + " then more text" }},
	{"text before", true, func(s string) any { return "2024-11-16 ERROR x " + s }},
	{"lines around", true, func(s string) any { return "first line\n" + s + "\nlast line" }},
	{"Go syntax", false, func(s string) any { return fmt.Sprintf("got %q back", s) }},
	{"logfmt", false, func(s string) any { return fmt.Sprintf("level=info msg=%q user=b", s) }},
	{"parentheses", true, func(s string) any { return "failed (" + s + ")" }},
	{"brackets", true, func(s string) any { return "failed [" + s + "]" }},
	{"commas", true, func(s string) any { return "x, " + s + ", y" }},
	{"map printed", true, func(s string) any { return fmt.Sprint(map[string]string{"m": s}) }},
	{"struct printed", true, func(s string) any {
		return fmt.Sprintf("%+v", struct {
			M string
			N int
		}{s, 1})
	}},
	{"HTML", false, func(s string) any { return html.EscapeString(s) }},
	{"URL path", false, func(s string) any { return url.PathEscape(s) }},
}

func jsonOf(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // strings marshal
	}
	return string(b)
}

// TestCanariesWithinTexts logs the texts of the canaries within other texts.
func TestCanariesWithinTexts(t *testing.T) {
	for _, c := range canary.Cases() {
		text, ok := textOf(c)
		if !ok || len(text) > 4096 {
			continue
		}
		for _, w := range wraps {
			h, b := newHandler(t, &logging.Options{NoStackTrace: true})
			slog.New(h).Info("m", "v", w.wrap(text))
			switch line := b.Bytes(); {
			case c.Kind == "must" && c.Shows(line):
				t.Errorf("%s within %s shows its secret: %s", c.ID, w.name, line)
			case c.Kind == "keep" && w.faithful && strings.Contains(string(line), "REDACTED"):
				t.Errorf("%s within %s is changed: %s", c.ID, w.name, line)
			}
		}
	}
}

// textOf returns the text of a case that logs nothing but one, under a name
// that means nothing.
func textOf(c canary.Case) (text string, ok bool) {
	var got []slog.Attr
	c.Log(slog.New(collector{attrs: &got}))
	if len(got) != 1 || got[0].Value.Kind() != slog.KindString {
		return "", false
	}
	switch got[0].Key {
	case "note", "body", "url", "u", "dump":
		return got[0].Value.String(), true
	}
	return "", false
}

// A collector keeps the attributes of calls.
type collector struct{ attrs *[]slog.Attr }

func (collector) Enabled(context.Context, slog.Level) bool { return true }
func (c collector) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool {
		*c.attrs = append(*c.attrs, a)
		return true
	})
	return nil
}
func (c collector) WithAttrs([]slog.Attr) slog.Handler { return c }
func (c collector) WithGroup(string) slog.Handler      { return c }
