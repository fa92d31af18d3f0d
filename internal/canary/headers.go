package canary

import (
	"log/slog"
	"net/http"
)

// headers adds HTTP messages.
func headers(s *set) {
	hdr := http.Header{}
	hdr.Set("Accept", "x")
	h1 := func(k, v string) http.Header { h := hdr.Clone(); h.Set(k, v); return h }
	s.must("H01", "header", "http.Header Authorization Bearer", pw, any1("headers", h1("Authorization", "Bearer "+pw)))
	s.must("H02", "header", "http.Header Cookie", pw, any1("headers", h1("Cookie", "sid="+pw+"; theme=dark")))
	s.must("H03", "header", "http.Header Set-Cookie", pw, any1("headers", h1("Set-Cookie", "sid="+pw+"; HttpOnly")))
	s.must("H04", "header", "Proxy-Authorization", pw, any1("headers", h1("Proxy-Authorization", "Basic "+pw)))
	s.must("H05", "header", "X-Api-Key", pw, any1("headers", h1("X-Api-Key", pw)))
	s.must("H06", "header", "header dump text", pw, str1("dump", "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "+pw+"\r\n"))
	s.must("H07", "header", "X-Amz-Security-Token", pw, any1("headers", h1("X-Amz-Security-Token", pw)))
	s.must("H08", "header", "*http.Request value", pw, func(l *slog.Logger) {
		r, _ := http.NewRequest("GET", "http://a.example/?token="+pw, nil)
		r.Header.Set("Authorization", "Bearer "+pw)
		l.Info("m", slog.Any("req", r))
	})
	s.must("H09", "header", "*http.Cookie value", pw, any1("c", &http.Cookie{Name: "session", Value: pw}))
}
