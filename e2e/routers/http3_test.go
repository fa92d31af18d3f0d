package routers

import (
	"context"
	"crypto/tls"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"path"
	"testing"
	"time"

	"github.com/quic-go/quic-go/http3"

	"github.com/sligo-go/sligo/sli"
)

// serveHTTP3 starts a server for HTTP/3 on a loopback address, and returns its
// address and a client that trusts it.
func serveHTTP3(t *testing.T, o *observatory, handle http.HandlerFunc) (string, *http.Client) {
	t.Helper()
	certified := httptest.NewUnstartedServer(nil) // for its certificate
	certified.StartTLS()
	t.Cleanup(certified.Close)
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := HTTP3(o.in, handle)
	server.Logger = slog.New(slog.DiscardHandler)
	server.TLSConfig = http3.ConfigureTLSConfig(&tls.Config{Certificates: certified.TLS.Certificates})
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = server.Serve(conn)
	}()
	roots := certified.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	transport := &http3.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
	t.Cleanup(func() {
		_ = transport.Close()
		_ = server.Close()
		<-served
		_ = conn.Close()
	})
	return "https://" + conn.LocalAddr().String(), &http.Client{Transport: transport, Timeout: 20 * time.Second}
}

// handleHTTP3 answers by the last part of the path.
func handleHTTP3(w http.ResponseWriter, r *http.Request) {
	switch path.Base(r.URL.Path) {
	case "trailers":
		w.Header().Set("Trailer", "Checksum")
		_, _ = io.WriteString(w, "ok")
		w.Header().Set("Checksum", "7")
	case "fails":
		w.WriteHeader(http.StatusServiceUnavailable)
	case "panics":
		panic("boom")
	case "panics-late":
		_, _ = io.WriteString(w, "ok")
		_ = http.NewResponseController(w).Flush()
		panic("boom")
	case "aborts":
		panic(http.ErrAbortHandler)
	case "leaves":
		<-r.Context().Done()
	case "streams":
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, "data: 1\n\n")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	default:
		_, _ = io.WriteString(w, "ok")
	}
}

// TestHTTP3 makes each kind of request over QUIC.
func TestHTTP3(t *testing.T) {
	good, bad, ignored := sli.Counts{Good: 1, Valid: 1}, sli.Counts{Valid: 1}, sli.Counts{}
	for _, c := range []struct {
		request, route string
		status         int
		verdict        sli.Counts
	}{
		{"/users/7", "/users/{id}", 200, good},
		{"/users/trailers", "/users/{id}", 200, good},
		{"/users/fails", "/users/{id}", 503, bad},
		{"/users/panics", "/users/{id}", 500, bad},
		{"/users/panics-late", "/users/{id}", 500, bad},
		{"/users/aborts", "/users/{id}", 500, bad},
		{"/users/leaves", "/users/{id}", 499, ignored},
		{"/users/streams", "/users/{id}", 200, good},
		{"/nothing", "unmatched", 404, good},
	} {
		t.Run(c.request, func(t *testing.T) {
			o := observe(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			url, client := serveHTTP3(t, o, func(w http.ResponseWriter, r *http.Request) {
				if path.Base(c.request) == "leaves" {
					cancel()
				}
				handleHTTP3(w, r)
			})
			streams := path.Base(c.request) == "streams"
			r, err := http.NewRequestWithContext(ctx, "GET", url+c.request, nil)
			if err != nil {
				t.Fatal(err)
			}
			id := ""
			if resp, err := client.Do(r); err == nil {
				id = resp.Header.Get("X-Request-Id")
				if streams {
					cancel() // after the headers
				}
				body, err := io.ReadAll(resp.Body)
				_ = resp.Body.Close()
				t.Logf("the client got %s %q %v %v", resp.Status, body, resp.Trailer, err)
				if path.Base(c.request) == "trailers" && resp.Trailer.Get("Checksum") != "7" {
					t.Errorf("got the trailers %v", resp.Trailer)
				}
				if c.verdict == good && !streams && (err != nil || resp.StatusCode != c.status) {
					t.Errorf("the client got %d and %v, want %d", resp.StatusCode, err, c.status)
				}
			} else if c.verdict == good {
				t.Fatal(err)
			}
			var event sli.Event
			select {
			case event = <-o.events:
			case <-time.After(10 * time.Second):
				t.Fatal("the request was not counted")
			}
			if event.Operation != "GET "+c.route || event.Status != c.status {
				t.Errorf("got %v, want %s %d", event, c.route, c.status)
			}
			if got, _ := o.rec.Counts("availability"); got != c.verdict {
				t.Errorf("got %v, want %v", got, c.verdict)
			}
			o.agree(t, "GET", c.route, id)
		})
	}
}
