package canary

import (
	"log/slog"
)

// policies adds what the policy decides.
func policies(s *set) {
	s.policy("P01", "client IPv4", []string{"203.0.113.9"}, str1("client_ip", "203.0.113.9"))
	s.policy("P02", "IPv6 in text", []string{"2001:db8::8a2e:370:7334"}, str1("note", "from 2001:db8::8a2e:370:7334"))
	s.policy("P03", "password_length=12 (metadata)", nil, func(l *slog.Logger) { l.Info("m", slog.Int("password_length", 12)) })
	s.policy("P04", "password_reset_requested=true", nil, func(l *slog.Logger) { l.Info("m", slog.Bool("password_reset_requested", true)) })
	s.policy("P05", "RRN 13 digits without dash in free text", []string{"9001011234568"}, str1("note", "id 9001011234568"))
	s.policy("P06", "customer name", []string{"홍길동"}, str1("customer", "홍길동"))
}
