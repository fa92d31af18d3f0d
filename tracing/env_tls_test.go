package tracing_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/sligo-go/sligo/tracing/otlp"
)

// The effects of a certificate.
const trusted, notTrusted = "the span is delivered", "the connection is refused"

// secured is a receiver with a certificate of its own.
type secured struct {
	certificate, key, empty string // files
	root                    observer
	client                  observer
}

func newSecured(t *testing.T) secured {
	t.Helper()
	server := httptest.NewTLSServer(nil)
	server.Close()
	pair := server.TLS.Certificates[0]
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name string, block *pem.Block) string {
		file := filepath.Join(dir, name)
		var text []byte
		if block != nil {
			text = pem.EncodeToMemory(block)
		}
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	return secured{
		certificate: write("certificate.pem", &pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}),
		key:         write("key.pem", &pem.Block{Type: "PRIVATE KEY", Bytes: key}),
		empty:       write("empty.pem", nil),
		root:        connected(pair, tls.NoClientCert, nil),
		client:      connected(pair, tls.RequireAnyClientCert, &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}),
	}
}

// connected returns an observer of a connection to a receiver.
func connected(pair tls.Certificate, auth tls.ClientAuthType, option *tls.Config) observer {
	return func(t *testing.T, env []string) (string, error) {
		t.Helper()
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", r.Header.Get("Content-Type"))
		}))
		server.TLS = &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{pair}, ClientAuth: auth}
		server.Config.ErrorLog = log.New(io.Discard, "", 0)
		server.StartTLS()
		defer server.Close()
		e, mistakes := otlp.Exporter(&otlp.Options{Endpoint: server.URL, TLS: option}).New(environment(env...))
		err := e.ExportSpans(t.Context(), tracetest.SpanStubs{{Name: "a"}}.Snapshots())
		_ = e.Shutdown(t.Context())
		if err != nil {
			return notTrusted, mistakes
		}
		return trusted, mistakes
	}
}
