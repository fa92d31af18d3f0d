package middleware_test

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sligo-go/sligo/middleware"
)

// TestEdgeProxy sends a request through a proxy at the edge. The service behind
// it gets the proxy's request ID and trace, and nothing of a stranger's.
func TestEdgeProxy(t *testing.T) {
	const trace = "0af7651916cd43dd8448eb211c80319c"
	stranger := func(*http.Request) bool { return true }
	for name, c := range map[string]struct {
		public bool
		ids    []string
		passed bool // the ID
	}{
		"stranger":                {public: true, ids: []string{"abc"}},
		"trusted caller":          {ids: []string{"abc"}, passed: true},
		"trusted caller, no ID":   {},
		"trusted caller, bad ID":  {ids: []string{"${jndi:ldap://evil}"}},
		"trusted caller, two IDs": {ids: []string{"abc", "xyz"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got http.Header
			upstream := quietServer(t, handle(func(_ http.ResponseWriter, r *http.Request) { got = r.Header }))
			target, _ := url.Parse(upstream.URL)
			o := observe(t, sdktrace.AlwaysSample(), func(opts *middleware.Options) {
				if c.public {
					opts.Spans.Public, opts.RequestID.Public = stranger, stranger
				}
			})
			proxy := httputil.NewSingleHostReverseProxy(target)
			proxy.Transport = o.in.Transport(upstream.Client().Transport)
			r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
			r.Header["X-Request-Id"] = c.ids
			r.Header.Set("Traceparent", "00-"+trace+"-b7ad6b7169203331-01")
			r.Header.Set("Tracestate", "vendor=1")
			r.Header.Set("Baggage", "tenant=mint")
			w := httptest.NewRecorder()
			o.in.Handler(proxy).ServeHTTP(w, r)

			id := w.Header().Get("X-Request-Id")
			if ids := got["X-Request-Id"]; len(ids) != 1 || ids[0] != id || (id == "abc") != c.passed {
				t.Errorf("the service got the IDs %q, the client %q", ids, id)
			}
			if continued := strings.Contains(got.Get("Traceparent"), trace); continued == c.public || got.Get("Traceparent") == "" {
				t.Errorf("the service got the trace %q", got.Get("Traceparent"))
			}
			for name, want := range map[string]string{"Tracestate": "vendor=1", "Baggage": "tenant=mint"} {
				if c.public {
					want = ""
				}
				if got := got.Get(name); got != want {
					t.Errorf("the service got %s %q, want %q", name, got, want)
				}
			}
		})
	}
}
