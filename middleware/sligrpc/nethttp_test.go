package sligrpc_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/middleware/sligrpc"
	"github.com/sligo-go/sligo/sli"
)

// serveHTTP serves HTTP/2 without TLS, and returns the address.
func serveHTTP(t *testing.T, handler http.Handler) string {
	t.Helper()
	server := &http.Server{Handler: handler, Protocols: new(http.Protocols), ReadHeaderTimeout: time.Minute}
	server.Protocols.SetUnencryptedHTTP2(true)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return listener.Addr().String()
}

// TestServeHTTPCountsOnce has a measured gRPC server behind net/http, with and
// without the instrument's handler around it.
func TestServeHTTPCountsOnce(t *testing.T) {
	bothModes(t, func(t *testing.T, opts sligrpc.Options) {
		for _, around := range []bool{true, false} {
			side := newSide(t)
			server := grpc.NewServer(sligrpc.ServerOptions(side.in, &opts)...)
			server.RegisterService(&shopDesc, &shop{
				get: func(_ context.Context, in *message) (*message, error) {
					if in.GetValue() == "Bob" {
						panic("boom")
					}
					return in, nil
				},
				open: echo,
			})
			mux := http.NewServeMux()
			for _, method := range []string{get, chat} {
				mux.Handle("POST "+method, server)
			}
			var handler http.Handler = mux
			if around {
				handler = side.in.Handler(mux)
			}
			s := &shopServer{conn: dialPlain(t, serveHTTP(t, handler))}
			if _, err := s.get(t.Context(), "Lora"); err != nil {
				t.Fatal(err)
			}
			if _, err := s.get(t.Context(), "Bob"); status.Code(err) != codes.Internal {
				t.Errorf("got %v, want Internal", err)
			}
			if err := openAll(chat, 2)(t, s); err != nil {
				t.Fatal(err)
			}
			records := side.wait(t, 3)
			time.Sleep(10 * time.Millisecond) // for a call that is counted twice
			if n := len(side.wait(t, 3)); n != 3 {
				t.Errorf("around %t: got %d calls, want 3", around, n)
			}
			codes := make(map[string]int)
			for _, r := range records {
				codes[strings.ToUpper(r.Event.Code)]++
				if got := r.Request != nil; got != around {
					t.Errorf("around %t: the call %s is a request: %t", around, r.Event.Operation, got)
				}
			}
			if codes["OK"] != 2 || codes["INTERNAL"] != 1 {
				t.Errorf("around %t: got codes %v", around, codes)
			}
			if got := side.counts(); got.Good != 2 || got.Valid != 3 {
				t.Errorf("around %t: got %v, want 2 of 3", around, got)
			}
		}
	})
}

// TestServeHTTPLeavesOtherInstruments counts a call by each of two instruments.
func TestServeHTTPLeavesOtherInstruments(t *testing.T) {
	outer, inner := newSide(t), newSide(t)
	server := grpc.NewServer(sligrpc.ServerOptions(inner.in)...)
	server.RegisterService(&shopDesc, &shop{get: func(_ context.Context, in *message) (*message, error) { return in, nil }})
	mux := http.NewServeMux()
	mux.Handle("POST "+get, server)
	conn := dialPlain(t, serveHTTP(t, outer.in.Handler(mux)))
	if err := conn.Invoke(t.Context(), get, wrapperspb.String("Lora"), new(message)); err != nil {
		t.Fatal(err)
	}
	if a, b := outer.wait(t, 1), inner.wait(t, 1); a[0].Event.Operation != "POST "+get || b[0].Event.Operation != get {
		t.Errorf("got operations %q and %q", a[0].Event.Operation, b[0].Event.Operation)
	}
}

// webAnswer is the answer of a gRPC server in gRPC-Web's form: its trailers are
// at the end of the body.
type webAnswer struct{ http.ResponseWriter }

func (w webAnswer) begin() {
	w.Header().Set("Content-Type", "application/grpc-web+proto")
	w.Header().Del("Trailer")
}

func (w webAnswer) WriteHeader(status int) {
	w.begin()
	w.ResponseWriter.WriteHeader(status)
}

func (w webAnswer) Write(p []byte) (int, error) {
	w.begin()
	return w.ResponseWriter.Write(p)
}

