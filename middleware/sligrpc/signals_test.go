package sligrpc_test

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/reflection"
	reflectionpb "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/sligo-go/sligo/logging"
	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/middleware/sligrpc"
	"github.com/sligo-go/sligo/sli"
)

// bothModes runs a test with the stats handler and without.
func bothModes(t *testing.T, test func(t *testing.T, opts sligrpc.Options)) {
	for _, omit := range []bool{false, true} {
		t.Run(fmt.Sprintf("OmitStatsHandler=%t", omit), func(t *testing.T) { test(t, sligrpc.Options{OmitStatsHandler: omit}) })
	}
}

func attributesOf(span sdktrace.ReadOnlySpan) map[string]any {
	all := make(map[string]any)
	for _, a := range span.Attributes() {
		all[string(a.Key)] = a.Value.AsInterface()
	}
	return all
}

// TestOneTrace calls a service through another one, and compares the signals
// of both.
func TestOneTrace(t *testing.T) {
	bothModes(t, func(t *testing.T, opts sligrpc.Options) {
		inner := start(t, config{service: &shop{get: func(ctx context.Context, in *message) (*message, error) {
			logging.SetUser(ctx, "lora")
			return in, nil
		}}, opts: &opts})
		s := start(t, config{service: &shop{get: func(ctx context.Context, in *message) (*message, error) {
			_, err := inner.get(ctx, in.GetValue())
			return in, err
		}}, opts: &opts})
		ctx := metadata.AppendToOutgoingContext(t.Context(), "x-request-id", "abc-123", "tenant", "gold")
		var header metadata.MD
		if _, err := s.get(ctx, "Lora", grpc.Header(&header)); err != nil {
			t.Fatal(err)
		}
		var spans []sdktrace.ReadOnlySpan // from the innermost to the outermost
		for _, side := range []*side{inner.server, inner.client, s.server, s.client} {
			record := side.wait(t, 1)[0]
			if record.RequestID != "abc-123" {
				t.Errorf("got request ID %q, want abc-123", record.RequestID)
			}
			spans = append(spans, side.spans.Ended()...)
			line := side.lines(t)[0]
			if line["request_id"] != "abc-123" || line["trace_id"] != spans[len(spans)-1].SpanContext().TraceID().String() {
				t.Errorf("got line %v", line)
			}
		}
		if len(spans) != 4 {
			t.Fatalf("got %d spans, want 4", len(spans))
		}
		for i, span := range spans[:3] {
			if parent := spans[i+1].SpanContext(); span.Parent().SpanID() != parent.SpanID() || span.SpanContext().TraceID() != parent.TraceID() {
				t.Errorf("span %d has parent %v, want %v", i, span.Parent(), parent)
			}
		}
		kinds := []trace.SpanKind{trace.SpanKindServer, trace.SpanKindClient, trace.SpanKindServer, trace.SpanKindClient}
		for i, span := range spans {
			if span.SpanKind() != kinds[i] || span.Name() != "shop.Orders/Get" {
				t.Errorf("span %d is %q of kind %v", i, span.Name(), span.SpanKind())
			}
		}
		want := map[string]any{
			"rpc.system.name": "grpc", "rpc.method": "shop.Orders/Get", "rpc.response.status_code": "OK",
			"client.address": "127.0.0.1", "request_id": "abc-123",
		}
		if diff := cmp.Diff(want, attributesOf(spans[0])); diff != "" {
			t.Errorf("server span (-want +got):\n%s", diff)
		}
		got := attributesOf(spans[1])
		if got["server.address"] != "127.0.0.1" || fmt.Sprint(got["server.port"]) != inner.addr[len("127.0.0.1:"):] {
			t.Errorf("client span has %v", got)
		}
		if line := inner.server.lines(t)[0]; line["user_id"] != "lora" || line["message"] != "Request served" {
			t.Errorf("got line %v", line)
		}
		if len(header["x-request-id"]) != 0 {
			t.Errorf("the answer repeats the caller's ID: %v", header)
		}
	})
}

// TestRequestID sends IDs of every kind with a plain client.
func TestRequestID(t *testing.T) {
	bothModes(t, func(t *testing.T, opts sligrpc.Options) {
		for _, c := range []struct {
			name string
			sent []string
			keep bool
		}{
			{"none", nil, false}, {"valid", []string{"abc-123"}, true}, {"two", []string{"abc-123", "def"}, false},
			{"with a space", []string{"abc 123"}, false}, {"too long", []string{strings.Repeat("a", 129)}, false}, {"longest", []string{strings.Repeat("a", 128)}, true},
		} {
			s := start(t, config{service: &shop{get: func(_ context.Context, in *message) (*message, error) { return in, nil }}, opts: &opts})
			plain := dialPlain(t, s.addr)
			ctx := t.Context()
			for _, id := range c.sent {
				ctx = metadata.AppendToOutgoingContext(ctx, "x-request-id", id)
			}
			var header metadata.MD
			if err := plain.Invoke(ctx, get, wrapperspb.String("Lora"), new(message), grpc.Header(&header)); err != nil {
				t.Fatal(err)
			}
			id := s.server.wait(t, 1)[0].RequestID
			if c.keep {
				if id != c.sent[0] || len(header["x-request-id"]) != 0 {
					t.Errorf("%s: got %q and header %v", c.name, id, header)
				}
			} else if len(id) != 36 || fmt.Sprint(header["x-request-id"]) != "["+id+"]" {
				t.Errorf("%s: got %q and header %v, want a new ID in both", c.name, id, header)
			}
		}
	})
}

