package canary

import (
	"log/slog"
)

// lookalikes adds what looks like a secret and is none.
func lookalikes(s *set) {
	s.keep("F01", "lookalike", "key passenger", "Hong Gildong", str1("passenger", "Hong Gildong"))
	s.keep("F02", "lookalike", "key tokenizer_version", "v2.1-bpe", str1("tokenizer_version", "v2.1-bpe"))
	s.keep("F03", "lookalike", "key token_count", "1532", func(l *slog.Logger) { l.Info("m", slog.Int("token_count", 1532)) })
	s.keep("F04", "lookalike", "key secretary", "Kim", str1("secretary", "Kim-Secretary"))
	s.keep("F05", "lookalike", "key compass", "NNE-77", str1("compass", "NNE-77"))
	s.keep("F06", "lookalike", "key author", "Park-77", str1("author", "Park-77"))
	s.keep("F07", "lookalike", "key authorized (bool)", `true`, func(l *slog.Logger) { l.Info("m", slog.Bool("authorized", true)) })
	s.keep("F08", "lookalike", "16-digit order id failing Luhn", "4111111111111112", str1("order_id", "4111111111111112"))
	s.keep("F09", "lookalike", "16-digit order id int64 failing Luhn", "4111111111111112", func(l *slog.Logger) { l.Info("m", slog.Int64("order_id", 4111111111111112)) })
	s.keep("F10", "lookalike", "trace id 32 hex, mostly digits", "40123456789012345678901234567890", str1("trace_id", "40123456789012345678901234567890"))
	s.keep("F11", "lookalike", "UUID of digits", "12345678-1234-4234-8234-123456789012", str1("request_id", "12345678-1234-4234-8234-123456789012"))
	s.keep("F12", "lookalike", "epoch ms (13 digits)", "1763821234567", str1("note", "at 1763821234567 done"))
	s.keep("F13", "lookalike", "epoch ns int64 (19 digits)", "1763821234567891234", func(l *slog.Logger) { l.Info("m", slog.Int64("ts", 1763821234567891234)) })
	s.keep("F14", "lookalike", "semver", "v1.2.3-rc.1+build.5", str1("version", "v1.2.3-rc.1+build.5"))
	s.keep("F15", "lookalike", "text: the bearer of this", "The bearer of this ticket", msg("The bearer of this ticket may enter"))
	s.keep("F16", "lookalike", "text: Basic subscription", "Basic subscription renewed", msg("Basic subscription renewed"))
	s.keep("F17", "lookalike", "key shipping_address (contains pin)", "Seoul-77", str1("shipping_method", "Seoul-77"))
	s.keep("F18", "lookalike", "RRN shape with month 13", "991332-1234567", str1("note", "doc 991332-1234567"))
	s.keep("F19", "lookalike", "node@20.1.0", "node@20.1.0", str1("note", "runtime node@20.1.0"))
	s.keep("F20", "lookalike", "eyJafjallajökull", "eyJafjallajokull", str1("note", "volcano eyJafjallajokull erupts"))
	s.keep("F21", "lookalike", "short AKIA word", "AKIARA", str1("note", "hotel AKIARA"))
	s.keep("F22", "lookalike", "plain URL query", "page=2&sort=asc", str1("url", "https://a.example/v1/orders?page=2&sort=asc"))
	s.keep("F23", "lookalike", "key keyboard / key", "us-intl", str1("keyboard", "us-intl"))
	s.keep("F24", "lookalike", "key session_duration_ms", "120077", func(l *slog.Logger) { l.Info("m", slog.Int("session_duration_ms", 120077)) })
	s.keep("F25", "lookalike", "key signature_algorithm", "RS256", str1("signature_algorithm", "RS256"))
	s.keep("F26", "lookalike", "message: password policy updated", "password policy updated", msg("password policy updated"))
	s.keep("F27", "lookalike", "message: reset token expired", "reset token expired", msg("reset token expired"))
	s.keep("F28", "lookalike", "invoice number containing 010-1234-5678", "INV-2010-1234-567890", str1("invoice", "INV-2010-1234-567890"))
	s.keep("F29", "lookalike", "ratio 0.10-1234", "0.10-12.34", str1("note", "range 0.10-12.34"))
	s.keep("F30", "lookalike", "SSH-less git remote path", "team/repo.git", str1("note", "clone team/repo.git"))
	s.keep("F31", "lookalike", "key pwned_check", "ok-77", str1("pwned_check", "ok-77"))
	s.keep("F32", "lookalike", "body JSON without secrets is unchanged", `{\"passenger\":\"Kim\",\"seat\":\"12A\"}`, str1("body", `{"passenger":"Kim","seat":"12A"}`))
}
