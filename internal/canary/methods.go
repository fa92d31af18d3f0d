package canary

import (
	"encoding/json"
	"errors"
	"log/slog"
)

// The notes in the case files describe the types of this file.

type valuerText string

func (t valuerText) LogValue() slog.Value { return slog.StringValue("Bearer " + string(t)) }

type valuerGroup struct{ p string }

func (g valuerGroup) LogValue() slog.Value {
	return slog.GroupValue(slog.String("user", "bob"), slog.String("password", g.p))
}

type valuerNote struct{ p string }

func (n valuerNote) LogValue() slog.Value { return slog.GroupValue(slog.String("note", n.p)) }

type valuerTwice struct{ p string }

func (t valuerTwice) LogValue() slog.Value { return slog.AnyValue(valuerGroup(t)) }

type valuerStruct struct{ p string }

func (s valuerStruct) LogValue() slog.Value { return slog.AnyValue(account{"b", s.p}) }

type valuerPointer struct{ p string }

func (p *valuerPointer) LogValue() slog.Value { return slog.StringValue("token=" + p.p) }

type valuerPanic struct{ p string }

func (p valuerPanic) LogValue() slog.Value { panic("cannot resolve password=" + p.p) }

// A secretValuer hides itself in an attribute. Encoders of JSON do not call
// LogValue, so they show it within a value.
type secretValuer string

func (secretValuer) LogValue() slog.Value { return slog.StringValue("REDACTED") }

type config struct {
	Name string
	Key  secretValuer
}

// valuers returns values with LogValue.
func valuers() map[string]call {
	return map[string]call{
		"I01":  v(valuerText(pw)),
		"I02":  v(valuerGroup{pw}),
		"I03":  info(slog.Group("g", slog.Any("v", valuerGroup{pw}))),
		"I14":  v(valuerPanic{pw}),
		"SV43": v(valuerTwice{pw}),
		"SV44": v(valuerStruct{pw}),
		"SG03": info("token", valuerNote{pw}),
	}
}

// valuersWithin returns values that contain values with LogValue.
func valuersWithin() map[string]call {
	return map[string]call{
		"I04":  info("cfg", config{"x", secretValuer(pw)}),
		"I05":  info("cfg", map[string]any{"k": secretValuer(pw)}),
		"I06":  info("cfg", []secretValuer{secretValuer(pw)}),
		"SV45": v(struct{ V *valuerPointer }{&valuerPointer{pw}}),
		"SV46": v([]valuerPointer{{pw}}),
		"SV47": v([]map[string]any{{"x": any(valuerGroup{pw})}}),
		"SV48": v([]any{valuerPanic{pw}}),
	}
}

type jsonObject struct{ p string }

func (o jsonObject) MarshalJSON() ([]byte, error) {
	return []byte(`{"user":"bob","password":"` + o.p + `"}`), nil
}

type jsonPointer struct{ p string }

func (p *jsonPointer) MarshalJSON() ([]byte, error) { return []byte(`{"secret":"` + p.p + `"}`), nil }

type jsonText struct{ p string }

func (t jsonText) MarshalJSON() ([]byte, error) {
	return json.Marshal(`{"user":"b","password":"` + t.p + `"}`)
}

type jsonBroken struct{ p string }

func (b jsonBroken) MarshalJSON() ([]byte, error) { return []byte(`{"password":"` + b.p), nil }

type jsonPanic struct{ p string }

func (p jsonPanic) MarshalJSON() ([]byte, error) { panic("bad password=" + p.p) }

type jsonError struct{ p string }

func (e jsonError) MarshalJSON() ([]byte, error) { return nil, errors.New("bad password=" + e.p) }

type jsonHidden struct {
	ID  string
	Raw string `json:"-"`
}

// marshalers returns values with MarshalJSON or a tag that hides a field.
func marshalers() map[string]call {
	return map[string]call{
		"I09":  v(jsonObject{pw}),
		"I13":  v(jsonHidden{"1", pw}),
		"I15":  v(jsonPanic{pw}),
		"I16":  v(jsonError{pw}),
		"SV49": v([]jsonObject{{pw}}),
		"SV50": v(&struct{ V jsonPointer }{jsonPointer{pw}}),
		"SV51": v(jsonText{pw}),
		"SV52": v(jsonBroken{pw}),
	}
}

type stringer struct{ p string }

func (s stringer) String() string { return "password=" + s.p }

type maskedStringer struct{ DSN string }

func (maskedStringer) String() string { return "dsn(***)" }

type text struct{ p string }

func (t text) MarshalText() ([]byte, error) { return []byte("Bearer " + t.p), nil }

type textKey struct{ p string }

func (k textKey) MarshalText() ([]byte, error) { return []byte("token=" + k.p), nil }

type textError struct{ p string }

func (e textError) MarshalText() ([]byte, error) { return nil, errors.New("password=" + e.p) }

type textPanic struct{ p string }

func (p textPanic) MarshalText() ([]byte, error) { panic(errors.New("password=" + p.p)) }

// texts returns values with String or MarshalText.
func texts() map[string]call {
	return map[string]call{
		"I07":  v(stringer{pw}),
		"I08":  v(text{pw}),
		"I12":  info("cfg", maskedStringer{"postgres://bob:" + pw + "@db/x"}),
		"SV53": v(map[textKey]int{{pw}: 1}),
		"SV54": v(textError{pw}),
		"SV55": v(textPanic{pw}),
	}
}

type (
	passwordText string
	secretBytes  []byte
)

type withPassword struct {
	ID string
	V  passwordText
}

// typedSecrets returns values whose type has a secret name.
func typedSecrets() map[string]call {
	password := passwordText(pw)
	return map[string]call{
		"I10":  v(password),
		"I11":  v(withPassword{"1", password}),
		"SV67": v(map[string]passwordText{"v": password}),
		"SV68": v(&password),
		"SV69": v([]passwordText{password}),
		"SV70": v(secretBytes(pw)),
		"SV72": v(box[passwordText]{password}),
	}
}
