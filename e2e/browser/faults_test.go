package browser_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

// faultyPage has an image without a text, gray text on gray, a style that the
// policy blocks, and text that is wider than a narrow screen.
const faultyPage = `<!doctype html><html lang="en"><title>Out of order</title><meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="faulty.css"><script src="faulty.js"></script><main><h1 style="color:red">Out of order</h1>
<img src="missing.png"><p class="gray">gray</p><pre>` + "0123456789012345678901234567890123456789012345678901234567890123456789" + `</pre></main></html>`

// serveFaults serves a page with faults under a strict policy.
func serveFaults(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	file := func(path, kind, text string) {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.Header().Set("Content-Security-Policy", "default-src 'self'")
			_, _ = io.WriteString(w, text)
		})
	}
	file("/{$}", "text/html", faultyPage)
	file("/faulty.css", "text/css", ".gray{color:#999;background:#aaa}")
	file("/faulty.js", "text/javascript", "console.error('out of order'); throw new Error('out of order')")
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL + "/"
}
