package middleware

import (
	"net/url"
	"strconv"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
)

// describeAttempt adds the attributes of an attempt to its span if it is
// recorded.
func (s *spans) describeAttempt(span trace.Span, a *attempt, rec *Record) {
	if span.IsRecording() {
		span.SetAttributes(s.clientAttributes(a, rec)...)
	}
}

// clientAttributes returns the attributes of a client span by the semantic
// conventions.
func (s *spans) clientAttributes(a *attempt, rec *Record) []attribute.KeyValue {
	u := a.request.URL
	attrs := append(make([]attribute.KeyValue, 0, 16),
		attribute.String("http.request.method", rec.Method),
		attribute.String("url.full", s.shown(shownURL(u), maxPath)),
		attribute.String("server.address", s.shown(u.Hostname(), maxHeader)),
		attribute.Int64("http.request.body.size", rec.RequestBytes),
		attribute.Int64("http.response.body.size", rec.ResponseBytes),
	)
	port := u.Port()
	if port == "" {
		port = defaultPort(u)
	}
	if n, err := strconv.Atoi(port); err == nil {
		attrs = append(attrs, attribute.Int("server.port", n))
	}
	if rec.Method == otherMethod {
		attrs = append(attrs, attribute.String("http.request.method_original", s.shown(a.request.Method, maxHeader)))
	}
	if a.target.template != "" {
		attrs = append(attrs, attribute.String("url.template", a.target.template))
	}
	if a.before > 0 {
		attrs = append(attrs, attribute.Int("http.request.resend_count", a.before))
	}
	if a.status != 0 {
		attrs = append(attrs, attribute.Int("http.response.status_code", a.status),
			attribute.String("network.protocol.version", a.version))
	}
	return attrs
}

// shownURL returns a URL without its user, its query and its fragment.
func shownURL(u *url.URL) string {
	shown := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}
	return shown.String()
}
