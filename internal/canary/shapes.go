package canary

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/mail"
	"net/url"
	"os"
	"os/exec"
	"sync/atomic"
	"time"
)

var (
	bob       = &account{"bob", pw}
	boxed any = bob
)

// shapeValues are values that have pw in them; the mail addresses are their own
// secret.
var shapeValues = []struct {
	desc string
	v    any
}{
	{"map in slice in pointer in struct", deepest{&[]map[string]any{{"api_key": pw}}}},
	{"pointer to pointer to struct", &bob},
	{"pointer to interface", &boxed},
	{"map of pointers", map[string]*account{"a": bob}},
	{"map of slices of structs", map[string][]account{"a": {*bob}}},
	{"map keyed by a struct's text", map[mapKey]any{"ApiKey": pw}},
	{"slice of pointers to maps", []*map[string]string{{"secret": pw}}},
	{"array of maps", [2]map[string]string{{"a": "b"}, {"passwd": pw}}},
	{"unexported embedded pointer", struct {
		*account
		N int
	}{bob, 1}},
	{"json option string", struct {
		Pin string `json:"pin,string"`
	}{pw}},
	{"json name with option", struct {
		X string `json:"access_token,omitempty"`
	}{pw}},
	{"yaml tag only, Go name secret", struct {
		DBPassword string `yaml:"x"`
	}{pw}},
	{"sql.NullString", map[string]any{"password": sql.NullString{String: pw, Valid: true}}},
	{"sql.Null of string", struct{ Password sql.Null[string] }{sql.Null[string]{V: pw, Valid: true}}},
	{"atomic pointer does not show", struct{ Token *atomic.Pointer[string] }{new(atomic.Pointer[string])}},
	{"slice under a plural", map[string][]string{"tokens": {pw, "b"}}},
	{"numbers do not excuse text", map[string]any{"tokens": map[string]any{"a": pw}}},
	{"env list", []string{"PATH=/bin", "DB_PASSWORD=" + pw}},
	{"env struct", []struct{ Name, Value string }{{"JWT_SECRET", pw}}},
	{"env with key and val", []map[string]string{{"key": "stripe_secret_key", "val": pw}}},
	{"header list of pairs", []map[string]string{{"name": "X-Api-Key", "value": pw}}},
	{"pair with value before name", []map[string]string{{"aValue": "x", "value": pw, "key": "password"}}},
	{"exec arguments", exec.Command("mysql", "-u", "root", "--password="+pw).Args},
	{"exec arguments, two words", exec.Command("curl", "--password", pw).Args},
	{"url.Userinfo in URL", must1(url.Parse("ftp://bob:" + pw + "@h/x"))},
	{"url value, not pointer", *must1(url.Parse("https://h/x?api_key=" + pw))},
	{"struct with a URL", struct{ Endpoint *url.URL }{must1(url.Parse("https://h/x?client_secret=" + pw))}},
	{"struct with http.Header", struct{ H http.Header }{http.Header{"X-Auth-Token": {pw}}}},
	{"headers in a map", map[string]any{"headers": http.Header{"Cookie": {"a=" + pw}}}},
	{"response with Set-Cookie", &http.Response{Status: "200 OK", StatusCode: 200, Header: http.Header{"Set-Cookie": {"s=" + pw}}}},
	{"slice of cookies", []*http.Cookie{{Name: "theme", Value: pw}}},
	{"bytes.Buffer has a text", bytes.NewBufferString("password=" + pw)},
	{"json.RawMessage in struct", struct{ R json.RawMessage }{json.RawMessage(`{"a":[{"secretKey":"` + pw + `"}]}`)}},
	{"pointer to RawMessage", func() any { r := json.RawMessage(`{"pwd":"` + pw + `"}`); return &r }()},
	{"bytes in map", map[string]any{"raw": []byte(`{"token":"` + pw + `"}`)}},
	{"bytes of a form", map[string]any{"raw": []byte("a=1&password=" + pw)}},
	{"JSON in string in struct", struct{ Body string }{`{"a":{"password":"` + pw + `"}}`}},
	{"JSON thrice in strings", map[string]any{"p": quoted(quoted(`{"password":"` + pw + `"}`))}},
	{"slog.Value in map", map[string]any{"v": slog.StringValue("token=" + pw)}},
	{"slog.Value group in any", map[string]any{"v": slog.GroupValue(slog.String("password", pw))}},
	{"slog.Attr in slice", []any{slog.String("password", pw)}},
	{"attrs in map", map[string]any{"x": []slog.Attr{slog.String("secret", pw)}}},
	{"LogValuer returning LogValuer", lvTwice{pw}},
	{"LogValuer returning struct", lvStruct{pw}},
	{"LogValuer pointer in struct", struct{ V *lvPtr }{&lvPtr{pw}}},
	{"LogValuer by pointer receiver in slice", []lvPtr{{pw}}},
	{"LogValuer in interface in map in slice", []map[string]any{{"x": any(lvGroup{pw})}}},
	{"LogValuer panics in slice", []any{lvPanic{pw}}},
	{"Marshaler in slice", []jsonM{{pw}}},
	{"Marshaler by pointer receiver", &struct{ V jsonPtr }{jsonPtr{pw}}},
	{"Marshaler giving JSON in a string", jsonText{pw}},
	{"Marshaler giving invalid JSON", jsonBroken{pw}},
	{"TextMarshaler as map key", map[textKey]int{{pw}: 1}},
	{"TextMarshaler error", textErr{pw}},
	{"TextMarshaler panic", textPanic{pw}},
	{"error in slice", []error{errors.New("a"), errors.New("token=" + pw)}},
	{"error in struct", struct{ Err error }{fmt.Errorf("x: %w", errors.New("secret: "+pw))}},
	{"error panics", errPanic{pw}},
	{"nested joined errors", errors.Join(fmt.Errorf("a: %w", errors.Join(errors.New("password is "+pw))))},
	{"*os.PathError with token in path", &os.PathError{Op: "open", Path: "/x?token=" + pw, Err: os.ErrNotExist}},
	{"mail.Address", &mail.Address{Name: "B", Address: "bob.secret@example.com"}},
	{"struct with mail.Address", struct{ To mail.Address }{mail.Address{Name: "B", Address: "bob.secret@example.com"}}},
	{"xml.Name and text", struct {
		XMLName xml.Name
		Text    string
	}{xml.Name{Local: "a"}, "<apiKey>" + pw + "</apiKey>"}},
	{"time beside a secret", map[string]any{"at": time.Unix(0, 0), "accessToken": pw}},
	{"channel beside a secret", map[string]any{"c": make(chan int), "f": func() {}, "password": pw}},
	{"complex beside a secret", map[string]any{"c": complex(1, 2), "password": pw}},
	{"typed secret in map", map[string]passwordText{"v": passwordText(pw)}},
	{"typed secret as pointer", func() any { p := passwordText(pw); return &p }()},
	{"typed secret in slice", []passwordText{passwordText(pw)}},
	{"typed secret of bytes", secretBytes(pw)},
	{"generic holder", box[account]{account{"b", pw}}},
	{"generic holder of a typed secret", box[passwordText]{passwordText(pw)}},
	{"group names in a map", map[string]any{"credentials": map[string]any{"user": "b", "value": pw}}},
	{"list of lists", [][]any{{[]any{map[string]any{"otp": pw}}}}},
}

