package otlp

import (
	"net/url"
	"strings"

	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/tracing/internal/env"
	"github.com/sligo-go/sligo/tracing/internal/post"
)

// path is the receivers' path in OTLP's specification.
const path = "/v1/traces"

// endpoint returns the receiver's URL for OTLP over HTTP. The specification
// uses the variable for traces unchanged, and appends the path to the other
// one.
func (o Options) endpoint(r *env.Reader, errs *sli.FieldErrors) *url.URL {
	var u *url.URL
	name, ok := r.Parse(names("ENDPOINT"), func(value string) (err error) {
		u, err = post.Endpoint(value)
		return err
	})
	switch {
	case !ok:
		return o.ownEndpoint(errs)
	case name != names("ENDPOINT")[0]:
		return u.JoinPath(path)
	case u.Path == "":
		u.Path = "/"
	}
	return u
}

// ownEndpoint returns the URL of the option Endpoint.
func (o Options) ownEndpoint(errs *sli.FieldErrors) *url.URL {
	standard := &url.URL{Scheme: "http", Host: "localhost:4318", Path: path}
	if o.Endpoint == "" {
		return standard
	}
	u, err := post.Endpoint(o.Endpoint)
	switch {
	case err != nil:
		errs.Addf("Endpoint", "%w", err)
		return standard
	case strings.Trim(u.Path, "/") != "":
		return u
	}
	return u.JoinPath(path)
}
