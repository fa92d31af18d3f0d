package routers

import (
	"net/http"

	"github.com/sligo-go/sligo/middleware"
)

// NetHTTP serves by http.ServeMux. The instrument finds its routes, and
// ReportRoute finds the routes of a mux behind StripPrefix.
func NetHTTP(in *middleware.Instrument, handle http.HandlerFunc) http.Handler {
	api := http.NewServeMux()
	api.HandleFunc("GET /items/{id}", handle)

	mux := http.NewServeMux()
	mux.HandleFunc("GET /users/{id}", handle)
	mux.HandleFunc("GET /files/{path...}", handle)
	mux.Handle("/api/", http.StripPrefix("/api", middleware.ReportRoute(api)))
	return in.Handler(mux)
}
