// Package canary holds log calls with secrets in them, and look-alikes that must
// not be taken for secrets. The tests of every package that writes lines run
// them through what it builds. All values are invented.
package canary

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// A Case is one log call. Kind is "must": none of Secrets may be shown;
// "keep": every one of Keep must be shown unchanged; or "policy": the default
// policy decides, and the test states how.
type Case struct {
	ID, Cat, Desc string
	Kind          string
	Secrets       []string
	Keep          []string
	Log           func(l *slog.Logger)
}

const (
	pw  = "hunter2-Zx91"
	jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"
	pem = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----"
)

// ---- types used by the cases ----
type Cred struct {
	User     string
	Password string
}
type JSONNamed struct {
	User string
	P    string `json:"password"`
}
type GoNamed struct {
	User     string
	Password string `json:"p"`
}
type Tagged struct {
	ID   string
	Note string `json:"note" log:"redact"`
}
type Embedded struct {
	Cred
	Role string
}
type Holder struct{ Any any }
type PasswordT string // typed secret
type WithTyped struct {
	ID string
	V  PasswordT
}
type SecretLV string                  // LogValuer secret: fine at top level, raw inside a struct
func (SecretLV) LogValue() slog.Value { return slog.StringValue("REDACTED") }

type CfgLV struct {
	Name string
	Key  SecretLV
}
type lvText string

func (l lvText) LogValue() slog.Value { return slog.StringValue("Bearer " + string(l)) }

type lvGroup struct{ p string }

func (l lvGroup) LogValue() slog.Value {
	return slog.GroupValue(slog.String("user", "bob"), slog.String("password", l.p))
}

type lvPanic struct{ p string }

func (l lvPanic) LogValue() slog.Value { panic("cannot resolve password=" + l.p) }

type strg struct{ p string }

func (s strg) String() string { return "password=" + s.p }

type textM struct{ p string }

func (s textM) MarshalText() ([]byte, error) { return []byte("Bearer " + s.p), nil }

type jsonM struct{ p string }

func (s jsonM) MarshalJSON() ([]byte, error) {
	return []byte(`{"user":"bob","password":"` + s.p + `"}`), nil
}

type jsonPanic struct{ p string }

func (s jsonPanic) MarshalJSON() ([]byte, error) { panic("bad password=" + s.p) }

type jsonErr struct{ p string }

func (s jsonErr) MarshalJSON() ([]byte, error) { return nil, errors.New("bad password=" + s.p) }

type maskedStringer struct{ DSN string }

func (maskedStringer) String() string { return "dsn(***)" }

type dashField struct {
	ID  string
	Raw string `json:"-"`
}
type NV struct{ Name, Value string }
type Key string
type myErr struct{ Code, Password string }

func (e *myErr) Error() string { return "code " + e.Code }

type jsonErrT struct{ p string }

func (e jsonErrT) Error() string                { return "boom" }
func (e jsonErrT) MarshalJSON() ([]byte, error) { return []byte(`{"password":"` + e.p + `"}`), nil }

type Node struct {
	Name     string
	Password string
	Next     *Node
}
type Status int

func (s Status) MarshalText() ([]byte, error) { return []byte([]string{"NEW", "PAID"}[s]), nil }

type unexp struct {
	name  string
	inner *Cred
}

var bg = context.Background()

func any1(k string, v any) func(*slog.Logger) {
	return func(l *slog.Logger) { l.Info("m", slog.Any(k, v)) }
}
func str1(k, v string) func(*slog.Logger) {
	return func(l *slog.Logger) { l.Info("m", slog.String(k, v)) }
}
func msg(m string) func(*slog.Logger) { return func(l *slog.Logger) { l.Info(m) } }

func deep(n int) any {
	var v any = map[string]any{"password": pw}
	for range n {
		v = map[string]any{"c": v}
	}
	return v
}
func strp(s string) *string { return &s }

