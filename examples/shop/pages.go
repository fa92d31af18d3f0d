package main

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/sligo-go/sligo/logging"
)

// pagesMux serves the pages.
func pagesMux(usersURL, ordersURL string, c *client) *http.ServeMux {
	mux := http.NewServeMux()
	for pattern, title := range map[string]string{
		"GET /{$}":                   "Home",
		"GET /search":                "Search",
		"GET /categories/{category}": "Category",
		"GET /products/{product}":    "Detail",
	} {
		mux.Handle(pattern, faulty(func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, map[string]string{"page": title}) }))
	}
	mux.Handle("GET /profile/{userid}", faulty(profilePage(usersURL, ordersURL, c)))
	return mux
}

// profilePage serves the page that calls two other services.
func profilePage(usersURL, ordersURL string, c *client) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id := r.PathValue("userid")
		if !validID.MatchString(id) {
			http.Error(w, "no such user", http.StatusNotFound)
			return
		}
		logging.SetUser(r.Context(), id)
		profile, errUser := c.get(r.Context(), call{service: "users", indicator: "availability", url: usersURL + "/users/" + id})
		orders, errOrders := c.get(r.Context(), call{service: "orders", indicator: "availability", url: ordersURL + "/orders/users/" + id})
		switch err := errors.Join(errUser, errOrders); {
		case errors.Is(errUser, errNotFound):
			http.Error(w, "no such user", http.StatusNotFound)
		case err != nil:
			http.Error(w, err.Error(), http.StatusBadGateway)
		default:
			writeJSON(w, map[string]json.RawMessage{"profile": profile, "orders": orders})
		}
	}
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // fails only if the client disconnected
}
