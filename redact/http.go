package redact

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// header writes HTTP headers: those on the list with their values, scanned.
func (e *Encoder) header(h http.Header) {
	if h == nil {
		e.buf = append(e.buf, "null"...)
		return
	}
	e.buf = append(e.buf, '{')
	for _, name := range slices.Sorted(maps.Keys(h)) {
		e.comma()
		e.key(name)
		if e.r.ShowsHeader(name) {
			e.texts(h[name])
		} else {
			e.replace()
		}
	}
	e.buf = append(e.buf, '}')
}

// ShowsHeader reports whether a header is on the list of those whose values are
// shown.
func (r *Redactor) ShowsHeader(name string) bool { return r.headers[strings.ToLower(name)] }

// query writes parameters: those that may show their value with it, scanned.
func (e *Encoder) query(q url.Values) {
	if q == nil {
		e.buf = append(e.buf, "null"...)
		return
	}
	e.buf = append(e.buf, '{')
	for _, name := range slices.Sorted(maps.Keys(q)) {
		e.comma()
		e.key(name)
		if slices.ContainsFunc(q[name], func(v string) bool { return !e.r.showsParameter(name, v) }) {
			e.replace()
		} else {
			e.texts(q[name])
		}
	}
	e.buf = append(e.buf, '}')
}

func (e *Encoder) texts(values []string) {
	e.buf = append(e.buf, '[')
	for i, v := range values {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		e.str(v)
	}
	e.buf = append(e.buf, ']')
}

// request writes what a log needs of a request. Its body is not touched.
func (e *Encoder) request(r *http.Request) {
	e.buf = append(e.buf, `{"method":`...)
	e.str(r.Method)
	if r.URL != nil {
		e.buf = append(e.buf, `,"url":`...)
		e.str(r.URL.String())
	}
	e.buf = append(e.buf, `,"proto":`...)
	e.str(r.Proto)
	e.buf = append(e.buf, `,"host":`...)
	e.str(r.Host)
	e.buf = append(e.buf, `,"header":`...)
	e.header(r.Header)
	e.buf = append(e.buf, '}')
}

// response writes what a log needs of a response. Its body is not touched.
func (e *Encoder) response(r *http.Response) {
	e.buf = append(e.buf, `{"status":`...)
	e.str(r.Status)
	e.buf = append(e.buf, `,"status_code":`...)
	e.int(int64(r.StatusCode))
	e.buf = append(e.buf, `,"proto":`...)
	e.str(r.Proto)
	e.buf = append(e.buf, `,"header":`...)
	e.header(r.Header)
	e.buf = append(e.buf, '}')
}

// cookie writes a cookie without its value: what a cookie is for cannot be known
// from its name.
func (e *Encoder) cookie(c *http.Cookie) {
	e.buf = append(e.buf, `{"name":`...)
	e.str(c.Name)
	e.buf = append(e.buf, `,"value":`...)
	e.replace()
	e.buf = append(e.buf, `,"path":`...)
	e.str(c.Path)
	e.buf = append(e.buf, `,"domain":`...)
	e.str(c.Domain)
	e.buf = append(e.buf, '}')
}
