package routers

import (
	"net/http"

	"google.golang.org/grpc"

	"github.com/sligo-go/sligo/middleware"
)

// GRPC serves a gRPC server by net/http, with a route for each method.
func GRPC(in *middleware.Instrument, server *grpc.Server) http.Handler {
	mux := http.NewServeMux()
	for service, info := range server.GetServiceInfo() {
		for _, method := range info.Methods {
			mux.Handle("POST /"+service+"/"+method.Name, server)
		}
	}
	return in.Handler(mux)
}
