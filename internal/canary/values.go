package canary

import (
	"errors"
	"log/slog"
)

// The types of values in the cases. What they are for is in the description of the
// case that uses them.

type account struct {
	User     string
	Password string
}
type jsonNamed struct {
	User string
	P    string `json:"password"`
}
type goNamed struct {
	User     string
	Password string `json:"p"`
}
type tagged struct {
	ID   string
	Note string `json:"note" log:"redact"`
}
type embedded struct {
	account
	Role string
}
type holder struct{ Any any }
type passwordText string // typed secret
type withTyped struct {
	ID string
	V  passwordText
}
type secretValuer string                  // LogValuer secret: fine at top level, raw inside a struct
func (secretValuer) LogValue() slog.Value { return slog.StringValue("REDACTED") }

type config struct {
	Name string
	Key  secretValuer
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
type nameValue struct{ Name, Value string }
type mapKey string
type myErr struct{ Code, Password string }

func (e *myErr) Error() string { return "code " + e.Code }

type jsonErrT struct{ p string }

func (e jsonErrT) Error() string                { return "boom" }
func (e jsonErrT) MarshalJSON() ([]byte, error) { return []byte(`{"password":"` + e.p + `"}`), nil }

type node struct {
	Name     string
	Password string
	Next     *node
}
type status int

func (s status) MarshalText() ([]byte, error) { return []byte([]string{"NEW", "PAID"}[s]), nil }

type unexp struct {
	name  string
	inner *account
}
