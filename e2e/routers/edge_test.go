package routers

import (
	"net/http"
	"strings"
	"testing"

	"connectrpc.com/connect"
	"github.com/gin-gonic/gin"
	"github.com/gorilla/mux"
	"github.com/quic-go/quic-go/http3"
	"google.golang.org/grpc"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/middleware/sliconnect"
)

// TestEdges makes the requests that the notes of docs/routers.md mention.
func TestEdges(t *testing.T) {
	procedures := http.NewServeMux()
	procedures.Handle(check, connect.NewUnaryHandlerSimple(check, healthServer{}.Check,
		connect.WithInterceptors(sliconnect.NewInterceptor())))
	grpcServer := grpc.NewServer()
	healthpb.RegisterHealthServer(grpcServer, healthServer{})
	for name, c := range map[string]struct {
		serve          func(in *middleware.Instrument) http.Handler
		request, route string
		status         int
		unrouted       uint64
	}{
		"gorilla/mux, no path": {func(in *middleware.Instrument) http.Handler {
			router := mux.NewRouter()
			router.Use(gorillaRoute)
			router.Methods("GET").HandlerFunc(ok)
			return in.Handler(router)
		}, "GET /users/7", "unmatched", 200, 1},
		"gin, a middleware panics": {func(in *middleware.Instrument) http.Handler {
			engine := gin.New()
			engine.Use(func(c *gin.Context) { middleware.SetRoute(c.Writer, c.FullPath()) })
			engine.Use(func(*gin.Context) { panic("boom") })
			engine.GET("/users/:id", gin.WrapF(ok))
			return in.Handler(engine)
		}, "GET /users/7", "/users/:id", 500, 0},
		"connect-go, 404": {func(in *middleware.Instrument) http.Handler {
			return Connect(in, "/grpc.health.v1.Health/", procedures)
		}, "POST /grpc.health.v1.Health/Nothing", "/grpc.health.v1.Health/", 404, 0},
		"connect-go, 405": {func(in *middleware.Instrument) http.Handler {
			return Connect(in, "/grpc.health.v1.Health/", procedures)
		}, "PUT " + check, "/grpc.health.v1.Health/", 405, 0},
		"gRPC, unknown method": {func(in *middleware.Instrument) http.Handler {
			return GRPC(in, grpcServer)
		}, "POST /grpc.health.v1.Health/Nothing", "unmatched", 404, 0},
		"gRPC, 405": {func(in *middleware.Instrument) http.Handler {
			return GRPC(in, grpcServer)
		}, "GET " + check, "unmatched", 405, 0},
	} {
		t.Run(name, func(t *testing.T) {
			o := observe(t)
			server := start(t, c.serve(o.in))
			_, id := o.request(t, server, c.request)
			event := <-o.events
			server.Close()
			if event.Status != c.status {
				t.Errorf("got %v, want %d", event, c.status)
			}
			if got := o.rec.Report().Unrouted; got != c.unrouted {
				t.Errorf("got %d requests without a route, want %d", got, c.unrouted)
			}
			method, _, _ := strings.Cut(c.request, " ")
			o.agree(t, method, c.route, id)
		})
	}
}

// TestHTTP3Stream finds quic-go's stream below the instrument's writer.
func TestHTTP3Stream(t *testing.T) {
	o := observe(t)
	found := make(chan [2]bool, 1)
	url, client := serveHTTP3(t, o, func(w http.ResponseWriter, _ *http.Request) {
		_, direct := w.(http3.HTTPStreamer)
		below := false
		for next, ok := w.(interface{ Unwrap() http.ResponseWriter }); ok; next, ok = w.(interface{ Unwrap() http.ResponseWriter }) {
			w = next.Unwrap()
			_, below = w.(http3.HTTPStreamer)
		}
		found <- [2]bool{direct, below}
	})
	resp, err := client.Get(url + "/users/7")
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if got := <-found; got != [2]bool{false, true} {
		t.Errorf("got a stream in the writer and below it: %v, want false and true", got)
	}
}
