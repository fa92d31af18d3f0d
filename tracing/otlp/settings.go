package otlp

import (
	"cmp"
	"crypto/tls"
	"net/url"
	"time"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/tracing/internal/env"
	"github.com/sligo-go/sligo/tracing/internal/post"
)

// Protocol is a transport of OTLP, named as in OTEL_EXPORTER_OTLP_PROTOCOL.
type Protocol string

const (
	// ProtocolHTTP is protobuf over HTTP, which this package's exporter uses.
	ProtocolHTTP Protocol = "http/protobuf"
	// ProtocolJSON is JSON over HTTP, which this package's exporter uses if it
	// is selected. A request is two to three times as long.
	ProtocolJSON Protocol = "http/json"
	// ProtocolGRPC is gRPC, which the exporter of module otlpgrpc uses.
	ProtocolGRPC Protocol = "grpc"
)

// Settings are the options of an exporter after the environment and the
// defaults are applied.
type Settings struct {
	// Endpoint is the receiver's URL with its path. It is nil with
	// ProtocolGRPC.
	Endpoint *url.URL
	// Target is the receiver in gRPC's form. It is empty without ProtocolGRPC.
	Target string
	// Plaintext reports that the connection to Target is not encrypted.
	Plaintext bool
	// Headers are sent with each request.
	Headers map[string]string
	// Timeout bounds one try. It is positive.
	Timeout time.Duration
	// Gzip compresses the requests.
	Gzip bool
	// TLS configures https; nil means the system's certificates.
	TLS *tls.Config
	// MaxBytes bounds a request before compression. It is positive.
	MaxBytes int
}

// environment returns lookupEnv, or nil for an exporter that ignores the
// environment.
func (o Options) environment(lookupEnv func(string) (string, bool)) func(string) (string, bool) {
	if o.Name != "" && o.Name != "otlp" {
		return nil
	}
	return lookupEnv
}

// Settings applies the environment and the defaults to the options, for the
// exporter of a protocol. Exporters of other modules use it; [Exporter] does
// so by itself. A nil lookupEnv finds no variable. The error joins a
// [*sli.FieldError] for each mistake. The settings are usable even then: a
// wrong one has the value that it would have if it were absent.
func (o Options) Settings(p Protocol, lookupEnv func(string) (string, bool)) (Settings, error) {
	r := env.NewReader(o.environment(lookupEnv))
	var errs sli.FieldErrors
	s := Settings{
		Headers: post.ValidHeaders(o.Headers, p.checkHeader, &errs),
		Timeout: o.Timeout, Gzip: o.Gzip, TLS: o.TLS, MaxBytes: o.MaxBytes,
	}
	if s.Timeout < 0 {
		errs.Addf("Timeout", "invalid duration %v: want zero or more", s.Timeout)
		s.Timeout = 0
	}
	if s.MaxBytes < 0 {
		errs.Addf("MaxBytes", "invalid size %d: want zero or more", s.MaxBytes)
		s.MaxBytes = 0
	}
	s.override(p, r)
	s.Timeout = cmp.Or(s.Timeout, 10*time.Second)
	s.MaxBytes = cmp.Or(s.MaxBytes, 4<<20)
	insecure := readInsecure(r)
	if p == ProtocolGRPC {
		s.Target, s.Plaintext = o.target(insecure, s.TLS != nil, r, &errs)
	} else {
		s.Endpoint = o.endpoint(r, &errs)
	}
	errs.Add("", r.Err())
	return s, errs.Err()
}
