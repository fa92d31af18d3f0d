package middleware

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/sligo-go/sligo/sli"
)

// host is a host that metrics and operations show.
type host struct {
	name          string // in operations
	address, port string // in labels; an empty port means every port
}

// otherHost is every host that is not listed.
var otherHost = &host{name: "other", address: "other"}

// destination is where attempts go: the values of the metrics' labels and the
// operation of the event.
type destination struct {
	*operation
	method   int
	template string // as the label shows it
	spanName string
}

type destinationKey struct {
	method         int
	host           *host
	port, template string
}

// addHosts makes the map of the hosts of the options and of the indicators.
func (c *client) addHosts(recorder *sli.Recorder) {
	for _, entry := range c.Hosts {
		c.addHost(entry)
	}
	for _, ind := range recorder.Indicators() {
		for _, entry := range ind.Requests {
			if name := hostIn(entry); name != "" {
				c.addHost(name)
			}
		}
	}
}

// hostIn returns the host of an entry of Requests, such as "POST
// //payments/charges", or "".
func hostIn(entry string) string {
	entry = strings.TrimPrefix(entry, "!")
	if _, path, two := strings.Cut(entry, " "); two {
		entry = path
	}
	name, ok := strings.CutPrefix(entry, "//")
	if !ok {
		return ""
	}
	if name, _, ok = strings.Cut(name, "/"); !ok && strings.HasSuffix(name, "*") {
		return "" // the start of a host
	}
	return name
}

func (c *client) addHost(entry string) {
	u := url.URL{Host: entry}
	h := &host{name: entry, address: canonicalHost(&u), port: u.Port()}
	key := h.address
	if h.port != "" {
		key = net.JoinHostPort(h.address, h.port)
	}
	if c.hosts[key] == nil {
		c.hosts[key] = h
	}
}

// canonicalHost returns the host of a URL in lower case, without the port and
// the dot at the end.
func canonicalHost(u *url.URL) string {
	return strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
}

// defaultPort returns the port of a URL that has none.
func defaultPort(u *url.URL) string {
	if strings.EqualFold(u.Scheme, "https") {
		return "443"
	}
	return "80"
}

// hostOf returns the host of a URL and the port that the labels show. For a
// host that is listed without a port, they show the scheme's port only.
func (c *client) hostOf(u *url.URL) (h *host, port string) {
	h = c.hosts[u.Host]
	if h == nil {
		h = c.search(u)
	}
	switch {
	case h.port != "" || h == otherHost:
		return h, h.port
	case u.Port() == "" || u.Port() == defaultPort(u):
		return h, defaultPort(u)
	}
	return h, ""
}

// search finds a host in another spelling.
func (c *client) search(u *url.URL) *host {
	address, port := canonicalHost(u), u.Port()
	if port == "" {
		port = defaultPort(u)
	}
	if h := c.hosts[net.JoinHostPort(address, port)]; h != nil {
		return h
	}
	if h := c.hosts[address]; h != nil {
		return h
	}
	return otherHost
}

// destination returns the destination of a request, which it adds if it is new.
// Beyond maxRoutes destinations, a template is "overflow".
func (c *client) destination(r *http.Request) *destination {
	h, port := c.hostOf(r.URL)
	template, _ := r.Context().Value(templateKey{}).(string)
	key := destinationKey{methodOf(r.Method), h, port, template}
	known := c.destinations.Load()
	if found := known[key]; found != nil {
		return found
	}
	if template != "" && len(known) >= maxRoutes {
		key.template = "/" + overflowRoute
	}
	return c.destinations.LoadOrAdd(key, func() *destination { return c.newDestination(key) })
}

func (c *client) newDestination(key destinationKey) *destination {
	method, template := methods[key.method], strings.ToValidUTF8(key.template, "\uFFFD")
	name := method + " //" + key.host.name + template
	t := &destination{method: key.method, template: template, spanName: method, operation: &operation{
		name: name, values: []string{method, key.host.address, key.port, template}, events: c.recorder.Outgoing(name),
	}}
	if template != "" {
		t.spanName = method + " " + template
	}
	return t
}

type templateKey struct{}

// WithURLTemplate returns a context for requests whose paths have a template,
// such as "/charges/{id}". Spans, metrics and the operations of
// [Instrument.Transport] show it in place of the path. The template must come
// from the program, never from the URL: beyond 1000 templates, it is
// "/overflow". An empty template means none.
func WithURLTemplate(ctx context.Context, template string) context.Context {
	if template != "" && template[0] != '/' {
		template = "/" + template
	}
	return context.WithValue(ctx, templateKey{}, template)
}
