package otlp

import (
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/tracing/internal/env"
	"github.com/sligo-go/sligo/tracing/internal/post"
)

// target is a receiver of OTLP over gRPC.
type target struct {
	address string // in gRPC's form
	scheme  string // "http", "https", or "" if the endpoint is not such a URL
	local   bool   // on this machine
}

// readInsecure returns the variable that decides about encryption, nil if it
// is not set. It matters for gRPC only.
func readInsecure(r *env.Reader) *bool {
	var insecure bool
	_, ok := r.Bool(&insecure, "OTEL_EXPORTER_OTLP_TRACES_INSECURE", "OTEL_EXPORTER_OTLP_SPAN_INSECURE", "OTEL_EXPORTER_OTLP_INSECURE")
	if !ok {
		return nil
	}
	return &insecure
}

// target returns the receiver for OTLP over gRPC and whether the connection is
// not encrypted. The scheme http or https decides about that, otherwise the
// variable for it. Without both, the connection is encrypted unless it stays
// on this machine and nothing configures TLS.
func (o Options) target(insecure *bool, hasTLS bool, r *env.Reader, errs *sli.FieldErrors) (address string, plaintext bool) {
	t := target{address: "dns:///localhost:4317", scheme: "http"}
	read := func(text string) error {
		parsed, err := parseTarget(text)
		if err == nil {
			t = parsed
		}
		return err
	}
	if _, ok := r.Parse(names("ENDPOINT"), read); !ok && o.Endpoint != "" {
		if err := read(o.Endpoint); err != nil {
			errs.Addf("Endpoint", "%w", err)
		}
	}
	switch {
	case t.scheme != "":
		return t.address, t.scheme == "http"
	case insecure != nil:
		return t.address, *insecure
	}
	return t.address, t.local && !hasTLS
}

// parseTarget parses a URL, a host with or without a port, or a name of gRPC.
// Its errors do not quote a password.
func parseTarget(text string) (target, error) {
	scheme, rest, _ := strings.Cut(text, ":")
	switch scheme = strings.ToLower(scheme); scheme {
	case "http", "https":
		return parseURL(text)
	case "unix", "unix-abstract", "dns", "passthrough":
		if _, err := url.Parse(text); err != nil { // gRPC would refuse it, too
			return target{}, fmt.Errorf("invalid target %q", redactUser(text))
		}
	}
	switch scheme {
	case "unix", "unix-abstract":
		if path := strings.TrimPrefix(rest, "//"); path == "" || path != rest && path[0] != '/' {
			return target{}, fmt.Errorf("invalid socket %q: want a path, such as %s:///run/otlp.sock", text, scheme)
		}
		return target{address: text, local: true}, nil
	case "dns", "passthrough":
		if remainder, ok := strings.CutPrefix(rest, "//"); ok {
			_, rest, _ = strings.Cut(remainder, "/") // after the authority
		}
		host, err := hostOf(rest)
		return target{address: text, local: isLoopback(host)}, err
	}
	host, err := hostOf(text)
	return target{address: "dns:///" + text, local: isLoopback(host)}, err
}

// parseURL parses a URL whose scheme is http or https.
func parseURL(text string) (target, error) {
	u, err := post.Endpoint(text)
	if err != nil {
		return target{}, err
	}
	if strings.Trim(u.Path, "/") != "" {
		return target{}, fmt.Errorf("URL %q has a path: want none, as gRPC has a fixed one", u.Redacted())
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return target{address: "dns:///" + net.JoinHostPort(u.Hostname(), port), scheme: u.Scheme}, nil
}

// hostOf returns the host of "host" or "host:port". gRPC's default port is 443.
func hostOf(text string) (string, error) {
	if net.ParseIP(text) != nil {
		return text, nil
	}
	host, port, err := net.SplitHostPort(text)
	if err != nil {
		host, port = text, "443"
	}
	n, err := strconv.ParseUint(port, 10, 16)
	switch {
	case strings.Contains(text, "://"):
		return "", fmt.Errorf("unknown scheme in %q: want http, https, dns, unix, unix-abstract, passthrough or host:port", redactUser(text))
	case net.ParseIP(host) == nil && !isHostName(host), strings.Contains(port, "/"):
		return "", fmt.Errorf("invalid target %q: want a URL, or host:port without a path", redactUser(text))
	case err != nil || n == 0:
		return "", fmt.Errorf("invalid port in %q: want 1 to 65535", redactUser(text))
	}
	return host, nil
}

func isHostName(host string) bool {
	return host != "" && !strings.ContainsAny(host, "/?#@\\:\"<>%,") && !strings.ContainsFunc(host, notVisible)
}

func notVisible(r rune) bool { return r <= ' ' || r == 0x7f }

// redactUser replaces the text before the last "@", which may be a password.
func redactUser(text string) string {
	if at := strings.LastIndex(text, "@"); at >= 0 {
		return "REDACTED" + text[at:]
	}
	return text
}

func isLoopback(host string) bool {
	return strings.EqualFold(host, "localhost") || net.ParseIP(host).IsLoopback()
}
