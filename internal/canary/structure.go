package canary

import (
	"log/slog"
	"strings"
)

// structure adds values that are large, broken or cyclic.
func structure(s *set) {
	s.must("X01", "struct", "cyclic pointer with password", pw, func(l *slog.Logger) {
		n := &node{Name: "a", Password: pw}
		n.Next = n
		l.Info("m", slog.Any("n", n))
	})
	s.must("X02", "struct", "cyclic map with password", pw, func(l *slog.Logger) {
		m := map[string]any{"password": pw}
		m["self"] = m
		l.Info("m", slog.Any("n", m))
	})
	s.must("X03", "struct", "1 MiB string, secret at the end", pw, str1("body", strings.Repeat("x ", 1<<19)+"password="+pw))
	s.must("X04", "struct", "1 MiB JSON body, secret at the end", pw, str1("body", `{"pad":"`+strings.Repeat("x", 1<<20)+`","password":"`+pw+`"}`))
	s.must("X05", "struct", "non-UTF-8 bytes before the secret", pw, str1("body", "\xff\xfe{\"a\":\"\xc3\x28\",\"password\":\""+pw+"\"}"))
	s.must("X06", "struct", "NUL and newlines around the secret", pw, str1("note", "a\x00\nb password="+pw+"\n"))
}
