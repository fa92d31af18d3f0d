package otlp

import (
	"cmp"
	"crypto/tls"
	"maps"
	"net/url"
	"strings"
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
	// ProtocolGRPC is gRPC, which the exporter of module otlpgrpc uses.
	ProtocolGRPC Protocol = "grpc"
)

// alternative says how to use the other protocol.
func (p Protocol) alternative() string {
	if p == ProtocolGRPC {
		return "use package otlp for \"http/protobuf\""
	}
	return "use package otlpgrpc for \"grpc\""
}

func (p Protocol) defaultEndpoint() string {
	if p == ProtocolGRPC {
		return "http://localhost:4317"
	}
	return "http://localhost:4318"
}

// Settings are the options of an exporter after the environment and the
// defaults are applied.
type Settings struct {
	// Endpoint is the receiver's URL. With ProtocolHTTP it includes the path.
	Endpoint *url.URL
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

// Settings applies the environment and the defaults to the options, for the
// exporter of a protocol. Exporters of other modules use it; [Exporter] does
// so by itself. A nil lookupEnv finds no variable. The error joins a
// [*sli.FieldError] for each mistake.
func (o Options) Settings(p Protocol, lookupEnv func(string) (string, bool)) (Settings, error) {
	if o.Name != "" && o.Name != "otlp" {
		lookupEnv = nil
	}
	r := env.NewReader(lookupEnv)
	var errs sli.FieldErrors
	s := Settings{
		Endpoint: o.endpoint(p, r, &errs),
		Headers:  maps.Clone(o.Headers), Timeout: o.Timeout, Gzip: o.Gzip, TLS: o.TLS,
		MaxBytes: cmp.Or(o.MaxBytes, 4<<20),
	}
	s.override(p, r)
	s.Timeout = cmp.Or(s.Timeout, 10*time.Second)
	if s.Timeout < 0 {
		errs.Addf("Timeout", "invalid duration %v: want zero or more", s.Timeout)
	}
	if s.MaxBytes < 0 {
		errs.Addf("MaxBytes", "invalid size %d: want zero or more", s.MaxBytes)
	}
	post.CheckHeaders(o.Headers, p.checkHeader, &errs)
	errs.Add("", r.Err())
	return s, errs.Err()
}

// endpoint returns the receiver's URL.
func (o Options) endpoint(p Protocol, r *env.Reader, errs *sli.FieldErrors) *url.URL {
	name, text, ok := r.First(names("ENDPOINT")...)
	if !ok {
		name, text = "Endpoint", cmp.Or(o.Endpoint, p.defaultEndpoint())
	}
	u, err := post.Endpoint(text)
	if err != nil {
		errs.Addf(name, "%w", err)
		return nil
	}
	if p == ProtocolGRPC {
		if strings.Trim(u.Path, "/") != "" {
			errs.Addf(name, "URL %q has a path: want none, as gRPC has a fixed one", u.Redacted())
		}
		return u
	}
	return withPath(u, name, errs)
}

// path is the receivers' path in OTLP's specification.
const path = "/v1/traces"

// withPath appends OTLP's path to a URL from an option or variable, unless that
// includes the path.
func withPath(u *url.URL, name string, errs *sli.FieldErrors) *url.URL {
	switch {
	case name == names("ENDPOINT")[0]:
		// The specification uses this URL unchanged, and no receiver listens at "".
		if u.Path == "" {
			errs.Addf(name, "URL %q has no path: want %q, or a trailing \"/\" for the root",
				u.Redacted(), u.JoinPath(path).Redacted())
		}
		return u
	case name == "Endpoint" && strings.Trim(u.Path, "/") != "":
		return u
	}
	return u.JoinPath(path)
}
