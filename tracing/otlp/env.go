package otlp

import (
	"crypto/tls"
	"crypto/x509"
	"maps"
	"os"
	"strings"

	"github.com/sligo-go/sligo/tracing/internal/env"
)

// names returns the variables of a setting. The one for traces has precedence.
func names(setting string) []string {
	return []string{"OTEL_EXPORTER_OTLP_TRACES_" + setting, "OTEL_EXPORTER_OTLP_" + setting}
}

// override replaces the settings that the environment has.
func (s *Settings) override(p Protocol, r *env.Reader) {
	if name, value, ok := r.First(names("PROTOCOL")...); ok && !strings.EqualFold(value, string(p)) {
		r.Reject(name, "unsupported protocol %q: this exporter uses %q; %s", value, p, p.alternative())
	}
	s.overrideHeaders(p, r)
	r.Millis(&s.Timeout, names("TIMEOUT")...)
	switch name, value, ok := r.First(names("COMPRESSION")...); {
	case !ok:
	case strings.EqualFold(value, "gzip"):
		s.Gzip = true
	case strings.EqualFold(value, "none"):
		s.Gzip = false
	default:
		r.Reject(name, "invalid compression %q: want gzip or none", value)
	}
	s.overrideTLS(r)
}

// overrideHeaders reads headers. They replace the options' headers of the same
// name, in any case. Its errors do not quote elements: the text before the
// "=" of "Authorization: Basic a=" is a credential.
func (s *Settings) overrideHeaders(p Protocol, r *env.Reader) {
	name, _, _ := r.First(names("HEADERS")...)
	for _, pair := range r.Pairs(name) {
		if err := p.checkHeader(pair.Key, pair.Value); err != nil {
			r.Reject(name, "invalid element: %w", err)
			continue
		}
		if s.Headers == nil {
			s.Headers = make(map[string]string)
		}
		maps.DeleteFunc(s.Headers, func(key, _ string) bool { return strings.EqualFold(key, pair.Key) })
		s.Headers[pair.Key] = pair.Value
	}
}

// overrideTLS reads the certificates that the environment names.
func (s *Settings) overrideTLS(r *env.Reader) {
	roots := readRoots(r)
	client, ok := readClient(r)
	if roots == nil && !ok {
		return
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if s.TLS != nil {
		config = s.TLS.Clone()
	}
	if roots != nil {
		config.RootCAs = roots
	}
	if ok {
		config.Certificates = []tls.Certificate{client}
	}
	s.TLS = config
}

func readRoots(r *env.Reader) *x509.CertPool {
	name, file, ok := r.First(names("CERTIFICATE")...)
	if !ok {
		return nil
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		r.Reject(name, "%w", err)
		return nil
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		r.Reject(name, "file %q contains no certificate", file)
	}
	return roots
}

func readClient(r *env.Reader) (tls.Certificate, bool) {
	certName, certFile, hasCert := r.First(names("CLIENT_CERTIFICATE")...)
	keyName, keyFile, hasKey := r.First(names("CLIENT_KEY")...)
	switch {
	case !hasCert && !hasKey:
		return tls.Certificate{}, false
	case !hasKey:
		r.Reject(certName, "certificate %q has no key: OTEL_EXPORTER_OTLP_CLIENT_KEY is not set", certFile)
		return tls.Certificate{}, false
	case !hasCert:
		r.Reject(keyName, "key %q has no certificate: OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE is not set", keyFile)
		return tls.Certificate{}, false
	}
	client, err := tls.LoadX509KeyPair(certFile, keyFile)
	if err != nil {
		r.Reject(certName, "%w", err)
	}
	return client, err == nil
}
