package canary

import (
	"encoding/json"
	"log/slog"
	"net/url"
)

// nested adds names within values and groups.
func nested(s *set) {
	s.must("N01", "nested", "map[string]any{user:{password}}", pw, any1("body", map[string]any{"user": map[string]any{"password": pw}}))
	s.must("N02", "nested", "map[string]string", pw, any1("form", map[string]string{"password": pw}))
	s.must("N03", "nested", "struct field Password", pw, any1("req", account{"bob", pw}))
	s.must("N04", "nested", `struct field P with json:"password"`, pw, any1("req", jsonNamed{"bob", pw}))
	s.must("N05", "nested", `struct field Password with json:"p"`, pw, any1("req", goNamed{"bob", pw}))
	s.must("N06", "nested", "struct tag marks field secret", "private-note-77", any1("req", tagged{"1", "private-note-77"}))
	s.must("N07", "nested", "pointer to struct", pw, any1("req", &account{"bob", pw}))
	s.must("N08", "nested", "slice of structs", pw, any1("reqs", []account{{"a", "x"}, {"bob", pw}}))
	s.must("N09", "nested", "[]any holding map", pw, any1("reqs", []any{1, map[string]any{"password": pw}}))
	s.must("N10", "nested", "map[string][]string (header shape)", pw, any1("h", map[string][]string{"X-Api-Key": {pw}}))
	s.must("N11", "nested", "url.Values", pw, any1("form", url.Values{"password": {pw}}))
	s.must("N12", "nested", "map nested 40 deep", pw, any1("d", deep(40)))
	s.must("N13", "nested", "map[int]Cred", pw, any1("m", map[int]account{7: {"b", pw}}))
	s.must("N14", "nested", "struct with any field holding *Cred", pw, any1("h", holder{&account{"b", pw}}))
	s.must("N15", "nested", "embedded struct", pw, any1("e", embedded{account{"b", pw}, "r"}))
	s.must("N16", "nested", "array [2]Cred", pw, any1("a", [2]account{{}, {"b", pw}}))
	s.must("N17", "nested", "map with typed key", pw, any1("m", map[mapKey]string{"password": pw}))
	s.must("N18", "nested", "slog.Group(auth){password}", pw, func(l *slog.Logger) { l.Info("m", slog.Group("auth", "password", pw)) })
	s.must("N19", "nested", "slog.Any(auth, []slog.Attr)", pw, any1("auth", []slog.Attr{slog.String("password", pw)}))
	s.must("N20", "nested", "sensitive group key: Group(credentials){value}", pw, func(l *slog.Logger) { l.Info("m", slog.Group("credentials", "value", pw)) })
	s.must("N21", "nested", "WithGroup(credentials) then value", pw, func(l *slog.Logger) { l.WithGroup("credentials").Info("m", "value", pw) })
	s.must("N22", "nested", "Logger.With(password)", pw, func(l *slog.Logger) { l.With("password", pw).Info("m") })
	s.must("N23", "nested", "WithGroup(db).With(password)", pw, func(l *slog.Logger) { l.WithGroup("db").With("password", pw).Info("m", "a", 1) })
	s.must("N24", "nested", "sensitive map key with map value", pw, any1("m", map[string]any{"token": map[string]any{"value": pw}}))
	s.must("N25", "nested", "secret as group NAME (sk_live_…)", "sk_live_4eC39HqLyjWDarjtT1zdp7dc", func(l *slog.Logger) { l.WithGroup("sk_live_4eC39HqLyjWDarjtT1zdp7dc").Info("m", "a", 1) })
	s.must("N26", "nested", "secret as attr key (JWT)", jwt, func(l *slog.Logger) { l.Info("m", slog.Int(jwt, 1)) })
	s.must("N27", "nested", "e-mail as map key", "hong@example.com", any1("m", map[string]int{"hong@example.com": 1}))
	s.must("N28", "nested", "name/value pairs (env style)", pw, any1("env", []nameValue{{"DB_PASSWORD", pw}}))
	s.must("N29", "nested", "map[string]json.RawMessage", pw, any1("m", map[string]json.RawMessage{"x": json.RawMessage(`{"password":"` + pw + `"}`)}))
	s.must("N30", "nested", "group inside additional_info", pw, func(l *slog.Logger) {
		l.Info("m", slog.Group("additional_info", "endpoint", "/x", slog.Group("h", "authorization", pw)))
	})
}
