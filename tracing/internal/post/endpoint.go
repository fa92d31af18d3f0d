package post

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/sligo-go/sligo/sli"
)

// Endpoint parses the URL of a receiver. Its errors do not quote a password.
func Endpoint(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil && !hasScheme(text), err == nil && u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("%q does not begin with http:// or https://: want a URL such as %q", text, "http://"+afterScheme(text))
	case err != nil:
		// The error of url.Parse quotes the whole text, including any password.
		var parse *url.Error
		if errors.As(err, &parse) {
			err = parse.Err
		}
		return nil, fmt.Errorf("invalid URL: %w", err)
	case u.Hostname() == "":
		return nil, fmt.Errorf("URL %q has no host", u.Redacted())
	case !validPort(u.Port()):
		return nil, fmt.Errorf("URL %q has an invalid port: want 1 to 65535", u.Redacted())
	case u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("URL %q has a query or a fragment", u.Redacted())
	}
	return u, nil
}

// validPort reports whether a URL's port, which has only digits, is in range
// or is left to the scheme.
func validPort(port string) bool {
	n, err := strconv.ParseUint(port, 10, 16)
	return port == "" || err == nil && n > 0
}

func hasScheme(text string) bool { return strings.Contains(text, "://") }

func afterScheme(text string) string {
	if _, rest, ok := strings.Cut(text, "://"); ok {
		return rest
	}
	return text
}

// CheckHeaders adds the mistakes in an exporter's option Headers. Its errors do
// not quote values, because they are often credentials.
func CheckHeaders(headers map[string]string, errs *sli.FieldErrors) {
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		path := fmt.Sprintf("Headers[%q]", name)
		if !ValidName(name) {
			errs.Addf(path, "invalid header name: want letters, digits and hyphens")
		}
		if !ValidValue(headers[name]) {
			errs.Addf(path, "value has control characters")
		}
	}
}

// ValidName reports whether name can be the name of a header.
func ValidName(name string) bool {
	return name != "" && !strings.ContainsFunc(name, isSeparator)
}

func isSeparator(r rune) bool {
	return r <= ' ' || r > '~' || strings.ContainsRune(`()<>@,;:\"/[]?={}`, r)
}

// ValidValue reports whether value can be the value of a header.
func ValidValue(value string) bool {
	return !strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f })
}
