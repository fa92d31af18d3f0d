package canary

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"
)

// ordinary adds values that every service logs and that must arrive as they are.
func ordinary(s *set) {
	for i, kv := range ordinaryFields {
		s.keep(fmt.Sprintf("OK%03d", i+1), "ordinary", kv[0], kv[1], str1(kv[0], kv[1]))
	}
	for i, t := range ordinaryTexts {
		q, err := json.Marshal(t)
		if err != nil {
			panic(err)
		}
		shown := string(q[1 : len(q)-1])
		s.keep(fmt.Sprintf("OT%03d", i+1), "ordinary", t, unescapeHTML(shown), str1("note", t))
	}
	for i, c := range []struct {
		v    any
		keep string
	}{
		{map[string]any{"prompt_tokens": 812, "completion_tokens": 44, "total_tokens": 856}, `{"completion_tokens":44,"prompt_tokens":812,"total_tokens":856}`},
		{map[string]any{"tokens": 1532}, `{"tokens":1532}`},
		{map[string]bool{"password": true, "token": false}, `{"password":true,"token":false}`},
		{struct {
			Author    string
			TokenType string
		}{"Kim", "Bearer"}, `{"Author":"Kim","TokenType":"Bearer"}`},
		{json.RawMessage(`{"usage":{"input_tokens":12,"output_tokens":7}}`), `{"usage":{"input_tokens":12,"output_tokens":7}}`},
		{[]string{"a", "b-7"}, `["a","b-7"]`},
		{[]int64{1731760496789, 1731760496790}, `[1731760496789,1731760496790]`},
		{map[string]float64{"p95": 133.25, "p99": 147}, `{"p95":133.25,"p99":147}`},
		{map[string]any{"name": "items", "value": "x-7"}, `{"name":"items","value":"x-7"}`},
		{map[string]any{"type": "email", "data": "welcome-7"}, `"welcome-7"`},
		{map[string]any{"key": "order", "value": "42-7"}, `"42-7"`},
		{http.Header{"Content-Type": {"application/json"}, "User-Agent": {"curl/8.5.0"}}, `{"Content-Type":["application/json"],"User-Agent":["curl/8.5.0"]}`},
		{errors.New("sql: no rows in result set"), "sql: no rows in result set"},
		{fmt.Errorf("get order 42: %w", errors.New("connection refused")), "get order 42: connection refused"},
		{errors.New("dial tcp 10.0.0.1:5432: connect: connection refused"), "dial tcp 10.0.0.1:5432: connect: connection refused"},
		{errors.New("post \"https://h.example/v1/pay\": context deadline exceeded"), `post \"https://h.example/v1/pay\": context deadline exceeded`},
		{errors.New("json: cannot unmarshal string into Go struct field Login.password of type int"), "Login.password of type int"},
		{errors.New("yaml: line 3: mapping values are not allowed in this context"), "yaml: line 3: mapping values"},
		{errors.New("x509: certificate signed by unknown authority"), "x509: certificate signed by unknown authority"},
		{errors.New("rpc error: code = Unauthenticated desc = invalid token"), "rpc error: code = Unauthenticated desc = invalid token"},
		{time.Date(2024, 11, 16, 12, 34, 56, 789e6, time.UTC), "2024-11-16T12:34:56.789Z"},
		{[2]bool{true, false}, "[true,false]"},
		{uint8(7), `"v":7`},
		{-1.5e-9, "-1.5e-9"},
		{map[string]any{"session": map[string]any{"duration_ms": 12}}, `{"session":{"duration_ms":12}}`},
		{map[string]any{"auth": map[string]any{"method": "oidc-7"}}, `"oidc-7"`},
	} {
		s.keep(fmt.Sprintf("OV%02d", i+1), "ordinary", fmt.Sprint(c.v), c.keep, any1("v", c.v))
	}
	s.keep("OI01", "ordinary", "tokens of a group", `{"input":812,"output":44}`, func(l *slog.Logger) { l.Info("m", slog.Group("tokens", "input", 812, "output", 44)) })
	s.keep("OI07", "ordinary", "tokens of a map", `{"input":812,"output":44}`, any1("tokens", map[string]int{"input": 812, "output": 44}))
	s.keep("OI08", "ordinary", "tokens of JSON", `{\"tokens\":{\"input\":812}}`, str1("note", `{"tokens":{"input":812}}`))
	s.keep("OI09", "ordinary", "limit of tokens", `"max_tokens":4096`, func(l *slog.Logger) { l.Info("m", "max_tokens", 4096) })
	s.keep("OI02", "ordinary", "an order number as number", "1234567890123456", func(l *slog.Logger) { l.Info("m", "order_no", int64(1234567890123456)) })
	s.keep("OI03", "ordinary", "Twitter snowflake", "1857793920123412480", func(l *slog.Logger) { l.Info("m", "tweet", int64(1857793920123412480)) })
	s.keep("OI04", "ordinary", "number of tokens", `"tokens":77`, func(l *slog.Logger) { l.Info("m", "tokens", 77) })
	s.keep("OI05", "ordinary", "nil under a secret name", `"password":null`, any1("password", nil))
	s.keep("OI06", "ordinary", "false under a secret name", `"has_password":false`, func(l *slog.Logger) { l.Info("m", "has_password", false) })
}

