package routers

import (
	"net/http"

	"github.com/julienschmidt/httprouter"

	"github.com/sligo-go/sligo/middleware"
)

// HTTPRouter serves by httprouter, which tells no handler its route.
func HTTPRouter(in *middleware.Instrument, handle http.HandlerFunc) http.Handler {
	router := httprouter.New()
	get := func(pattern string, handler http.HandlerFunc) {
		router.HandlerFunc("GET", pattern, func(w http.ResponseWriter, r *http.Request) {
			middleware.SetRoute(w, pattern)
			handler(w, r)
		})
	}
	get("/users/:id", handle)
	get("/files/*path", handle)
	get("/api/items/:id", handle)
	return in.Handler(router)
}