func TestStranger(t *testing.T) {
	bothModes(t, func(t *testing.T, opts sligrpc.Options) {
		opts.Public = func(context.Context) bool { panic("who knows?") }
		s := start(t, config{service: &shop{get: func(_ context.Context, in *message) (*message, error) { return in, nil }}, opts: &opts})
		if _, err := s.get(metadata.AppendToOutgoingContext(t.Context(), "x-request-id", "abc-123"), "Lora"); err != nil {
			t.Fatal(err)
		}
		if id := s.server.wait(t, 1)[0].RequestID; id == "abc-123" {
			t.Errorf("got the stranger's ID")
		}
		if span := s.server.spans.Ended()[0]; span.Parent().IsValid() || len(span.Links()) != 1 {
			t.Errorf("got parent %v and links %v", span.Parent(), span.Links())
		}
	})
}

// TestPanicIsLogged looks for the stack of a panic in each place.
func TestPanicIsLogged(t *testing.T) {
	bothModes(t, func(t *testing.T, opts sligrpc.Options) {
		s := start(t, config{service: &shop{get: func(context.Context, *message) (*message, error) { panic(errQuery) }}, opts: &opts})
		_, err := s.get(t.Context(), "Lora")
		if got := err.Error(); got != "rpc error: code = Internal desc = internal error" {
			t.Errorf("the client got %q", got)
		}
		s.server.wait(t, 1)
		stack := ""
		for _, a := range s.server.spans.Ended()[0].Events()[0].Attributes {
			if a.Key == "exception.stacktrace" {
				stack = a.Value.AsString()
			}
		}
		line := s.server.lines(t)[0]
		for place, text := range map[string]string{
			"span": stack, "line": fmt.Sprint(line["stack_trace"]), "log": logged.String(),
		} {
			if !strings.Contains(text, "TestPanicIsLogged") || strings.Contains(text, "hunter2") {
				t.Errorf("the %s has the stack %q", place, text)
			}
		}
		if got := line["error_message"]; got != "panic: query postgres://bob:REDACTED@db/shop: no rows" {
			t.Errorf("the line has the error %q", got)
		}
	})
}

// TestRepanic counts a panic that goes on.
func TestRepanic(t *testing.T) {
	s := newSide(t)
	_, unary, _ := sligrpc.Parts(s.in, &sligrpc.Options{Repanic: true, OmitStatsHandler: true})
	defer func() {
		if value := recover(); value != errQuery { //nolint:errorlint // the same value
			t.Errorf("got panic %v, want %v", value, errQuery)
		}
		if got := summary(s.wait(t, 1)[0]); got != get+" INTERNAL panic" {
			t.Errorf("got %q", got)
		}
	}()
	_, _ = unary(t.Context(), nil, &grpc.UnaryServerInfo{FullMethod: get}, func(context.Context, any) (any, error) { panic(errQuery) })
}

// TestHangIsCounted holds a handler beyond the deadline of its client, and
// reads the counters before it returns.
func TestHangIsCounted(t *testing.T) {
	bothModes(t, func(t *testing.T, opts sligrpc.Options) {
		release := make(chan struct{})
		s := start(t, config{opts: &opts, service: &shop{
			get:  func(_ context.Context, in *message) (*message, error) { <-release; return in, nil },
			open: func(grpc.ServerStream) error { <-release; return nil },
		}})
		defer close(release)
		for _, call := range []func(*testing.T, *shopServer) error{getFor(time.Second), openFor(watch, time.Second)} {
			if err := call(t, s); status.Code(err) != codes.DeadlineExceeded {
				t.Errorf("got %v, want DeadlineExceeded", err)
			}
		}
		for end := time.Now().Add(5 * time.Second); s.server.counts().Valid < 2 && time.Now().Before(end); {
			time.Sleep(10 * time.Millisecond)
		}
		if got := s.server.counts(); got != (sli.Counts{Valid: 2}) {
			t.Errorf("got %v, want 2 bad calls", got)
		}
	})
}

// TestUnknownMethodsAreBounded asks for 10,000 methods.
func TestUnknownMethodsAreBounded(t *testing.T) {
	s := start(t, config{service: &shop{get: func(_ context.Context, in *message) (*message, error) { return in, nil }}})
	plain := dialPlain(t, s.addr)
	for i := range 10_000 {
		_ = plain.Invoke(t.Context(), fmt.Sprintf("/shop.Orders%d/Get", i), wrapperspb.String("Lora"), new(message))
	}
	if err := plain.Invoke(t.Context(), get, wrapperspb.String("Lora"), new(message)); err != nil {
		t.Fatal(err)
	}
	s.server.wait(t, 10_001)
	want := map[string]uint64{"UNIMPLEMENTED _OTHER UNIMPLEMENTED grpc": 10_000, " shop.Orders/Get OK grpc": 1}
	if diff := cmp.Diff(want, s.server.histogram(t, "rpc_server_call_duration_seconds")); diff != "" {
		t.Errorf("series (-want +got):\n%s", diff)
	}
	if got := attributesOf(s.server.spans.Ended()[0])["rpc.method_original"]; !strings.HasPrefix(fmt.Sprint(got), "shop.Orders") {
		t.Errorf("got original method %v", got)
	}
}

