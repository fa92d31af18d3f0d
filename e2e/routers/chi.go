package routers

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/sligo-go/sligo/middleware"
)

// chiRoute sets the route that chi has found.
func chiRoute(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		middleware.SetRoute(w, chi.RouteContext(r.Context()).RoutePattern())
		next.ServeHTTP(w, r)
	})
}

// Chi serves by chi. Every router has a group whose middlewares run when its
// route is known.
func Chi(in *middleware.Instrument, handle http.HandlerFunc) http.Handler {
	router := chi.NewRouter()
	router.Group(func(r chi.Router) {
		r.Use(chiRoute)
		r.Get("/users/{id}", handle)
		r.Get("/files/*", handle)
	})
	router.Route("/api", func(api chi.Router) {
		api.With(chiRoute).Get("/items/{id}", handle)
	})
	return in.Handler(router)
}
