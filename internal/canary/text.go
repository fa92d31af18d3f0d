package canary

import (
	"log/slog"
)

// text adds secrets in free text.
func text(s *set) {
	s.must("T01", "text", "Bearer in message", pw, msg("call failed with Authorization: Bearer "+pw))
	s.must("T02", "text", "Basic in attr", "dXNlcjpodW50ZXIy", str1("note", "sent Basic dXNlcjpodW50ZXIy to upstream"))
	s.must("T03", "text", "JWT in text", jwt, str1("note", "got "+jwt+" from idp"))
	s.must("T04", "text", "AWS access key id", "AKIAIOSFODNN7EXAMPLE", str1("note", "using AKIAIOSFODNN7EXAMPLE for upload"))
	s.must("T05", "text", "aws_secret_access_key=…", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", str1("note", "aws_secret_access_key=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"))
	s.must("T06", "text", "GitHub token", "ghp_16C7e42F292c6912E7710c838347Ae178B4a", str1("note", "clone with ghp_16C7e42F292c6912E7710c838347Ae178B4a"))
	s.must("T07", "text", "Slack token", "xoxb-263594206564-FGqddMF8t08v8N7Oq4i57vs1", str1("note", "post xoxb-263594206564-FGqddMF8t08v8N7Oq4i57vs1"))
	s.must("T08", "text", "Stripe key", "sk_live_4eC39HqLyjWDarjtT1zdp7dc", str1("note", "charge with sk_live_4eC39HqLyjWDarjtT1zdp7dc"))
	s.must("T09", "text", "Google API key", "AIzaSyDaGmWKa4JsXZ-HjGw7ISLn_3namBGewQe", str1("note", "maps AIzaSyDaGmWKa4JsXZ-HjGw7ISLn_3namBGewQe"))
	s.must("T10", "text", "PEM private key in text", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", str1("note", "loaded "+pem))
	s.must("T11", "text", "card with spaces (Luhn ok)", "4111 1111 1111 1111", str1("note", "card 4111 1111 1111 1111 declined"))
	s.must("T12", "text", "card with dashes (Luhn ok)", "5500-0000-0000-0004", str1("note", "card 5500-0000-0000-0004 declined"))
	s.must("T13", "text", "card plain in message", "4111111111111111", msg("pay 4111111111111111 failed"))
	s.must("T14", "text", "Amex 15 digits", "378282246310005", str1("note", "amex 378282246310005"))
	s.must("T15", "text", "card as int64 value", "4111111111111111", func(l *slog.Logger) { l.Info("m", slog.Int64("ref", 4111111111111111)) })
	s.must("T16", "text", "RRN with dash", "900101-1234568", str1("note", "고객 900101-1234568 확인"))
	s.must("T17", "text", "RRN next to Hangul", "900101-1234568", str1("note", "주민번호900101-1234568입니다"))
	s.must("T18", "text", "alien registration number", "900101-5234569", str1("note", "외국인 900101-5234569"))
	s.must("T19", "text", "Korean mobile", "010-1234-5678", str1("note", "call 010-1234-5678"))
	s.must("T20", "text", "Korean mobile +82", "+82 10-1234-5678", str1("note", "call +82 10-1234-5678"))
	s.must("T21", "text", "e-mail", "hong.gildong+a@example.co.kr", str1("note", "mail hong.gildong+a@example.co.kr sent"))
	s.must("T22", "text", "e-mail next to Hangul", "hong@example.com", str1("note", "메일hong@example.com으로 발송"))
	s.must("T23", "text", "password= in message", pw, msg("login failed user=bob password="+pw))
	s.must("T24", "text", "mongodb+srv DSN", pw, str1("note", "connect mongodb+srv://bob:"+pw+"@c0.example.net/db"))
	s.must("T25", "text", "redis DSN without user", pw, str1("note", "redis://:"+pw+"@r.example:6379/0"))
	s.must("T26", "text", "MySQL DSN user:pass@tcp()", pw, str1("note", "bob:"+pw+"@tcp(10.0.0.1:3306)/shop"))
	s.must("T27", "text", "libpq key=value DSN", pw, str1("note", "host=db user=bob password="+pw+" dbname=x"))
	s.must("T28", "text", "ODBC Pwd=", pw, str1("note", "Server=db;Uid=bob;Pwd="+pw+";"))
}