// unescapeHTML undoes what only encoding/json escapes.
func unescapeHTML(s string) string {
	var out []byte
	for i := 0; i < len(s); i++ {
		if i+6 <= len(s) && s[i] == '\\' && s[i+1] == 'u' {
			switch s[i : i+6] {
			case `\u003c`:
				out, i = append(out, '<'), i+5
				continue
			case `\u003e`:
				out, i = append(out, '>'), i+5
				continue
			case `\u0026`:
				out, i = append(out, '&'), i+5
				continue
			}
		}
		out = append(out, s[i])
	}
	return string(out)
}

var ordinaryFields = [][2]string{
	{"author", "Kim Author-7"}, {"authority", "registry-7"}, {"authored_by", "lee-7"}, {"secretary", "Park-7"}, {"passenger_name", "Choi-7"},
	{"passage", "book-7"}, {"passed", "case-7"}, {"bypass", "lane-7"}, {"compass", "NNE-7"}, {"password_policy", "strong-7"},
	{"password_length", "12-7"}, {"passwordless", "webauthn-7"}, {"password_changed_at", "2024-11-16T12:34:56Z"},
	{"password_expires_in_days", "90-7"},
	{"tokens_count", "77"}, {"token_type", "Bearer-7"}, {"tokenizer", "bpe-7"}, {"token_bucket", "bucket-7"}, {"tokenized", "yes-7"},
	{"token_expiry", "3600-7"}, {"token_issuer", "idp-7"}, {"csrf_enabled", "on-7"}, {"session_count", "77"}, {"session_timeout", "30m-7"},
	{"session_duration", "12s-7"}, {"cookie_consent", "all-7"}, {"cookie_policy", "lax-7"},
	{"key", "orders-7"}, {"keys", "a-7"}, {"primary_key", "id-7"}, {"foreign_key", "user-7"}, {"partition_key", "p-7"}, {"sort_key", "s-7"},
	{"cache_key", "user:42:profile"}, {"routing_key", "orders.created"}, {"object_key", "img/2024/a-7.png"}, {"key_id", "kid-7"},
	{"public_key_type", "rsa-7"}, {"keyword", "search-7"}, {"keyspace", "ks-7"}, {"idempotency_key", "8e03978e-40d5-43dd-bc93-6894a57f9324"},
	{"monkey", "m-7"}, {"turkey", "t-7"}, {"hotkey", "h-7"}, {"keyboard_layout", "us-7"},
	{"pinned", "true-7"}, {"pin_count", "7"}, {"spinner", "s-7"}, {"shipping", "fast-7"}, {"opinion", "fine-7"}, {"pingback", "url-7"},
	{"mapping", "m-7"}, {"pan_zoom", "1-7"}, {"company", "Example-7"}, {"expand", "all-7"}, {"span", "root-7"}, {"japan", "jp-7"},
	{"classname", "C-7"}, {"sid_count", "7"}, {"side", "left-7"}, {"inside", "yes-7"}, {"president", "P-7"}, {"resident_count", "7"},
	{"emailed", "yes-7"}, {"email_count", "7"}, {"email_verified", "yes-7"}, {"email_template", "welcome-7"}, {"mail_server", "mx-7"},
	{"mailbox", "inbox-7"}, {"phone_model", "Pixel-7"}, {"phone_os", "android-7"}, {"mobile_app_version", "3.2.7"}, {"telemetry", "on-7"},
	{"hotel", "Lotte-7"}, {"signature_version", "v4-7"}, {"assignature", "a-7"}, {"design", "flat-7"}, {"signal", "SIGTERM-7"},
	{"assigned", "kim-7"}, {"salted", "no-7"}, {"basalt", "rock-7"}, {"certificate_serial", "04:7f:aa"}, {"credit", "100-7"},
	{"credit_limit", "5000-7"}, {"account_id", "acc-7"}, {"account_type", "savings-7"}, {"accounting", "q3-7"}, {"account", "acme-7"},
	{"card_type", "visa-7"}, {"card_brand", "amex-7"}, {"discard", "no-7"}, {"cardinality", "77"}, {"dashboard", "d-7"}, {"postcard", "p-7"},
	{"auth_method", "oidc-7"}, {"auth_type", "basic-7"}, {"auth_latency_ms", "77"}, {"auth_provider", "google-7"}, {"oauth_scope", "read-7"},
	{"authn_result", "ok-7"}, {"is_authenticated", "yes-7"}, {"authorized_by", "lee-7"}, {"authorization_status", "granted-7"},
	{"secret_name", "db-7"}, {"secret_version", "v-7"}, {"secret_count", "7"}, {"credential_type", "password-7"}, {"private", "repo-7"},
	{"private_ip", "10.0.0.7"}, {"access_level", "read-7"}, {"access_log", "on-7"}, {"accessory", "hat-7"}, {"encryption", "aes-7"},
	{"encryption_algorithm", "AES256-7"}, {"hash", "9f86d081884c7d659a2feaa0c55ad015"}, {"content_hash", "9f86d081"},
	{"checksum", "9f86d081884c"}, {"commit", "1f2e3d4c5b6a79880716253443526170f0e1d2c3"}, {"nonce_count", "7"}, {"announcement", "a-7"},
	{"dob_missing", "yes-7"}, {"birthday_campaign", "b-7"}, {"ssn_valid", "yes-7"}, {"lesson", "l-7"}, {"session_replay", "on-7"},
	{"obsession", "o-7"}, {"code", "E-1042"}, {"error_code", "E-1042"}, {"status_code", "404"}, {"country_code", "KR"}, {"zip_code", "06236"},
	{"promo_code", "SUMMER-7"}, {"barcode", "8801234567893"}, {"encoded", "gzip-7"}, {"decode_ms", "7"}, {"password_reset_url", "/reset"},
	{"api_version", "v1-7"}, {"api_key_id", "k-7"}, {"api_keys_count", "7"}, {"app_key_count", "7"},
	{"비밀번호변경여부", "Y-7"}, {"비밀번호_길이", "12-7"}, {"토큰수", "77"}, {"토큰_만료시간", "3600-7"}, {"암호화", "AES-7"}, {"암호화방식", "AES-7"}, {"이메일수신여부", "Y-7"},
	{"전화번호인증여부", "Y-7"}, {"주문번호", "20241116-7"}, {"상품명", "노트북-7"}, {"이름공간", "prod-7"}, {"카드사", "국민-7"}, {"쿠키정책", "동의-7"}, {"연락처수", "7"},
}

