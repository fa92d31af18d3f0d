package encode

import (
	"maps"
	"net/http"
	"net/textproto"
	"net/url"
	"reflect"
	"slices"
)

// message writes the types of HTTP messages and URLs; it reports whether v
// is one.
func message(e *Encoder, v any) bool {
	if rv := reflect.ValueOf(v); rv.Kind() == reflect.Pointer && rv.IsNil() {
		e.null()
		return true
	}
	switch x := v.(type) {
	case http.Header:
		header(e, x)
	case textproto.MIMEHeader:
		header(e, http.Header(x))
	case url.Values:
		query(e, x)
	case url.URL:
		e.str(x.String())
	case *url.URL:
		e.str(x.String())
	case *http.Request:
		request(e, x)
	case *http.Response:
		response(e, x)
	case *http.Cookie:
		cookie(e, x)
	case http.Cookie:
		cookie(e, &x)
	default:
		return false
	}
	return true
}

// header writes HTTP headers. Only those on the list show their values,
// redacted.
func header(e *Encoder, h http.Header) {
	multimap(e, h, func(key string, _ []string) bool { return e.c.judge.ShowsHeader(key) })
}

// query writes the parameters of a query. Only those whose name and values
// allow it show their values, redacted.
func query(e *Encoder, q url.Values) {
	multimap(e, q, func(key string, values []string) bool {
		return !slices.ContainsFunc(values, func(v string) bool { return !e.c.finder.ShowsParameter(key, v) })
	})
}

func multimap(e *Encoder, m map[string][]string, shows func(key string, values []string) bool) {
	if m == nil {
		e.null()
		return
	}
	e.buf = append(e.buf, '{')
	for _, key := range slices.Sorted(maps.Keys(m)) {
		e.comma()
		e.key(key)
		if shows(key, m[key]) {
			e.texts(m[key])
		} else {
			e.replace()
		}
	}
	e.buf = append(e.buf, '}')
}

// request writes the parts of a request that belong in a log, without its body.
func request(e *Encoder, r *http.Request) {
	e.raw(`{"method":`)
	e.str(r.Method)
	if r.URL != nil {
		e.raw(`,"url":`)
		e.str(r.URL.String())
	}
	e.raw(`,"proto":`)
	e.str(r.Proto)
	e.raw(`,"host":`)
	e.str(r.Host)
	e.raw(`,"header":`)
	header(e, r.Header)
	e.raw("}")
}

// response writes the parts of a response that belong in a log, without its
// body.
func response(e *Encoder, r *http.Response) {
	e.raw(`{"status":`)
	e.str(r.Status)
	e.raw(`,"status_code":`)
	e.int(int64(r.StatusCode))
	e.raw(`,"proto":`)
	e.str(r.Proto)
	e.raw(`,"header":`)
	header(e, r.Header)
	e.raw("}")
}

// cookie writes a cookie without its value, because its name does not show
// whether it is a credential.
func cookie(e *Encoder, c *http.Cookie) {
	e.raw(`{"name":`)
	e.str(c.Name)
	e.raw(`,"value":`)
	e.replace()
	e.raw(`,"path":`)
	e.str(c.Path)
	e.raw(`,"domain":`)
	e.str(c.Domain)
	e.raw("}")
}