// shapes adds secrets within values of all shapes, and values whose own methods
// bring them out.
func shapes(s *set) {
	for i, c := range shapeValues {
		secret := pw
		if c.desc == "mail.Address" || c.desc == "struct with mail.Address" {
			secret = "bob.secret@example.com"
		}
		s.must(fmt.Sprintf("SV%02d", i+1), "shape", c.desc, secret, any1("v", c.v))
	}
	s.must("SG01", "shape", "group within a secret group", pw, func(l *slog.Logger) {
		l.Info("m", slog.Group("secrets", slog.Group("db", slog.String("host", pw))))
	})
	s.must("SG02", "shape", "map in a secret group", pw, func(l *slog.Logger) {
		l.WithGroup("clientSecret").WithGroup("x").Info("m", "v", map[string]string{"a": pw})
	})
	s.must("SG03", "shape", "LogValuer group under a secret key", pw, func(l *slog.Logger) { l.Info("m", "token", lvNote{pw}) })
	s.must("SG04", "shape", "group with an empty name", pw, func(l *slog.Logger) { l.Info("m", slog.Group("", slog.String("password", pw))) })
	s.must("SG05", "shape", "odd argument", pw, func(l *slog.Logger) { l.Info("m", []any{"password=" + pw}...) })
	s.must("SG06", "shape", "key with its value", pw, func(l *slog.Logger) { l.Info("m", "token="+pw, 1) })
	s.must("SG07", "shape", "a secret request_id", "ghp_16C7e42F292c6912E7710c838347Ae178B4a", str1("request_id", "ghp_16C7e42F292c6912E7710c838347Ae178B4a"))
	s.must("SG08", "shape", "an e-mail as user_id", "hong@example.com", str1("user_id", "hong@example.com"))
	s.must("SG09", "shape", "error_message text", pw, str1("error_message", "login failed: password="+pw))
	s.must("SG10", "shape", "message of a formatted map", pw, msg(fmt.Sprintf("%v", map[string]string{"password": pw})))
	s.must("SG11", "shape", "message of a struct in Go syntax", pw, msg(fmt.Sprintf("%#v", account{"b", pw})))
	s.must("SG12", "shape", "message of a quoted pair", pw, msg(fmt.Sprintf("password=%q", pw)))
	s.must("SG13", "shape", "message of nested structs", pw, msg(fmt.Sprintf("%+v", struct{ A *account }{nil})+fmt.Sprintf("%+v", []account{{"b", pw}})))
}

