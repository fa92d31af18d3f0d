package middleware

import (
	"net"
	"net/http"
	"net/netip"
	"strings"

	"go.opentelemetry.io/otel/propagation"

	"github.com/sligo-go/sligo/internal/guard"
)

// clientAddress returns the address of the client that sent a request: the
// connection's, or behind trusted proxies the last address of X-Forwarded-For
// that is not one of theirs. An address that a client could have invented never
// counts.
func (in *Instrument) clientAddress(r *http.Request) string {
	host := hostOf(r.RemoteAddr)
	if len(in.opts.TrustedProxies) == 0 {
		return host
	}
	return in.forwarded(host, r.Header["X-Forwarded-For"])
}

// addressOf returns the address of the caller of a call that has headers, as
// clientAddress does for a request.
func (in *Instrument) addressOf(caller string, carrier propagation.TextMapCarrier) string {
	host := hostOf(caller)
	if len(in.opts.TrustedProxies) == 0 || host == "" {
		return host
	}
	const header = "x-forwarded-for"
	var headers []string
	_ = guard.Call(func() {
		if all, ok := carrier.(propagation.ValuesGetter); ok {
			headers = all.Values(header)
		} else if value := carrier.Get(header); value != "" {
			headers = []string{value}
		}
	})
	return in.forwarded(host, headers)
}

// hostOf returns an address without its port.
func hostOf(address string) string {
	first := strings.IndexByte(address, ':')
	if first < 0 || address[0] != '[' && first < strings.LastIndexByte(address, ':') {
		return address // SplitHostPort would allocate an error
	}
	if host, _, err := net.SplitHostPort(address); err == nil {
		return host
	}
	return address
}

// forwarded returns the last address of X-Forwarded-For that is not a
// proxy's, or host if a proxy did not send it.
func (in *Instrument) forwarded(host string, headers []string) string {
	if !in.isProxy(host) {
		return host
	}
	for i := len(headers) - 1; i >= 0; i-- {
		for rest, more := headers[i], true; more; {
			var last string
			rest, last, more = cutLast(rest)
			address, ok := parseForwarded(last)
			if !ok {
				return host
			}
			host = address
			if !in.isProxy(host) {
				return host
			}
		}
	}
	return host
}

// cutLast cuts the last element off a list.
func cutLast(list string) (before, last string, more bool) {
	if i := strings.LastIndexByte(list, ','); i >= 0 {
		return list[:i], strings.TrimSpace(list[i+1:]), true
	}
	return "", strings.TrimSpace(list), false
}

// parseForwarded returns an address of X-Forwarded-For without its port.
func parseForwarded(text string) (address string, ok bool) {
	if addr, err := netip.ParseAddr(text); err == nil {
		return addr.Unmap().WithZone("").String(), true
	}
	if addr, err := netip.ParseAddrPort(text); err == nil {
		return addr.Addr().Unmap().WithZone("").String(), true
	}
	return "", false
}

func (in *Instrument) isProxy(host string) bool {
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return host == "" || host == "@" // a Unix socket, which only a proxy reaches
	}
	for _, proxies := range in.opts.TrustedProxies {
		if proxies.Contains(addr.Unmap().WithZone("")) {
			return true
		}
	}
	return false
}
