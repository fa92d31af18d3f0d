package routers

import (
	"net/http"

	"github.com/sligo-go/sligo/middleware"
	"github.com/sligo-go/sligo/middleware/sliconnect"
)

// Connect serves a service of connect-go, whose generated constructor returns
// the path and the handler. The constructor needs the option
// connect.WithInterceptors(sliconnect.NewInterceptor()).
func Connect(in *middleware.Instrument, path string, service http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle(path, sliconnect.Handler(service))
	return in.Handler(mux)
}
