package routers

import (
	"net/http"

	"github.com/gorilla/mux"

	"github.com/sligo-go/sligo/middleware"
)

// gorillaRoute sets the route that gorilla/mux has found.
func gorillaRoute(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		template, _ := mux.CurrentRoute(r).GetPathTemplate()
		middleware.SetRoute(w, template)
		next.ServeHTTP(w, r)
	})
}

// Gorilla serves by gorilla/mux.
func Gorilla(in *middleware.Instrument, handle http.HandlerFunc) http.Handler {
	router := mux.NewRouter()
	router.Use(gorillaRoute)
	router.HandleFunc("/users/{id}", handle).Methods("GET")
	router.HandleFunc("/files/{path:.*}", handle).Methods("GET")
	api := router.PathPrefix("/api").Subrouter()
	api.HandleFunc("/items/{id:[0-9]+}", handle).Methods("GET")
	return in.Handler(router)
}
