package canary

import (
	"fmt"
	"log/slog"
)

// persons adds cards, resident registration numbers, telephone numbers and mail
// addresses in text.
func persons(s *set) {
	for i, c := range []string{
		"4242424242424242", "4242 4242 4242 4242", "4242-4242-4242-4242", "4242.4242.4242.4242", "4242\u00a04242\u00a04242\u00a04242",
		"4242–4242–4242–4242", "4242_4242_4242_4242", "4242/4242/4242/4242", "4242  4242  4242  4242", "4242 - 4242 - 4242 - 4242",
		"5555555555554444", "2223003122003222", "378282246310005", "3782 822463 10005", "6011111111111117", "3566002020360505", "30569309025904",
		"6200000000000005", "6304000000000000", "4222222222222",
	} {
		for j, t := range []string{"card %s declined", "카드%s결제", "pan=%s;", `{"ref":"%s"}`, "(%s)", "%s."} {
			s.must(fmt.Sprintf("PC%02d%d", i+1, j+1), "card", c, c, str1("note", fmt.Sprintf(t, c)))
		}
	}
	for i, c := range []string{"900101-1234567", "900101 - 1234567", "900101 1234567", "900101‐1234567", "000229-3234567", "951231-6234567", "900101.1234567", "900101_1234567"} {
		s.must(fmt.Sprintf("PR%02d", i+1), "person", c, c, str1("note", "고객("+c+") 조회"))
	}
	for i, c := range []string{"010-9876-5432", "01098765432", "010 9876 5432", "010.9876.5432", "+821098765432", "+82-10-9876-5432", "+82 (0)10-9876-5432", "(010) 9876-5432", "82-10-9876-5432", "011-987-6543", "02-345-6789", "(02) 345-6789", "031-123-4567", "070-1234-5678", "+1 415-555-2671", "+1 (415) 555-2671", "+14155552671", "+44 20 7946 0958", "+81-90-1234-5678", "010–9876–5432"} {
		s.must(fmt.Sprintf("PT%02d", i+1), "person", c, c, str1("note", "tel "+c+" 으로 연락"))
	}
	for i, c := range []string{"hong@example.com", "hong.gil-dong_77@sub.example.co.kr", "HONG@EXAMPLE.COM", "홍길동@example.com", "user@한국.kr", "user@xn--3e0b707e.kr", "o'brien@example.ie", "\"a b\"@example.com", "a+b=c@example.com", "jürgen@müller.de", "x@example.museum", "user@example.photography", "用户@例子.公司", "a@b.co", "first.last@192-168.example.org", "user%40example.com"} {
		secret := c
		switch i {
		case 3:
			secret = "홍길동@"
		case 6:
			secret = "o'brien"
		}
		for j, t := range []string{"mail %s sent", "<%s>", "to=%s,", "mailto:%s"} {
			s.must(fmt.Sprintf("PM%02d%d", i+1, j+1), "person", c, secret, str1("note", fmt.Sprintf(t, c)))
		}
	}
	s.must("PN01", "person", "card as a float", "4242424242424242", func(l *slog.Logger) { l.Info("m", "ref", 4242424242424242.0) })
	s.must("PN02", "person", "card as unsigned", "4242424242424242", func(l *slog.Logger) { l.Info("m", "ref", uint64(4242424242424242)) })
	s.must("PN03", "person", "card as number in JSON", "4242424242424242", str1("body", `{"n":4242424242424242}`))
	s.must("PN04", "person", "card as number in a map", "4242424242424242", any1("body", map[string]any{"n": 4242424242424242}))
	s.must("PN05", "person", "card as key of a map", "4242424242424242", any1("body", map[int64]int{4242424242424242: 1}))
	s.must("PN06", "person", "card in a URL path", "4242424242424242", str1("url", "https://h/cards/4242424242424242/charge"))
	s.must("PN07", "person", "mail in a URL path", "hong@example.com", str1("url", "https://h/users/hong@example.com/orders"))
	s.must("PN08", "person", "encoded mail in a query", "hong%40example.com", str1("url", "https://h/p?q=hong%40example.com"))
	s.must("PN09", "person", "RRN in a JSON body", "900101-1234567", str1("body", `{"note":"900101-1234567"}`))
	s.must("PN10", "person", "mobile in a JSON body", "01098765432", str1("body", `{"note":"01098765432"}`))
}