// Cases returns all cases.
func Cases() []Case {
	var cs []Case
	add := func(kind, id, cat, desc string, secrets, keep []string, f func(*slog.Logger)) {
		cs = append(cs, Case{ID: id, Cat: cat, Desc: desc, Kind: kind, Secrets: secrets, Keep: keep, Log: f})
	}
	must := func(id, cat, desc, secret string, f func(*slog.Logger)) {
		add("must", id, cat, desc, []string{secret}, nil, f)
	}
	keep := func(id, cat, desc, k string, f func(*slog.Logger)) { add("keep", id, cat, desc, nil, []string{k}, f) }

	// A. keys
	for i, k := range []string{"password", "passwd", "pwd", "pass_word", "PassWord", "userPassword", "new_password", "PASSWORD", "db.password", "passphrase",
		"X-Api-Key", "apiKey", "api_key", "Authorization", "access-token", "refreshToken", "client_secret", "session_token", "비밀번호"} {
		must(fmt.Sprintf("K%02d", i+1), "key", "slog.String("+k+", …)", pw, str1(k, pw))
	}
	must("K20", "key", `slog.Int("pin", 4831907)`, "4831907", func(l *slog.Logger) { l.Info("m", slog.Int("pin", 4831907)) })
	must("K21", "key", `slog.Any("passwords", []string{…})`, pw, any1("passwords", []string{pw, pw}))
	must("K22", "key", "private_key with multi-line PEM", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", str1("private_key", pem))
	must("K23", "key", `slog.Any("password", *string)`, pw, any1("password", strp(pw)))
	must("K24", "key", `slog.Any("password", sql.NullString)`, pw, any1("password", sql.NullString{String: pw, Valid: true}))
	must("K25", "key", `slog.Any("password", []byte) (base64 in JSON)`, pw, any1("password", []byte(pw)))
	must("K26", "key", "duplicate key password twice", pw, func(l *slog.Logger) { l.Info("m", "password", pw, "password", pw+"b") })
	must("K27", "key", `주민등록번호 key, value without dash`, "9001011234568", str1("주민등록번호", "9001011234568"))

	// B. nested
	must("N01", "nested", "map[string]any{user:{password}}", pw, any1("body", map[string]any{"user": map[string]any{"password": pw}}))
	must("N02", "nested", "map[string]string", pw, any1("form", map[string]string{"password": pw}))
	must("N03", "nested", "struct field Password", pw, any1("req", Cred{"bob", pw}))
	must("N04", "nested", `struct field P with json:"password"`, pw, any1("req", JSONNamed{"bob", pw}))
	must("N05", "nested", `struct field Password with json:"p"`, pw, any1("req", GoNamed{"bob", pw}))
	must("N06", "nested", "struct tag marks field secret", "private-note-77", any1("req", Tagged{"1", "private-note-77"}))
	must("N07", "nested", "pointer to struct", pw, any1("req", &Cred{"bob", pw}))
	must("N08", "nested", "slice of structs", pw, any1("reqs", []Cred{{"a", "x"}, {"bob", pw}}))
	must("N09", "nested", "[]any holding map", pw, any1("reqs", []any{1, map[string]any{"password": pw}}))
	must("N10", "nested", "map[string][]string (header shape)", pw, any1("h", map[string][]string{"X-Api-Key": {pw}}))
	must("N11", "nested", "url.Values", pw, any1("form", url.Values{"password": {pw}}))
	must("N12", "nested", "map nested 40 deep", pw, any1("d", deep(40)))
	must("N13", "nested", "map[int]Cred", pw, any1("m", map[int]Cred{7: {"b", pw}}))
	must("N14", "nested", "struct with any field holding *Cred", pw, any1("h", Holder{&Cred{"b", pw}}))
	must("N15", "nested", "embedded struct", pw, any1("e", Embedded{Cred{"b", pw}, "r"}))
	must("N16", "nested", "array [2]Cred", pw, any1("a", [2]Cred{{}, {"b", pw}}))
	must("N17", "nested", "map with typed key", pw, any1("m", map[Key]string{"password": pw}))
	must("N18", "nested", "slog.Group(auth){password}", pw, func(l *slog.Logger) { l.Info("m", slog.Group("auth", "password", pw)) })
	must("N19", "nested", "slog.Any(auth, []slog.Attr)", pw, any1("auth", []slog.Attr{slog.String("password", pw)}))
	must("N20", "nested", "sensitive group key: Group(credentials){value}", pw, func(l *slog.Logger) { l.Info("m", slog.Group("credentials", "value", pw)) })
	must("N21", "nested", "WithGroup(credentials) then value", pw, func(l *slog.Logger) { l.WithGroup("credentials").Info("m", "value", pw) })
	must("N22", "nested", "Logger.With(password)", pw, func(l *slog.Logger) { l.With("password", pw).Info("m") })
	must("N23", "nested", "WithGroup(db).With(password)", pw, func(l *slog.Logger) { l.WithGroup("db").With("password", pw).Info("m", "a", 1) })
	must("N24", "nested", "sensitive map key with map value", pw, any1("m", map[string]any{"token": map[string]any{"value": pw}}))
	must("N25", "nested", "secret as group NAME (sk_live_…)", "sk_live_4eC39HqLyjWDarjtT1zdp7dc", func(l *slog.Logger) { l.WithGroup("sk_live_4eC39HqLyjWDarjtT1zdp7dc").Info("m", "a", 1) })
	must("N26", "nested", "secret as attr key (JWT)", jwt, func(l *slog.Logger) { l.Info("m", slog.Int(jwt, 1)) })
	must("N27", "nested", "e-mail as map key", "hong@example.com", any1("m", map[string]int{"hong@example.com": 1}))
	must("N28", "nested", "name/value pairs (env style)", pw, any1("env", []NV{{"DB_PASSWORD", pw}}))
	must("N29", "nested", "map[string]json.RawMessage", pw, any1("m", map[string]json.RawMessage{"x": json.RawMessage(`{"password":"` + pw + `"}`)}))
	must("N30", "nested", "group inside additional_info", pw, func(l *slog.Logger) {
		l.Info("m", slog.Group("additional_info", "endpoint", "/x", slog.Group("h", "authorization", pw)))
	})

	// C. serialised
	body := `{"user":"bob","password":"` + pw + `","n":1}`
	must("S01", "body", "json.RawMessage", pw, any1("body", json.RawMessage(body)))
	must("S02", "body", "[]byte JSON (base64 in JSON)", pw, any1("body", []byte(body)))
	must("S03", "body", "string containing JSON", pw, str1("body", body))
	must("S04", "body", "JSON inside JSON string", pw, str1("body", `{"payload":`+string(mustJSON(body))+`}`))
	must("S05", "body", "form body", pw, str1("body", "username=a&password="+pw+"&x=1"))
	must("S06", "body", "XML body", pw, str1("body", "<login><user>a</user><password>"+pw+"</password></login>"))
	must("S07", "body", "truncated JSON", pw, str1("body", `{"user":"bob","password":"`+pw))
	must("S08", "body", "YAML text", pw, str1("body", "user: bob\npassword: "+pw+"\n"))
	must("S09", "body", "multipart body", pw, str1("body", "--X\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n"+pw+"\r\n--X--"))
	must("S10", "body", "JSON with escaped key pass\\u0077ord", pw, str1("body", `{"pass\u0077ord":"`+pw+`"}`))
	must("S11", "body", "proto text", pw, str1("body", `user:"bob" password:"`+pw+`"`))
	must("S12", "body", "fmt %+v of struct in message", pw, msg(fmt.Sprintf("req %+v", Cred{"bob", pw})))
	must("S13", "body", "GraphQL argument", pw, str1("body", `{"query":"mutation{login(user:\"b\",password:\"`+pw+`\"){id}}"}`))
	must("S14", "body", "SQL literal", pw, str1("query", "UPDATE users SET password = '"+pw+"' WHERE id=1"))
	must("S15", "body", "JSON body with number secret", "9917733", str1("body", `{"otp":9917733}`))
	must("S16", "body", "JSON array of objects string", pw, str1("body", `[{"a":1},{"access_token":"`+pw+`"}]`))

	// D. URLs
	must("U01", "url", "query token", pw, str1("url", "https://a.example/p?token="+pw+"&x=1"))
	must("U02", "url", "userinfo", pw, str1("url", "https://bob:"+pw+"@a.example/p"))
	must("U03", "url", "*url.URL value with query token", pw, any1("url", must1(url.Parse("https://a.example/p?access_token="+pw))))
	must("U04", "url", "presigned S3 signature", "fe5f80f77d5fa3beca038a248ff027d0445342fe2855ddc963176630326f1024", str1("url", "https://b.s3.amazonaws.com/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=fe5f80f77d5fa3beca038a248ff027d0445342fe2855ddc963176630326f1024"))
	must("U05", "url", "fragment access_token", pw, str1("url", "https://a.example/cb#access_token="+pw))
	must("U06", "url", "percent-encoded parameter name", pw, str1("url", "https://a.example/p?pass%77ord="+pw))
	must("U07", "url", "nested encoded URL", pw, str1("url", "https://a.example/p?next=https%3A%2F%2Fb.example%2F%3Ftoken%3D"+pw))
	must("U08", "url", "JWT in path", jwt, str1("url", "https://a.example/reset/"+jwt))
	must("U09", "url", "access log message with query secret", pw, msg("GET /v1/orders?api_key="+pw+" => 200"))

	// E. headers
	hdr := http.Header{}
	hdr.Set("Accept", "x")
	h1 := func(k, v string) http.Header { h := hdr.Clone(); h.Set(k, v); return h }
	must("H01", "header", "http.Header Authorization Bearer", pw, any1("headers", h1("Authorization", "Bearer "+pw)))
	must("H02", "header", "http.Header Cookie", pw, any1("headers", h1("Cookie", "sid="+pw+"; theme=dark")))
	must("H03", "header", "http.Header Set-Cookie", pw, any1("headers", h1("Set-Cookie", "sid="+pw+"; HttpOnly")))
	must("H04", "header", "Proxy-Authorization", pw, any1("headers", h1("Proxy-Authorization", "Basic "+pw)))
	must("H05", "header", "X-Api-Key", pw, any1("headers", h1("X-Api-Key", pw)))
	must("H06", "header", "header dump text", pw, str1("dump", "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "+pw+"\r\n"))
	must("H07", "header", "X-Amz-Security-Token", pw, any1("headers", h1("X-Amz-Security-Token", pw)))
	must("H08", "header", "*http.Request value", pw, func(l *slog.Logger) {
		r, _ := http.NewRequest("GET", "http://a.example/?token="+pw, nil)
		r.Header.Set("Authorization", "Bearer "+pw)
		l.Info("m", slog.Any("req", r))
	})
	must("H09", "header", "*http.Cookie value", pw, any1("c", &http.Cookie{Name: "session", Value: pw}))

	// F. free text
	must("T01", "text", "Bearer in message", pw, msg("call failed with Authorization: Bearer "+pw))
	must("T02", "text", "Basic in attr", "dXNlcjpodW50ZXIy", str1("note", "sent Basic dXNlcjpodW50ZXIy to upstream"))
	must("T03", "text", "JWT in text", jwt, str1("note", "got "+jwt+" from idp"))
	must("T04", "text", "AWS access key id", "AKIAIOSFODNN7EXAMPLE", str1("note", "using AKIAIOSFODNN7EXAMPLE for upload"))
	must("T05", "text", "aws_secret_access_key=…", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", str1("note", "aws_secret_access_key=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"))
	must("T06", "text", "GitHub token", "ghp_16C7e42F292c6912E7710c838347Ae178B4a", str1("note", "clone with ghp_16C7e42F292c6912E7710c838347Ae178B4a"))
	must("T07", "text", "Slack token", "xoxb-263594206564-FGqddMF8t08v8N7Oq4i57vs1", str1("note", "post xoxb-263594206564-FGqddMF8t08v8N7Oq4i57vs1"))
	must("T08", "text", "Stripe key", "sk_live_4eC39HqLyjWDarjtT1zdp7dc", str1("note", "charge with sk_live_4eC39HqLyjWDarjtT1zdp7dc"))
	must("T09", "text", "Google API key", "AIzaSyDaGmWKa4JsXZ-HjGw7ISLn_3namBGewQe", str1("note", "maps AIzaSyDaGmWKa4JsXZ-HjGw7ISLn_3namBGewQe"))
	must("T10", "text", "PEM private key in text", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", str1("note", "loaded "+pem))
	must("T11", "text", "card with spaces (Luhn ok)", "4111 1111 1111 1111", str1("note", "card 4111 1111 1111 1111 declined"))
	must("T12", "text", "card with dashes (Luhn ok)", "5500-0000-0000-0004", str1("note", "card 5500-0000-0000-0004 declined"))
	must("T13", "text", "card plain in message", "4111111111111111", msg("pay 4111111111111111 failed"))
	must("T14", "text", "Amex 15 digits", "378282246310005", str1("note", "amex 378282246310005"))
	must("T15", "text", "card as int64 value", "4111111111111111", func(l *slog.Logger) { l.Info("m", slog.Int64("ref", 4111111111111111)) })
	must("T16", "text", "RRN with dash", "900101-1234568", str1("note", "고객 900101-1234568 확인"))
	must("T17", "text", "RRN next to Hangul", "900101-1234568", str1("note", "주민번호900101-1234568입니다"))
	must("T18", "text", "alien registration number", "900101-5234569", str1("note", "외국인 900101-5234569"))
	must("T19", "text", "Korean mobile", "010-1234-5678", str1("note", "call 010-1234-5678"))
	must("T20", "text", "Korean mobile +82", "+82 10-1234-5678", str1("note", "call +82 10-1234-5678"))
	must("T21", "text", "e-mail", "hong.gildong+a@example.co.kr", str1("note", "mail hong.gildong+a@example.co.kr sent"))
	must("T22", "text", "e-mail next to Hangul", "hong@example.com", str1("note", "메일hong@example.com으로 발송"))
	must("T23", "text", "password= in message", pw, msg("login failed user=bob password="+pw))
	must("T24", "text", "mongodb+srv DSN", pw, str1("note", "connect mongodb+srv://bob:"+pw+"@c0.example.net/db"))
	must("T25", "text", "redis DSN without user", pw, str1("note", "redis://:"+pw+"@r.example:6379/0"))
	must("T26", "text", "MySQL DSN user:pass@tcp()", pw, str1("note", "bob:"+pw+"@tcp(10.0.0.1:3306)/shop"))
	must("T27", "text", "libpq key=value DSN", pw, str1("note", "host=db user=bob password="+pw+" dbname=x"))
	must("T28", "text", "ODBC Pwd=", pw, str1("note", "Server=db;Uid=bob;Pwd="+pw+";"))

	// G. errors
	must("E01", "error", "error text with postgres DSN", pw, any1("error_message", errors.New("dial postgres://bob:"+pw+"@db:5432/x: refused")))
	must("E02", "error", "wrapped error, DSN inside", pw, any1("err", fmt.Errorf("start: %w", errors.New("bad dsn bob:"+pw+"@tcp(db:3306)/x"))))
	must("E03", "error", "errors.Join", pw, any1("err", errors.Join(errors.New("a"), errors.New("password="+pw))))
	must("E04", "error", "*url.Error with query token", pw, any1("err", &url.Error{Op: "Get", URL: "https://a.example/?token=" + pw, Err: errors.New("EOF")}))
	must("E05", "error", "error type with MarshalJSON", pw, any1("err", jsonErrT{pw}))
	must("E06", "error", "stack trace text with argument", pw, str1("stack_trace", "panic: bad password="+pw+"\n\ngoroutine 1 [running]:\nmain.f()\n\t/app/m.go:10"))
	must("E07", "error", "panic value any(recover())", pw, func(l *slog.Logger) {
		defer func() { l.Error("panic", slog.Any("panic", recover())) }()
		panic(fmt.Sprintf("token=%s invalid", pw))
	})
	must("E08", "error", "error with exported Password field (text is clean)", pw, any1("err", &myErr{"7", pw}))
	must("E09", "error", "error inside a map", pw, any1("m", map[string]any{"err": errors.New("password=" + pw)}))

	// H. interfaces
	must("I01", "iface", "LogValuer text Bearer", pw, any1("v", lvText(pw)))
	must("I02", "iface", "LogValuer → Group with password", pw, any1("v", lvGroup{pw}))
	must("I03", "iface", "LogValuer inside group", pw, func(l *slog.Logger) { l.Info("m", slog.Group("g", slog.Any("v", lvGroup{pw}))) })
	must("I04", "iface", "LogValuer secret as STRUCT FIELD", pw, any1("cfg", CfgLV{"x", SecretLV(pw)}))
	must("I05", "iface", "LogValuer secret as MAP VALUE", pw, any1("cfg", map[string]any{"k": SecretLV(pw)}))
	must("I06", "iface", "LogValuer secret in a slice", pw, any1("cfg", []SecretLV{SecretLV(pw)}))
	must("I07", "iface", "fmt.Stringer with secret", pw, any1("v", strg{pw}))
	must("I08", "iface", "encoding.TextMarshaler Bearer", pw, any1("v", textM{pw}))
	must("I09", "iface", "json.Marshaler with password key", pw, any1("v", jsonM{pw}))
	must("I10", "iface", "typed string secret, neutral key", pw, any1("v", PasswordT(pw)))
	must("I11", "iface", "typed string secret in struct", pw, any1("v", WithTyped{"1", PasswordT(pw)}))
	must("I12", "iface", "masking String(), JSON shows DSN", pw, any1("cfg", maskedStringer{"postgres://bob:" + pw + "@db/x"}))
	must("I13", "iface", `json:"-" field stays hidden`, pw, any1("v", dashField{"1", pw}))
	must("I14", "iface", "LogValuer that panics with secret", pw, any1("v", lvPanic{pw}))
	must("I15", "iface", "MarshalJSON that panics with secret", pw, any1("v", jsonPanic{pw}))
	must("I16", "iface", "MarshalJSON error text with secret", pw, any1("v", jsonErr{pw}))
	must("I17", "iface", "[]byte text under neutral key (base64)", pw, any1("v", []byte("Bearer "+pw)))
	must("I18", "iface", "unexported fields, pointer inside", pw, any1("v", &unexp{"x", &Cred{"b", pw}}))

	// X. structure
	must("X01", "struct", "cyclic pointer with password", pw, func(l *slog.Logger) {
		n := &Node{Name: "a", Password: pw}
		n.Next = n
		l.Info("m", slog.Any("n", n))
	})
	must("X02", "struct", "cyclic map with password", pw, func(l *slog.Logger) {
		m := map[string]any{"password": pw}
		m["self"] = m
		l.Info("m", slog.Any("n", m))
	})
	must("X03", "struct", "1 MiB string, secret at the end", pw, str1("body", strings.Repeat("x ", 1<<19)+"password="+pw))
	must("X04", "struct", "1 MiB JSON body, secret at the end", pw, str1("body", `{"pad":"`+strings.Repeat("x", 1<<20)+`","password":"`+pw+`"}`))
	must("X05", "struct", "non-UTF-8 bytes before the secret", pw, str1("body", "\xff\xfe{\"a\":\"\xc3\x28\",\"password\":\""+pw+"\"}"))
	must("X06", "struct", "NUL and newlines around the secret", pw, str1("note", "a\x00\nb password="+pw+"\n"))

	// F. look-alikes: must NOT be touched
	keep("F01", "lookalike", "key passenger", "Hong Gildong", str1("passenger", "Hong Gildong"))
	keep("F02", "lookalike", "key tokenizer_version", "v2.1-bpe", str1("tokenizer_version", "v2.1-bpe"))
	keep("F03", "lookalike", "key token_count", "1532", func(l *slog.Logger) { l.Info("m", slog.Int("token_count", 1532)) })
	keep("F04", "lookalike", "key secretary", "Kim", str1("secretary", "Kim-Secretary"))
	keep("F05", "lookalike", "key compass", "NNE-77", str1("compass", "NNE-77"))
	keep("F06", "lookalike", "key author", "Park-77", str1("author", "Park-77"))
	keep("F07", "lookalike", "key authorized (bool)", `true`, func(l *slog.Logger) { l.Info("m", slog.Bool("authorized", true)) })
	keep("F08", "lookalike", "16-digit order id failing Luhn", "4111111111111112", str1("order_id", "4111111111111112"))
	keep("F09", "lookalike", "16-digit order id int64 failing Luhn", "4111111111111112", func(l *slog.Logger) { l.Info("m", slog.Int64("order_id", 4111111111111112)) })
	keep("F10", "lookalike", "trace id 32 hex, mostly digits", "40123456789012345678901234567890", str1("trace_id", "40123456789012345678901234567890"))
	keep("F11", "lookalike", "UUID of digits", "12345678-1234-4234-8234-123456789012", str1("request_id", "12345678-1234-4234-8234-123456789012"))
	keep("F12", "lookalike", "epoch ms (13 digits)", "1763821234567", str1("note", "at 1763821234567 done"))
	keep("F13", "lookalike", "epoch ns int64 (19 digits)", "1763821234567891234", func(l *slog.Logger) { l.Info("m", slog.Int64("ts", 1763821234567891234)) })
	keep("F14", "lookalike", "semver", "v1.2.3-rc.1+build.5", str1("version", "v1.2.3-rc.1+build.5"))
	keep("F15", "lookalike", "text: the bearer of this", "The bearer of this ticket", msg("The bearer of this ticket may enter"))
	keep("F16", "lookalike", "text: Basic subscription", "Basic subscription renewed", msg("Basic subscription renewed"))
	keep("F17", "lookalike", "key shipping_address (contains pin)", "Seoul-77", str1("shipping_method", "Seoul-77"))
	keep("F18", "lookalike", "RRN shape with month 13", "991332-1234567", str1("note", "doc 991332-1234567"))
	keep("F19", "lookalike", "node@20.1.0", "node@20.1.0", str1("note", "runtime node@20.1.0"))
	keep("F20", "lookalike", "eyJafjallajökull", "eyJafjallajokull", str1("note", "volcano eyJafjallajokull erupts"))
	keep("F21", "lookalike", "short AKIA word", "AKIARA", str1("note", "hotel AKIARA"))
	keep("F22", "lookalike", "plain URL query", "page=2&sort=asc", str1("url", "https://a.example/v1/orders?page=2&sort=asc"))
	keep("F23", "lookalike", "key keyboard / key", "us-intl", str1("keyboard", "us-intl"))
	keep("F24", "lookalike", "key session_duration_ms", "120077", func(l *slog.Logger) { l.Info("m", slog.Int("session_duration_ms", 120077)) })
	keep("F25", "lookalike", "key signature_algorithm", "RS256", str1("signature_algorithm", "RS256"))
	keep("F26", "lookalike", "message: password policy updated", "password policy updated", msg("password policy updated"))
	keep("F27", "lookalike", "message: reset token expired", "reset token expired", msg("reset token expired"))
	keep("F28", "lookalike", "invoice number containing 010-1234-5678", "INV-2010-1234-567890", str1("invoice", "INV-2010-1234-567890"))
	keep("F29", "lookalike", "ratio 0.10-1234", "0.10-12.34", str1("note", "range 0.10-12.34"))
	keep("F30", "lookalike", "SSH-less git remote path", "team/repo.git", str1("note", "clone team/repo.git"))
	keep("F31", "lookalike", "key pwned_check", "ok-77", str1("pwned_check", "ok-77"))
	keep("F32", "lookalike", "body JSON without secrets is unchanged", `{\"passenger\":\"Kim\",\"seat\":\"12A\"}`, str1("body", `{"passenger":"Kim","seat":"12A"}`))
	// fidelity: values must keep their shape
	keep("V01", "fidelity", "time.Time in struct", "2026-01-02T03:04:05Z", any1("v", struct{ At time.Time }{time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}))
	keep("V02", "fidelity", "time.Time attr", "2026-01-02T03:04:05Z", func(l *slog.Logger) { l.Info("m", slog.Time("v", time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))) })
	keep("V03", "fidelity", "netip.Addr", "192.0.2.7", any1("v", netip.MustParseAddr("192.0.2.7")))
	keep("V04", "fidelity", "*big.Int", "123456789012345678901234", any1("v", must2(new(big.Int).SetString("123456789012345678901234", 10))))
	keep("V05", "fidelity", "TextMarshaler enum", "PAID", any1("v", Status(1)))
	keep("V06", "fidelity", "wrapped error text", "start: disk full", any1("err", fmt.Errorf("start: %w", errors.New("disk full"))))
	keep("V07", "fidelity", "nil *Cred does not crash", `"v":null`, any1("v", (*Cred)(nil)))
	keep("V08", "fidelity", "nil map / nil error", `"v":null`, any1("v", map[string]any(nil)))
	keep("V09", "fidelity", "float", "12.375", func(l *slog.Logger) { l.Info("m", slog.Float64("v", 12.375)) })
	keep("V10", "fidelity", "map[struct-free int] order & content", `{"1":"a","2":"b"}`, any1("v", map[int]string{2: "b", 1: "a"}))
	keep("V11", "fidelity", "json.RawMessage without secrets verbatim", `{"b":1,"a":[1.50,2]}`, any1("v", json.RawMessage(`{"b":1,"a":[1.50,2]}`)))
	keep("V12", "fidelity", "json.Number / large int", "9007199254740993", any1("v", map[string]any{"n": json.Number("9007199254740993")}))
	keep("V13", "fidelity", "nested pointers, empty strings", `{"A":{"User":"x","Note":""}}`, any1("v", struct{ A *struct{ User, Note string } }{&struct{ User, Note string }{"x", ""}}))
	keep("V14", "fidelity", "*url.Error text without secret", `Get \"https://a.example/\": EOF`, any1("err", &url.Error{Op: "Get", URL: "https://a.example/", Err: errors.New("EOF")}))
	keep("V15", "fidelity", "duration", "1500000000", func(l *slog.Logger) { l.Info("m", slog.Duration("v", 1500*time.Millisecond)) })
	keep("V16", "fidelity", "context deadline error (value type)", "context deadline exceeded", any1("err", context.DeadlineExceeded))
	// policy: not counted
	add("policy", "P01", "policy", "client IPv4", []string{"203.0.113.9"}, nil, str1("client_ip", "203.0.113.9"))
	add("policy", "P02", "policy", "IPv6 in text", []string{"2001:db8::8a2e:370:7334"}, nil, str1("note", "from 2001:db8::8a2e:370:7334"))
	add("policy", "P03", "policy", "password_length=12 (metadata)", nil, []string{"12"}, func(l *slog.Logger) { l.Info("m", slog.Int("password_length", 12)) })
	add("policy", "P04", "policy", "password_reset_requested=true", nil, []string{"true"}, func(l *slog.Logger) { l.Info("m", slog.Bool("password_reset_requested", true)) })
	add("policy", "P05", "policy", "RRN 13 digits without dash in free text", []string{"9001011234568"}, nil, str1("note", "id 9001011234568"))
	add("policy", "P06", "policy", "customer name", []string{"홍길동"}, nil, str1("customer", "홍길동"))
	return cs
}

func mustJSON(v any) []byte { b, _ := json.Marshal(v); return b }
func must1[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
func must2[T any](v T, ok bool) T { return v }
