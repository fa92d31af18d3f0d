package otlp

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
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
	s.overrideHeaders(p, r)
	r.Timeout(&s.Timeout, names("TIMEOUT")...)
	r.Parse(names("COMPRESSION"), func(value string) error {
		switch strings.ToLower(value) {
		case "gzip":
			s.Gzip = true
		case "none":
			s.Gzip = false
		default:
			return fmt.Errorf("invalid compression %q: want gzip or none", value)
		}
		return nil
	})
	s.overrideTLS(r)
}

// overrideHeaders reads headers. They replace the options' headers of the same
// name, in any case. Its errors do not quote elements: the text before the
// "=" of "Authorization: Basic a=" is a credential.
func (s *Settings) overrideHeaders(p Protocol, r *env.Reader) {
	name, pairs := r.Pairs(names("HEADERS")...)
	for _, pair := range pairs {
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

// readRoots returns the certificates to trust, nil if the environment names
// none.
func readRoots(r *env.Reader) *x509.CertPool {
	var roots *x509.CertPool
	r.Parse(names("CERTIFICATE"), func(file string) error {
		pem, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM(pem) {
			return fmt.Errorf("file %q contains no certificate", file)
		}
		roots = pool
		return nil
	})
	return roots
}

// readClient returns the client's certificate, and false if the environment
// names none that can be used.
func readClient(r *env.Reader) (tls.Certificate, bool) {
	certNames, keyNames := names("CLIENT_CERTIFICATE"), names("CLIENT_KEY")
	certName, cert := readFile(r, certNames)
	keyName, key := readFile(r, keyNames)
	switch {
	case cert == nil && key == nil:
		return tls.Certificate{}, false
	case key == nil:
		rejectAlone(r, certName, keyNames)
		return tls.Certificate{}, false
	case cert == nil:
		rejectAlone(r, keyName, certNames)
		return tls.Certificate{}, false
	}
	client, err := tls.X509KeyPair(cert, key)
	if err != nil {
		file, _ := r.String(certName)
		r.Reject(certName, "certificate %q does not fit the key: %w", file, err)
	}
	return client, err == nil
}

// readFile returns the contents of the first file that can be read, and the
// name of the variable that names it. The contents are nil without such a file.
func readFile(r *env.Reader, names []string) (name string, contents []byte) {
	name, _ = r.Parse(names, func(file string) error {
		text, err := os.ReadFile(file)
		if err == nil {
			contents = text
		}
		return err
	})
	return name, contents
}

// rejectAlone adds the mistake that a variable is set without its counterpart.
// A counterpart that is set is another mistake, which has been added.
func rejectAlone(r *env.Reader, name string, counterpart []string) {
	if _, _, set := r.First(counterpart...); !set {
		file, _ := r.String(name)
		r.Reject(name, "file %q needs %s, which is not set", file, counterpart[len(counterpart)-1])
	}
}
