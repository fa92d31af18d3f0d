package canary

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"net/netip"
	"net/url"
	"time"
)

// fidelity adds values that keep their shape.
func fidelity(s *set) {
	s.keep("V01", "fidelity", "time.Time in struct", "2026-01-02T03:04:05Z", any1("v", struct{ At time.Time }{time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}))
	s.keep("V02", "fidelity", "time.Time attr", "2026-01-02T03:04:05Z", func(l *slog.Logger) { l.Info("m", slog.Time("v", time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))) })
	s.keep("V03", "fidelity", "netip.Addr", "192.0.2.7", any1("v", netip.MustParseAddr("192.0.2.7")))
	s.keep("V04", "fidelity", "*big.Int", "123456789012345678901234", any1("v", must2(new(big.Int).SetString("123456789012345678901234", 10))))
	s.keep("V05", "fidelity", "TextMarshaler enum", "PAID", any1("v", status(1)))
	s.keep("V06", "fidelity", "wrapped error text", "start: disk full", any1("err", fmt.Errorf("start: %w", errors.New("disk full"))))
	s.keep("V07", "fidelity", "nil *Cred does not crash", `"v":null`, any1("v", (*account)(nil)))
	s.keep("V08", "fidelity", "nil map / nil error", `"v":null`, any1("v", map[string]any(nil)))
	s.keep("V09", "fidelity", "float", "12.375", func(l *slog.Logger) { l.Info("m", slog.Float64("v", 12.375)) })
	s.keep("V10", "fidelity", "map[struct-free int] order & content", `{"1":"a","2":"b"}`, any1("v", map[int]string{2: "b", 1: "a"}))
	s.keep("V11", "fidelity", "json.RawMessage without secrets verbatim", `{"b":1,"a":[1.50,2]}`, any1("v", json.RawMessage(`{"b":1,"a":[1.50,2]}`)))
	s.keep("V12", "fidelity", "json.Number / large int", "9007199254740993", any1("v", map[string]any{"n": json.Number("9007199254740993")}))
	s.keep("V13", "fidelity", "nested pointers, empty strings", `{"A":{"User":"x","Note":""}}`, any1("v", struct{ A *struct{ User, Note string } }{&struct{ User, Note string }{"x", ""}}))
	s.keep("V14", "fidelity", "*url.Error text without secret", `Get \"https://a.example/\": EOF`, any1("err", &url.Error{Op: "Get", URL: "https://a.example/", Err: errors.New("EOF")}))
	s.keep("V15", "fidelity", "duration", "1500000000", func(l *slog.Logger) { l.Info("m", slog.Duration("v", 1500*time.Millisecond)) })
	s.keep("V16", "fidelity", "context deadline error (value type)", "context deadline exceeded", any1("err", context.DeadlineExceeded))
}