func quoted(s string) string { return `{"p":` + string(mustJSON(s)) + `}` }

type deepest struct{ P *[]map[string]any }

type lvTwice struct{ p string }

func (l lvTwice) LogValue() slog.Value { return slog.AnyValue(lvGroup(l)) }

type lvStruct struct{ p string }

func (l lvStruct) LogValue() slog.Value { return slog.AnyValue(account{"b", l.p}) }

type lvNote struct{ p string }

func (l lvNote) LogValue() slog.Value { return slog.GroupValue(slog.String("note", l.p)) }

type lvPtr struct{ p string }

func (l *lvPtr) LogValue() slog.Value { return slog.StringValue("token=" + l.p) }

type jsonPtr struct{ p string }

func (j *jsonPtr) MarshalJSON() ([]byte, error) { return []byte(`{"secret":"` + j.p + `"}`), nil }

type jsonText struct{ p string }

func (j jsonText) MarshalJSON() ([]byte, error) {
	return json.Marshal(`{"user":"b","password":"` + j.p + `"}`)
}

type jsonBroken struct{ p string }

func (j jsonBroken) MarshalJSON() ([]byte, error) { return []byte(`{"password":"` + j.p), nil }

type textKey struct{ p string }

func (k textKey) MarshalText() ([]byte, error) { return []byte("token=" + k.p), nil }

type textErr struct{ p string }

func (t textErr) MarshalText() ([]byte, error) { return nil, errors.New("password=" + t.p) }

type textPanic struct{ p string }

func (t textPanic) MarshalText() ([]byte, error) { panic(errors.New("password=" + t.p)) }

type errPanic struct{ p string }

func (e errPanic) Error() string { panic("secret=" + e.p) }

type (
	secretBytes []byte
	box[T any]  struct{ V T }
)
