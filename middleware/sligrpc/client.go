package sligrpc

import (
	"context"
	"io"
	"net"
	"net/url"
	"strconv"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"github.com/sligo-go/sligo/middleware"
)

// DialOptions returns options for [grpc.NewClient] that measure the client's
// calls. A call includes its retries by service config, and the attempts that a
// server refused before it processed them: it is one event with the outcome
// that the caller sees. Only the first Options is used; gRPC's log has an error
// if there are more.
//
// Put them in front of the client's other interceptors. A retry in an
// interceptor behind them is part of its call, and in front of them a call of
// its own.
func DialOptions(in *middleware.Instrument, opts ...*Options) []grpc.DialOption {
	c := newClient(in, optionsOf(opts, "DialOptions"))
	all := []grpc.DialOption{
		grpc.WithChainUnaryInterceptor(c.unary),
		grpc.WithChainStreamInterceptor(c.stream),
	}
	if c.opts.Sizes {
		all = append(all, grpc.WithStatsHandler(clientSizes{}))
	}
	return all
}

// client measures the calls that clients with the same options make.
type client struct {
	in       *middleware.Instrument
	opts     Options
	family   *middleware.Family
	methods  table[clientKey]
	messages *messageFamilies
}

// clientKey identifies a method of a service.
type clientKey struct{ target, method string }

func newClient(in *middleware.Instrument, opts Options) *client {
	family, _ := in.SharedFamily(withSizes(clientFamily, &opts, "client")) // valid
	return &client{in: in, opts: opts, family: family, messages: newMessageFamilies(in, &opts, "client", clientFamily.Labels)}
}

// find returns a method of the service that cc is connected to.
func (c *client) find(cc *grpc.ClientConn, fullMethod string) *method {
	key := clientKey{cc.Target(), fullMethod}
	if m := c.methods.find(key); m != nil {
		return m
	}
	host, port := splitTarget(cc.CanonicalTarget())
	m := &method{
		operation: "//" + operationHost(host) + fullMethod,
		labels:    []string{system, logicalName(fullMethod), host, port},
		omit:      c.opts.omit(fullMethod),
	}
	m.attrs = clientAttributes(m.labels)
	if !c.opts.Lines {
		m.omit |= middleware.SignalLine
	}
	return c.methods.add(key, m)
}

// clientAttributes returns the attributes of a method's spans by the semantic
// conventions.
func clientAttributes(labels []string) []attribute.KeyValue {
	attrs := []attribute.KeyValue{
		attribute.String("rpc.method", labels[1]), attribute.String("server.address", labels[2]),
	}
	if port, err := strconv.Atoi(labels[3]); err == nil {
		attrs = append(attrs, attribute.Int("server.port", port))
	}
	return attrs
}

// splitTarget returns the host and the port of a target such as
// "dns:///payments:8443". The host of a Unix socket is its path.
func splitTarget(target string) (host, port string) {
	endpoint := target
	if u, err := url.Parse(target); err == nil && u.Scheme != "" {
		if endpoint = u.Opaque; endpoint == "" {
			endpoint = u.Path
		}
		if u.Scheme == "unix" {
			return endpoint, ""
		}
		endpoint = strings.TrimPrefix(endpoint, "/")
	}
	if host, port, err := net.SplitHostPort(endpoint); err == nil {
		return host, port
	}
	return endpoint, ""
}

// operationHost returns a host as an operation has it: without slashes, which
// would begin the method.
func operationHost(host string) string {
	if strings.Contains(host, "/") || host == "" {
		return "local"
	}
	return host
}

// begin begins a call, and returns the context with the metadata to send.
func (c *client) begin(ctx context.Context, m *method, conn *grpc.ClientConn, fullMethod string, stream bool) (*clientCall, context.Context) {
	carrier := newOutgoing(ctx)
	info := middleware.CallInfo{
		Operation: m.operation, Kind: trace.SpanKindClient, Family: c.family, Labels: m.labels,
		Carrier: carrier, Group: c.opts.group(ctx, fullMethod), Stream: stream, Omit: m.omit,
	}
	call := c.in.Begin(ctx, info)
	cc := &clientCall{call: call, method: m, conn: conn, parent: ctx, ctx: call.Context()}
	if stream {
		cc.messages = newMessages(cc.ctx, c.in, &c.opts, c.messages, info)
	}
	sent := carrier.attach(cc.ctx)
	if c.opts.Sizes {
		cc.sizes = new(sizes)
		sent = context.WithValue(sent, sizesKey{}, cc.sizes)
	}
	return cc, sent
}

// unary makes a unary call.
func (c *client) unary(ctx context.Context, fullMethod string, req, reply any, cc *grpc.ClientConn, invoker grpc.UnaryInvoker, opts ...grpc.CallOption) error {
	m := c.find(cc, fullMethod)
	if m.omit|middleware.SignalLine == middleware.SignalAll {
		return invoker(ctx, fullMethod, req, reply, cc, opts...)
	}
	call, ctx := c.begin(ctx, m, cc, fullMethod, false)
	returned := false
	defer func() {
		if !returned {
			call.broke(recover())
		}
	}()
	err := invoker(ctx, fullMethod, req, reply, cc, opts...)
	returned = true
	call.end(err)
	return err
}

// stream opens a stream.
func (c *client) stream(ctx context.Context, desc *grpc.StreamDesc, cc *grpc.ClientConn, fullMethod string, streamer grpc.Streamer, opts ...grpc.CallOption) (grpc.ClientStream, error) {
	m := c.find(cc, fullMethod)
	if m.omit|middleware.SignalLine == middleware.SignalAll {
		return streamer(ctx, desc, cc, fullMethod, opts...)
	}
	call, ctx := c.begin(ctx, m, cc, fullMethod, true)
	returned := false
	defer func() {
		if !returned {
			call.broke(recover())
		}
	}()
	cs, err := streamer(ctx, desc, cc, fullMethod, append(opts[:len(opts):len(opts)], grpc.OnFinish(call.finished))...)
	returned = true
	if err != nil {
		call.end(err)
		return cs, err
	}
	return &clientStream{cs, call, desc.ServerStreams}, nil
}

// clientStream is a stream whose end counts.
type clientStream struct {
	grpc.ClientStream
	call          *clientCall
	serverStreams bool
}

// Header implements [grpc.ClientStream]. Without a header and an error, the
// stream has ended.
func (s *clientStream) Header() (metadata.MD, error) {
	header, err := s.ClientStream.Header()
	if header == nil && err == nil {
		s.call.unread()
	}
	return header, err
}

// SendMsg implements [grpc.ClientStream]. io.EOF says that RecvMsg has the
// error.
func (s *clientStream) SendMsg(m any) error {
	err := s.ClientStream.SendMsg(m)
	if err == nil {
		s.call.messages.passed()
	} else if err != io.EOF { //nolint:errorlint // it is never wrapped
		s.call.end(err)
	}
	return err
}

// RecvMsg implements [grpc.ClientStream].
func (s *clientStream) RecvMsg(m any) error {
	err := s.ClientStream.RecvMsg(m)
	if err == nil {
		s.call.messages.counted(nil, true)
	}
	switch {
	case err == nil && s.serverStreams:
		s.call.received()
	case err == io.EOF: //nolint:errorlint // it is never wrapped
		s.call.end(nil)
	default:
		s.call.end(err)
	}
	return err
}