var ordinaryTexts = []string{
	"8e03978e-40d5-43dd-bc93-6894a57f9324", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "507f1f77bcf86cd799439011",
	"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
	"sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "da39a3ee5e6b4b0d3255bfef95601890afd80709",
	"4bf92f3577b34da6a3ce929d0e0e4736", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "W/\"0815\"",
	"etag 33a64df551425fcc55e4d42a148795d9f25f89d4",
	"order 20241116-000123", "order 2024-1116-0001", "invoice INV-2024-000123-45", "주문번호 20241116123456", "epoch 1731760496789",
	"epoch 1731760496", "1731760496789012345", "v1.25.0-rc.1+build.20241116", "go1.26.8", "1.2.3.4", "10.0.0.1:8080",
	"127.0.0.1:54321->10.0.0.2:443", "[2001:db8::1]:443", "fe80::1%eth0", "192.168.0.0/16", "00:1b:44:11:3a:b7", "2024-11-16 12:34:56.789",
	"2024-11-16T12:34:56.789012345Z", "20241116T123456Z", "16/Nov/2024:12:34:56 +0900", "12:34:56.789", "PT1H30M", "1h2m3.456s",
	"1,234,567.89", "₩1,234,567", "$1,299.00", "-37.8136, 144.9631", "37.566535,126.9779692", "1e10", "0x7fffdeadbeef", "0.1234567890123",
	"3.14159265358979", "100%", "50% of 200", "a=b", "x = y + z", "k8s pod my-app-7d4b9c6f5d-x2x4z",
	"node ip-10-0-1-23.ap-northeast-2.compute.internal",
	"registry.example/my-app:v1.2.3@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "arn:aws:s3:::my-bucket/key",
	"arn:aws:iam::123456789012:role/my-role", "s3://bucket/a/b/c.parquet", "gs://bucket/x", "file:///var/log/a.log",
	"https://h.example/v1/orders/42?page=2&size=20", "https://h.example/a/b#section-2", "https://h.example:8443/x",
	"http://localhost:8080/healthz", "GET /users/{userid}", "/api/v1/login", "/static/app.3f2a1b9c.js",
	"user-agent Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
	"image/svg+xml; charset=utf-8", "gzip, deflate;q=0.5, br",
	"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk",
	"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==", "aGVsbG8gd29ybGQ=",
	"@scope/pkg@1.2.3", "logo@2x.png", "user@host", "root@web-1:/var", "git@github.com:a/b.git", "go get example.com/x@v1.2.3",
	"getty@tty1.service", "@mention hello", "a @ b", "printf(\"%d items\", 3)", "C:\\Users\\kim\\app.exe", "/srv/kim/app:/go/src",
	"main.go:45", "token.go:45: unexpected EOF", "auth.go:12:3", "at com.example.TokenService.refresh(TokenService.java:45)",
	"goroutine 17 [running]:", "SELECT id, name FROM users WHERE id = 42", "SELECT password FROM users",
	"UPDATE users SET name = $1 WHERE id = $2", "ERROR 1045 (28000): Access denied for user 'bob'@'localhost' (using password: YES)",
	"pq: password authentication failed for user \"bob\"", "invalid token: signature mismatch", "unexpected token '<' at position 0",
	"unexpected token: }", "token expired at 2024-11-16T12:34:56Z", "token expired", "missing Authorization header",
	"Authorization header required", "password must be at least 12 characters", "password too short", "secret not found",
	"secret \"db-credentials\" not found", "secret default/db-credentials updated", "cookie banner shown", "session started",
	"session expired after 30 minutes", "api key missing", "no credentials provided", "credentials rotated", "author: Kim", "key: value",
	"keyboard: us", "the pin is set", "press any key to continue", "Basic plan, 3 seats", "Bearer authentication required",
	"basic auth enabled", "one time password sent", "비밀번호가 변경되었습니다", "비밀번호를 입력하세요", "토큰이 만료되었습니다", "인증번호가 일치하지 않습니다", "카드 결제 승인 완료",
	"전화번호 형식이 올바르지 않습니다", "주문 20241116-1234567 완료", "사업자번호 123-45-67890", "우편번호 06236", "order 1234567890123456",
	"tracking 1Z999AA10123456784", "ISBN 978-3-16-148410-0", "EAN 8801234567893", "IMEI model", "range 100-200", "2024-01-01 - 2024-12-31",
	"scores 10 20 30 40 50", "1000 2000 3000 4000", "v4.1111.1111", "lot 4111-22", "5 of 10", "AKIAMAZING", "ghpages",
	"skeleton_live_preview", "sk-learn model", "eyJust a word", "xoxo hugs", "key-value store", "SG.Region", "pull request #1234",
	"feature/ABC-1234-password-reset", "reset-password", "/reset-password", "/oauth/token", "POST /oauth/token 200", "GET /api/tokens?page=2",
	"scope=openid profile", "grant_type=password&username=x", "status=ok count=3", "took=1.5s rows=100", "p95=133ms p99=147ms",
	"cache hit ratio 0.9995", "99.95 %", "retry 3/5", "user 12345 logged in", "team: payments", "msg=\"hello world\"",
	"Content-Type: application/json", "Host: api.example.com", "X-Request-Id: abc-123",
}