func (w webAnswer) Flush() {
	w.begin()
	_ = http.NewResponseController(w.ResponseWriter).Flush()
}

// translate serves gRPC-Web by a gRPC server. It reports the code if it tells.
func translate(server *grpc.Server, tells bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r = r.Clone(r.Context())
		r.Proto, r.ProtoMajor, r.ProtoMinor = "HTTP/2.0", 2, 0
		r.Header.Set("Content-Type", "application/grpc")
		server.ServeHTTP(webAnswer{w}, r)
		code := w.Header().Get("Grpc-Status")
		trailer := "grpc-status: " + code + "\r\n"
		_, _ = w.Write(append([]byte{0x80, 0, 0, 0, byte(len(trailer))}, trailer...))
		if n, _ := strconv.Atoi(code); tells {
			middleware.SetCode(w, codes.Code(n).String())
		}
	}
}

// TestGRPCWebCountsOnce has a measured gRPC server behind a translator and the
// instrument's handler, which sees a code only if the translator tells.
func TestGRPCWebCountsOnce(t *testing.T) {
	bothModes(t, func(t *testing.T, opts sligrpc.Options) {
		for _, c := range []struct {
			tells  bool
			err    error
			want   string
			counts sli.Counts
			reason sli.Reason
		}{
			{false, nil, "POST " + get, ignored, sli.ReasonUnjudged},
			{false, status.Error(codes.Internal, "boom"), "POST " + get, ignored, sli.ReasonUnjudged},
			{true, nil, "POST " + get + " OK", good, ""},
			{true, status.Error(codes.Internal, "boom"), "POST " + get + " Internal INTERNAL", bad, ""},
		} {
			every := availability
			every.Requests = nil
			side := newSide(t, every)
			server := grpc.NewServer(sligrpc.ServerOptions(side.in, &opts)...)
			service := returning(c.err)
			server.RegisterService(&shopDesc, &service)
			mux := http.NewServeMux()
			mux.Handle("POST "+get, translate(server, c.tells))
			web := httptest.NewServer(side.in.Handler(mux))
			resp, err := http.Post(web.URL+get, "application/grpc-web+proto", bytes.NewReader(make([]byte, 5)))
			if err != nil {
				t.Fatal(err)
			}
			body, _ := io.ReadAll(resp.Body)
			_ = resp.Body.Close()
			web.Close()
			if !bytes.Contains(body, []byte("grpc-status: ")) {
				t.Errorf("got the body %q", body)
			}
			records := side.wait(t, 1)
			if got := summary(records[0]); len(records) != 1 || got != c.want || side.counts() != c.counts || records[0].Event.Ignore != c.reason {
				t.Errorf("got %d calls, the first one %q, and %v, want %q and %v", len(records), got, side.counts(), c.want, c.counts)
			}
		}
	})
}

// TestGatewayCountsOnce serves HTTP in front of a gRPC service as handlers of
// grpc-gateway do: by a call of the service, or through a server of its own
// that is not measured.
func TestGatewayCountsOnce(t *testing.T) {
	service := &shop{get: func(_ context.Context, in *message) (*message, error) { return in, nil }}
	plain := start(t, config{service: service, plain: true})
	for name, call := range map[string]func(context.Context) error{
		"the service itself": func(ctx context.Context) error {
			_, err := service.get(ctx, wrapperspb.String("Lora"))
			return err
		},
		"a server of its own": func(ctx context.Context) error {
			_, err := plain.get(ctx, "Lora")
			return err
		},
	} {
		every := availability
		every.Requests = nil
		side := newSide(t, every)
		// Other clients use this one.
		server := grpc.NewServer(sligrpc.ServerOptions(side.in)...)
		server.RegisterService(&shopDesc, service)
		mux := http.NewServeMux()
		mux.HandleFunc("GET /v1/orders", func(_ http.ResponseWriter, r *http.Request) {
			if err := call(r.Context()); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		})
		side.in.Handler(mux).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/v1/orders", nil))
		records := side.wait(t, 1)
		if len(records) != 1 || records[0].Event.Operation != "GET /v1/orders" || side.counts().Valid != 1 {
			t.Errorf("%s: got %v and %v, want one request", name, records, side.counts())
		}
	}
}
