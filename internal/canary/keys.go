package canary

import (
	"database/sql"
	"fmt"
	"log/slog"
)

// keys adds names of attributes.
func keys(s *set) {
	for i, k := range []string{"password", "passwd", "pwd", "pass_word", "PassWord", "userPassword", "new_password", "PASSWORD", "db.password", "passphrase",
		"X-Api-Key", "apiKey", "api_key", "Authorization", "access-token", "refreshToken", "client_secret", "session_token", "비밀번호"} {
		s.must(fmt.Sprintf("K%02d", i+1), "key", "slog.String("+k+", …)", pw, str1(k, pw))
	}
	s.must("K20", "key", `slog.Int("pin", 4831907)`, "4831907", func(l *slog.Logger) { l.Info("m", slog.Int("pin", 4831907)) })
	s.must("K21", "key", `slog.Any("passwords", []string{…})`, pw, any1("passwords", []string{pw, pw}))
	s.must("K22", "key", "private_key with multi-line PEM", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", str1("private_key", pem))
	s.must("K23", "key", `slog.Any("password", *string)`, pw, any1("password", strp(pw)))
	s.must("K24", "key", `slog.Any("password", sql.NullString)`, pw, any1("password", sql.NullString{String: pw, Valid: true}))
	s.must("K25", "key", `slog.Any("password", []byte) (base64 in JSON)`, pw, any1("password", []byte(pw)))
	s.must("K26", "key", "duplicate key password twice", pw, func(l *slog.Logger) { l.Info("m", "password", pw, "password", pw+"b") })
	s.must("K27", "key", `주민등록번호 key, value without dash`, "9001011234568", str1("주민등록번호", "9001011234568"))
}
