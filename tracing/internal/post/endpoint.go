package post

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/sligo-go/sligo/sli"
)

// Endpoint parses the URL of a receiver. Its error says how the URL is to be spelled.
func Endpoint(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil && !hasScheme(text), err == nil && u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("%q does not begin with http:// or https://: want a URL like %q", text, "http://"+afterScheme(text))
	case err != nil:
		// The error of url.Parse quotes all of the text, with a password that it may hold.
		var parse *url.Error
		if errors.As(err, &parse) {
			err = parse.Err
		}
		return nil, fmt.Errorf("not a URL: %w", err)
	case u.Hostname() == "":
		return nil, fmt.Errorf("%q has no host", u.Redacted())
	case !validPort(u.Port()):
		return nil, fmt.Errorf("%q has a port that is not from 1 to 65535", u.Redacted())
	case u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("%q has a query or a fragment", u.Redacted())
	}
	return u, nil
}

// validPort reports whether a URL's port, which has digits only, is one or is left to the scheme.
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

// CheckHeaders adds the mistakes in headers that the program chose. It does not quote values, which are
// often credentials.
func CheckHeaders(headers map[string]string, errs *sli.FieldErrors) {
	for name, value := range headers {
		if !ValidName(name) {
			errs.Addf("Headers", "%q is not the name of a header", name)
		}
		if !ValidValue(value) {
			errs.Addf("Headers", "the value of %q has control characters", name)
		}
	}
}

// ValidName reports whether a header can have a name.
func ValidName(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`()<>@,;:\"/[]?={}`, r) })
}

// ValidValue reports whether a header can have a value.
func ValidValue(value string) bool {
	return !strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f })
}
