package main

import (
	"net/http"
	"regexp"
)

type user struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// validID matches the IDs of users, which need no escapes in a URL. Other bytes
// might be no UTF-8, which gRPC does not send.
var validID = regexp.MustCompile(`^[A-Za-z0-9-]{1,64}$`)

// usersMux serves the user profiles.
func usersMux() *http.ServeMux {
	mux := http.NewServeMux()
	mux.Handle("GET /users/{userid}", faulty(func(w http.ResponseWriter, r *http.Request) {
		id := r.PathValue("userid")
		if id == "nobody" {
			http.Error(w, "no such user", http.StatusNotFound)
			return
		}
		writeJSON(w, user{ID: id, Name: id})
	}))
	return mux
}
