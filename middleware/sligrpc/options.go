package sligrpc

import (
	"context"
	"strings"

	"github.com/sligo-go/sligo/middleware"
)

// Options configures the calls of a server or of a client. The zero value and
// nil mean the defaults.
type Options struct {
	// Omit returns the signals that are not made of the calls of a method, such
	// as "/shop.Orders/List". Nil means SignalAll for gRPC's health checks and
	// server reflection. If Omit panics, it omits nothing.
	Omit func(method string) middleware.Signal

	// Public says that a stranger made a call. Its span then begins a new trace,
	// with a link to the stranger's, whose baggage is dropped, and the stranger's
	// request ID is not used. Nil means that no caller is a stranger. If Public
	// panics, the caller is one. Servers only.
	Public func(ctx context.Context) bool

	// Group returns the group of a call for indicators with groups, such as a
	// tenant. It must come from the program, because the group becomes a label.
	// Nil means no groups. See also [SetGroup].
	Group func(ctx context.Context, method string) string

	// FirstMessage makes an event of the first message of each stream: that a
	// server sends, or that a client receives. Its operation is the stream's after
	// "first-message:", such as "first-message:/shop.Orders/Watch". It counts for
	// the indicators that name it. Its duration is the time to the message, and a
	// stream that hangs before it is judged as a unary call.
	FirstMessage bool

	// EachMessage makes an event of each message of a stream: that a server sends,
	// or that a client receives. Its operation is the stream's after "message:",
	// and it counts for the indicators that name it. Its duration is the time
	// since the message before it, in either direction, or since the stream began.
	EachMessage bool

	// Sizes adds histograms of the sizes and of the numbers of the messages of a
	// call. A client's count the messages of all attempts. gRPC reports messages
	// to stats handlers only: a server with OmitStatsHandler counts none, and a
	// client gets a stats handler for it. The histograms exist if the first
	// ServerOptions, or DialOptions, of the instrument had Sizes.
	Sizes bool

	// Lines writes a line of the access log for each call that a client makes. A
	// server writes one for each call that it serves, with or without Lines.
	Lines bool

	// Repanic lets the panic of a handler continue when it is counted, so that it
	// ends the process as without this package. By default the client gets the
	// code Internal with a fixed text. Servers only.
	Repanic bool

	// OmitStatsHandler leaves the stats handler out of [ServerOptions], which
	// saves grpc-go an allocation for each message of a stream and 18 for each
	// unary call. A call is then counted as its handler returned. Calls that fail
	// before their handler are not counted, and a response that cannot be sent
	// counts as sent: see the package documentation. Servers only.
	OmitStatsHandler bool
}

// excluded are the services that Options.Omit leaves out by default.
var excluded = []string{
	"/grpc.health.v1.Health/",
	"/grpc.reflection.v1.ServerReflection/",
	"/grpc.reflection.v1alpha.ServerReflection/",
}

// optionsOf returns the first Options. Further ones are a mistake of the
// program, which gRPC's log shows, because telemetry must not fail a service.
func optionsOf(opts []*Options, of string) (o Options) {
	if len(opts) > 1 {
		logger.Errorf("%s got %d Options: only the first is used", of, len(opts))
	}
	if len(opts) > 0 && opts[0] != nil {
		o = *opts[0]
	}
	return o
}

func (o *Options) omit(method string) (omit middleware.Signal) {
	if o.Omit != nil {
		guard(func() { omit = o.Omit(method) })
		return omit
	}
	for _, service := range excluded {
		if strings.HasPrefix(method, service) {
			return middleware.SignalAll
		}
	}
	return 0
}

func (o *Options) public(ctx context.Context) bool {
	if o.Public == nil {
		return false
	}
	yes := true
	guard(func() { yes = o.Public(ctx) })
	return yes
}

func (o *Options) group(ctx context.Context, method string) (group string) {
	if o.Group != nil {
		guard(func() { group = o.Group(ctx, method) })
	}
	return group
}

// guard calls a function of the program that may panic.
func guard(f func()) {
	defer func() { _ = recover() }()
	f()
}
