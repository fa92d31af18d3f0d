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

// ValidHeaders returns the valid headers of an exporter's option Headers, nil
// if there are none. It adds the mistakes that check, usually [CheckHeader],
// finds in the others, and names that differ only in case. Its errors do not
// quote values, because they are often credentials.
func ValidHeaders(headers map[string]string, check func(name, value string) error, errs *sli.FieldErrors) map[string]string {
	var valid map[string]string
	spellings := make(map[string]string) // by the name in lower case
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		path := fmt.Sprintf("Headers[%q]", name)
		err := check(name, headers[name])
		lower := strings.ToLower(name)
		other, duplicate := spellings[lower]
		spellings[lower] = name
		switch {
		case err != nil:
			errs.Addf(path, "%w", err)
		case duplicate:
			errs.Addf(path, "duplicate header: the case of %q makes no difference", other)
		case valid == nil:
			valid = map[string]string{name: headers[name]}
		default:
			valid[name] = headers[name]
		}
	}
	return valid
}

// CheckHeader returns the mistake in a header that an exporter shall send, or
// nil. Its errors do not quote the value or an invalid name.
func CheckHeader(name, value string) error {
	switch {
	case !validName(name):
		return errors.New("invalid header name: want letters, digits and hyphens")
	case !validValue(value):
		return errors.New("value has control characters")
	}
	if reason, found := reserved[strings.ToLower(name)]; found {
		return fmt.Errorf("header %q cannot be set: %s", name, reason)
	}
	return nil
}

// reserved are the headers that an exporter or its transport determines, with
// the reasons. A value from the configuration would be ignored or would make
// the body unreadable.
var reserved = map[string]string{
	"host":              "it follows from the URL",
	"content-type":      "the exporter determines the encoding",
	"content-encoding":  "use the setting of the compression",
	"content-length":    "it follows from the body",
	"transfer-encoding": "it follows from the body",
	"accept-encoding":   "the exporter determines the encoding of responses",
	"connection":        connection,
	"proxy-connection":  connection,
	"keep-alive":        connection,
	"te":                connection,
	"trailer":           connection,
	"upgrade":           connection,
}

const connection = "it belongs to the connection"

// validName reports whether name can be the name of a header.
func validName(name string) bool {
	return name != "" && !strings.ContainsFunc(name, isSeparator)
}

func isSeparator(r rune) bool {
	return r <= ' ' || r > '~' || strings.ContainsRune(`()<>@,;:\"/[]?={}`, r)
}

// validValue reports whether value can be the value of a header.
func validValue(value string) bool {
	return !strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f })
}
