package post

import (
	"net/http"
	"net/url"
	"strings"
)

// maxRedirects bounds the redirects of one request.
const maxRedirects = 5

// redirection returns the target of a redirect that keeps the method and stays
// on the host. The request has credentials and spans that are meant for that
// host only.
func redirection(request *http.Request, response *http.Response) (*url.URL, bool) {
	switch response.StatusCode {
	case http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return nil, false
	}
	target, err := request.URL.Parse(response.Header.Get("Location"))
	if err != nil || response.Header.Get("Location") == "" || !staysOnHost(request.URL, target) {
		return nil, false
	}
	return target, true
}

// staysOnHost reports whether a redirect leads to the same host and port, with
// or without a change from http to https.
func staysOnHost(from, to *url.URL) bool {
	secured := from.Scheme == "http" && to.Scheme == "https"
	if to.Scheme != from.Scheme && !secured || !strings.EqualFold(from.Hostname(), to.Hostname()) {
		return false
	}
	if secured && isDefaultPort(from) && isDefaultPort(to) {
		return true
	}
	return port(from) == port(to)
}

var defaultPorts = map[string]string{"http": "80", "https": "443"}

func port(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	return defaultPorts[u.Scheme]
}

func isDefaultPort(u *url.URL) bool { return port(u) == defaultPorts[u.Scheme] }

// redirected returns the request to the target of a redirect.
func redirected(request *http.Request, target *url.URL, body *outgoing) *http.Request {
	next := request.Clone(request.Context())
	next.URL, next.Host = target, target.Host
	next.URL.User = nil // the header has the credentials
	body.attach(next)
	return next
}

// redirectNote says where a redirect that was not followed leads, without the
// query, which may have secrets.
func redirectNote(response *http.Response) string {
	location := response.Header.Get("Location")
	if response.StatusCode/100 != 3 || location == "" {
		return ""
	}
	target, err := url.Parse(location)
	if err == nil && response.Request != nil {
		target, err = response.Request.URL.Parse(location)
	}
	if err != nil {
		return " (not followed: invalid Location)"
	}
	shown := url.URL{Scheme: target.Scheme, Host: target.Host, Path: target.Path}
	return " (not followed to " + shown.String() + ")"
}
