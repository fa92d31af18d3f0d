package redact_test

import (
	"encoding/json"
	"log/slog"
	"testing"

	"github.com/sligo-go/sligo/redact"
)

// benchTexts are texts as services log them, from the cheapest to scan to the
// most expensive.
var benchTexts = []struct{ name, text string }{
	{"clean", "Request processed successfully"},
	{"path", "/api/v1/orders/users/12345"},
	{"UUID", "request 7d0c9f0e-3b5a-4f6e-9c1d-2a8b7c6d5e4f was answered after 3 attempts by node-17"},
	{"error", "dial tcp 10.0.0.1:5432: connect: connection refused"},
	{"logfmt", "level=info msg=started port=8080 version=1.4.2 region=ap-northeast-2"},
	{"query", "GET /users/12345/orders?page=2&size=20&sort=created_at,desc => 200"},
	{"SQL", "SELECT id, name FROM users WHERE name = 'kim' AND created_at > '2024-11-16'"},
	{"numbers", "order 202411160000123456 shipped to 192.168.100.200 at 1731760496789"},
	{"card", "paid with 4242 4242 4242 4242, exp 12/27"},
	{"DSN", "dial postgres://bob:hunter2@db:5432/shop: refused"},
	{"JSON", `{"user":{"name":"bob","password":"hunter2"},"items":[1,2,3],"total":"12.50"}`},
	{"Korean", "사용자 비밀번호 변경 완료: 인증번호 482913"},
	{"escaped", `body: {\"password\":\"hunter2\",\"name\":\"bob\"} url: https%3A%2F%2Fa.example%2F%3Ftoken%3Dabc`},
}

func BenchmarkText(b *testing.B) {
	r := redact.Default()
	for _, bb := range benchTexts {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r.Text(bb.text)
			}
		})
	}
}

func BenchmarkEncoder(b *testing.B) {
	type order struct {
		ID       int               `json:"id"`
		Customer string            `json:"customer"`
		Email    string            `json:"email"`
		Labels   map[string]string `json:"labels"`
		Items    []string          `json:"items,omitempty"`
	}
	value := order{ID: 7, Customer: "Kim", Email: "kim@example.com", Labels: map[string]string{"region": "kr", "tier": "1"}, Items: []string{"a", "b"}}
	e := redact.Default().NewEncoder()
	for _, bb := range []struct {
		name string
		attr slog.Attr
	}{
		{"string", slog.String("endpoint", "/api/v1/login")},
		{"secret", slog.String("password", "hunter2")},
		{"int", slog.Int("response_code", 200)},
		{"group", slog.Group("http", slog.String("method", "POST"), slog.Int("status", 200), slog.Bool("cached", true))},
		{"struct", slog.Any("order", value)},
		{"JSON", slog.Any("body", json.RawMessage(`{"user":{"name":"bob","password":"hunter2"},"items":[1,2,3],"total":"12.50"}`))},
		{"map", slog.Any("labels", map[string]any{"region": "kr", "count": 17, "token": "abc", "nested": map[string]any{"a": 1}})},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				e.Reset(nil)
				e.Attr(bb.attr)
			}
		})
	}
}

// BenchmarkAttrs writes the attributes of a usual line in one call.
func BenchmarkAttrs(b *testing.B) {
	attrs := []slog.Attr{
		slog.String("user_id", "12345"), slog.Int("response_code", 200), slog.Int("execution_time_ms", 150),
		slog.String("endpoint", "/api/v1/login"), slog.String("method", "POST"), slog.Bool("cached", true),
	}
	e := redact.Default().NewEncoder()
	b.ReportAllocs()
	for b.Loop() {
		e.Reset(nil)
		e.Attrs(nil, attrs)
	}
}
