package canary

import (
	"log/slog"
)

// interfaces adds values with methods of their own.
func interfaces(s *set) {
	s.must("I01", "iface", "LogValuer text Bearer", pw, any1("v", lvText(pw)))
	s.must("I02", "iface", "LogValuer → Group with password", pw, any1("v", lvGroup{pw}))
	s.must("I03", "iface", "LogValuer inside group", pw, func(l *slog.Logger) { l.Info("m", slog.Group("g", slog.Any("v", lvGroup{pw}))) })
	s.must("I04", "iface", "LogValuer secret as STRUCT FIELD", pw, any1("cfg", config{"x", secretValuer(pw)}))
	s.must("I05", "iface", "LogValuer secret as MAP VALUE", pw, any1("cfg", map[string]any{"k": secretValuer(pw)}))
	s.must("I06", "iface", "LogValuer secret in a slice", pw, any1("cfg", []secretValuer{secretValuer(pw)}))
	s.must("I07", "iface", "fmt.Stringer with secret", pw, any1("v", strg{pw}))
	s.must("I08", "iface", "encoding.TextMarshaler Bearer", pw, any1("v", textM{pw}))
	s.must("I09", "iface", "json.Marshaler with password key", pw, any1("v", jsonM{pw}))
	s.must("I10", "iface", "typed string secret, neutral key", pw, any1("v", passwordText(pw)))
	s.must("I11", "iface", "typed string secret in struct", pw, any1("v", withTyped{"1", passwordText(pw)}))
	s.must("I12", "iface", "masking String(), JSON shows DSN", pw, any1("cfg", maskedStringer{"postgres://bob:" + pw + "@db/x"}))
	s.must("I13", "iface", `json:"-" field stays hidden`, pw, any1("v", dashField{"1", pw}))
	s.must("I14", "iface", "LogValuer that panics with secret", pw, any1("v", lvPanic{pw}))
	s.must("I15", "iface", "MarshalJSON that panics with secret", pw, any1("v", jsonPanic{pw}))
	s.must("I16", "iface", "MarshalJSON error text with secret", pw, any1("v", jsonErr{pw}))
	s.must("I17", "iface", "[]byte text under neutral key (base64)", pw, any1("v", []byte("Bearer "+pw)))
	s.must("I18", "iface", "unexported fields, pointer inside", pw, any1("v", &unexp{"x", &account{"b", pw}}))
}
