package canary

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"net/http"
	"net/netip"
	"net/url"
	"time"
)

// numbers returns numbers that are not of the type int64, and booleans.
func numbers() map[string]call {
	return map[string]call{
		"SN04": info("pin", 4831.5),
		"SN05": info("cvv", uint64(7391)),
		"PN01": info("ref", 4242424242424242.0),
		"PN02": info("ref", uint64(4242424242424242)),
		"PN04": info("body", map[string]any{"n": int64(4242424242424242)}),
		"PN05": info("body", map[int64]int{4242424242424242: 1}),
		"F07":  info("authorized", true),
		"P04":  info("password_reset_requested", true),
		"OI05": info("password", nil),
		"OI06": info("has_password", false),
		"V09":  v(12.375),
		"OV23": v(uint8(7)),
		"OV24": v(-1.5e-9),
	}
}

// ordinaryMaps returns maps and lists without secrets.
func ordinaryMaps() map[string]call {
	contentType := http.Header{"Content-Type": {"application/json"}, "User-Agent": {"curl/8.5.0"}}
	return map[string]call{
		"V10":  v(map[int]string{2: "b", 1: "a"}),
		"V12":  v(map[string]any{"n": json.Number("9007199254740993")}),
		"OV01": v(map[string]any{"prompt_tokens": 812, "completion_tokens": 44, "total_tokens": 856}),
		"OV02": v(map[string]any{"tokens": 1532}),
		"OV03": v(map[string]bool{"password": true, "token": false}),
		"OV06": v([]string{"a", "b-7"}),
		"OV07": v([]int64{1731760496789, 1731760496790}),
		"OV08": v(map[string]float64{"p95": 133.25, "p99": 147}),
		"OV09": v(map[string]any{"name": "items", "value": "x-7"}),
		"OV10": v(map[string]any{"type": "email", "data": "welcome-7"}),
		"OV11": v(map[string]any{"key": "order", "value": "42-7"}),
		"OV12": v(contentType),
		"OV22": v([2]bool{true, false}),
		"OV25": v(map[string]any{"session": map[string]any{"duration_ms": 12}}),
		"OV26": v(map[string]any{"auth": map[string]any{"method": "oidc-7"}}),
		"OI07": info("tokens", map[string]int{"input": 812, "output": 44}),
		"YV01": info("args", []string{"-p", "8080", "-v", "x7"}),
		"YV03": v(map[string]any{"type": "email", "data": map[string]any{"template": "welcome"}}),
		"YV04": v(map[string]any{"id": "row-1", "value": "x7"}),
	}
}

type status int

func (s status) MarshalText() ([]byte, error) { return []byte([]string{"NEW", "PAID"}[s]), nil }

// ordinaryTypes returns values without secrets whose type decides about their
// form.
func ordinaryTypes() map[string]call {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	number, _ := new(big.Int).SetString("123456789012345678901234", 10)
	eof := &url.Error{Op: "Get", URL: "https://a.example/", Err: errors.New("EOF")}
	return map[string]call{
		"V01":  v(struct{ At time.Time }{at}),
		"V02":  v(at),
		"V03":  v(netip.MustParseAddr("192.0.2.7")),
		"V04":  v(number),
		"V05":  v(status(1)),
		"V06":  info("err", fmt.Errorf("start: %w", errors.New("disk full"))),
		"V07":  v((*account)(nil)),
		"V08":  v(map[string]any(nil)),
		"V14":  info("err", eof),
		"V15":  info(slog.Duration("v", 1500*time.Millisecond)),
		"V16":  info("err", context.DeadlineExceeded),
		"OV14": v(fmt.Errorf("get order 42: %w", errors.New("connection refused"))),
		"OV21": v(time.Date(2024, 11, 16, 12, 34, 56, 789e6, time.UTC)),
	}
}

// ordinaryStructs returns structs without secrets.
func ordinaryStructs() map[string]call {
	type user struct{ User, Note string }
	return map[string]call{
		"V13": v(struct{ A *user }{&user{"x", ""}}),
		"OV04": v(struct {
			Author    string
			TokenType string
		}{"Kim", "Bearer"}),
	}
}