func TestExcluded(t *testing.T) {
	bothModes(t, func(t *testing.T, opts sligrpc.Options) {
		use := func(opts *sligrpc.Options) *shopServer {
			s := start(t, config{opts: opts, service: &shop{}, register: func(server *grpc.Server) {
				healthpb.RegisterHealthServer(server, health.NewServer())
				reflection.Register(server)
			}})
			for range 2 {
				if _, err := healthpb.NewHealthClient(s.conn).Check(t.Context(), &healthpb.HealthCheckRequest{}); err != nil {
					t.Fatal(err)
				}
				stream, err := reflectionpb.NewServerReflectionClient(s.conn).ServerReflectionInfo(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				_ = stream.CloseSend()
				if _, err := drain(stream); err != nil {
					t.Fatal(err)
				}
			}
			return s
		}
		if s := use(&opts); len(s.server.records) != 0 || len(s.server.histogram(t, "rpc_server_call_duration_seconds")) != 0 {
			t.Errorf("got %d calls, want none", len(s.server.records))
		}
		opts.Omit = func(method string) middleware.Signal {
			if strings.HasSuffix(method, "Check") {
				panic("no")
			}
			return middleware.SignalLine
		}
		s := use(&opts)
		s.server.wait(t, 4)
		want := map[string]uint64{" grpc.health.v1.Health/Check OK grpc": 2, " grpc.reflection.v1.ServerReflection/ServerReflectionInfo OK grpc": 2}
		if diff := cmp.Diff(want, s.server.histogram(t, "rpc_server_call_duration_seconds")); diff != "" {
			t.Errorf("series (-want +got):\n%s", diff)
		}
		if got := len(s.server.lines(t)); got != 2 {
			t.Errorf("got %d lines, want 2", got)
		}
	})
}

// TestActiveStreams reads the gauges while streams are open.
func TestActiveStreams(t *testing.T) {
	bothModes(t, func(t *testing.T, opts sligrpc.Options) {
		s := start(t, config{service: &shop{open: echo}, opts: &opts})
		var streams []grpc.ClientStream
		for range 3 {
			stream := s.open(t.Context(), t, chat)
			if err := stream.SendMsg(wrapperspb.String("Lora")); err != nil {
				t.Fatal(err)
			}
			if err := stream.RecvMsg(new(message)); err != nil {
				t.Fatal(err)
			}
			streams = append(streams, stream)
		}
		check := func(want uint64) {
			t.Helper()
			got := maps.Clone(s.server.histogram(t, "rpc_server_active_streams"))
			delete(got, "_OTHER grpc") // of the first one, before its handler ran
			if diff := cmp.Diff(map[string]uint64{"shop.Orders/Chat grpc": want}, got); diff != "" {
				t.Errorf("server (-want +got):\n%s", diff)
			}
			for labels, got := range s.client.histogram(t, "rpc_client_active_streams") {
				if got != want {
					t.Errorf("client: got %d %s, want %d", got, labels, want)
				}
			}
		}
		check(3)
		for _, stream := range streams {
			_ = stream.CloseSend()
			if _, err := drain(stream); err != nil {
				t.Error(err)
			}
		}
		s.server.wait(t, 3)
		s.client.wait(t, 3)
		check(0)
	})
}

func TestGroup(t *testing.T) {
	bothModes(t, func(t *testing.T, opts sligrpc.Options) {
		opts.Group = func(ctx context.Context, method string) string {
			return fmt.Sprint(metadata.ValueFromIncomingContext(ctx, "tenant"), method)
		}
		s := start(t, config{opts: &opts, service: &shop{get: func(ctx context.Context, in *message) (*message, error) {
			if in.GetValue() == "set" && !sligrpc.SetGroup(ctx, "silver") {
				t.Error("SetGroup found no call")
			}
			return in, nil
		}}})
		ctx := metadata.AppendToOutgoingContext(t.Context(), "tenant", "gold")
		for i, text := range []string{"Lora", "set"} {
			if _, err := s.get(ctx, text); err != nil {
				t.Fatal(err)
			}
			s.server.wait(t, i+1)
		}
		records := s.server.wait(t, 2)
		if records[0].Event.Group != "[gold]"+get || records[1].Event.Group != "silver" {
			t.Errorf("got groups %q and %q", records[0].Event.Group, records[1].Event.Group)
		}
		if sligrpc.SetGroup(t.Context(), "silver") {
			t.Error("SetGroup found a call in another context")
		}
	})
}
