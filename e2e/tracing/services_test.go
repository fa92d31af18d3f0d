package tracing_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/sligo-go/sligo/tracing"
)

// chain consists of three services that call one another, shop -> orders ->
// users. They use HTTP, gRPC and HTTP, and each has its own tracing.
type chain struct {
	shop, orders, users *service
	address             string // of the shop
	requestID           string // as it arrived at users
}

type service struct {
	*tracing.Provider
	trace.Tracer
}

// newChain starts the services. Their names begin with the prefix.
func newChain(t *testing.T, prefix string, opts func() *tracing.Options) *chain {
	t.Helper()
	begin := func(name string) *service {
		tr, err := tracing.Start(t.Context(), prefix+name, opts())
		if err != nil {
			t.Fatal(err)
		}
		return &service{tr, tr.TracerProvider().Tracer("e2e")}
	}
	c := &chain{shop: begin("shop"), orders: begin("orders"), users: begin("users")}
	users := httptest.NewServer(http.HandlerFunc(c.serveUser))
	t.Cleanup(users.Close)
	orders := c.serveOrders(t, users.URL)
	shop := httptest.NewServer(c.serveProfile(orders))
	t.Cleanup(shop.Close)
	c.address = shop.URL
	return c
}

// request requests a profile and returns the ID of the request's trace.
func (c *chain) request(t *testing.T, user string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.address+"/profile/"+user, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Request-Id", "abc-123")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	id, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(id)
}

// shutdown shuts the tracing of all services down and joins their errors.
func (c *chain) shutdown(ctx context.Context) error {
	return errors.Join(c.shop.Shutdown(ctx), c.orders.Shutdown(ctx), c.users.Shutdown(ctx))
}

func (s *service) serveHTTP(r *http.Request, route string) (context.Context, trace.Span) {
	ctx := s.Propagator().Extract(r.Context(), propagation.HeaderCarrier(r.Header))
	return s.Start(ctx, "GET "+route, trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(
		attribute.String("http.request.method", http.MethodGet), attribute.String("http.route", route)))
}

func (c *chain) serveProfile(orders *grpc.ClientConn) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, span := c.shop.serveHTTP(r, "/profile/{userid}")
		defer span.End()
		ctx, call := c.shop.Start(ctx, "shop.Orders/List", trace.WithSpanKind(trace.SpanKindClient))
		defer call.End()
		md := metadata.MD{"user": {r.URL.Path[len("/profile/"):]}}
		c.shop.Propagator().Inject(ctx, tracing.MetadataCarrier(md))
		if err := orders.Invoke(metadata.NewOutgoingContext(ctx, md), "/shop.Orders/List", &emptypb.Empty{}, &emptypb.Empty{}); err != nil {
			tracing.RecordError(ctx, err)
		}
		_, _ = io.WriteString(w, span.SpanContext().TraceID().String())
	}
}

// serveOrders starts the gRPC service and returns a connection to it.
func (c *chain) serveOrders(t *testing.T, users string) *grpc.ClientConn {
	t.Helper()
	list := func(_ any, ctx context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
		md, _ := metadata.FromIncomingContext(ctx)
		ctx = c.orders.Propagator().Extract(ctx, tracing.MetadataCarrier(md))
		ctx, span := c.orders.Start(ctx, "shop.Orders/List", trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(attribute.String("rpc.system", "grpc")))
		defer span.End()
		err := errors.Join(decode(new(emptypb.Empty)), c.callUsers(ctx, users+"/users/"+md.Get("user")[0]))
		tracing.RecordError(ctx, err)
		return &emptypb.Empty{}, err
	}
	server := grpc.NewServer()
	server.RegisterService(&grpc.ServiceDesc{
		ServiceName: "shop.Orders", HandlerType: (*any)(nil),
		Methods: []grpc.MethodDesc{{MethodName: "List", Handler: list}},
	}, nil)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	connection, err := grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	return connection
}

func (c *chain) callUsers(ctx context.Context, url string) error {
	ctx, span := c.orders.Start(ctx, "GET /users/{userid}", trace.WithSpanKind(trace.SpanKindClient))
	defer span.End()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	c.orders.Propagator().Inject(ctx, propagation.HeaderCarrier(request.Header))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		err = fmt.Errorf("users: %s", response.Status)
		tracing.RecordError(ctx, err)
	}
	return err
}

func (c *chain) serveUser(w http.ResponseWriter, r *http.Request) {
	c.requestID = r.Header.Get("X-Request-Id")
	ctx, span := c.users.serveHTTP(r, "/users/{userid}")
	defer span.End()
	if r.URL.Path == "/users/nobody" {
		tracing.RecordError(ctx, errors.New("no such user"))
		w.WriteHeader(http.StatusInternalServerError)
	}
}
